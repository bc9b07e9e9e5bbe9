{{/* Spec of a SparkApplication of Apache. */}}
{{- define "spark-operator.apache" -}}
{{- $application := include "sy.driver.application" . -}}
runtimeVersions:
  sparkVersion: <@ line.spark @>
  scalaVersion: "<@ line.scala @>"
{{- if hasSuffix ".py" $application }}
mainClass: org.apache.spark.deploy.PythonRunner
pyFiles: {{ $application | quote }}
{{- else }}
mainClass: {{ required (printf "job %q: set mainClass, the class of the jar that has main" .name) .job.mainClass | quote }}
jars: {{ $application | quote }}
{{- end }}
{{- with .job.arguments }}
driverArgs:
  {{- range . }}
  - {{ . | quote }}
  {{- end }}
{{- end }}
applicationTolerations:
  restartConfig:
    {{- if .job.continuous }}
    restartPolicy: Always
    # It counts every start, and gives up at the number.
    maxRestartAttempts: 2147483647
    {{- else if .job.retries }}
    restartPolicy: OnFailure
    maxRestartAttempts: {{ .job.retries }}
    {{- else }}
    restartPolicy: Never
    {{- end }}
    {{- if or .job.continuous .job.retries }}
    restartBackoffMillis: {{ mul .job.retrySeconds 1000 }}
    {{- end }}
  # The driver's log goes with its pod.
  resourceRetainPolicy: Always
  {{- with .job.timeToLiveSeconds }}
  ttlAfterStopMillis: {{ mul . 1000 }}
  {{- end }}
sparkConf:
  {{- include "spark-operator.settings" (merge (deepCopy .job.sparkConf) (include "spark-operator.apacheConf" . | fromYaml)) | trim | nindent 2 }}
driverSpec:
  podTemplateSpec:
    {{- include "spark-operator.driver" . | nindent 4 }}
executorSpec:
  podTemplateSpec:
    {{- include "sy.driver.executorPod" . | nindent 4 }}
{{- end }}

{{/* What has no field there. */}}
{{- define "spark-operator.apacheConf" -}}
{{ include "spark-operator.conf" . }}
# The operator writes the resource's name over it. Without this setting the application would be called as its file.
spark.app.name: {{ include "sy.driver.name" . }}
spark.kubernetes.container.image: {{ include "sy.image" (dict "root" .root "image" .job.image) }}
spark.kubernetes.container.image.pullPolicy: {{ .job.image.pullPolicy }}
spark.kubernetes.authenticate.driver.serviceAccountName: {{ include "sy.serviceAccountName" (dict "root" .root "component" .component) }}
# The operator submits as Spark 4.2, which makes a NetworkPolicy for each job; the charts bring their own.
spark.kubernetes.driver.pod.excludedFeatureSteps: org.apache.spark.deploy.k8s.features.NetworkPolicyFeatureStep
# By the operator's own setting executors are told the driver's bind address, 0.0.0.0 here, in place of its Service's name.
spark.kubernetes.executor.useDriverPodIP: "false"
# The driver's pod stays, for its log. By the operator's own setting its executors would stay as long.
spark.kubernetes.executor.deleteOnTermination: "true"
spark.kubernetes.driver.podTemplateContainerName: spark-kubernetes-driver
spark.kubernetes.executor.podTemplateContainerName: spark-kubernetes-executor
{{- end }}
