{{/* Celeborn's settings of masters and workers as a map. */}}
{{- define "celeborn.conf" -}}
celeborn.master.endpoints: {{ include "sy.shuffle.own" . }}
# Names outlive the addresses of pods.
celeborn.network.bind.preferIpAddress: "false"
celeborn.master.port: "9097"
celeborn.master.http.host: 0.0.0.0
celeborn.master.http.port: "9098"
{{- if gt (int .Values.global.shuffle.masters) 1 }}
celeborn.master.ha.enabled: "true"
celeborn.master.ha.ratis.raft.server.storage.dir: /data/ratis
{{- range $index, $endpoint := splitList "," (include "sy.shuffle.own" .) }}
celeborn.master.ha.node.{{ $index }}.host: {{ trimSuffix ":9097" $endpoint }}
celeborn.master.ha.node.{{ $index }}.port: "9097"
celeborn.master.ha.node.{{ $index }}.ratis.port: "9872"
{{- end }}
{{- end }}
celeborn.worker.http.host: 0.0.0.0
celeborn.worker.http.port: "9096"
# Fixed, so that NetworkPolicies can name them, and a worker that restarts is the one it was.
celeborn.worker.rpc.port: "9100"
celeborn.worker.push.port: "9101"
celeborn.worker.fetch.port: "9102"
celeborn.worker.replicate.port: "9103"
celeborn.worker.storage.dirs: /data:disktype=SSD:capacity={{ .Values.worker.storage.size | lower | trimSuffix "i" }}
# It looks for the device behind a folder, which a pod does not see.
celeborn.worker.monitor.disk.enabled: "false"
{{- if .Values.worker.storage.enabled }}
{{- $seconds := max 10 (sub .Values.worker.pod.terminationGracePeriodSeconds 20) }}
celeborn.worker.graceful.shutdown.enabled: "true"
celeborn.worker.graceful.shutdown.recoverPath: /data/recover
celeborn.worker.graceful.shutdown.timeout: {{ $seconds }}s
celeborn.worker.graceful.shutdown.checkSlotsFinished.timeout: {{ sub $seconds 5 }}s
celeborn.worker.graceful.shutdown.partitionSorter.shutdownTimeout: {{ sub $seconds 5 }}s
{{- end }}
{{- end }}

{{/* Contents of the ConfigMap. */}}
{{- define "celeborn.config" -}}
celeborn-defaults.conf: |
  {{- range $key, $value := merge (deepCopy .Values.celebornConf) (include "celeborn.conf" . | fromYaml) }}
  {{ $key }}={{ include "sy.scalar" $value }}
  {{- end }}
metrics.properties: |
  *.sink.prometheusServlet.class=org.apache.celeborn.common.metrics.sink.PrometheusServlet
log4j2.xml: |
  <Configuration status="WARN">
    <Appenders>
      <Console name="stdout" target="SYSTEM_OUT">
        <PatternLayout pattern="%d{yy/MM/dd HH:mm:ss,SSS} %p [%t] %c{1}: %m%n%ex"/>
      </Console>
    </Appenders>
    <Loggers>
      <Root level="INFO"><AppenderRef ref="stdout"/></Root>
      <Logger name="org.apache.ratis" level="WARN"/>
    </Loggers>
  </Configuration>
master.sh: |
  set -euo pipefail
  host=$POD_NAME.{{ include "sy.host" (dict "root" . "component" "rss-master") }}
  {{- if gt (int .Values.global.shuffle.masters) 1 }}
  # A master that cannot find the others by name at its start never does.
  for endpoint in {{ include "sy.shuffle.own" . | replace "," " " }}; do
    until getent hosts "${endpoint%:*}" >/dev/null; do echo "waiting for the name ${endpoint%:*}"; sleep 1; done
  done
  mkdir -p /data/ratis
  {{- end }}
  exec /opt/celeborn/sbin/start-master.sh --host "$host" --port 9097
wait.sh: |
  until (exec 3<>/dev/tcp/{{ include "sy.host" (dict "root" . "component" "rss-master") }}/9097); do sleep 1; done
worker.sh: |
  set -euo pipefail
  exec /opt/celeborn/sbin/start-worker.sh --host "$POD_NAME.{{ include "sy.host" (dict "root" . "component" "rss-worker") }}"
{{- end }}

{{/* Environment of masters and workers. */}}
{{- define "celeborn.env" -}}
- name: HOME
  value: /tmp
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: CELEBORN_CONF_DIR
  value: /etc/sparkyard
- name: CELEBORN_LOG_DIR
  value: /tmp/logs
- name: CELEBORN_PID_DIR
  value: /tmp/pids
# The start scripts go into the background otherwise, and the pod ends.
- name: CELEBORN_NO_DAEMONIZE
  value: "1"
{{- end }}

{{/* Probes of masters and workers, whose port is called http. */}}
{{- define "celeborn.probes" -}}
startupProbe:
  httpGet:
    path: /ping
    port: http
  periodSeconds: 1
  failureThreshold: 180
readinessProbe:
  httpGet:
    path: /ping
    port: http
  periodSeconds: 10
livenessProbe:
  httpGet:
    path: /ping
    port: http
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 6
{{- end }}
