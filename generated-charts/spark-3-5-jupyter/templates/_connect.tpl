{{/* ---- Spark Connect, as its server and its clients see it ---- */}}

{{/* URL of the Spark Connect server, without the token. */}}
{{- define "sy.connect.url" -}}
{{- $url := .Values.global.connect.url | default (printf "sc://%s:15002" (include "sy.host" (dict "root" . "component" "connect"))) -}}
{{- if .Values.global.connect.tls.enabled -}}
{{ trimSuffix "/" $url }}{{ ternary ";" "/;" (contains "/;" $url) }}use_ssl=true
{{- else -}}
{{ $url }}
{{- end -}}
{{- end }}

{{/* Secret with the token of Spark Connect. One that is made here is no good at a server of somebody else's. */}}
{{- define "sy.connect.secret" -}}
{{- if .Values.global.connect.token.existingSecret -}}
{{ .Values.global.connect.token.existingSecret }}
{{- else if and .Values.global.connect.url (not .Values.global.credentials.existingSecret) -}}
{{- fail (printf "\n\nglobal.connect.url is %s with TLS, and no Secret with its token is named: set global.connect.token.existingSecret, a Secret with the key %s\n" .Values.global.connect.url .Values.global.connect.token.key) -}}
{{- else -}}
{{ include "sy.credentials" . }}
{{- end -}}
{{- end }}

{{/* The token of Spark Connect, under the name by which Spark 4 reads it on either side. */}}
{{- define "sy.connect.token" -}}
- name: SPARK_CONNECT_AUTHENTICATE_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ include "sy.connect.secret" . }}
      key: {{ .Values.global.connect.token.key }}
{{- end }}

{{/* What a client of Spark Connect reads: the address, the token, whom to trust. */}}
{{- define "sy.connect.env" -}}
- name: SPARK_REMOTE
  value: {{ include "sy.connect.url" . }}
{{- if .Values.global.connect.tls.enabled }}
{{ include "sy.connect.token" . }}
{{- if include "sy.connect.ca" . }}
- name: GRPC_DEFAULT_SSL_ROOTS_FILE_PATH
  value: /etc/connect-ca/ca.crt
{{- end }}
{{- end }}
{{- end }}

{{/* A shell line for clients before Spark 4, which take the token from the address alone. There it may hold what an address may not. */}}
{{- define "sy.connect.login" -}}
{{- if .Values.global.connect.tls.enabled -}}
export SPARK_REMOTE="$SPARK_REMOTE;token=$(python3 -c 'import os, urllib.parse; print(urllib.parse.quote(os.environ["SPARK_CONNECT_AUTHENTICATE_TOKEN"].strip(), safe=""))')"
{{- end -}}
{{- end }}

{{/*
What is not empty when clients trust an authority of one's own. No public one signs the names by which the stack's own server is
called here, so that without another word theirs is the one that stands in the Secret beside its certificate.
*/}}
{{- define "sy.connect.ca" -}}
{{- with .Values.global.connect.tls -}}
{{- if and .enabled .ca.configMap .ca.secret -}}
{{- fail "\n\nglobal.connect.tls.ca names a ConfigMap and a Secret: keep one of them\n" -}}
{{- end -}}
{{- if and .enabled (or .ca.configMap .ca.secret (not $.Values.global.connect.url)) }}ca{{ end -}}
{{- end -}}
{{- end }}

{{/* Secret with the certificate of the stack's own server. */}}
{{- define "sy.connect.certificate" -}}
{{ required "global.connect.tls.enabled is on: name the Secret with the certificate of Spark Connect, of the keys tls.crt and tls.key, in global.connect.tls.certificateSecret" .Values.global.connect.tls.certificateSecret }}
{{- end }}

{{/* The volume of that authority, for clients, and its mount. Of a Secret nothing else is taken: a private key may stand beside. */}}
{{- define "sy.connect.ca.volume" -}}
{{- if include "sy.connect.ca" . -}}
{{- $ca := .Values.global.connect.tls.ca -}}
- name: connect-ca
  {{- if $ca.configMap }}
  configMap:
    name: {{ $ca.configMap }}
    items: [{key: {{ $ca.key }}, path: ca.crt}]
  {{- else }}
  secret:
    secretName: {{ if $ca.secret }}{{ $ca.secret }}{{ else }}{{ include "sy.connect.certificate" . }}{{ end }}
    items: [{key: {{ $ca.key }}, path: ca.crt}]
  {{- end }}
{{- end }}
{{- end }}
{{- define "sy.connect.ca.mount" -}}
{{- if include "sy.connect.ca" . -}}
- name: connect-ca
  mountPath: /etc/connect-ca
  readOnly: true
{{- end }}
{{- end }}
