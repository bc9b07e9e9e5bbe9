{{/* Template of the executor pods. Spark adds image, memory, cores, and what connects them to the driver. */}}
{{- define "spark-connect.executor" -}}
{{- $id := dict "root" . "name" "spark-connect" "component" "executor" -}}
{{- $pod := .Values.executor.pod -}}
apiVersion: v1
kind: Pod
metadata:
  labels:
    {{- include "sy.labels" $id | nindent 4 }}
    {{- with $pod.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $pod.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  # Executors do not talk to the Kubernetes API.
  serviceAccountName: {{ include "spark-connect.executorAccount" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    {{- include "sy.security" (dict "root" . "context" $pod.securityContext) | nindent 4 }}
  {{- with .Values.global.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $pod.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $pod.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $pod.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $pod.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $pod.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: spark-kubernetes-executor
      securityContext:
        {{- include "sy.security" (dict "root" . "context" $pod.containerSecurityContext) | nindent 8 }}
      env:
        - name: HOME
          value: /tmp
        {{- include "sy.s3.env" . | nindent 8 }}
        {{- with $pod.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      volumeMounts:
        # Shuffle and spill. Spark takes volumes of this name in place of its own, which has no limit.
        - name: spark-local-dir-1
          mountPath: /var/data/spark-local
        # Jars and files that the driver serves land in the working directory.
        - name: work
          mountPath: /opt/spark/work-dir
        - name: tmp
          mountPath: /tmp
        {{- with $pod.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: spark-local-dir-1
      emptyDir:
        sizeLimit: {{ .Values.executor.scratchSize }}
    - name: work
      emptyDir:
        sizeLimit: 2Gi
    - name: tmp
      emptyDir:
        sizeLimit: 2Gi
    {{- with $pod.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* ServiceAccount of the executors. */}}
{{- define "spark-connect.executorAccount" -}}
{{ include "sy.name" (dict "root" . "component" "executor") }}
{{- end }}
