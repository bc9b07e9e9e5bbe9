{{/*
Helpers of jobs: a driver that runs one application, in a pod of its own. They take (dict "root" $ "brick" "<brick id>"
"component" "<component>" "longest" <characters of a name> "backend" "k8s" or "standalone" "name" "<name of the job>" "job"
<its values> "mode" "client" or "cluster" "application" "<what runs>").
*/}}

{{/* Name of a job's objects: no longer than leaves room for what is added to it. */}}
{{- define "sy.driver.name" -}}
{{- $name := include "sy.name" (dict "root" .root "component" (printf "%s-%s" .component .name)) -}}
{{- if gt (len $name) .longest -}}
{{ $name | trunc (sub .longest 9 | int) | trimSuffix "-" }}-{{ $name | sha256sum | trunc 8 }}
{{- else -}}
{{ $name }}
{{- end -}}
{{- end }}

{{/* Labels of a job's objects, and those that select its pods. */}}
{{- define "sy.driver.selector" -}}
{{ include "sy.selector" (dict "root" .root "name" .brick "component" .component) }}
{{ .brick }}-job: {{ .name }}
{{- end }}
{{- define "sy.driver.labels" -}}
{{ include "sy.labels" (dict "root" .root "name" .brick "component" .component) }}
{{ .brick }}-job: {{ .name }}
{{- end }}

{{/* Refuses what no job can be. */}}
{{- define "sy.driver.refuse" -}}
{{- if eq .name "test" }}{{ fail "job \"test\": `helm test` makes a job of this name; take another one" }}{{ end }}
{{- if and .job.continuous .job.schedule }}{{ fail (printf "job %q: it has a schedule and is continuous; choose one" .name) }}{{ end }}
{{- end }}

{{/* What runs. */}}
{{- define "sy.driver.application" -}}
{{- $application := .application | default (ternary "" "/etc/sparkyard/script.py" (eq .job.script "")) -}}
{{- if and (eq .mode "cluster") (hasPrefix "/" $application) }}local://{{ end -}}
{{ required (printf "job %q: set application or script" .name) $application }}
{{- end }}

{{/* Files of a job's ConfigMap that every driver needs. */}}
{{- define "sy.driver.files" -}}
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

{{/* What the container of a driver does that a submitter has made: driver.sh in mode cluster. */}}
{{- define "sy.driver.start" -}}
{{- $jars := .job.jars -}}
{{- $application := include "sy.driver.application" . -}}
{{- /* The submitter has added it to spark.jars, which --jars takes the place of; executors need its classes too. */ -}}
{{- if not (hasSuffix ".py" $application) }}{{ $jars = append $jars $application }}{{ end -}}
# Spark calls its driver with the word `driver` and with arguments of spark-submit.
set -euo pipefail
{{ include "sy.nameThisUid" .root }}
cd /tmp
shift
exec /opt/spark/bin/spark-submit --deploy-mode client --conf spark.driver.bindAddress=0.0.0.0
  {{- with include "sy.spark.jars" (dict "root" .root "jars" $jars "fetched" false) }} --jars {{ . }}{{ end }}
  {{- with .job.pyFiles }} --py-files {{ join "," . }}{{ end }} "$@"
{{- end }}

{{/* Environment of the driver. */}}
{{- define "sy.driver.env" -}}
- name: HOME
  value: /tmp
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
{{ include "sy.s3.env" .root }}
{{- if eq .backend "standalone" }}
{{- with include "sy.master.secret" .root }}
{{ . }}
{{- end }}
{{- end }}
{{- with .job.pod.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Init containers of the driver: they wait for the neighbours too, which are installed at the same time. */}}
{{- define "sy.driver.init" -}}
{{- with .job.pod.extraInitContainers }}
{{- toYaml . }}
{{ end }}
{{- $master := "" -}}
{{- if eq .backend "standalone" -}}
{{- $master = trimPrefix "spark://" (include "sy.spark.master" .root) -}}
{{- end -}}
{{- $wait := printf "%s %s %s" (trimPrefix "thrift://" (include "sy.metastore.uri" .root)) $master (include "sy.spark.shuffleWait" .root) | trim -}}
{{ include "sy.spark.prepare" (dict "root" .root "image" .job.image "pod" .job.pod "wait" $wait) }}
{{- end }}

{{/* Ports, mounts and volumes of the driver. */}}
{{- define "sy.driver.ports" -}}
- name: ui
  containerPort: 4040
- name: driver
  containerPort: 7078
- name: blockmanager
  containerPort: 7079
{{- if .root.Values.shuffle.celeborn.enabled }}
- name: shuffle
  containerPort: 7080
{{- end }}
{{- end }}
{{- define "sy.driver.mounts" -}}
- name: config
  mountPath: /etc/sparkyard
  readOnly: true
- name: jars
  mountPath: {{ include "sy.jars.dir" .root }}
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if .job.configMap }}
- name: app
  mountPath: /app
  readOnly: true
{{- end }}
{{- with .job.pod.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- define "sy.driver.volumes" -}}
- name: config
  configMap:
    name: {{ include "sy.driver.name" . }}
- name: jars
  emptyDir:
    sizeLimit: 256Mi
- name: tmp
  emptyDir:
    sizeLimit: {{ .job.driver.scratchSize }}
{{- with include "sy.s3.ca.volume" .root }}
{{ . }}
{{- end }}
{{- with .job.configMap }}
- name: app
  configMap:
    name: {{ . }}
{{- end }}
{{- with .job.pod.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
Spec of a driver pod that a submitter makes: it adds image, memory and CPU, arguments, the settings as a file, and the
Service.
*/}}
{{- define "sy.driver.spec" -}}
{{ include "sy.pod.spec" (dict "root" .root "component" .component "token" true "pod" .job.pod) }}
initContainers:
  {{- include "sy.driver.init" . | nindent 2 }}
containers:
  - name: spark-kubernetes-driver
    securityContext:
      {{- include "sy.security" (dict "root" .root "context" .job.pod.containerSecurityContext) | nindent 6 }}
    command: [bash, /etc/sparkyard/driver.sh]
    env:
      {{- include "sy.driver.env" . | nindent 6 }}
    {{- with .job.pod.extraEnvFrom }}
    envFrom:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    volumeMounts:
      # Spark takes a volume of this name in place of its own, which has no limit.
      - name: spark-local-dir-1
        mountPath: /var/data/spark-local
      {{- include "sy.driver.mounts" . | nindent 6 }}
  {{- with .job.pod.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumes:
  - name: spark-local-dir-1
    emptyDir:
      sizeLimit: {{ .job.driver.scratchSize }}
  {{- include "sy.driver.volumes" . | nindent 2 }}
{{- end }}

{{/* The executors' template of a job: as a file for Spark, and as metadata and spec. */}}
{{- define "sy.driver.executor" -}}
{{ include "sy.spark.executor" (dict "root" .root "name" .brick "executor" (printf "%s-executor" .component) "settings" .job.executor "image" .job.image "config" (include "sy.driver.name" .) "initResources" .job.pod.initResources) }}
{{- end }}
{{- define "sy.driver.executorPod" -}}
{{ include "sy.spark.executorPod" (dict "root" .root "name" .brick "executor" (printf "%s-executor" .component) "settings" .job.executor "image" .job.image "config" (include "sy.driver.name" .) "initResources" .job.pod.initResources) }}
{{- end }}
