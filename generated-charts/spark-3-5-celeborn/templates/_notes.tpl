{{/* What a user reads after `helm install`. */}}
{{- define "celeborn.notes" -}}
{{- $master := include "sy.name" (dict "root" . "component" "rss-master") -}}
{{- $worker := include "sy.name" (dict "root" . "component" "rss-worker") -}}
Remote shuffle service (Celeborn), for drivers with shuffle.celeborn.enabled=true:
  masters  {{ include "sy.shuffle.own" . }}
  workers  {{ .Values.worker.replicas }} with {{ .Values.worker.storage.size }} each, {{ ternary "on claims" "on the node" .Values.worker.storage.enabled }}
  state    kubectl -n {{ .Release.Namespace }} port-forward svc/{{ $master }} 9098:9098   # then http://localhost:9098/workerInfo
  metrics  kubectl -n {{ .Release.Namespace }} port-forward svc/{{ $worker }} 9096:9096   # then http://localhost:9096/metrics/prometheus
{{- end }}
