{{/* What a user reads after `helm install`. */}}
{{- define "hive-metastore.notes" -}}
Hive Metastore, inside the cluster:
  uri       {{ include "hive-metastore.uri" . }}
  database  {{ include "sy.database.host" . }}:{{ include "sy.database.port" . }}/{{ .Values.global.database.name }}
{{- end }}

{{/* This metastore's own URI. */}}
{{- define "hive-metastore.uri" -}}
thrift://{{ include "sy.host" (dict "root" . "component" "metastore") }}:9083
{{- end }}
