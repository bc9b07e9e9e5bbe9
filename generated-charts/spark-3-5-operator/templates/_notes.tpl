{{/* What a user reads after `helm install`. */}}
{{- define "spark-operator.notes" -}}
{{- $n := .Release.Namespace -}}
{{- $kubeflow := eq .Values.api "kubeflow" -}}
{{- $group := include "spark-operator.group" . -}}
Jobs for the Spark operator ({{ include "spark-operator.apiVersion" . }}), Spark 3.5.7:
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
  No state at all means that no operator watches this namespace{{ if $kubeflow }}: spark.jobNamespaces of its chart must name it{{ end }}.
  What has run, and how long each part took, is on the History Server's page.
{{- end }}
