{{/*
Helpers of the clusters. They take (dict "root" $ "component" "cluster" "longest" <characters of a name> "name" "<name of the
cluster>" "cluster" <its values>), as "sy.driver.name" does.
*/}}

{{/* Refuses what cannot be. */}}
{{- define "spark-operator.cluster.refuse" -}}
{{- if ne .root.Values.api "apache" }}{{ fail (printf "cluster %q: kubeflow's operator makes no standalone clusters: set api to apache, where that operator runs, or take spark-standalone, which needs none" .name) }}{{ end }}
{{- with .cluster.worker }}
{{- $min := int (.min | default .initial) }}
{{- $max := int (.max | default .initial) }}
{{- if or (gt $min (int .initial)) (lt $max (int .initial)) }}{{ fail (printf "cluster %q: worker.initial is %d, which is not between worker.min, %d, and worker.max, %d" $.name (int .initial) $min $max) }}{{ end }}
{{- end }}
{{- if .root.Values.requireOperator -}}
{{- include "sy.operator.required" (dict "root" .root "api" .root.Values.api "apiVersion" (include "spark-operator.apiVersion" .root) "kind" "SparkCluster" "what" (printf "cluster %q" .name) "switch" "requireOperator") -}}
{{- end -}}
{{- end }}

{{/* Host name of its master, whichever SparkCluster it belongs to. */}}
{{- define "spark-operator.cluster.host" -}}
{{ include "sy.driver.name" . }}.{{ .root.Release.Namespace }}.svc.{{ .root.Values.global.clusterDomain }}
{{- end }}

{{/* Labels of master or workers, and those that select their pods: (dict "root" $ "component" "master" or "worker" "name" "<name of the cluster>"). */}}
{{- define "spark-operator.cluster.selector" -}}
{{ include "sy.selector" (dict "root" .root "name" "spark-operator" "component" .component) }}
spark-operator-cluster: {{ .name }}
{{- end }}
{{- define "spark-operator.cluster.labels" -}}
{{ include "sy.labels" (dict "root" .root "name" "spark-operator" "component" .component) }}
spark-operator-cluster: {{ .name }}
{{- end }}

{{/* Spark's settings of master and workers as a map: the operator makes options of the JVM of them. */}}
{{- define "spark-operator.cluster.conf" -}}
{{ include "sy.standalone.conf" (dict "root" .root "worker" .cluster.worker) }}
# Newer operators start a shuffle service in each worker, at a port that no policy opens.
spark.shuffle.service.enabled: "false"
spark.kubernetes.container.image: {{ include "sy.image" (dict "root" .root "image" .cluster.image) }}
{{- end }}

{{/* Contents of its ConfigMap. */}}
{{- define "spark-operator.cluster.config" -}}
start.sh: |
  # The operator puts its own command behind this one.
  set -euo pipefail
  {{- include "sy.nameThisUid" .root | nindent 2 }}
  # Its folder of logs belongs to the image.
  export SPARK_LOG_DIR=/tmp/logs
  # A worker tells this name to its master and to drivers.
  export SPARK_LOCAL_HOSTNAME=$(hostname -f)
  exec "$@"
prepare.py: |
  {{- .root.Files.Get "files/prepare.py" | nindent 2 }}
{{- end }}

{{/*
Spec of a SparkCluster. The operator adds to each template: image, command, ports 8080, 7077 and 6066 or 8081, the settings as
SPARK_MASTER_OPTS or SPARK_WORKER_OPTS, and a grace period of 0.
*/}}
{{- define "spark-operator.cluster" -}}
{{- $master := .cluster.master -}}
{{- $worker := .cluster.worker -}}
{{- $masterId := dict "root" .root "component" "master" "name" .name -}}
{{- $workerId := dict "root" .root "component" "worker" "name" .name -}}
{{- $min := int ($worker.min | default $worker.initial) -}}
{{- $max := int ($worker.max | default $worker.initial) -}}
runtimeVersions:
  sparkVersion: 4.3.0
  scalaVersion: "2.13"
clusterTolerations:
  instanceConfig:
    initWorkers: {{ int $worker.initial }}
    minWorkers: {{ $min }}
    maxWorkers: {{ $max }}
sparkConf:
  {{- include "spark-operator.settings" (merge (deepCopy .cluster.sparkConf) (include "spark-operator.cluster.conf" . | fromYaml)) | trim | nindent 2 }}
masterSpec:
  # Workers look for their master before it is ready.
  serviceSpec:
    publishNotReadyAddresses: true
  statefulSetSpec:
    # A name for the master's pod; the operator gives none.
    serviceName: {{ include "sy.driver.name" . }}
    # The operator tells the pods of two clusters apart by nothing.
    selector:
      matchLabels:
        {{- include "spark-operator.cluster.selector" $masterId | nindent 8 }}
    template:
      metadata:
        labels:
          {{- include "spark-operator.cluster.labels" $masterId | nindent 10 }}
          {{- with $master.pod.labels }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
        annotations:
          checksum/config: {{ include "spark-operator.cluster.config" . | sha256sum }}
          {{- with $master.pod.annotations }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
      spec:
        {{- include "sy.spark.executorHead" (dict "root" .root "executor" "app-executor" "settings" .root.Values.defaults.executor "pod" $master.pod) | nindent 8 }}
        containers:
          - name: master
            {{- include "sy.container" (dict "root" .root "image" .cluster.image "pod" $master.pod) | nindent 12 }}
            command: [bash, /etc/sparkyard/start.sh]
            env:
              {{- include "spark-operator.cluster.env" . | nindent 14 }}
              {{- include "sy.standalone.heap" $master | nindent 14 }}
              {{- include "sy.master.secret" .root | nindent 14 }}
              {{- with $master.pod.extraEnv }}
              {{- toYaml . | nindent 14 }}
              {{- end }}
            {{- include "sy.standalone.probes" (dict "port" 8080) | nindent 12 }}
            resources:
              {{- toYaml $master.resources | nindent 14 }}
            volumeMounts:
              - name: config
                mountPath: /etc/sparkyard
                readOnly: true
              - name: tmp
                mountPath: /tmp
              {{- with $master.pod.extraVolumeMounts }}
              {{- toYaml . | nindent 14 }}
              {{- end }}
        volumes:
          - name: config
            configMap:
              name: {{ include "sy.driver.name" . }}
          - name: tmp
            emptyDir:
              sizeLimit: 256Mi
          {{- with $master.pod.extraVolumes }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
workerSpec:
  serviceSpec:
    publishNotReadyAddresses: true
  statefulSetSpec:
    selector:
      matchLabels:
        {{- include "spark-operator.cluster.selector" $workerId | nindent 8 }}
    template:
      metadata:
        labels:
          {{- include "spark-operator.cluster.labels" $workerId | nindent 10 }}
          {{- with $worker.pod.labels }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
        annotations:
          checksum/config: {{ include "spark-operator.cluster.config" . | sha256sum }}
          {{- with $worker.pod.annotations }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
      spec:
        {{- include "sy.spark.executorHead" (dict "root" .root "executor" "app-executor" "settings" .root.Values.defaults.executor "pod" $worker.pod) | nindent 8 }}
        initContainers:
          {{- include "sy.standalone.wait" (dict "root" .root "image" .cluster.image "pod" $worker.pod "wait" (printf "%s:7077" (include "spark-operator.cluster.host" .)) "resources" $worker.initResources) | nindent 10 }}
        containers:
          - name: worker
            {{- include "sy.container" (dict "root" .root "image" .cluster.image "pod" $worker.pod) | nindent 12 }}
            command: [bash, /etc/sparkyard/start.sh]
            env:
              {{- include "spark-operator.cluster.env" . | nindent 14 }}
              - name: SPARK_WORKER_PORT
                value: "7078"
              {{- include "sy.standalone.workerEnv" (dict "root" .root "worker" $worker) | nindent 14 }}
              {{- with $worker.pod.extraEnv }}
              {{- toYaml . | nindent 14 }}
              {{- end }}
            ports:
              - name: worker
                containerPort: 7078
              - name: blockmanager
                containerPort: 7079
            {{- include "sy.standalone.probes" (dict "port" 8081) | nindent 12 }}
            resources:
              {{- toYaml $worker.resources | nindent 14 }}
            volumeMounts:
              {{- include "sy.standalone.workerMounts" (dict "worker" $worker) | nindent 14 }}
        volumes:
          {{- include "sy.standalone.workerVolumes" (dict "root" .root "worker" $worker "config" (include "sy.driver.name" .)) | nindent 10 }}
{{- end }}

{{/* Environment of master and workers. */}}
{{- define "spark-operator.cluster.env" -}}
- name: HOME
  value: /tmp
# The operator's command starts a daemon and watches it: its log would be a file, and go with the container.
- name: SPARK_NO_DAEMONIZE
  value: "1"
{{- end }}
