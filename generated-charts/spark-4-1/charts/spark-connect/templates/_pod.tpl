{{/* The server's pod: metadata and spec. */}}
{{- define "spark-connect.pod" -}}
{{- $operator := eq .Values.backend "operator" -}}
{{- $tls := .Values.global.connect.tls.enabled -}}
{{- $id := dict "root" . "name" "spark-connect" "component" "connect" "token" (ne .Values.backend "standalone") "pod" .Values.pod -}}
metadata:
  labels:
    {{- include "sy.pod.labels" $id | nindent 4 }}
  annotations:
    checksum/config: {{ include "spark-connect.config" . | sha256sum }}
    {{- with .Values.pod.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  {{- include "sy.pod.spec" $id | nindent 2 }}
  initContainers:
    {{- with .Values.pod.extraInitContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- $master := ternary (trimPrefix "spark://" (include "sy.spark.master" .)) "" (eq .Values.backend "standalone") }}
    {{- $wait := printf "%s %s" $master (include "sy.spark.shuffleWait" .) | trim }}
    {{- include "sy.spark.prepare" (dict "root" . "image" .Values.image "pod" .Values.pod "wait" $wait) | nindent 4 }}
    {{- with include "sy.spark.fetch" (dict "root" . "image" .Values.image "pod" .Values.pod "remote" (include "sy.spark.remote" .Values.jars)) }}
    {{- . | nindent 4 }}
    {{- end }}
  containers:
    - name: {{ ternary "spark-kubernetes-driver" "connect" $operator }}
      {{- include "sy.container" (dict "root" . "image" .Values.image "pod" .Values.pod) | nindent 6 }}
      {{- if not $operator }}
      command: [bash, /etc/sparkyard/start.sh]
      {{- end }}
      env:
        - name: HOME
          value: /tmp
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        {{- if $operator }}
        # The operator's command is start-connect-server.sh, which takes settings from here and writes there.
        - name: SPARK_CONF_DIR
          value: /etc/sparkyard
        - name: BASH_ENV
          value: /etc/sparkyard/environment.sh
        - name: SPARK_LOG_DIR
          value: /tmp/logs
        - name: SPARK_PID_DIR
          value: /tmp
        - name: SPARK_IDENT_STRING
          value: connect
        {{- end }}
        {{- include "sy.s3.env" . | nindent 8 }}
        {{- if eq .Values.backend "standalone" }}
        {{- include "sy.master.secret" . | nindent 8 }}
        {{- end }}
        {{- if $tls }}
        # The server asks for it too, for those who come in by `kubectl port-forward`.
        {{- include "sy.connect.token" . | nindent 8 }}
        {{- end }}
        {{- with .Values.pod.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .Values.pod.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        {{- if not $tls }}
        - name: connect
          containerPort: 15002
        {{- end }}
        - name: ui
          containerPort: 4040
        - name: driver
          containerPort: 7078
        - name: blockmanager
          containerPort: 7079
        {{- if .Values.shuffle.celeborn.enabled }}
        - name: shuffle
          containerPort: 7080
        {{- end }}
      # By TCP: the server does not speak gRPC's health protocol.
      startupProbe:
        {{- include "spark-connect.probe" . | nindent 8 }}
        periodSeconds: 1
        failureThreshold: 300
      readinessProbe:
        {{- include "spark-connect.probe" . | nindent 8 }}
        periodSeconds: 10
      # This path and no other: unknown ones are redirected, which counts as success.
      livenessProbe:
        httpGet:
          path: /api/v1/version
          port: ui
        periodSeconds: 30
        timeoutSeconds: 10
        failureThreshold: 6
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /etc/sparkyard
          readOnly: true
        - name: jars
          mountPath: {{ include "sy.jars.dir" . }}
          readOnly: true
        - name: tmp
          mountPath: /tmp
        {{- with .Values.pod.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- if $tls }}
    - name: proxy
      {{- include "sy.container" (dict "root" . "image" .Values.proxy.image "pod" .Values.pod) | nindent 6 }}
      command: [/usr/local/bin/envoy]
      args: [--config-path, /etc/sparkyard/envoy.yaml, --disable-hot-restart, --concurrency, "2", --log-level, warning]
      ports:
        - name: connect
          containerPort: 15002
      startupProbe:
        tcpSocket:
          port: connect
        periodSeconds: 1
        failureThreshold: 60
      readinessProbe:
        tcpSocket:
          port: connect
        periodSeconds: 10
      livenessProbe:
        tcpSocket:
          port: connect
        periodSeconds: 30
        failureThreshold: 6
      resources:
        {{- toYaml .Values.proxy.resources | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /etc/sparkyard
          readOnly: true
        - name: certificate
          mountPath: /etc/certificate
          readOnly: true
        - name: token
          mountPath: /etc/token
          readOnly: true
    {{- end }}
    {{- with .Values.pod.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "sy.name" $id }}
    - name: jars
      emptyDir:
        sizeLimit: 256Mi
    - name: tmp
      emptyDir:
        sizeLimit: {{ .Values.driver.scratchSize }}
    {{- include "sy.s3.ca.volume" . | nindent 4 }}
    {{- if $tls }}
    - name: certificate
      secret:
        secretName: {{ include "sy.connect.certificate" . }}
        items: [{key: tls.crt, path: tls.crt}, {key: tls.key, path: tls.key}]
    - name: token
      secret:
        secretName: {{ include "sy.connect.secret" . }}
        items: [{key: {{ .Values.global.connect.token.key }}, path: token}]
    {{- end }}
    {{- with .Values.pod.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* Whether the server listens. The kubelet does not reach one that listens to its own pod alone. */}}
{{- define "spark-connect.probe" -}}
{{- if .Values.global.connect.tls.enabled -}}
exec:
  command: [bash, -c, "exec 3<>/dev/tcp/127.0.0.1/15003"]
{{- else -}}
tcpSocket:
  port: connect
{{- end -}}
{{- end }}
