{{/* Helpers of the jobs. They take what those of _driver.tpl take. */}}

{{/* Refuses what cannot be. */}}
{{- define "spark-operator.refuse" -}}
{{- if eq .root.Values.api "apache" }}
{{- if .job.schedule }}{{ fail (printf "job %q: it has a schedule, and the operator of Apache knows none: take api kubeflow, or spark-batch, which makes a CronJob" .name) }}{{ end }}
{{- if .job.suspend }}{{ fail (printf "job %q: the operator of Apache cannot suspend a job: take it out of jobs" .name) }}{{ end }}
{{- end }}
{{- include "sy.driver.refuse" . }}
{{- include "spark-operator.required" . }}
{{- end }}

{{/* Refuses a cluster that would not know the custom resource. */}}
{{- define "spark-operator.required" -}}
{{- if .root.Values.requireOperator -}}
{{- include "sy.operator.required" (dict "root" .root "api" .root.Values.api "apiVersion" (include "spark-operator.apiVersion" .root) "kind" (include "spark-operator.kind" .) "what" (printf "job %q" .name) "switch" "requireOperator") -}}
{{- end -}}
{{- end }}

{{/* apiVersion and kind of the custom resources. */}}
{{- define "spark-operator.group" -}}
{{ .Values.group | default (ternary "spark.apache.org" "sparkoperator.k8s.io" (eq .Values.api "apache")) }}
{{- end }}
{{- define "spark-operator.apiVersion" -}}
{{ include "spark-operator.group" . }}/{{ ternary "v1" "v1beta2" (eq .Values.api "apache") }}
{{- end }}
{{- define "spark-operator.kind" -}}
{{ ternary "ScheduledSparkApplication" "SparkApplication" (ne .job.schedule "") }}
{{- end }}

{{/* Contents of a job's ConfigMap. */}}
{{- define "spark-operator.config" -}}
driver.sh: |
  {{- include "sy.driver.start" . | nindent 2 }}
{{ include "sy.driver.files" . }}
{{- end }}

{{/*
Spark's settings as a map, without those that an operator sets itself: it refuses some of them. The driver takes jars from
its own pod.
*/}}
{{- define "spark-operator.conf" -}}
{{- $conf := include "sy.spark.conf" (dict "root" .root "backend" .backend "settings" .job "name" .name) | fromYaml -}}
{{ omit $conf "spark.master" "spark.kubernetes.namespace" "spark.kubernetes.container.image" "spark.kubernetes.container.image.pullPolicy" "spark.kubernetes.executor.podTemplateFile" "spark.kubernetes.executor.podTemplateContainerName" "spark.driver.bindAddress" "spark.jars" | toYaml }}
spark.driver.cores: {{ .job.driver.cores | quote }}
{{- with .job.driver.memoryOverhead }}
spark.driver.memoryOverhead: {{ . }}
{{- end }}
{{- with .job.driver.requestCores }}
spark.kubernetes.driver.request.cores: {{ . | quote }}
{{- end }}
{{- with .job.driver.limitCores }}
spark.kubernetes.driver.limit.cores: {{ . | quote }}
{{- end }}
{{- end }}

{{/* A map of settings, all of them text. */}}
{{- define "spark-operator.settings" -}}
{{- range $key, $value := . }}
{{ $key }}: {{ include "sy.scalar" $value | quote }}
{{- end }}
{{- end }}

{{/* Templates of the pods: metadata and spec. The checksum makes another run of what is otherwise the same. */}}
{{- define "spark-operator.driver" -}}
metadata:
  labels:
    {{- include "sy.driver.labels" . | nindent 4 }}
    {{- with .job.pod.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/config: {{ printf "%s %s" (include "spark-operator.config" .) .job.run | sha256sum }}
    {{- with .job.pod.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  {{- include "sy.driver.spec" . | nindent 2 }}
{{- end }}

{{/* The application that `helm test` makes. */}}
{{- define "spark-operator.testApplication" -}}
apiVersion: {{ include "spark-operator.apiVersion" .root }}
kind: SparkApplication
metadata:
  name: {{ include "sy.driver.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "sy.driver.labels" . | nindent 4 }}
spec:
  {{- if eq .root.Values.api "apache" }}
  {{- include "spark-operator.apache" . | nindent 2 }}
  {{- else }}
  {{- include "spark-operator.kubeflow" . | nindent 2 }}
  {{- end }}
{{- end }}
