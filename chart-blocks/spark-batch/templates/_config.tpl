{{/*
Helpers of the jobs. Most take (dict "root" $ "name" "<name of the job>" "job" <its values> "mode" "client" or "cluster"
"application" "<what runs>").
*/}}

{{/* Name of a job's objects: 52 characters at most, because a CronJob adds eleven. */}}
{{- define "spark-batch.name" -}}
{{- $name := include "sy.name" (dict "root" .root "component" (printf "batch-%s" .name)) -}}
{{- if gt (len $name) 52 -}}
{{ $name | trunc 43 | trimSuffix "-" }}-{{ $name | sha256sum | trunc 8 }}
{{- else -}}
{{ $name }}
{{- end -}}
{{- end }}

{{/* Labels of a job's objects, and those that select its pods. */}}
{{- define "spark-batch.selector" -}}
{{ include "sy.selector" (dict "root" .root "name" "spark-batch" "component" "batch") }}
spark-batch-job: {{ .name }}
{{- end }}
{{- define "spark-batch.labels" -}}
{{ include "sy.labels" (dict "root" .root "name" "spark-batch" "component" "batch") }}
spark-batch-job: {{ .name }}
{{- end }}

{{/* What runs. */}}
{{- define "spark-batch.application" -}}
{{- $application := .application | default (ternary "" "/etc/sparkyard/script.py" (eq .job.script "")) -}}
{{- if and (eq .mode "cluster") (hasPrefix "/" $application) }}local://{{ end -}}
{{ required (printf "job %q: set application or script" .name) $application }}
{{- end }}

{{/* Jars for driver and executors: the fetched ones and the job's own. */}}
{{- define "spark-batch.jars" -}}
{{- $jars := .job.jars -}}
{{- if eq .root.Values.global.jars.source "download" -}}
{{- $jars = prepend $jars (include "sy.spark.jars" .root) -}}
{{- end -}}
{{ join "," $jars }}
{{- end }}

{{/* Spark's settings as a map. */}}
{{- define "spark-batch.conf" -}}
spark.app.name: {{ include "spark-batch.name" . }}
{{- $conf := include "sy.spark.conf" (dict "root" .root "image" .job.image "driver" .job.driver "executor" .job.executor "dynamicAllocation" .job.dynamicAllocation) | fromYaml }}
{{- if eq .mode "cluster" }}
# Spark sets the address; the driver takes jars and files from its own pod.
{{ omit $conf "spark.driver.bindAddress" "spark.jars" | toYaml }}
spark.kubernetes.driver.podTemplateFile: /tmp/driver.yaml
spark.kubernetes.driver.podTemplateContainerName: spark-kubernetes-driver
spark.kubernetes.authenticate.driver.serviceAccountName: {{ include "sy.serviceAccountName" (dict "root" .root "component" "batch") }}
{{- with dig "requests" "cpu" "" .job.resources }}
spark.kubernetes.driver.request.cores: {{ . | quote }}
{{- end }}
{{- with dig "limits" "cpu" "" .job.resources }}
spark.kubernetes.driver.limit.cores: {{ . | quote }}
{{- end }}
{{- else }}
{{ omit $conf "spark.jars" | toYaml }}
{{- with include "spark-batch.jars" . }}
spark.jars: {{ . }}
{{- end }}
{{- with .job.pyFiles }}
spark.submit.pyFiles: {{ join "," . }}
{{- end }}
{{- end }}
{{- end }}

{{/* Contents of a job's ConfigMap. */}}
{{- define "spark-batch.config" -}}
{{- $kubernetes := eq .root.Values.backend "k8s" -}}
spark-defaults.conf: |
  {{- range $key, $value := merge (deepCopy .job.sparkConf) (include "spark-batch.conf" . | fromYaml) }}
  {{ $key }}={{ include "sy.scalar" $value }}
  {{- end }}
{{- if $kubernetes }}
executor.yaml: |
  {{- include "sy.spark.executor" (dict "root" .root "name" "spark-batch" "executor" "batch-executor" "settings" .job.executor "image" .job.image "config" (include "spark-batch.name" .) "initResources" .job.pod.initResources) | nindent 2 }}
{{- end }}
{{- if eq .mode "cluster" }}
driver.yaml: |
  {{- include "spark-batch.driverTemplate" . | nindent 2 }}
submit.sh: |
  set -euo pipefail
  {{- include "sy.nameThisUid" .root | nindent 2 }}
  cd /tmp
  python3 /etc/sparkyard/submit.py template
  code=0
  trap 'exit 143' TERM
  /opt/spark/bin/spark-submit --deploy-mode cluster \
    --properties-file /etc/sparkyard/spark-defaults.conf \
    --conf "spark.kubernetes.driver.pod.name=$POD_NAME-driver" "$@" &
  wait $! || code=$?
  # spark-submit ends well when it could submit, however the driver ends.
  exec python3 /etc/sparkyard/submit.py result "$code"
submit.py: |
  {{- .root.Files.Get "files/submit.py" | nindent 2 }}
driver.sh: |
  # Spark calls its driver with the word `driver` and with arguments of spark-submit.
  set -euo pipefail
  {{- include "sy.nameThisUid" .root | nindent 2 }}
  cd /tmp
  shift
  exec /opt/spark/bin/spark-submit --deploy-mode client --conf spark.driver.bindAddress=0.0.0.0
    {{- with include "spark-batch.jars" . }} --jars {{ . }}{{ end }}
    {{- with .job.pyFiles }} --py-files {{ join "," . }}{{ end }} "$@"
{{- else }}
driver.sh: |
  set -euo pipefail
  {{- include "sy.nameThisUid" .root | nindent 2 }}
  cd /tmp
  {{- if $kubernetes }}
  # The driver pod owns its executors: when it goes, Kubernetes removes them.
  set -- --conf "spark.kubernetes.driver.pod.name=$POD_NAME" "$@"
  {{- end }}
  exec /opt/spark/bin/spark-submit \
    --properties-file /etc/sparkyard/spark-defaults.conf --conf "spark.driver.host=$POD_IP" "$@"
{{- end }}
jars.txt: |
  {{- include "sy.spark.jarList" .root | nindent 2 }}
{{- with include "sy.spark.executorJars" .root }}
jars-executor.txt: |
  {{- . | nindent 2 }}
{{- end }}
prepare.py: |
  {{- .root.Files.Get "files/prepare.py" | nindent 2 }}
{{- with .job.script }}
script.py: |
  {{- . | nindent 2 }}
{{- end }}
{{- if eq .application "/etc/sparkyard/etl.py" }}
etl.py: |
  {{- .root.Files.Get "files/etl.py" | nindent 2 }}
{{- end }}
{{- if eq .application "/etc/sparkyard/stream.py" }}
stream.py: |
  {{- .root.Files.Get "files/stream.py" | nindent 2 }}
{{- end }}
{{- end }}
