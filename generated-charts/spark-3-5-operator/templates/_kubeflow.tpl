{{/*
Spec of a SparkApplication of kubeflow. What has a field stands there: quotas and queues of the operator read the fields.
Pods are described by templates: the fields of security reach a pod only by the operator's webhook.
*/}}
{{- define "spark-operator.kubeflow" -}}
{{- $conf := merge (deepCopy .job.sparkConf) (include "spark-operator.conf" . | fromYaml) -}}
{{- $dynamic := eq (toString (get $conf "spark.dynamicAllocation.enabled")) "true" -}}
type: {{ ternary "Python" "Scala" (hasSuffix ".py" (include "sy.driver.application" .)) }}
mode: cluster
sparkVersion: 3.5.7
image: {{ include "sy.image" (dict "root" .root "image" .job.image) }}
imagePullPolicy: {{ .job.image.pullPolicy }}
{{- with .job.mainClass }}
mainClass: {{ . | quote }}
{{- end }}
mainApplicationFile: {{ include "sy.driver.application" . | quote }}
{{- with .job.arguments }}
arguments:
  {{- range . }}
  - {{ . | quote }}
  {{- end }}
{{- end }}
{{- if and .job.suspend (not .job.schedule) }}
suspend: true
{{- end }}
restartPolicy:
  {{- if .job.continuous }}
  type: Always
  {{- else if .job.retries }}
  type: OnFailure
  onFailureRetries: {{ .job.retries }}
  onSubmissionFailureRetries: {{ .job.retries }}
  {{- else }}
  type: Never
  {{- end }}
  {{- if or .job.continuous .job.retries }}
  onFailureRetryInterval: {{ .job.retrySeconds }}
  onSubmissionFailureRetryInterval: {{ .job.retrySeconds }}
  {{- end }}
{{- with .job.timeToLiveSeconds }}
timeToLiveSeconds: {{ int64 . }}
{{- end }}
sparkConf:
  {{- include "spark-operator.settings" (omit $conf "spark.app.name" "spark.driver.cores" "spark.driver.memory" "spark.driver.memoryOverhead" "spark.kubernetes.driver.request.cores" "spark.kubernetes.driver.limit.cores" "spark.executor.instances" "spark.executor.cores" "spark.executor.memory" "spark.executor.memoryOverhead" "spark.kubernetes.executor.request.cores" "spark.kubernetes.executor.limit.cores" "spark.dynamicAllocation.enabled" "spark.dynamicAllocation.initialExecutors" "spark.dynamicAllocation.minExecutors" "spark.dynamicAllocation.maxExecutors" "spark.dynamicAllocation.shuffleTracking.enabled") | trim | nindent 2 }}
driver:
  cores: {{ get $conf "spark.driver.cores" | int }}
  {{- with get $conf "spark.kubernetes.driver.request.cores" }}
  coreRequest: {{ include "sy.scalar" . | quote }}
  {{- end }}
  {{- with get $conf "spark.kubernetes.driver.limit.cores" }}
  coreLimit: {{ include "sy.scalar" . | quote }}
  {{- end }}
  memory: {{ get $conf "spark.driver.memory" | quote }}
  {{- with get $conf "spark.driver.memoryOverhead" }}
  memoryOverhead: {{ include "sy.scalar" . | quote }}
  {{- end }}
  serviceAccount: {{ include "sy.serviceAccountName" (dict "root" .root "component" .component) }}
  template:
    {{- include "spark-operator.driver" . | nindent 4 }}
executor:
  {{- if not $dynamic }}
  instances: {{ get $conf "spark.executor.instances" | int }}
  {{- end }}
  cores: {{ get $conf "spark.executor.cores" | int }}
  {{- with get $conf "spark.kubernetes.executor.request.cores" }}
  coreRequest: {{ include "sy.scalar" . | quote }}
  {{- end }}
  {{- with get $conf "spark.kubernetes.executor.limit.cores" }}
  coreLimit: {{ include "sy.scalar" . | quote }}
  {{- end }}
  memory: {{ get $conf "spark.executor.memory" | quote }}
  {{- with get $conf "spark.executor.memoryOverhead" }}
  memoryOverhead: {{ include "sy.scalar" . | quote }}
  {{- end }}
  # The operator gives the labels of the SparkApplication to all of its pods, and this one must differ.
  labels:
    app.kubernetes.io/component: {{ .component }}-executor
  template:
    {{- include "sy.driver.executorPod" . | nindent 4 }}
{{- if $dynamic }}
dynamicAllocation:
  enabled: true
  initialExecutors: {{ get $conf "spark.dynamicAllocation.initialExecutors" | int }}
  minExecutors: {{ get $conf "spark.dynamicAllocation.minExecutors" | int }}
  maxExecutors: {{ get $conf "spark.dynamicAllocation.maxExecutors" | int }}
  shuffleTrackingEnabled: {{ ne (toString (get $conf "spark.dynamicAllocation.shuffleTracking.enabled")) "false" }}
{{- end }}
{{- end }}
