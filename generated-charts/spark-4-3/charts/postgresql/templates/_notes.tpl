{{/* What a user reads after `helm install`. */}}
{{- define "postgresql.notes" -}}
PostgreSQL, inside the cluster:
  address   {{ include "sy.host" (dict "root" . "component" "postgresql") }}:5432   database  {{ .Values.global.database.name }}   user  {{ .Values.global.database.username }}
  password  kubectl -n {{ .Release.Namespace }} get secret {{ include "sy.database.secret" . }} -o jsonpath='{.data.{{ .Values.global.database.passwordKey }}}' | base64 -d
{{- if .Values.persistence.enabled }}
  data      PersistentVolumeClaim data-{{ include "sy.name" (dict "root" . "component" "postgresql") }}-0, kept by `helm uninstall`
{{- else }}
  data      on the node, gone with the pod (persistence.enabled=false)
{{- end }}
{{- end }}
