{{/* Helpers of the jobs. They take what those of _driver.tpl take. */}}

{{/* Spark's settings as a map. */}}
{{- define "spark-batch.conf" -}}
spark.app.name: {{ include "sy.driver.name" . }}
{{- $conf := include "sy.spark.conf" (dict "root" .root "backend" .backend "settings" .job "name" .name) | fromYaml }}
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
{{ $conf | toYaml }}
{{- if .job.pyFiles }}
{{- $files := list }}
{{- range .job.pyFiles }}{{ $files = append $files (include "sy.spark.path" .) }}{{ end }}
spark.submit.pyFiles: {{ join "," $files }}
{{- end }}
{{- end }}
{{- end }}

{{/* Contents of a job's ConfigMap. */}}
{{- define "spark-batch.config" -}}
{{- $kubernetes := eq .backend "k8s" -}}
spark-defaults.conf: |
  {{- range $key, $value := merge (deepCopy .job.sparkConf) (include "spark-batch.conf" . | fromYaml) }}
  {{ $key }}={{ include "sy.scalar" $value }}
  {{- end }}
{{- if $kubernetes }}
executor.yaml: |
  {{- include "sy.driver.executor" . | nindent 2 }}
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
  {{- include "sy.driver.start" . | nindent 2 }}
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
{{ include "sy.driver.files" . }}
{{- if and (eq .mode "client") (include "spark-batch.remote" .) }}
fetch.py: |
  {{- .root.Files.Get "files/fetch.py" | nindent 2 }}
{{- end }}
{{- end }}

{{/* What of a job leads out of its pod. In mode cluster Spark itself fetches it into the driver's pod, for all executors. */}}
{{- define "spark-batch.remote" -}}
{{ include "sy.spark.remote" (concat .job.jars .job.pyFiles (list .application)) }}
{{- end }}
