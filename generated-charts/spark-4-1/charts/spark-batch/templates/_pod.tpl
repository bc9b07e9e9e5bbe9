{{/* Labels and annotations of a job's pods. */}}
{{- define "spark-batch.podMetadata" -}}
labels:
  {{- include "sy.driver.labels" . | nindent 2 }}
  {{- with .job.pod.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  checksum/config: {{ include "spark-batch.config" . | sha256sum }}
  {{- with .job.pod.annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* What the application is called with. */}}
{{- define "spark-batch.args" -}}
{{- if and .job.mainClass (not (hasSuffix ".py" .application)) -}}
- --class
- {{ .job.mainClass | quote }}
{{ end -}}
{{- $application := include "sy.driver.application" . -}}
- {{ ternary (include "sy.spark.path" $application) $application (eq .mode "client") | quote }}
{{- range .job.arguments }}
- {{ . | quote }}
{{- end }}
{{- end }}

{{/* Spec of a pod in which the driver runs. */}}
{{- define "spark-batch.driver" -}}
{{ include "sy.pod.spec" (dict "root" .root "component" "batch" "token" (eq .backend "k8s") "pod" .job.pod) }}
initContainers:
  {{- include "sy.driver.init" . | nindent 2 }}
  {{- with include "sy.spark.fetch" (dict "root" .root "image" .job.image "pod" .job.pod "remote" (include "spark-batch.remote" .)) }}
  {{- . | nindent 2 }}
  {{- end }}
containers:
  - name: driver
    {{- include "sy.container" (dict "root" .root "image" .job.image "pod" .job.pod) | nindent 4 }}
    command: [bash, /etc/sparkyard/driver.sh]
    args:
      {{- include "spark-batch.args" . | nindent 6 }}
    env:
      {{- include "sy.driver.env" . | nindent 6 }}
    {{- with .job.pod.extraEnvFrom }}
    envFrom:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    ports:
      {{- include "sy.driver.ports" . | nindent 6 }}
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
      {{- include "sy.driver.mounts" . | nindent 6 }}
  {{- with .job.pod.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumes:
  {{- include "sy.driver.volumes" . | nindent 2 }}
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
      name: {{ include "sy.driver.name" . }}
  - name: tmp
    emptyDir:
      sizeLimit: 256Mi
{{- end }}

{{/* Template of the driver pod in mode cluster. submit.py fills in who owns it. */}}
{{- define "spark-batch.driverTemplate" -}}
apiVersion: v1
kind: Pod
metadata:
  labels:
    {{- include "sy.driver.labels" . | nindent 4 }}
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
  {{- include "sy.driver.spec" . | nindent 2 }}
{{- end }}
