{{/* What a user reads after `helm install`. */}}
{{- define "minio.notes" -}}
S3 store (MinIO), inside the cluster:
  endpoint  {{ include "sy.s3.endpoint" . }}   bucket  {{ .Values.global.s3.bucket }}
  keys      kubectl -n {{ .Release.Namespace }} get secret {{ include "sy.s3.secret" . }} -o jsonpath='{.data.{{ .Values.global.s3.accessKeyKey }}}' | base64 -d
{{- if .Values.persistence.enabled }}
  data      PersistentVolumeClaim data-{{ include "sy.name" (dict "root" . "component" "s3") }}-0, kept by `helm uninstall`
{{- else }}
  data      on the node, gone with the pod (persistence.enabled=false)
{{- end }}
  warning   MinIO is no longer maintained: no fixes, and its images vanish from public registries. For anything that lasts
            name another S3 store in global.s3.endpoint, or use the brick seaweedfs.
{{- end }}
