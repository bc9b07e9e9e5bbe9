{{/* Secret with the token. */}}
{{- define "jupyter.secret" -}}
{{- if .Values.token.existingSecret -}}
{{ .Values.token.existingSecret }}
{{- else -}}
{{ include "sy.credentials" . }}
{{- end -}}
{{- end }}

{{/* What a user reads after `helm install`. */}}
{{- define "jupyter.notes" -}}
JupyterLab, with a Spark session in every notebook (start with welcome.ipynb):
  open      {{ include "sy.open" (dict "root" . "component" "jupyter" "number" 8888) }}
  token     kubectl -n {{ .Release.Namespace }} get secret {{ include "jupyter.secret" . }} -o jsonpath='{.data.{{ .Values.token.key }}}' | base64 -d
{{- if .Values.persistence.enabled }}
  notebooks PersistentVolumeClaim home-{{ include "sy.name" (dict "root" . "component" "jupyter") }}-0, kept by `helm uninstall`
{{- else }}
  notebooks on the node, gone with the pod (persistence.enabled=false)
{{- end }}
{{- end }}
