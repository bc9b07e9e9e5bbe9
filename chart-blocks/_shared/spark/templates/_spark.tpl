{{/*
Helpers of the charts that run Spark programs, the same bytes in each. Where a helper takes more than the root, it is given
(dict "root" $ "name" "<brick id>" "driver" "<component of the driver>" "executor" "<component of its executors>").
*/}}

{{/* Where fetched jars lie in Spark's pods. */}}
{{- define "sy.jars.dir" -}}
/opt/spark/extra-jars
{{- end }}

{{/* Spark's settings of the S3 store as a map. */}}
{{- define "sy.spark.s3" -}}
{{- range $key, $value := include "sy.s3.hadoop" . | fromYaml }}
spark.hadoop.{{ $key }}: {{ $value | quote }}
{{- end }}
{{- if eq .Values.global.s3.auth "workloadIdentity" }}
spark.hadoop.fs.s3a.aws.credentials.provider: <@ line.web_identity @>
{{- end }}
{{- end }}

{{/*
The init container of a Spark pod: fetches jars, makes the bucket. The pod has volumes config, jars and tmp. Nothing is
printed when there is nothing to do. (dict "root" $ "image" <image values> "pod" <pod values> "wait" "host:port" or "")
*/}}
{{- define "sy.spark.prepare" -}}
{{- $download := eq .root.Values.global.jars.source "download" -}}
{{- if or $download .root.Values.global.s3.prepare .wait (include "sy.s3.ca" .root) -}}
- name: prepare
  {{- include "sy.container" . | nindent 2 }}
  command: [python3, /etc/sparkyard/prepare.py]
  env:
    {{- if $download }}
    - name: JARS
      value: /etc/sparkyard/jars.txt
    - name: JARS_DIR
      value: {{ include "sy.jars.dir" .root }}
    {{- end }}
    {{- include "sy.prepare.env" (dict "root" .root "jars" $download "s3" .root.Values.global.s3.prepare "wait" .wait) | nindent 4 }}
    {{- if .root.Values.global.s3.prepare }}
    {{- include "sy.s3.env" .root | nindent 4 }}
    {{- end }}
  resources:
    {{- toYaml .pod.initResources | nindent 4 }}
  volumeMounts:
    - name: config
      mountPath: /etc/sparkyard
      readOnly: true
    - name: jars
      mountPath: {{ include "sy.jars.dir" .root }}
    - name: tmp
      mountPath: /tmp
    {{- include "sy.s3.ca.mount" .root | nindent 4 }}
{{- end -}}
{{- end }}

{{/* The jars with which Spark reaches the S3 store, a line each. */}}
{{- define "sy.spark.s3Jars" -}}
{{ .Files.Get "files/jars.txt" | trim }}
{{- if eq .Values.global.s3.auth "workloadIdentity" }}
{{ .Files.Get "files/jars-identity.txt" | trim }}
{{- end }}
{{- end }}

{{/* The jars that a driver fetches and serves to its executors, a line each. */}}
{{- define "sy.spark.servedJars" -}}
{{ include "sy.spark.s3Jars" . }}
<%- if not line.lacks.iceberg %>
{{- if .Values.tables.iceberg.enabled }}
{{ .Files.Get "files/jars-iceberg.txt" | trim }}
{{- end }}
<%- endif %>
{{- end }}

{{/*
The jars that driver and executors fetch each for itself, a line each: an executor makes its shuffle manager before it asks the
driver for jars.
*/}}
{{- define "sy.spark.ownJars" -}}
<%- if not line.lacks.celeborn %>
{{- if .Values.shuffle.celeborn.enabled }}
{{- .Files.Get "files/jars-celeborn.txt" | trim }}
{{- end }}
<%- endif %>
{{- end }}

{{/* All jars that a driver fetches, a line each. */}}
{{- define "sy.spark.jarList" -}}
{{ include "sy.spark.servedJars" . }}
{{- with include "sy.spark.ownJars" . }}
{{ . }}
{{- end }}
{{- end }}

{{/* What is not empty when executors fetch jars themselves. */}}
{{- define "sy.spark.executorJars" -}}
{{- if eq .Values.global.jars.source "download" -}}
{{ include "sy.spark.ownJars" . }}
{{- end -}}
{{- end }}

{{/*
The init container of an executor, if it has anything to do: fetch jars, trust a certificate authority. (dict "root" $ "config"
"<ConfigMap with prepare.py>" "image" <image values> "pod" <values of the pod> "initResources" <its resources>); its
volumes are "sy.spark.executorVolumes".
*/}}
{{- define "sy.spark.executorPrepare" -}}
{{- $jars := ne (include "sy.spark.executorJars" .root) "" -}}
{{- if or $jars (include "sy.s3.ca" .root) -}}
- name: prepare
  {{- include "sy.container" . | nindent 2 }}
  command: [python3, /etc/sparkyard/prepare.py]
  env:
    {{- if $jars }}
    - name: JARS
      value: /etc/sparkyard/jars-executor.txt
    - name: JARS_DIR
      value: {{ include "sy.jars.dir" .root }}
    {{- end }}
    {{- include "sy.prepare.env" (dict "root" .root "jars" $jars "s3" false "wait" "") | nindent 4 }}
  resources:
    {{- toYaml .initResources | nindent 4 }}
  volumeMounts:
    - name: config
      mountPath: /etc/sparkyard
      readOnly: true
    {{- if $jars }}
    - name: jars
      mountPath: {{ include "sy.jars.dir" .root }}
    {{- end }}
    - name: tmp
      mountPath: /tmp
    {{- include "sy.s3.ca.mount" .root | nindent 4 }}
{{- end -}}
{{- end }}

{{/* Volumes of that init container, beside tmp: (dict "root" $ "config" "<ConfigMap with prepare.py>"). */}}
{{- define "sy.spark.executorVolumes" -}}
{{- $jars := ne (include "sy.spark.executorJars" .root) "" -}}
{{- if or $jars (include "sy.s3.ca" .root) -}}
- name: config
  configMap:
    name: {{ .config }}
{{- if $jars }}
- name: jars
  emptyDir:
    sizeLimit: 64Mi
{{- end }}
{{- with include "sy.s3.ca.volume" .root }}
{{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* Those of a list of addresses that lead out of the pod, a line each. */}}
{{- define "sy.spark.remote" -}}
{{- $remote := list -}}
{{- range . -}}
{{- if and (contains "://" .) (not (hasPrefix "local:" .)) (not (hasPrefix "file:" .)) -}}
{{- $remote = append $remote . -}}
{{- end -}}
{{- end -}}
{{ uniq $remote | join "\n" }}
{{- end }}

{{/* Where a driver finds what an address names, once it is fetched. */}}
{{- define "sy.spark.path" -}}
{{- if include "sy.spark.remote" (list .) -}}
/tmp/fetched/{{ base . }}
{{- else -}}
{{ . }}
{{- end -}}
{{- end }}

{{/*
spark.jars: the jars that charts know of, and those of (dict "root" $ "jars" <addresses> "fetched" <whether
"sy.spark.fetch" has been there>). The driver serves them to executors.
*/}}
{{- define "sy.spark.jars" -}}
{{- $jars := list -}}
{{- if eq .root.Values.global.jars.source "download" -}}
{{- range include "sy.spark.servedJars" .root | trim | splitList "\n" -}}
{{- $jars = append $jars (printf "%s/%s" (include "sy.jars.dir" $) (base .)) -}}
{{- end -}}
{{- end -}}
{{- range .jars -}}
{{- $jars = append $jars (ternary (include "sy.spark.path" .) . $.fetched) -}}
{{- end -}}
{{ join "," $jars }}
{{- end }}

{{/* URL of the standalone master. */}}
{{- define "sy.spark.master" -}}
{{- if .Values.global.master.url -}}
{{ .Values.global.master.url }}
{{- else -}}
spark://{{ include "sy.host" (dict "root" . "component" "master") }}:7077
{{- end -}}
{{- end }}

{{/*
Settings of Iceberg as a map. Its files go through S3A, as all others do: the same keys, certificates and jars. S3FileIO of
its own would bring 69 MB more and a second set of all these settings.
*/}}
{{- define "sy.spark.iceberg" -}}
{{- with .Values.tables.iceberg -}}
{{- if .enabled }}
<%- if line.lacks.iceberg %>
{{- fail "\n\ntables.iceberg.enabled is on: <@ line.lacks.iceberg @>\n" }}
<%- endif %>
spark.sql.extensions: org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions
{{- if eq .catalog "spark_catalog" }}
# It hands tables of other kinds on to Spark's own catalog.
spark.sql.catalog.spark_catalog: org.apache.iceberg.spark.SparkSessionCatalog
{{- else }}
spark.sql.catalog.{{ .catalog }}: org.apache.iceberg.spark.SparkCatalog
{{- end }}
spark.sql.catalog.{{ .catalog }}.type: hive
spark.sql.catalog.{{ .catalog }}.uri: {{ include "sy.metastore.uri" $ }}
spark.sql.catalog.{{ .catalog }}.warehouse: {{ include "sy.s3.warehouse" $ }}
# A session would go on to read the state that it knows for 30 s after another one has written.
spark.sql.catalog.{{ .catalog }}.cache-enabled: "false"
{{- end }}
{{- end }}
{{- end }}

{{/*
Settings of Celeborn as a map, by (dict "root" $ "backend" "k8s" or "standalone").
- Executors find the client on their class path: Spark makes the shuffle manager before it fetches `spark.jars`.
- Of files that were lost the stage is computed again; by default the application would fail.
- Java's own serialization cannot be cut into records, which the workers put together.
*/}}
{{- define "sy.spark.celeborn" -}}
{{- with .root.Values.shuffle.celeborn -}}
{{- if .enabled }}
<%- if line.lacks.celeborn %>
{{- fail "\n\nshuffle.celeborn.enabled is on: <@ line.lacks.celeborn @>\n" }}
<%- endif %>
{{- if eq $.backend "standalone" }}
{{- fail "\n\nshuffle.celeborn.enabled is on, and backend is standalone: executors are processes of the workers, which have no client of Celeborn; set backend=k8s\n" }}
{{- end }}
spark.shuffle.manager: org.apache.spark.shuffle.celeborn.SparkShuffleManager
spark.serializer: org.apache.spark.serializer.KryoSerializer
spark.celeborn.master.endpoints: {{ include "sy.shuffle.endpoints" $.root }}
spark.celeborn.client.shuffle.manager.port: "7080"
spark.celeborn.client.spark.shuffle.fallback.policy: {{ upper .fallback }}
spark.celeborn.client.push.replicate.enabled: {{ .replicate | quote }}
spark.celeborn.client.spark.fetch.throwsFetchFailure: "true"
spark.shuffle.service.enabled: "false"
# Tells dynamic allocation that no executor holds shuffled rows.
spark.shuffle.sort.io.plugin.class: org.apache.spark.shuffle.celeborn.CelebornShuffleDataIO
# It reads what one writer has written, and here the rows of all writers are in one file.
spark.sql.adaptive.localShuffleReader.enabled: "false"
{{- if eq $.root.Values.global.jars.source "download" }}
spark.executor.extraClassPath: {{ include "sy.jars.dir" $.root }}/{{ base (include "sy.spark.ownJars" $.root) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* What a driver waits for before it shuffles: a master and a worker of the stack's own Celeborn. */}}
{{- define "sy.spark.shuffleWait" -}}
{{- if and .Values.shuffle.celeborn.enabled (not .Values.global.shuffle.endpoints) -}}
{{ include "sy.host" (dict "root" . "component" "rss-master") }}:9097 {{ include "sy.host" (dict "root" . "component" "rss-worker") }}:9100
{{- end -}}
{{- end }}

{{/*
Settings of encryption of an application as a map, by (dict "root" $ "backend" "k8s" or "standalone").
- On Kubernetes the driver makes a secret for its application and gives it to executors in the environment of their pods: it
  stands in no file, argument or setting, and whoever may read pods of the namespace sees it.
- A standalone cluster has one secret that its master, workers and all applications share.
*/}}
{{- define "sy.spark.encryption" -}}
{{- include "sy.encryption" .root }}
{{- if eq .root.Values.global.encryption "all" }}
spark.io.encryption.enabled: "true"
{{- end }}
{{- if and (ne .root.Values.global.encryption "none") (eq .backend "standalone") }}
{{- with .root.Values.global }}
{{- if and .master.url (not .master.secret.existingSecret) (not .credentials.existingSecret) }}
{{- fail (printf "\n\nglobal.master.url is %s with global.encryption, and no Secret with its secret is named: set global.master.secret.existingSecret, a Secret with the key %s\n" .master.url .master.secret.key) }}
{{- end }}
{{- end }}
# A driver does not start without this setting, and takes the secret of its environment before it.
spark.authenticate.secret: ${env:_SPARK_AUTH_SECRET}
{{- end }}
{{- end }}

{{/*
Settings of a driver and its executors as a map, by (dict "root" $ "backend" "k8s" or "standalone" "settings" <values of a job
or of Spark Connect> "name" <of a job, of which "test" is that of the defaults, or "">).
*/}}
{{- define "sy.spark.conf" -}}
{{- $root := .root -}}
{{- with .settings -}}
{{- $executor := .executor -}}
{{- $whose := "" -}}
{{- if eq $.name "test" }}{{ $whose = "defaults: " }}{{ else if $.name }}{{ $whose = printf "job %q: " $.name }}{{ end -}}
{{- if and (eq (int $executor.instances) 0) (not .dynamicAllocation.enabled) -}}
{{- fail (printf "%sexecutor.instances is 0, so nothing would do the work: give it one, or dynamicAllocation" $whose) -}}
{{- end -}}
{{- if hasKey .sparkConf "spark.jars" -}}
{{- fail (printf "%ssparkConf sets spark.jars, and would take the place of the jars with which Spark reaches S3: name yours in the value jars, which adds them" $whose) -}}
{{- end -}}
{{- $standalone := eq $.backend "standalone" -}}
spark.ui.port: "4040"

# The driver: fixed ports, so that NetworkPolicies can name them.
spark.driver.memory: {{ .driver.memory }}
spark.driver.bindAddress: 0.0.0.0
spark.driver.port: "7078"
spark.driver.blockManager.port: "7079"
spark.blockManager.port: "7079"
spark.driver.extraJavaOptions: {{ printf "-Duser.home=/tmp %s" .driver.javaOptions | trim | quote }}
spark.jars.ivy: /tmp/.ivy2

# Executors.
{{- if $standalone }}
spark.master: {{ include "sy.spark.master" $root }}
# Before a worker ends, its executors move their blocks to others.
spark.decommission.enabled: "true"
spark.storage.decommission.enabled: "true"
# An application takes every core of the workers unless it is told not to.
spark.cores.max: {{ mul (ternary .dynamicAllocation.maxExecutors $executor.instances .dynamicAllocation.enabled) $executor.cores | quote }}
{{- else }}
spark.master: k8s://https://kubernetes.default.svc:443
spark.kubernetes.namespace: {{ $root.Release.Namespace }}
spark.kubernetes.container.image: {{ include "sy.image" (dict "root" $root "image" .image) }}
spark.kubernetes.container.image.pullPolicy: {{ .image.pullPolicy }}
spark.kubernetes.executor.podTemplateFile: /etc/sparkyard/executor.yaml
spark.kubernetes.executor.podTemplateContainerName: spark-kubernetes-executor
spark.executor.instances: {{ $executor.instances | quote }}
{{- with $executor.memoryOverhead }}
spark.executor.memoryOverhead: {{ . }}
{{- end }}
{{- with $executor.requestCores }}
spark.kubernetes.executor.request.cores: {{ . | quote }}
{{- end }}
{{- with $executor.limitCores }}
spark.kubernetes.executor.limit.cores: {{ . | quote }}
{{- end }}
{{- end }}
spark.executor.cores: {{ $executor.cores | quote }}
spark.executor.memory: {{ $executor.memory }}
{{- with .dynamicAllocation }}
{{- if .enabled }}
spark.dynamicAllocation.enabled: "true"
spark.dynamicAllocation.initialExecutors: {{ max $executor.instances .minExecutors | quote }}
spark.dynamicAllocation.minExecutors: {{ .minExecutors | quote }}
spark.dynamicAllocation.maxExecutors: {{ .maxExecutors | quote }}
spark.dynamicAllocation.executorIdleTimeout: {{ .idleTimeout }}
{{- if $root.Values.shuffle.celeborn.enabled }}
spark.dynamicAllocation.shuffleTracking.enabled: "false"
{{- else }}
spark.dynamicAllocation.shuffleTracking.enabled: "true"
spark.dynamicAllocation.shuffleTracking.timeout: {{ .shuffleTimeout }}
{{- end }}
{{- end }}
{{- end }}

# Tables: names in the metastore, data on S3.
spark.sql.catalogImplementation: hive
spark.sql.warehouse.dir: {{ include "sy.s3.warehouse" $root }}
spark.hadoop.hive.metastore.uris: {{ include "sy.metastore.uri" $root }}
{{- include "sy.spark.iceberg" $root }}
{{- include "sy.spark.celeborn" (dict "root" $root "backend" $.backend) }}
{{- include "sy.spark.encryption" (dict "root" $root "backend" $.backend) }}

# Event logs, in small files: S3 shows a file only when it is closed.
spark.eventLog.enabled: "true"
spark.eventLog.dir: {{ include "sy.s3.eventLog" $root }}
spark.eventLog.rolling.maxFileSize: 10m
{{- include "sy.spark.s3" $root }}
{{- if eq $root.Values.global.jars.source "download" }}

# The driver has fetched these jars.
spark.driver.extraClassPath: {{ include "sy.jars.dir" $root }}/*
{{- end }}
{{- with include "sy.spark.jars" (dict "root" $root "jars" .jars "fetched" true) }}
spark.jars: {{ . }}
{{- end }}

# What only line <@ line.id @> has or needs.
<% for key, value in line.conf -%>
<@ key @>: "<@ value @>"
<% endfor -%>
{{- end }}
{{- end }}

{{/* What stands in the spec of executors' pods beside containers and volumes. Takes "settings" <executor values> and "pod". */}}
{{- define "sy.spark.executorHead" -}}
# Executors do not talk to the Kubernetes API.
serviceAccountName: {{ include "sy.spark.executorAccountName" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "sy.security" (dict "root" .root "context" .pod.securityContext) | nindent 2 }}
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pod.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .pod.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pod.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pod.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .pod.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/*
Template of the executor pods, as a file for Spark. It adds image, memory, cores, and what connects them to the driver.
Takes "settings" <executor values>, "image" <image values>, "config" "<ConfigMap with prepare.py>" and "initResources"
<resources> too.
*/}}
{{- define "sy.spark.executor" -}}
apiVersion: v1
kind: Pod
{{ include "sy.spark.executorPod" . }}
{{- end }}

{{/* Metadata and spec of that template. */}}
{{- define "sy.spark.executorPod" -}}
{{- $root := .root -}}
{{- $id := dict "root" $root "name" .name "component" .executor -}}
{{- $pod := .settings.pod -}}
{{- $prepare := dict "root" $root "config" .config "image" .image "pod" $pod "initResources" .initResources -}}
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
  {{- include "sy.spark.executorHead" (dict "root" $root "executor" .executor "settings" .settings "pod" $pod) | nindent 2 }}
  {{- with include "sy.spark.executorPrepare" $prepare }}
  initContainers:
    {{- . | nindent 4 }}
  {{- end }}
  containers:
    - name: spark-kubernetes-executor
      securityContext:
        {{- include "sy.security" (dict "root" $root "context" $pod.containerSecurityContext) | nindent 8 }}
      env:
        - name: HOME
          value: /tmp
        {{- include "sy.s3.env" $root | nindent 8 }}
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
        {{- if include "sy.spark.executorJars" $root }}
        - name: jars
          mountPath: {{ include "sy.jars.dir" $root }}
          readOnly: true
        {{- end }}
        {{- with $pod.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: spark-local-dir-1
      emptyDir:
        sizeLimit: {{ .settings.scratchSize }}
    - name: work
      emptyDir:
        sizeLimit: 2Gi
    - name: tmp
      emptyDir:
        sizeLimit: 2Gi
    {{- include "sy.spark.executorVolumes" $prepare | nindent 4 }}
    {{- with $pod.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}


{{/* Name of the executors' ServiceAccount. Takes "settings" <executor values> too, as does the next. */}}
{{- define "sy.spark.executorAccountName" -}}
{{- if .settings.serviceAccount.create -}}
{{ .settings.serviceAccount.name | default (include "sy.name" (dict "root" .root "component" .executor)) }}
{{- else -}}
{{ required "executor.serviceAccount.create is off: name an existing one in executor.serviceAccount.name" .settings.serviceAccount.name }}
{{- end -}}
{{- end }}

{{/* ServiceAccount of the executors: it has no rights and no token. */}}
{{- define "sy.spark.executorAccount" -}}
{{- $id := dict "root" .root "name" .name "component" .executor -}}
{{- if .settings.serviceAccount.create -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "sy.spark.executorAccountName" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "sy.labels" $id | nindent 4 }}
  {{- with .settings.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}
{{- end }}

{{/* The Role with which a driver creates and removes its executors. */}}
{{- define "sy.spark.driverRole" -}}
{{- $id := dict "root" .root "name" .name "component" .driver -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ include "sy.name" $id }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "sy.labels" $id | nindent 4 }}
rules:
  # What Spark's driver calls, deletecollection included: it removes executors that way.
  - apiGroups: [""]
    resources: [pods, configmaps, services, persistentvolumeclaims]
    verbs: [get, list, watch, create, update, patch, delete, deletecollection]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ include "sy.name" $id }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "sy.labels" $id | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ include "sy.name" $id }}
subjects:
  - kind: ServiceAccount
    name: {{ include "sy.serviceAccountName" $id }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}

{{/* Ingress of a driver: its executors. It and the next take "backend" too. */}}
{{- define "sy.spark.driverIngress" -}}
- from:
    {{- include "sy.peers" (dict "root" .root "components" (ternary (list "master" "worker") (list .executor) (eq .backend "standalone"))) | nindent 4 }}
  ports:
    - {port: 7078, protocol: TCP}
    - {port: 7079, protocol: TCP}
    {{- if .root.Values.shuffle.celeborn.enabled }}
    - {port: 7080, protocol: TCP}
    {{- end }}
{{- end }}

{{/* Egress of a driver: names, whoever starts executors, executors, S3, metastore, jars. */}}
{{- define "sy.spark.driverEgress" -}}
{{ include "sy.egress.dns" .root }}
{{- if eq .backend "standalone" }}
{{- if .root.Values.global.master.url }}
{{ include "sy.egress.url" .root.Values.global.master.url }}
{{- else }}
{{ include "sy.egress.stack" (dict "root" .root "components" (list "master") "ports" (list 7077)) }}
{{- end }}
# Each executor of a worker takes the next free port.
- to:
    {{- include "sy.peers" (dict "root" .root "components" (list "worker")) | nindent 4 }}
  ports:
    - {port: 7079, endPort: 7095, protocol: TCP}
{{- else }}
{{ include "sy.egress.api" .root }}
{{ include "sy.egress.stack" (dict "root" .root "components" (list .executor) "ports" (list 7079)) }}
{{- end }}
{{ include "sy.egress.s3" .root }}
{{ include "sy.egress.metastore" .root }}
{{- if .root.Values.shuffle.celeborn.enabled }}
{{ include "sy.egress.shuffle" (dict "root" .root "ports" (list 9100)) }}
{{- end }}
{{- with include "sy.egress.jars" .root }}
{{ . }}
{{- end }}
{{- with .root.Values.networkPolicy.egress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* NetworkPolicy of the executors. */}}
{{- define "sy.spark.executorPolicy" -}}
{{- $id := dict "root" .root "name" .name "component" .executor -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "sy.name" $id }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "sy.labels" $id | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "sy.selector" $id | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        {{- include "sy.peers" (dict "root" .root "components" (list .driver .executor)) | nindent 8 }}
      ports:
        - {port: 7079, protocol: TCP}
  egress:
    {{- include "sy.egress.dns" .root | nindent 4 }}
    {{- include "sy.egress.stack" (dict "root" .root "components" (list .driver) "ports" (ternary (list 7078 7079 7080) (list 7078 7079) .root.Values.shuffle.celeborn.enabled)) | nindent 4 }}
    {{- include "sy.egress.stack" (dict "root" .root "components" (list .executor) "ports" (list 7079)) | nindent 4 }}
    {{- if .root.Values.shuffle.celeborn.enabled }}
    {{- include "sy.egress.shuffle" (dict "root" .root "ports" (list 9101 9102)) | nindent 4 }}
    {{- end }}
    {{- if include "sy.spark.executorJars" .root }}
    {{- include "sy.egress.jars" .root | nindent 4 }}
    {{- end }}
    {{- include "sy.egress.s3" .root | nindent 4 }}
    {{- include "sy.egress.metastore" .root | nindent 4 }}
    {{- with .root.Values.networkPolicy.egress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
