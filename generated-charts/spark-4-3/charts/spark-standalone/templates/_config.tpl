{{/* Spark's settings of master and workers as a map. */}}
{{- define "spark-standalone.conf" -}}
{{ include "sy.standalone.conf" (dict "root" . "worker" .Values.worker) }}
{{- if .Values.master.persistence.enabled }}
spark.deploy.recoveryMode: FILESYSTEM
spark.deploy.recoveryDirectory: /data/recovery
{{- end }}
spark.decommission.enabled: {{ .Values.worker.decommission | quote }}
{{- end }}

{{/* Name of a pod of a StatefulSet: it stands in the pod's own /etc/hosts, so that Spark can bind to it at once. */}}
{{- define "spark-standalone.podHost" -}}
$POD_NAME.{{ include "sy.host" (dict "root" .root "component" .component) }}
{{- end }}

{{/* Contents of the ConfigMap. */}}
{{- define "spark-standalone.config" -}}
spark-defaults.conf: |
  {{- range $key, $value := merge (deepCopy .Values.sparkConf) (include "spark-standalone.conf" . | fromYaml) }}
  {{ $key }}={{ include "sy.scalar" $value }}
  {{- end }}
master.sh: |
  set -euo pipefail
  {{- include "sy.nameThisUid" . | nindent 2 }}
  {{- if .Values.master.persistence.enabled }}
  mkdir -p /data/recovery
  {{- end }}
  exec /opt/spark/bin/spark-class org.apache.spark.deploy.master.Master \
    --host "{{ include "spark-standalone.podHost" (dict "root" . "component" "master") }}" --port 7077 --webui-port 8080 \
    --properties-file /etc/sparkyard/spark-defaults.conf
worker.sh: |
  set -euo pipefail
  {{- include "sy.nameThisUid" . | nindent 2 }}
  exec /opt/spark/bin/spark-class org.apache.spark.deploy.worker.Worker \
    --host "{{ include "spark-standalone.podHost" (dict "root" . "component" "worker") }}" --port 7078 --webui-port 8081 \
    --properties-file /etc/sparkyard/spark-defaults.conf \
    spark://{{ include "sy.host" (dict "root" . "component" "master") }}:7077
prepare.py: |
  {{- .Files.Get "files/prepare.py" | nindent 2 }}
decommission.py: |
  {{- .Files.Get "files/decommission.py" | nindent 2 }}
{{- end }}
