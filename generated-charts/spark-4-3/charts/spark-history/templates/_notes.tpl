{{/* What a user reads after `helm install`. */}}
{{- define "spark-history.notes" -}}
Spark History Server, lists applications that have ended (event logs in {{ include "sy.s3.eventLog" . }}):
  open      {{ include "sy.open" (dict "root" . "component" "history" "number" 18080) }}
{{- end }}
