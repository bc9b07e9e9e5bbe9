{{/* Spark's settings as a map. */}}
{{- define "spark-connect.conf" -}}
{{- $executor := .Values.executor -}}
spark.app.name: {{ include "sy.name" (dict "root" . "component" "connect") }}
spark.master: k8s://https://kubernetes.default.svc:443
spark.connect.grpc.binding.port: "15002"
spark.ui.port: "4040"

# The driver, as executors see it: a name that stands before the pod is ready, and fixed ports.
spark.driver.memory: {{ .Values.driver.memory }}
spark.driver.host: {{ include "sy.host" (dict "root" . "component" "connect-driver") }}
spark.driver.bindAddress: 0.0.0.0
spark.driver.port: "7078"
spark.driver.blockManager.port: "7079"
spark.blockManager.port: "7079"
spark.driver.extraJavaOptions: {{ printf "-Duser.home=/tmp %s" .Values.driver.javaOptions | trim | quote }}
spark.jars.ivy: /tmp/.ivy2

# Executors.
spark.kubernetes.namespace: {{ .Release.Namespace }}
spark.kubernetes.container.image: {{ include "sy.image" (dict "root" . "image" .Values.image) }}
spark.kubernetes.container.image.pullPolicy: {{ .Values.image.pullPolicy }}
spark.kubernetes.executor.podTemplateFile: /etc/sparkyard/executor.yaml
spark.kubernetes.executor.podTemplateContainerName: spark-kubernetes-executor
# Open for clients at once; the first query waits for its executor, not the start.
spark.scheduler.minRegisteredResourcesRatio: "0"
spark.executor.instances: {{ $executor.instances | quote }}
spark.executor.cores: {{ $executor.cores | quote }}
spark.executor.memory: {{ $executor.memory }}
{{- with $executor.memoryOverhead }}
spark.executor.memoryOverhead: {{ . }}
{{- end }}
{{- with $executor.requestCores }}
spark.kubernetes.executor.request.cores: {{ . | quote }}
{{- end }}
{{- with $executor.limitCores }}
spark.kubernetes.executor.limit.cores: {{ . | quote }}
{{- end }}
{{- with .Values.dynamicAllocation }}
{{- if .enabled }}
spark.dynamicAllocation.enabled: "true"
spark.dynamicAllocation.initialExecutors: {{ max $executor.instances .minExecutors | quote }}
spark.dynamicAllocation.minExecutors: {{ .minExecutors | quote }}
spark.dynamicAllocation.maxExecutors: {{ .maxExecutors | quote }}
spark.dynamicAllocation.executorIdleTimeout: {{ .idleTimeout }}
spark.dynamicAllocation.shuffleTracking.enabled: "true"
spark.dynamicAllocation.shuffleTracking.timeout: {{ .shuffleTimeout }}
{{- end }}
{{- end }}

# Tables: names in the metastore, data on S3.
spark.sql.catalogImplementation: hive
spark.sql.warehouse.dir: {{ include "sy.s3.warehouse" . }}
spark.hadoop.hive.metastore.uris: {{ include "sy.metastore.uri" . }}

# Event logs, in small files: S3 shows a file only when it is closed.
spark.eventLog.enabled: "true"
spark.eventLog.dir: {{ include "sy.s3.eventLog" . }}
spark.eventLog.rolling.maxFileSize: 10m
{{- include "sy.spark.s3" . }}
{{- if eq .Values.global.jars.source "download" }}

# The driver has fetched these jars.
spark.driver.extraClassPath: {{ include "sy.jars.dir" . }}/*
spark.jars: {{ include "spark-connect.jars" . }}
{{- end }}

# What only line 4.1 has or needs.
spark.connect.grpc.binding.address: "0.0.0.0"
spark.kubernetes.legacy.useReadWriteOnceAccessMode: "true"
{{- end }}

{{/* The fetched jars as a list for spark.jars: the driver serves them to executors. */}}
{{- define "spark-connect.jars" -}}
{{- $jars := list -}}
{{- range .Files.Get "files/jars.txt" | trim | splitList "\n" -}}
{{- $jars = append $jars (printf "%s/%s" (include "sy.jars.dir" $) (base .)) -}}
{{- end -}}
{{ join "," $jars }}
{{- end }}

{{/* Contents of the ConfigMap. */}}
{{- define "spark-connect.config" -}}
spark-defaults.conf: |
  {{- range $key, $value := merge (deepCopy .Values.sparkConf) (include "spark-connect.conf" . | fromYaml) }}
  {{ $key }}={{ include "sy.scalar" $value }}
  {{- end }}
executor.yaml: |
  {{- include "spark-connect.executor" . | nindent 2 }}
start.sh: |
  set -euo pipefail
  {{- include "sy.nameThisUid" . | nindent 2 }}
  # 3.5 keeps the artifacts of sessions in the working directory.
  cd /tmp
  # The driver pod owns its executors: when it goes, Kubernetes removes them.
  exec /opt/spark/bin/spark-submit \
    --properties-file /etc/sparkyard/spark-defaults.conf \
    --conf "spark.kubernetes.driver.pod.name=$POD_NAME" \
    --class org.apache.spark.sql.connect.service.SparkConnectServer
jars.txt: |
  {{- .Files.Get "files/jars.txt" | nindent 2 }}
prepare.py: |
  {{- .Files.Get "files/prepare.py" | nindent 2 }}
{{- end }}
