{{/* Spark's settings as a map. */}}
{{- define "spark-connect.conf" -}}
spark.app.name: {{ include "sy.name" (dict "root" . "component" "connect") }}
spark.connect.grpc.binding.port: "15002"
# The driver, as executors see it: a name that stands before the pod is ready.
spark.driver.host: {{ include "sy.host" (dict "root" . "component" "connect-driver") }}
# Open for clients at once; the first query waits for its executor, not the start.
spark.scheduler.minRegisteredResourcesRatio: "0"
{{- $settings := dict "image" .Values.image "driver" .Values.driver "executor" .Values.executor "dynamicAllocation" .Values.dynamicAllocation "jars" .Values.jars "sparkConf" .Values.sparkConf }}
{{ include "sy.spark.conf" (dict "root" . "backend" (ternary "standalone" "k8s" (eq .Values.backend "standalone")) "settings" $settings "name" "") }}
{{- end }}

{{/*
Settings of a server behind its proxy as a map: the proxy has the port that clients know. They win over all others, because
one that differs would open a way past the token.
*/}}
{{- define "spark-connect.behindProxy" -}}
{{- if .Values.global.connect.tls.enabled }}
spark.connect.grpc.binding.address: 127.0.0.1
spark.connect.grpc.binding.port: "15003"
{{- end }}
{{- end }}

{{/* Contents of the ConfigMap. */}}
{{- define "spark-connect.config" -}}
spark-defaults.conf: |
  {{- range $key, $value := merge (include "spark-connect.behindProxy" . | fromYaml) (deepCopy .Values.sparkConf) (include "spark-connect.conf" . | fromYaml) }}
  {{ $key }}={{ include "sy.scalar" $value }}
  {{- end }}
{{- if ne .Values.backend "standalone" }}
executor.yaml: |
  {{- $config := include "sy.name" (dict "root" . "component" "connect") }}
  {{- include "sy.spark.executor" (dict "root" . "name" "spark-connect" "executor" "executor" "settings" .Values.executor "image" .Values.image "config" $config "initResources" .Values.pod.initResources) | nindent 2 }}
{{- end }}
{{- if eq .Values.backend "operator" }}
environment.sh: |
  # Every bash reads it before it begins.
  # The operator's preStop looks for the server in this file, and nobody writes it: without it the server is killed, and its
  # event log never ends. The process of spark-submit becomes the server's.
  case $0 in
    */bin/spark-submit) echo $$ >"$SPARK_PID_DIR/spark-$SPARK_IDENT_STRING-org.apache.spark.sql.connect.service.SparkConnectServer-1.pid" ;;
  esac
  {{- include "sy.nameThisUid" . | nindent 2 }}
  # 3.5 keeps the artifacts of sessions in the working directory.
  cd /tmp
{{- else }}
start.sh: |
  set -euo pipefail
  {{- include "sy.nameThisUid" . | nindent 2 }}
  # 3.5 keeps the artifacts of sessions in the working directory.
  cd /tmp
  {{- if eq .Values.backend "k8s" }}
  # The driver pod owns its executors: when it goes, Kubernetes removes them.
  set -- --conf "spark.kubernetes.driver.pod.name=$POD_NAME"
  {{- end }}
  exec /opt/spark/bin/spark-submit \
    --properties-file /etc/sparkyard/spark-defaults.conf "$@" \
    --class org.apache.spark.sql.connect.service.SparkConnectServer
{{- end }}
{{- if .Values.global.connect.tls.enabled }}
envoy.yaml: |
  {{- .Files.Get "files/envoy.yaml" | nindent 2 }}
certificate.yaml: |
  {{- .Files.Get "files/certificate.yaml" | nindent 2 }}
token.lua: |
  {{- .Files.Get "files/token.lua" | nindent 2 }}
{{- end }}
jars.txt: |
  {{- include "sy.spark.jarList" . | nindent 2 }}
{{- with include "sy.spark.executorJars" . }}
jars-executor.txt: |
  {{- . | nindent 2 }}
{{- end }}
prepare.py: |
  {{- .Files.Get "files/prepare.py" | nindent 2 }}
{{- if include "sy.spark.remote" .Values.jars }}
fetch.py: |
  {{- .Files.Get "files/fetch.py" | nindent 2 }}
{{- end }}
{{- end }}
