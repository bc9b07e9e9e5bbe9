{{/* What a user reads after `helm install`. */}}
{{- define "spark-connect.notes" -}}
{{- $id := dict "root" . "component" "connect" -}}
Spark Connect 4.1.4, for clients of the same or an older version:
{{- if .Values.global.connect.tls.enabled }}
  inside the cluster   sc://{{ include "sy.host" $id }}:15002/;use_ssl=true;token=TOKEN
  TOKEN                kubectl -n {{ .Release.Namespace }} get secret {{ include "sy.connect.secret" . }} -o jsonpath='{.data.{{ .Values.global.connect.token.key }}}' | base64 -d
  authority            GRPC_DEFAULT_SSL_ROOTS_FILE_PATH names a file with it, if it is no public one
  from a laptop        kubectl -n {{ .Release.Namespace }} port-forward svc/{{ include "sy.name" $id }} 15002:15002   # then sc://localhost:15002/;use_ssl=true;token=TOKEN, if the certificate is for localhost too
{{- else }}
  inside the cluster   sc://{{ include "sy.host" $id }}:15002
  from a laptop        kubectl -n {{ .Release.Namespace }} port-forward svc/{{ include "sy.name" $id }} 15002:15002   # then sc://localhost:15002
{{- end }}
  live web page        kubectl -n {{ .Release.Namespace }} port-forward svc/{{ include "sy.name" $id }} 4040:4040   # then http://localhost:4040
  executors            {{ if .Values.dynamicAllocation.enabled }}{{ .Values.dynamicAllocation.minExecutors }} to {{ .Values.dynamicAllocation.maxExecutors }}{{ else }}{{ .Values.executor.instances }}{{ end }} with {{ .Values.executor.cores }} core(s) and {{ .Values.executor.memory }} each
  Python UDFs          the client needs the Python minor version of the image (published images: 3.10)
  tables               {{ include "sy.s3.warehouse" . }}
  metastore            {{ include "sy.metastore.uri" . }}
{{- with .Values.tables.iceberg }}
{{- if .enabled }}
  Iceberg tables       CREATE TABLE {{ if ne .catalog "spark_catalog" }}{{ .catalog }}.{{ end }}default.events (id bigint, at timestamp) USING iceberg
{{- end }}
{{- end }}
{{- end }}
