{{/* What a user reads after `helm install`. */}}
{{- define "spark-batch.notes" -}}
{{- $n := .Release.Namespace -}}
Batch jobs, Spark <@ line.spark @>:
{{- range $name, $own := .Values.jobs }}
{{- $job := mergeOverwrite (deepCopy $.Values.defaults) $own }}
{{- $object := include "sy.driver.name" (dict "root" $ "component" "batch" "longest" 52 "name" $name) }}
{{- if $job.continuous }}
  {{ $name }}, without end
    state      kubectl -n {{ $n }} get statefulset/{{ $object }}
    stop       kubectl -n {{ $n }} scale statefulset/{{ $object }} --replicas=0   # go on with --replicas=1
    web page   kubectl -n {{ $n }} port-forward pod/{{ $object }}-0 4040:4040   # then http://localhost:4040
{{- else if $job.schedule }}
  {{ $name }}, {{ if $job.suspend }}by hand{{ else }}at {{ $job.schedule | quote }} {{ $job.timeZone }}{{ end }}
    state      kubectl -n {{ $n }} get cronjob/{{ $object }}; kubectl -n {{ $n }} get jobs -l spark-batch-job={{ $name }}
    run now    kubectl -n {{ $n }} create job {{ $name }}-$(date +%s) --from=cronjob/{{ $object }}
{{- else }}
  {{ $name }}, once, and again whenever an upgrade changes it
    state      kubectl -n {{ $n }} get jobs -l spark-batch-job={{ $name }}
    run again  give `jobs.{{ $name }}.run` another value and `helm upgrade`
{{- end }}
    log        kubectl -n {{ $n }} logs -l spark-batch-job={{ $name }}{{ if eq $job.mode "cluster" }},spark-role=driver{{ end }} --tail=-1 -f
{{- else }}
  none yet: name some in the value `jobs`
{{- end }}
  A run that failed: kubectl -n {{ $n }} get jobs shows `Failed`, its log why. What has run, and how long each part took,
  is on the History Server's page.
{{- end }}
