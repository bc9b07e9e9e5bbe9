{{/* hive-site.xml as a map. The password comes by environment. */}}
{{- define "hive-metastore.site" -}}
{{ include "sy.s3.hadoop" . }}
hive.metastore.warehouse.dir: {{ include "sy.s3.warehouse" . }}
hive.metastore.schema.verification: "true"
# Spark changes columns in ways that this check, made for Hive's own readers, refuses.
hive.metastore.disallow.incompatible.col.type.changes: "false"
hive.metastore.port: "9083"
datanucleus.schema.autoCreateAll: "false"
javax.jdo.option.ConnectionDriverName: {{ ternary "com.mysql.cj.jdbc.Driver" "org.postgresql.Driver" (eq .Values.global.database.kind "mysql") }}
javax.jdo.option.ConnectionURL: {{ include "hive-metastore.url" . | quote }}
javax.jdo.option.ConnectionUserName: {{ .Values.global.database.username }}
javax.jdo.option.ConnectionPassword: ${env.DATABASE_PASSWORD}
{{- end }}

{{/* JDBC URL of the database. */}}
{{- define "hive-metastore.url" -}}
{{- if and (eq .Values.global.database.kind "mysql") (not .Values.global.database.host) -}}
{{- fail "\n\nglobal.database.kind is mysql, and the stack's own database is PostgreSQL: name a server in global.database.host\n" -}}
{{- end -}}
jdbc:{{ .Values.global.database.kind }}://{{ include "sy.database.host" . }}:{{ include "sy.database.port" . }}/{{ .Values.global.database.name }}
{{- with .Values.global.database.parameters }}?{{ . }}{{ end }}
{{- end }}

{{/* Contents of the ConfigMap. */}}
{{- define "hive-metastore.config" -}}
{{- $kind := ternary "mysql" "postgres" (eq .Values.global.database.kind "mysql") -}}
hive-site.xml: |
  <?xml version="1.0"?>
  <configuration>
  {{- range $key, $value := merge (deepCopy .Values.hiveSite) (include "hive-metastore.site" . | fromYaml) }}
    <property><name>{{ $key }}</name><value>{{ include "sy.scalar" $value | html }}</value></property>
  {{- end }}
  </configuration>
hive-log4j2.properties: |
  name = HiveLog4j2
  appender.console.type = Console
  appender.console.name = console
  appender.console.target = SYSTEM_ERR
  appender.console.layout.type = PatternLayout
  appender.console.layout.pattern = %d{ISO8601} %5p [%t] %c{2}: %m%n
  rootLogger.level = INFO
  rootLogger.appenderRefs = console
  rootLogger.appenderRef.console.ref = console
  # Two lines for every call, and a probe is a call.
  logger.audit.name = org.apache.hadoop.hive.metastore.HiveMetaStore.audit
  logger.audit.level = WARN
schema.sh: |
  # Makes the schema once. Safe on every start: a schema that is there is only looked at.
  set -euo pipefail
  if /opt/hive/bin/schematool -dbType {{ $kind }} -info; then
    echo "schema: is there"
  elif /opt/hive/bin/schematool -dbType {{ $kind }} -initSchema; then
    echo "schema: made"
  else
    echo "schema: cannot be made, and there is none of this version. If the database holds an older one, upgrade it" >&2
    echo "with 'schematool -dbType {{ $kind }} -upgradeSchema' after a backup; if an earlier attempt was cut off, drop it." >&2
    exit 1
  fi
jars.txt: |
  {{- .Files.Get "files/jars.txt" | nindent 2 }}
  {{- if eq .Values.global.database.kind "mysql" }}
  {{- .Files.Get "files/jars-mysql.txt" | nindent 2 }}
  {{- else }}
  {{- .Files.Get "files/jars-postgresql.txt" | nindent 2 }}
  {{- end }}
prepare.py: |
  {{- .Files.Get "files/prepare.py" | nindent 2 }}
{{- end }}

{{/* Environment of the schema step and of the server. */}}
{{- define "hive-metastore.env" -}}
- name: HOME
  value: /tmp
{{- if eq .Values.global.jars.source "download" }}
# The fetched S3 client with its Hadoop, before those of the image.
- name: HADOOP_CLASSPATH
  value: /opt/sparkyard/jars/*
- name: HADOOP_USER_CLASSPATH_FIRST
  value: "true"
{{- else }}
- name: HADOOP_CLASSPATH
  value: /opt/hadoop/share/hadoop/tools/lib/*
{{- end }}
- name: HADOOP_CLIENT_OPTS
  # The database does the work; a JVM that compiles little is up in half the time.
  value: -Xmx{{ .Values.heap }} -Duser.home=/tmp -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
- name: DATABASE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "sy.database.secret" . }}
      key: {{ .Values.global.database.passwordKey }}
{{ include "hive-metastore.s3.env" . }}
{{- with .Values.pod.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Keys of the S3 store, and whom to trust there. Its client is older than workload identities. */}}
{{- define "hive-metastore.s3.env" -}}
{{- if and (eq .Values.global.s3.auth "workloadIdentity") (not .Values.global.s3.existingSecret) (not .Values.global.credentials.existingSecret) -}}
{{- fail "\n\nglobal.s3.auth is workloadIdentity, which the metastore's S3 client does not know: name a Secret with keys for the metastore in global.s3.existingSecret, or leave this brick out and name a metastore in global.metastore.uri\n" -}}
{{- end -}}
{{ include "sy.s3.keys" . }}
{{- include "sy.s3.trust.env" . }}
{{- end }}

{{/* Mounts of the schema step and of the server. */}}
{{- define "hive-metastore.mounts" -}}
- name: config
  mountPath: /opt/hive/conf/hive-site.xml
  subPath: hive-site.xml
  readOnly: true
- name: config
  mountPath: /opt/hive/conf/hive-log4j2.properties
  subPath: hive-log4j2.properties
  readOnly: true
- name: config
  mountPath: /etc/sparkyard
  readOnly: true
- name: jars
  mountPath: /opt/sparkyard/jars
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- with .Values.pod.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}
