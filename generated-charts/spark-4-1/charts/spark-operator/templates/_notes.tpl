{{/* What a user reads after `helm install`. */}}
{{- define "spark-operator.notes" -}}
{{- $n := .Release.Namespace -}}
{{- $kubeflow := eq .Values.api "kubeflow" -}}
{{- $group := include "spark-operator.group" . -}}
Jobs for the Spark operator ({{ include "spark-operator.apiVersion" . }}), Spark 4.1.4:
{{- range $name, $own := .Values.jobs }}
{{- $job := mergeOverwrite (deepCopy $.Values.defaults) $own }}
{{- if $job.schedule }}
  {{ $name }}, {{ if $job.suspend }}suspended{{ else }}at {{ $job.schedule | quote }} {{ $job.timeZone }}{{ end }}
    state      kubectl -n {{ $n }} get scheduledsparkapplications.{{ $group }} -l spark-operator-job={{ $name }}
{{- else }}
  {{ $name }}, {{ if $job.continuous }}without end{{ else }}once, and again whenever an upgrade changes it{{ end }}
{{- end }}
    runs       kubectl -n {{ $n }} get sparkapplications.{{ $group }} -l spark-operator-job={{ $name }}
    log        kubectl -n {{ $n }} logs -l spark-operator-job={{ $name }},spark-role=driver --tail=-1 -f
{{- else }}
  none yet: name some in the value `jobs`
{{- end }}
{{- range $name, $own := .Values.clusters }}
{{- $cluster := mergeOverwrite (deepCopy $.Values.clusterDefaults) $own }}
{{- $it := dict "root" $ "component" "cluster" "longest" 34 "name" $name }}
  {{ $name }}, a cluster for drivers of Spark 4.1.4
    state      kubectl -n {{ $n }} get sparkclusters.{{ $group }} -l spark-operator-cluster={{ $name }}
    master     spark://{{ include "spark-operator.cluster.host" $it }}:7077
    web page   kubectl -n {{ $n }} port-forward svc/{{ include "sy.driver.name" $it }} 8080:8080   # then http://localhost:8080
    workers    {{ $cluster.worker.initial }} at first, each with {{ $cluster.worker.cores }} core(s) and {{ $cluster.worker.memory }} for executors
{{- end }}
  No state at all means that no operator watches this namespace{{ if $kubeflow }}: spark.jobNamespaces of its chart must name it{{ end }}.
  What has run, and how long each part took, is on the History Server's page.
{{- end }}
