{{/* What a user reads after `helm install`. */}}
{{- define "spark-standalone.notes" -}}
{{- $master := dict "root" . "component" "master" -}}
Standalone cluster, Spark 4.3.0, for drivers of the same version:
  master    spark://{{ include "sy.host" $master }}:7077
  web page  {{ include "sy.open" (dict "root" . "component" "master" "number" 8080) }}
  workers   {{ if .Values.worker.autoscaling.enabled }}{{ .Values.worker.autoscaling.minReplicas }} to {{ .Values.worker.autoscaling.maxReplicas }}{{ else }}{{ .Values.worker.replicas }}{{ end }}, each with {{ .Values.worker.cores }} core(s) and {{ .Values.worker.memory }} for executors
  drivers   must set spark.driver.port=7078, spark.blockManager.port=7079 and spark.cores.max; without the last one an application takes every core
{{- end }}
