{{/* Spark's settings as a map. */}}
{{- define "spark-history.conf" -}}
spark.history.fs.logDirectory: {{ include "sy.s3.eventLog" . }}
spark.history.fs.update.interval: {{ .Values.updateInterval }}
spark.history.ui.port: "18080"
# Parsed applications are kept on disk, so that a restart is quick and the heap stays small.
spark.history.store.path: /var/lib/history
spark.history.store.hybridStore.enabled: "true"
spark.history.store.maxDiskUsage: {{ .Values.storeSize | replace "i" "" | lower }}
{{- with .Values.retention }}
spark.history.fs.cleaner.enabled: "true"
spark.history.fs.cleaner.maxAge: {{ . }}
{{- end }}
{{- include "sy.spark.s3" . }}
{{- end }}

{{/* Contents of the ConfigMap. */}}
{{- define "spark-history.config" -}}
spark-defaults.conf: |
  {{- range $key, $value := merge (deepCopy .Values.sparkConf) (include "spark-history.conf" . | fromYaml) }}
  {{ $key }}={{ include "sy.scalar" $value }}
  {{- end }}
start.sh: |
  set -euo pipefail
  {{- include "sy.nameThisUid" . | nindent 2 }}
  exec /opt/spark/bin/spark-class org.apache.spark.deploy.history.HistoryServer --properties-file /etc/sparkyard/spark-defaults.conf
jars.txt: |
  {{- include "sy.spark.s3Jars" . | nindent 2 }}
prepare.py: |
  {{- .Files.Get "files/prepare.py" | nindent 2 }}
{{- end }}
