{{/*
The init container that fetches what leads out of the pod, if anything does, to where "sy.spark.path" says. It stands behind
that of "sy.spark.prepare", in pods with the same volumes. (dict "root" $ "image" <image values> "pod" <pod values> "remote"
<what "sy.spark.remote" says>)
*/}}
{{- define "sy.spark.fetch" -}}
{{- with .remote -}}
- name: fetch
  {{- include "sy.container" $ | nindent 2 }}
  command: [python3, /etc/sparkyard/fetch.py]
  env:
    - name: FETCH
      value: {{ . | quote }}
    - name: FETCH_DIR
      value: /tmp/fetched
    {{- include "sy.prepare.env" (dict "root" $.root "jars" false "s3" true "wait" "") | nindent 4 }}
    {{- include "sy.s3.env" $.root | nindent 4 }}
  resources:
    {{- toYaml $.pod.initResources | nindent 4 }}
  volumeMounts:
    - name: config
      mountPath: /etc/sparkyard
      readOnly: true
    - name: tmp
      mountPath: /tmp
    {{- include "sy.s3.ca.mount" $.root | nindent 4 }}
{{- end }}
{{- end }}
