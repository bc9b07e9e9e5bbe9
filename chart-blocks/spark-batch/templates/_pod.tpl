{{/* Labels and annotations of a job's pods. */}}
{{- define "spark-batch.podMetadata" -}}
labels:
  {{- include "spark-batch.labels" . | nindent 2 }}
  {{- with .job.pod.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  checksum/config: {{ include "spark-batch.config" . | sha256sum }}
  {{- with .job.pod.annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Environment of the driver. */}}
{{- define "spark-batch.env" -}}
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
{{- with .job.pod.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Init containers of the driver: they wait for the neighbours too, which are installed at the same time. */}}
{{- define "spark-batch.init" -}}
{{- with .job.pod.extraInitContainers }}
{{- toYaml . }}
{{ end }}
{{- $master := ternary (trimPrefix "spark://" (include "sy.spark.master" .root)) "" (eq .root.Values.backend "standalone") -}}
{{- $wait := printf "%s %s %s" (trimPrefix "thrift://" (include "sy.metastore.uri" .root)) $master (include "sy.spark.shuffleWait" .root) | trim -}}
{{ include "sy.spark.prepare" (dict "root" .root "image" .job.image "pod" .job.pod "wait" $wait) }}
{{- end }}

{{/* Ports, mounts and volumes of the driver. */}}
{{- define "spark-batch.ports" -}}
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
{{- define "spark-batch.mounts" -}}
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
{{- define "spark-batch.volumes" -}}
- name: config
  configMap:
    name: {{ include "spark-batch.name" . }}
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

{{/* What the application is called with. */}}
{{- define "spark-batch.args" -}}
{{- if and .job.mainClass (not (hasSuffix ".py" .application)) -}}
- --class
- {{ .job.mainClass | quote }}
{{ end -}}
- {{ include "spark-batch.application" . | quote }}
{{- range .job.arguments }}
- {{ . | quote }}
{{- end }}
{{- end }}

{{/* Spec of a pod in which the driver runs. */}}
{{- define "spark-batch.driver" -}}
{{ include "sy.pod.spec" (dict "root" .root "component" "batch" "token" (eq .root.Values.backend "k8s") "pod" .job.pod) }}
initContainers:
  {{- include "spark-batch.init" . | nindent 2 }}
containers:
  - name: driver
    {{- include "sy.container" (dict "root" .root "image" .job.image "pod" .job.pod) | nindent 4 }}
    command: [bash, /etc/sparkyard/driver.sh]
    args:
      {{- include "spark-batch.args" . | nindent 6 }}
    env:
      {{- include "spark-batch.env" . | nindent 6 }}
    {{- with .job.pod.extraEnvFrom }}
    envFrom:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    ports:
      {{- include "spark-batch.ports" . | nindent 6 }}
    {{- if .job.continuous }}
    # These paths and no others: unknown ones are redirected, which counts as success.
    startupProbe:
      httpGet:
        path: /api/v1/version
        port: ui
      periodSeconds: 2
      failureThreshold: 150
    readinessProbe:
      httpGet:
        path: /api/v1/version
        port: ui
      periodSeconds: 10
      timeoutSeconds: 5
    livenessProbe:
      httpGet:
        path: /api/v1/version
        port: ui
      periodSeconds: 30
      timeoutSeconds: 10
      failureThreshold: 6
    {{- end }}
    resources:
      {{- toYaml .job.resources | nindent 6 }}
    volumeMounts:
      {{- include "spark-batch.mounts" . | nindent 6 }}
  {{- with .job.pod.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumes:
  {{- include "spark-batch.volumes" . | nindent 2 }}
{{- end }}

{{/* Spec of a pod in which spark-submit waits for a driver elsewhere. */}}
{{- define "spark-batch.submitter" -}}
{{ include "sy.pod.spec" (dict "root" .root "component" "batch" "token" true "pod" .job.pod) }}
containers:
  - name: submit
    {{- include "sy.container" (dict "root" .root "image" .job.image "pod" .job.pod) | nindent 4 }}
    command: [bash, /etc/sparkyard/submit.sh]
    args:
      {{- include "spark-batch.args" . | nindent 6 }}
    env:
      - name: HOME
        value: /tmp
      - name: POD_NAME
        valueFrom:
          fieldRef:
            fieldPath: metadata.name
      - name: POD_UID
        valueFrom:
          fieldRef:
            fieldPath: metadata.uid
      - name: NAMESPACE
        value: {{ .root.Release.Namespace }}
    resources:
      {{- toYaml .job.submitResources | nindent 6 }}
    volumeMounts:
      - name: config
        mountPath: /etc/sparkyard
        readOnly: true
      - name: tmp
        mountPath: /tmp
volumes:
  - name: config
    configMap:
      name: {{ include "spark-batch.name" . }}
  - name: tmp
    emptyDir:
      sizeLimit: 256Mi
{{- end }}

{{/*
Template of the driver pod in mode cluster. Spark adds image, memory and CPU, arguments, its settings as a file, and the
Service. submit.py fills in who owns it.
*/}}
{{- define "spark-batch.driverTemplate" -}}
apiVersion: v1
kind: Pod
metadata:
  labels:
    {{- include "spark-batch.labels" . | nindent 4 }}
    {{- with .job.pod.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .job.pod.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  ownerReferences:
    - apiVersion: v1
      kind: Pod
      name: $(POD_NAME)
      uid: $(POD_UID)
spec:
  {{- include "sy.pod.spec" (dict "root" .root "component" "batch" "token" true "pod" .job.pod) | nindent 2 }}
  initContainers:
    {{- include "spark-batch.init" . | nindent 4 }}
  containers:
    - name: spark-kubernetes-driver
      securityContext:
        {{- include "sy.security" (dict "root" .root "context" .job.pod.containerSecurityContext) | nindent 8 }}
      command: [bash, /etc/sparkyard/driver.sh]
      env:
        {{- include "spark-batch.env" . | nindent 8 }}
      {{- with .job.pod.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        # Spark takes a volume of this name in place of its own, which has no limit.
        - name: spark-local-dir-1
          mountPath: /var/data/spark-local
        {{- include "spark-batch.mounts" . | nindent 8 }}
    {{- with .job.pod.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    - name: spark-local-dir-1
      emptyDir:
        sizeLimit: {{ .job.driver.scratchSize }}
    {{- include "spark-batch.volumes" . | nindent 4 }}
{{- end }}
