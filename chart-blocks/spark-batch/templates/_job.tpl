{{/* Refuses what cannot be. */}}
{{- define "spark-batch.refuse" -}}
{{- include "sy.driver.refuse" . -}}
{{- if and .job.continuous (eq .job.mode "cluster") }}{{ fail (printf "job %q: a continuous job runs in mode client" .name) }}{{ end -}}
{{- if and (eq .backend "standalone") (eq .job.mode "cluster") }}{{ fail (printf "job %q: mode cluster needs backend k8s: a standalone cluster starts no drivers of Python programs" .name) }}{{ end -}}
{{- end }}

{{/* Spec of a Job: one run, with its retries. */}}
{{- define "spark-batch.jobSpec" -}}
backoffLimit: {{ .job.retries }}
activeDeadlineSeconds: {{ int64 .job.deadlineSeconds }}
podFailurePolicy:
  rules:
    # A node that goes away is not the application's fault.
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
    {{- if eq .job.mode "client" }}
    # Nor are neighbours that are not there yet.
    - action: Ignore
      onExitCodes:
        containerName: prepare
        operator: In
        values: [75]
    {{- end }}
template:
  metadata:
    {{- include "spark-batch.podMetadata" . | nindent 4 }}
  spec:
    restartPolicy: Never
    {{- if eq .job.mode "cluster" }}
    {{- include "spark-batch.submitter" . | nindent 4 }}
    {{- else }}
    {{- include "spark-batch.driver" . | nindent 4 }}
    {{- end }}
{{- end }}
