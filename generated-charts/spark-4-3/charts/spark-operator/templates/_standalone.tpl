{{/*
Helpers of the charts that make a standalone cluster, the same bytes in each. Master and workers have the components `master`
and `worker`: drivers let them in, and find them, by that.
*/}}

{{/*
Spark's settings of master and workers as a map: (dict "root" $ "worker" <values of the workers>). Executors get theirs from the
driver of their application.
*/}}
{{- define "sy.standalone.conf" -}}
# The REST server takes submissions from anybody; 4.1 and newer start it unless they are told not to.
spark.master.rest.enabled: "false"
spark.worker.cleanup.enabled: "true"
spark.worker.cleanup.appDataTtl: {{ include "sy.scalar" .worker.keepSeconds | quote }}
{{- include "sy.encryption" .root }}
# Logs of executors grow without end otherwise.
spark.executor.logs.rolling.strategy: size
spark.executor.logs.rolling.maxSize: "10485760"
spark.executor.logs.rolling.maxRetainedFiles: "5"
{{- end }}

{{/* Heap and options of master or worker as environment variables; takes its values. */}}
{{- define "sy.standalone.heap" -}}
- name: SPARK_DAEMON_MEMORY
  value: {{ .heap }}
{{- with .javaOptions }}
- name: SPARK_DAEMON_JAVA_OPTS
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{/* What a worker offers, as environment variables: (dict "root" $ "worker" <its values>). */}}
{{- define "sy.standalone.workerEnv" -}}
- name: SPARK_WORKER_CORES
  value: {{ .worker.cores | quote }}
- name: SPARK_WORKER_MEMORY
  value: {{ .worker.memory }}
- name: SPARK_WORKER_DIR
  value: /work
- name: SPARK_LOCAL_DIRS
  value: /scratch
{{ include "sy.standalone.heap" .worker }}
# Executors inherit these from their worker.
{{ include "sy.s3.env" .root }}
{{- with include "sy.master.secret" .root }}
{{ . }}
{{- end }}
{{- end }}

{{/* Mounts and volumes of a worker: (dict "root" $ "worker" <its values> "config" "<ConfigMap>"). */}}
{{- define "sy.standalone.workerMounts" -}}
- name: config
  mountPath: /etc/sparkyard
  readOnly: true
- name: work
  mountPath: /work
- name: scratch
  mountPath: /scratch
- name: tmp
  mountPath: /tmp
{{- with .worker.pod.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- define "sy.standalone.workerVolumes" -}}
- name: config
  configMap:
    name: {{ .config }}
- name: work
  emptyDir:
    sizeLimit: {{ .worker.workSize }}
- name: scratch
  emptyDir:
    sizeLimit: {{ .worker.scratchSize }}
- name: tmp
  emptyDir:
    sizeLimit: 2Gi
{{- with include "sy.s3.ca.volume" .root }}
{{ . }}
{{- end }}
{{- with .worker.pod.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
The init container of a worker, which waits for its master: a worker that finds none gives up and starts anew.
(dict "root" $ "image" <image values> "pod" <pod values> "wait" "host:port" "resources" <requests and limits>)
*/}}
{{- define "sy.standalone.wait" -}}
- name: wait
  {{- include "sy.container" . | nindent 2 }}
  command: [python3, /etc/sparkyard/prepare.py]
  env:
    {{- include "sy.prepare.env" (dict "root" .root "jars" false "s3" false "wait" .wait) | nindent 4 }}
  resources:
    {{- toYaml .resources | nindent 4 }}
  volumeMounts:
    - name: config
      mountPath: /etc/sparkyard
      readOnly: true
    - name: tmp
      mountPath: /tmp
    {{- include "sy.s3.ca.mount" .root | nindent 4 }}
{{- end }}

{{/* Probes of master and workers: (dict "port" <port>). */}}
{{- define "sy.standalone.probes" -}}
# This path and its last slash: every other path is the front page, which counts as success.
startupProbe:
  httpGet:
    path: /json/
    port: {{ .port }}
  periodSeconds: 1
  failureThreshold: 120
readinessProbe:
  httpGet:
    path: /json/
    port: {{ .port }}
  periodSeconds: 10
livenessProbe:
  httpGet:
    path: /json/
    port: {{ .port }}
  periodSeconds: 30
  timeoutSeconds: 10
  failureThreshold: 6
{{- end }}

{{/* ---- NetworkPolicies ---- */}}

{{/* Who calls the master, and whom it calls. Drivers of the stack are `connect`, `batch` and `test`. */}}
{{- define "sy.standalone.masterIngress" -}}
- from:
    {{- include "sy.peers" (dict "root" . "components" (list "connect" "batch" "test" "worker")) | nindent 4 }}
    {{- with .Values.networkPolicy.from }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  ports:
    - {port: 7077, protocol: TCP}
    - {port: 8080, protocol: TCP}
{{- end }}
{{- define "sy.standalone.masterEgress" -}}
{{ include "sy.egress.dns" . }}
{{ include "sy.egress.stack" (dict "root" . "components" (list "worker") "ports" (list 7078)) }}
# The master tells drivers about their executors.
{{ include "sy.egress.stack" (dict "root" . "components" (list "connect" "batch" "test") "ports" (list 7078)) }}
{{- with .Values.networkPolicy.egress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The same of workers, and so of executors. */}}
{{- define "sy.standalone.workerIngress" -}}
- from:
    {{- include "sy.peers" (dict "root" . "components" (list "master")) | nindent 4 }}
  ports:
    - {port: 7078, protocol: TCP}
- from:
    {{- include "sy.peers" (dict "root" . "components" (list "connect" "batch" "test" "worker")) | nindent 4 }}
    {{- with .Values.networkPolicy.from }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  ports:
    # Each executor of a worker takes the next free port.
    - {port: 7079, endPort: 7095, protocol: TCP}
    - {port: 8081, protocol: TCP}
{{- end }}
{{- define "sy.standalone.workerEgress" -}}
{{ include "sy.egress.dns" . }}
{{ include "sy.egress.stack" (dict "root" . "components" (list "master") "ports" (list 7077)) }}
{{ include "sy.egress.stack" (dict "root" . "components" (list "connect" "batch" "test") "ports" (list 7078 7079)) }}
- to:
    {{- include "sy.peers" (dict "root" . "components" (list "worker")) | nindent 4 }}
  ports:
    - {port: 7079, endPort: 7095, protocol: TCP}
{{ include "sy.egress.s3" . }}
{{ include "sy.egress.metastore" . }}
{{- with .Values.networkPolicy.egress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* ---- helm test: the master has workers; and when a core is free, a driver in the test's pod gets its executor. ---- */}}

{{/* Contents of the test's ConfigMap: (dict "root" $ "host" "<host of the master>"), as the next takes them. */}}
{{- define "sy.standalone.testConfig" -}}
test.py: |
  {{- .root.Files.Get "files/standalone-test.py" | nindent 2 }}
master.py: |
  {{- .root.Files.Get "files/master.py" | nindent 2 }}
test.sh: |
  set -euo pipefail
  {{- include "sy.nameThisUid" .root | nindent 2 }}
  free=$(python3 /etc/sparkyard/master.py)
  if [[ $free == 0 ]]; then echo "every core is in use, so no job is tried"; exit; fi
  exec /opt/spark/bin/spark-submit \
    --master spark://{{ .host }}:7077 \
    --driver-memory 512m --executor-memory 512m --total-executor-cores 1 \
    --conf spark.driver.host="$POD_IP" --conf spark.driver.port=7078 --conf spark.blockManager.port=7079 \
    {{- range $key, $value := include "sy.encryption" .root | fromYaml }}
    --conf {{ $key }}={{ $value }} \
    {{- end }}
    {{- if ne .root.Values.global.encryption "none" }}
    --conf 'spark.authenticate.secret=${env:_SPARK_AUTH_SECRET}' \
    {{- end }}
    --conf spark.jars.ivy=/tmp/.ivy2 --conf spark.eventLog.enabled=false --conf spark.ui.enabled=false \
    /etc/sparkyard/test.py
{{- end }}

{{/* Containers and volumes of the test's pod. Takes "image", "pod", "config" "<ConfigMap>" and "resources" too. */}}
{{- define "sy.standalone.testContainers" -}}
containers:
  - name: test
    {{- include "sy.container" . | nindent 4 }}
    command: [bash, /etc/sparkyard/test.sh]
    env:
      - name: HOME
        value: /tmp
      - name: MASTER
        value: http://{{ .host }}:8080
      - name: POD_IP
        valueFrom:
          fieldRef:
            fieldPath: status.podIP
      {{- include "sy.master.secret" .root | nindent 6 }}
    ports:
      - name: driver
        containerPort: 7078
      - name: blockmanager
        containerPort: 7079
    resources:
      {{- toYaml .resources | nindent 6 }}
    volumeMounts:
      - name: config
        mountPath: /etc/sparkyard
        readOnly: true
      - name: tmp
        mountPath: /tmp
volumes:
  - name: config
    configMap:
      name: {{ .config }}
  - name: tmp
    emptyDir:
      sizeLimit: 1Gi
{{- end }}

{{/* NetworkPolicy of the test's pod: (dict "root" $ "name" "<brick id>" "component" "test" "object" "<name of the policy>"). */}}
{{- define "sy.standalone.testPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .object }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "sy.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "sy.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        {{- include "sy.peers" (dict "root" .root "components" (list "master" "worker")) | nindent 8 }}
      ports:
        - {port: 7078, protocol: TCP}
        - {port: 7079, protocol: TCP}
  egress:
    {{- include "sy.egress.dns" .root | nindent 4 }}
    {{- include "sy.egress.stack" (dict "root" .root "components" (list "master") "ports" (list 7077 8080)) | nindent 4 }}
    - to:
        {{- include "sy.peers" (dict "root" .root "components" (list "worker")) | nindent 8 }}
      ports:
        - {port: 7079, endPort: 7095, protocol: TCP}
{{- end }}
