{{/*
Shared helpers of sparkyard, the same bytes in every chart. Where a helper takes more than the root, it is given
(dict "root" $ "name" "<brick id>" "component" "<component>"). Helpers of a pod are given its values as "pod" too.
*/}}

{{/* Name of the stack: first part of every object's name. Starts with a letter, holds no dots, 40 characters at most. */}}
{{- define "sy.stack" -}}
{{- $name := .Values.global.stack | default .Release.Name | replace "." "-" -}}
{{- if not (regexMatch "^[a-z]" $name) }}{{ $name = printf "s-%s" $name }}{{ end -}}
{{- $name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* Name of a component's objects. */}}
{{- define "sy.name" -}}
{{ include "sy.stack" .root }}-{{ .component }}
{{- end }}

{{/* Host name of a component's Service, valid in every namespace of the cluster. */}}
{{- define "sy.host" -}}
{{ include "sy.name" . }}.{{ .root.Release.Namespace }}.svc.{{ .root.Values.global.clusterDomain }}
{{- end }}

{{/* Labels that select a component's pods. They never change, because selectors are immutable. */}}
{{- define "sy.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of every object. */}}
{{- define "sy.labels" -}}
{{ include "sy.selector" . }}
app.kubernetes.io/part-of: {{ include "sy.stack" .root }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The kind of cluster: kubernetes or openshift. */}}
{{- define "sy.platform" -}}
{{- if ne .Values.global.platform "auto" -}}
{{ .Values.global.platform }}
{{- else if .Capabilities.APIVersions.Has "security.openshift.io/v1" -}}
openshift
{{- else -}}
kubernetes
{{- end -}}
{{- end }}

{{/*
A security context as it may stand on this platform: (dict "root" $ "context" <map>). OpenShift assigns ids and labels
itself and refuses others, and it refuses empty maps too.
*/}}
{{- define "sy.security" -}}
{{- $context := .context -}}
{{- if eq (include "sy.platform" .root) "openshift" -}}
{{- $context = omit $context "runAsUser" "runAsGroup" "fsGroup" "fsGroupChangePolicy" "seLinuxOptions" -}}
{{- end -}}
{{- range $key, $value := $context -}}
{{- if kindIs "invalid" $value }}{{ $context = omit $context $key }}{{ end -}}
{{- if and (kindIs "map" $value) (not $value) }}{{ $context = omit $context $key }}{{ end -}}
{{- end -}}
{{- toYaml $context -}}
{{- end }}

{{/* An image: (dict "root" $ "image" <image values>). */}}
{{- define "sy.image" -}}
{{- $registry := .root.Values.global.imageRegistry | default .image.registry -}}
{{- $path := ternary .image.repository (printf "%s/%s" $registry .image.repository) (eq $registry "") -}}
{{- if .image.digest -}}
{{ $path }}@{{ .image.digest }}
{{- else -}}
{{ $path }}:{{ required "an image needs a tag or a digest" .image.tag }}
{{- end -}}
{{- end }}

{{/* Name of a component's ServiceAccount; the component needs values `serviceAccount`. */}}
{{- define "sy.serviceAccountName" -}}
{{- if .root.Values.serviceAccount.create -}}
{{ .root.Values.serviceAccount.name | default (include "sy.name" .) }}
{{- else -}}
{{ required "serviceAccount.create is off: name an existing one in serviceAccount.name" .root.Values.serviceAccount.name }}
{{- end -}}
{{- end }}

{{/* A component's ServiceAccount. Its token is mounted only by pods that ask for it. */}}
{{- define "sy.serviceAccount" -}}
{{- if .root.Values.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "sy.serviceAccountName" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "sy.labels" . | nindent 4 }}
  {{- with .root.Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}
{{- end }}

{{/* Labels of a component's pods. */}}
{{- define "sy.pod.labels" -}}
{{ include "sy.labels" . }}
{{- with .pod.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
What stands in every pod's spec beside containers and volumes: account, links, security, placement.
Takes "token" (bool) too: whether the pod talks to the Kubernetes API.
*/}}
{{- define "sy.pod.spec" -}}
serviceAccountName: {{ include "sy.serviceAccountName" . }}
automountServiceAccountToken: {{ .token }}
# A Service called s3 would set S3_PORT, which programs read as their own option.
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
terminationGracePeriodSeconds: {{ .pod.terminationGracePeriodSeconds }}
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

{{/* Image and security of a container: (dict "root" $ "image" <image values> "pod" <pod values>). */}}
{{- define "sy.container" -}}
image: {{ include "sy.image" . }}
imagePullPolicy: {{ .image.pullPolicy }}
securityContext:
  {{- include "sy.security" (dict "root" .root "context" .pod.containerSecurityContext) | nindent 2 }}
{{- end }}

{{/* Name of the stack's Secret. */}}
{{- define "sy.credentials" -}}
{{- if .Values.global.credentials.existingSecret -}}
{{ .Values.global.credentials.existingSecret }}
{{- else if .Values.global.credentials.generate -}}
{{ include "sy.stack" . }}-credentials
{{- else -}}
{{- fail (printf "\n\nNo Secret with the passwords of stack %q is named. Make one:\n\n  kubectl -n %s create secret generic %s-credentials --from-literal=s3-access-key=\"$(openssl rand -hex 10)\" --from-literal=s3-secret-key=\"$(openssl rand -hex 20)\" --from-literal=database-password=\"$(openssl rand -hex 20)\" --from-literal=notebook-token=\"$(openssl rand -hex 20)\" --from-literal=connect-token=\"$(openssl rand -hex 20)\" --from-literal=master-secret=\"$(openssl rand -hex 20)\"\n\nand name it: --set global.credentials.existingSecret=%s-credentials\n" (include "sy.stack" .) .Release.Namespace (include "sy.stack" .) (include "sy.stack" .)) -}}
{{- end -}}
{{- end }}

{{/* Secret with the S3 keys. Keys that are made here are no good at a store of somebody else's. */}}
{{- define "sy.s3.secret" -}}
{{- if .Values.global.s3.existingSecret -}}
{{ .Values.global.s3.existingSecret }}
{{- else if and .Values.global.s3.endpoint (not .Values.global.credentials.existingSecret) -}}
{{- fail (printf "\n\nglobal.s3.endpoint is %s, and no Secret with its keys is named: set global.s3.existingSecret, a Secret with the keys %s and %s\n" .Values.global.s3.endpoint .Values.global.s3.accessKeyKey .Values.global.s3.secretKeyKey) -}}
{{- else -}}
{{ include "sy.credentials" . }}
{{- end -}}
{{- end }}

{{/* URL of the S3 store. */}}
{{- define "sy.s3.endpoint" -}}
{{- if .Values.global.s3.endpoint -}}
{{ .Values.global.s3.endpoint }}
{{- else -}}
http://{{ include "sy.host" (dict "root" . "component" "s3") }}:8333
{{- end -}}
{{- end }}

{{/* s3a:// addresses of tables and event logs. */}}
{{- define "sy.s3.warehouse" -}}
s3a://{{ .Values.global.s3.bucket }}/{{ .Values.global.s3.warehousePrefix }}
{{- end }}
{{- define "sy.s3.eventLog" -}}
s3a://{{ .Values.global.s3.bucket }}/{{ .Values.global.s3.eventLogPrefix }}
{{- end }}

{{/* S3 keys as the environment variables that every S3 client reads. */}}
{{- define "sy.s3.keys" -}}
- name: AWS_ACCESS_KEY_ID
  valueFrom:
    secretKeyRef:
      name: {{ include "sy.s3.secret" . }}
      key: {{ .Values.global.s3.accessKeyKey }}
- name: AWS_SECRET_ACCESS_KEY
  valueFrom:
    secretKeyRef:
      name: {{ include "sy.s3.secret" . }}
      key: {{ .Values.global.s3.secretKeyKey }}
{{- end }}

{{/* What is not empty when the S3 store has a certificate authority of its own. */}}
{{- define "sy.s3.ca" -}}
{{- if or .Values.global.s3.ca.configMap .Values.global.s3.ca.secret -}}
{{- if and .Values.global.s3.ca.configMap .Values.global.s3.ca.secret -}}
{{- fail "\n\nglobal.s3.ca names a ConfigMap and a Secret: keep one of them\n" -}}
{{- end -}}
{{- if not (hasPrefix "https://" .Values.global.s3.endpoint) -}}
{{- fail (printf "\n\nglobal.s3.ca is for an S3 store with TLS, and global.s3.endpoint is %q: name one that starts with https://\n" .Values.global.s3.endpoint) -}}
{{- end -}}
ca
{{- end -}}
{{- end }}

{{/*
How a client of the S3 store says who it is, and whom it trusts. JVMs of every kind read JAVA_TOOL_OPTIONS; prepare.py
makes the file.
*/}}
{{- define "sy.s3.env" -}}
{{- if eq .Values.global.s3.auth "keys" -}}
{{ include "sy.s3.keys" . }}
{{- else if .Values.global.s3.endpoint -}}
- name: AWS_REGION
  value: {{ .Values.global.s3.region }}
{{- else -}}
{{- fail "\n\nglobal.s3.auth is workloadIdentity, and the stack's own S3 store knows keys only: name a store in global.s3.endpoint\n" -}}
{{- end }}
{{- include "sy.s3.trust.env" . }}
{{- end }}

{{/* Where a JVM finds the certificates that it trusts. */}}
{{- define "sy.s3.trust.env" -}}
{{- if include "sy.s3.ca" . }}
- name: JAVA_TOOL_OPTIONS
  value: -Djavax.net.ssl.trustStore=/tmp/trust.jks -Djavax.net.ssl.trustStoreType=JKS
{{- end }}
{{- end }}

{{/* The volume of the certificate authority, for a pod whose prepare.py makes the trust store. */}}
{{- define "sy.s3.ca.volume" -}}
{{- if include "sy.s3.ca" . -}}
- name: s3-ca
  {{- with .Values.global.s3.ca.configMap }}
  configMap:
    name: {{ . }}
  {{- end }}
  {{- with .Values.global.s3.ca.secret }}
  secret:
    secretName: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Its mount in that init container. */}}
{{- define "sy.s3.ca.mount" -}}
{{- if include "sy.s3.ca" . -}}
- name: s3-ca
  mountPath: /etc/s3-ca
  readOnly: true
{{- end }}
{{- end }}

{{/*
Hadoop's settings of the S3 store as a map. Keys never stand here: they come by environment.
- Hadoop 3.5 would read through an accelerator with up to 2 GiB of cache in the heap: one of 600 MB dies on four files of
  114 MB. The classic stream needs 300 MB.
- SeaweedFS 4.31 refuses to copy a file of several parts (above 64 MB) when its ETag is named.
*/}}
{{- define "sy.s3.hadoop" -}}
fs.s3a.endpoint: {{ include "sy.s3.endpoint" . }}
fs.s3a.endpoint.region: {{ .Values.global.s3.region }}
fs.s3a.path.style.access: {{ .Values.global.s3.pathStyle | quote }}
fs.s3a.connection.ssl.enabled: {{ hasPrefix "https://" (include "sy.s3.endpoint" .) | quote }}
fs.s3a.input.stream.type: classic
{{- if not .Values.global.s3.endpoint }}
fs.s3a.change.detection.mode: none
{{- end }}
{{- range $key, $value := .Values.global.s3.conf }}
{{ $key }}: {{ include "sy.scalar" $value | quote }}
{{- end }}
{{- end }}

{{/* Host and port of the metastore's database. */}}
{{- define "sy.database.host" -}}
{{- if .Values.global.database.host -}}
{{ .Values.global.database.host }}
{{- else -}}
{{ include "sy.host" (dict "root" . "component" "postgresql") }}
{{- end -}}
{{- end }}

{{/* Its port: the one that is named, or the usual one. */}}
{{- define "sy.database.port" -}}
{{- if and .Values.global.database.host .Values.global.database.port -}}
{{ .Values.global.database.port }}
{{- else -}}
{{ ternary "3306" "5432" (eq .Values.global.database.kind "mysql") }}
{{- end -}}
{{- end }}

{{/* Secret with the database password. One that is made here is no good at a server of somebody else's. */}}
{{- define "sy.database.secret" -}}
{{- if .Values.global.database.existingSecret -}}
{{ .Values.global.database.existingSecret }}
{{- else if and .Values.global.database.host (not .Values.global.credentials.existingSecret) -}}
{{- fail (printf "\n\nglobal.database.host is %s, and no Secret with its password is named: set global.database.existingSecret, a Secret with the key %s\n" .Values.global.database.host .Values.global.database.passwordKey) -}}
{{- else -}}
{{ include "sy.credentials" . }}
{{- end -}}
{{- end }}

{{/* URI of the Hive Metastore. */}}
{{- define "sy.metastore.uri" -}}
{{- if .Values.global.metastore.uri -}}
{{ .Values.global.metastore.uri }}
{{- else -}}
thrift://{{ include "sy.host" (dict "root" . "component" "metastore") }}:9083
{{- end -}}
{{- end }}

{{/*
The secret of a standalone cluster, under the name by which Spark takes it before any setting. Workers hand it on to executors.
Nothing is printed without `global.encryption`.
*/}}
{{- define "sy.master.secret" -}}
{{- if ne .Values.global.encryption "none" -}}
- name: _SPARK_AUTH_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ if .Values.global.master.secret.existingSecret }}{{ .Values.global.master.secret.existingSecret }}{{ else }}{{ include "sy.credentials" . }}{{ end }}
      key: {{ .Values.global.master.secret.key }}
{{- end }}
{{- end }}

{{/*
Settings of encryption as a map, for whatever takes part.
Version 1 of the key exchange, which is the default, derives no key of its own. The cipher stays AES/CTR: AES/GCM fails on several
messages in one connection, until SPARK-56227.
*/}}
{{- define "sy.encryption" -}}
{{- if ne .Values.global.encryption "none" }}
spark.authenticate: "true"
spark.network.crypto.enabled: "true"
spark.network.crypto.authEngineVersion: "2"
spark.network.crypto.saslFallback: "false"
{{- end }}
{{- end }}

{{/* Masters of the remote shuffle service, host:port with commas between. */}}
{{- define "sy.shuffle.endpoints" -}}
{{- if .Values.global.shuffle.endpoints -}}
{{ .Values.global.shuffle.endpoints }}
{{- else -}}
{{ include "sy.shuffle.own" . }}
{{- end -}}
{{- end }}

{{/* Those of the stack's own. Each is named: a client asks one after the other. */}}
{{- define "sy.shuffle.own" -}}
{{- $name := include "sy.name" (dict "root" . "component" "rss-master") -}}
{{- $host := include "sy.host" (dict "root" . "component" "rss-master") -}}
{{- range $index := until (int .Values.global.shuffle.masters) -}}
{{ ternary "," "" (gt $index 0) }}{{ $name }}-{{ $index }}.{{ $host }}:9097
{{- end -}}
{{- end }}

{{/*
Environment of prepare.py; beside it stands "sy.s3.env" when it makes the bucket.
(dict "root" $ "jars" bool "s3" bool "wait" "host:port" or "")
*/}}
{{- define "sy.prepare.env" -}}
- name: HOME
  value: /tmp
{{- if .jars }}
- name: JARS_REPOSITORY
  value: {{ .root.Values.global.jars.repository }}
{{- end }}
{{- with .wait }}
- name: WAIT_FOR
  value: {{ . | quote }}
{{- end }}
{{- if .s3 }}
- name: S3_ENDPOINT
  value: {{ include "sy.s3.endpoint" .root }}
- name: S3_REGION
  value: {{ .root.Values.global.s3.region }}
- name: S3_BUCKET
  value: {{ .root.Values.global.s3.bucket }}
- name: S3_PATH_STYLE
  value: {{ .root.Values.global.s3.pathStyle | quote }}
- name: S3_PREFIXES
  value: {{ .root.Values.global.s3.warehousePrefix }} {{ .root.Values.global.s3.eventLogPrefix }}
{{- end }}
{{- if include "sy.s3.ca" .root }}
- name: S3_CA
  value: /etc/s3-ca/{{ .root.Values.global.s3.ca.key }}
- name: TRUST_STORE
  value: /tmp/trust.jks
{{- end }}
{{- end }}

{{/*
A bash function that names a UID which has no name and would kill every JVM of Hadoop (`invalid null input: name`).
OpenShift's CRI-O writes a passwd line itself; other runtimes do not.
*/}}
{{- define "sy.nameThisUid" -}}
name_this_uid() {
  getent passwd "$(id -u)" >/dev/null && return
  echo "spark:x:$(id -u):$(id -g)::${HOME}:/bin/false" >/tmp/passwd
  echo "spark:x:$(id -g):" >/tmp/group
  export LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD=/tmp/passwd NSS_WRAPPER_GROUP=/tmp/group
}
name_this_uid
{{- end }}

{{/* A value of a settings map as text. Helm reads every number as a float, which prints a million as 1e+06. */}}
{{- define "sy.scalar" -}}
{{- if kindIs "float64" . }}{{ toJson . }}{{ else }}{{ . }}{{ end -}}
{{- end }}

{{/* ---- Python ---- */}}

{{/* Environment of install-python.sh, which installs the Python packages that the Spark image lacks. */}}
{{- define "sy.python.env" -}}
- name: HOME
  value: /tmp
- name: REQUIREMENTS
  value: /etc/sparkyard/requirements.txt
- name: TARGET
  value: /opt/python
{{- with .Values.global.python.indexUrl }}
- name: PIP_INDEX_URL
  value: {{ . }}
{{- end }}
{{- end }}

{{/* A shell line after which Python finds these packages, and PySpark in the image. */}}
{{- define "sy.python.path" -}}
export PATH="/opt/python/bin:$PATH" PYTHONPATH="/opt/python:/opt/spark/python:$(echo /opt/spark/python/lib/py4j-*-src.zip)"
{{- end }}

{{/* ---- NetworkPolicies ---- */}}

{{/*
Peers: the stack's pods of these components: (dict "root" $ "components" (list ...)). Some names stand for what all bricks have:
"drivers", "executors" (on Kubernetes), and "spark" for both and standalone workers.
*/}}
{{- define "sy.peers" -}}
{{- $drivers := list "connect" "batch" "app" }}
{{- $executors := list "executor" "batch-executor" "app-executor" }}
{{- $components := list }}
{{- range .components }}
{{- if eq . "spark" }}{{ $components = concat $components $drivers $executors (list "worker") }}
{{- else if eq . "drivers" }}{{ $components = concat $components $drivers }}
{{- else if eq . "executors" }}{{ $components = concat $components $executors }}
{{- else }}{{ $components = append $components . }}
{{- end }}
{{- end -}}
- podSelector:
    matchLabels:
      app.kubernetes.io/part-of: {{ include "sy.stack" .root }}
    matchExpressions:
      - key: app.kubernetes.io/component
        operator: In
        values: {{ $components | toJson }}
{{- end }}

{{/* Egress to the cluster's DNS. */}}
{{- define "sy.egress.dns" -}}
- ports:
    {{- range .Values.global.networkPolicy.dnsPorts }}
    - {port: {{ . }}, protocol: UDP}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end }}

{{/* Egress to the Kubernetes API server. */}}
{{- define "sy.egress.api" -}}
- ports:
    {{- range .Values.global.networkPolicy.apiServerPorts }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end }}

{{/* Egress to wherever a URL points: any address, the URL's port. */}}
{{- define "sy.egress.url" -}}
{{- $url := urlParse . -}}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) -}}
- ports:
    - {port: {{ $port | default (ternary "443" "80" (eq $url.scheme "https")) }}, protocol: TCP}
{{- end }}

{{/* Egress to a component of the stack: (dict "root" $ "components" (list ...) "ports" (list ...)). */}}
{{- define "sy.egress.stack" -}}
- to:
    {{- include "sy.peers" . | nindent 4 }}
  ports:
    {{- range .ports }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
{{- end }}

{{/* Egress to the S3 store, the stack's own or another. */}}
{{- define "sy.egress.s3" -}}
{{- if .Values.global.s3.endpoint -}}
{{ include "sy.egress.url" .Values.global.s3.endpoint }}
{{- else -}}
{{ include "sy.egress.stack" (dict "root" . "components" (list "s3") "ports" (list 8333)) }}
{{- end -}}
{{- end }}

{{/* Egress to the metastore. */}}
{{- define "sy.egress.metastore" -}}
{{- if .Values.global.metastore.uri -}}
{{ include "sy.egress.url" .Values.global.metastore.uri }}
{{- else -}}
{{ include "sy.egress.stack" (dict "root" . "components" (list "metastore") "ports" (list 9083)) }}
{{- end -}}
{{- end }}

{{/*
Egress to the masters of the remote shuffle service and these ports of its workers: (dict "root" $ "ports" (list ...)). Of a
service outside of the stack only the masters are known; its workers go to `networkPolicy.egress`.
*/}}
{{- define "sy.egress.shuffle" -}}
{{- if .root.Values.global.shuffle.endpoints -}}
{{ include "sy.egress.url" (printf "celeborn://%s" (splitList "," .root.Values.global.shuffle.endpoints | first)) }}
{{- else -}}
{{ include "sy.egress.stack" (dict "root" .root "components" (list "rss-master") "ports" (list 9097)) }}
{{ include "sy.egress.stack" (dict "root" .root "components" (list "rss-worker") "ports" .ports) }}
{{- end -}}
{{- end }}

{{/* Egress to the jar repository, when jars are fetched. */}}
{{- define "sy.egress.jars" -}}
{{- if eq .Values.global.jars.source "download" -}}
{{ include "sy.egress.url" .Values.global.jars.repository }}
{{- end -}}
{{- end }}

{{/* Egress to the package index, when packages are fetched. */}}
{{- define "sy.egress.python" -}}
{{- if eq .Values.global.python.source "download" -}}
{{ include "sy.egress.url" (.Values.global.python.indexUrl | default "https://index") }}
{{- end -}}
{{- end }}

{{/* ---- Web pages ---- */}}

{{/* Ingress or Route of a web page: the component's values `expose`; (dict ... "port" "<port name>"). */}}
{{- define "sy.expose" -}}
{{- $expose := .root.Values.expose -}}
{{- if eq $expose.type "ingress" }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "sy.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "sy.labels" . | nindent 4 }}
  {{- with $expose.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with $expose.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with $expose.tlsSecret }}
  tls:
    - hosts: [{{ $expose.host | quote }}]
      secretName: {{ . }}
  {{- end }}
  rules:
    - host: {{ required "expose.type is ingress: set expose.host" $expose.host | quote }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ include "sy.name" . }}
                port:
                  name: {{ .port }}
{{- else if eq $expose.type "route" }}
apiVersion: route.openshift.io/v1
kind: Route
metadata:
  name: {{ include "sy.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "sy.labels" . | nindent 4 }}
  {{- with $expose.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with $expose.host }}
  host: {{ . }}
  {{- end }}
  to:
    kind: Service
    name: {{ include "sy.name" . }}
    weight: 100
  port:
    targetPort: {{ .port }}
  tls:
    termination: edge
    insecureEdgeTerminationPolicy: Redirect
{{- end }}
{{- end }}

{{/* How a user opens a web page, for NOTES: (dict ... "number" <port>). */}}
{{- define "sy.open" -}}
{{- $expose := .root.Values.expose -}}
{{- if eq $expose.type "none" -}}
kubectl -n {{ .root.Release.Namespace }} port-forward svc/{{ include "sy.name" . }} {{ .number }}:{{ .number }}   # then http://localhost:{{ .number }}
{{- else if $expose.host -}}
{{ ternary "http" "https" (and (eq $expose.type "ingress") (eq $expose.tlsSecret "")) }}://{{ $expose.host }}
{{- else -}}
oc -n {{ .root.Release.Namespace }} get route {{ include "sy.name" . }} -o jsonpath='https://{.spec.host}{"\n"}'
{{- end -}}
{{- end }}

{{/* End of every chart's notes. */}}
{{- define "sy.notes" -}}
Starting takes a minute or two (platform: {{ include "sy.platform" . }}):
  watch     kubectl -n {{ .Release.Namespace }} get pods -l app.kubernetes.io/part-of={{ include "sy.stack" . }} --watch
  no pods?  kubectl -n {{ .Release.Namespace }} get events   # FailedCreate names the rule of the cluster that refused them
  check     helm test {{ .Release.Name }} -n {{ .Release.Namespace }}
  remove    helm uninstall {{ .Release.Name }} -n {{ .Release.Namespace }}   # keeps data and passwords; to remove them too:
            kubectl -n {{ .Release.Namespace }} delete pvc,secret -l app.kubernetes.io/part-of={{ include "sy.stack" . }}
{{- end }}
