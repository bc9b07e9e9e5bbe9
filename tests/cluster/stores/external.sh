# An S3 store with TLS by an authority of its own, and MariaDB, both in another namespace. Sourced by run.
outside=sparkyard-outside-$RANDOM

store_values() {
  cat <<YAML
global:
  credentials: {existingSecret: $(own_secret)}
  connect: {tls: {certificateSecret: spark-connect-tls}}
  s3:
    endpoint: $(s3_endpoint)
    existingSecret: outside
    accessKeyKey: access
    secretKeyKey: secret
    ca: {configMap: company-ca}
    conf: {fs.s3a.change.detection.mode: none}
  database:
    kind: mysql
    host: database.$outside.svc.cluster.local
    name: hms
    existingSecret: outside
    passwordKey: password
YAML
  # A preset that counts on services outside has none of its own to switch off, and its chart knows no such key.
  "$sparkyard" show "$preset" -o json | jq -r '.bricks[] | select(. == "seaweedfs" or . == "postgresql") | "\(.): {enabled: false}"'
}

# Once a run: certificates, the two servers.
store_start() {
  kubectl get namespace "$outside" >/dev/null 2>&1 && return
  local host=store.$outside.svc.cluster.local tls=$work/tls
  mkdir -p "$tls" && (cd "$tls" &&
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj "/CN=An authority of our own" &&
    openssl req -newkey rsa:2048 -nodes -keyout tls.key -out tls.csr -subj "/CN=store" &&
    openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out tls.crt \
      -extfile <(echo "subjectAltName=DNS:$host")) 2>/dev/null || return 1
  # What is outside is no business of ours: a new namespace of OpenShift would hold it to `restricted`.
  kubectl create namespace "$outside" &&
    kubectl label --overwrite namespace "$outside" pod-security.kubernetes.io/enforce=privileged security.openshift.io/scc.podSecurityLabelSync=false >/dev/null &&
    outside_secrets "$outside" &&
    kubectl -n "$outside" create secret tls store --cert="$tls/tls.crt" --key="$tls/tls.key" || return 1
  kubectl -n "$outside" apply -f - <<'YAML' || return 1
apiVersion: v1
kind: Pod
metadata: {name: store, labels: {app: store}}
spec:
  enableServiceLinks: false
  containers:
    - name: store
      image: docker.io/chrislusf/seaweedfs:4.31
      command: [/usr/bin/weed, server, -dir=/data, -ip=127.0.0.1, -ip.bind=127.0.0.1, -volume.max=0, -master.volumeSizeLimitMB=256, -filer, -s3, -s3.ip.bind=0.0.0.0,
        -s3.port=8333, -s3.port.https=8443, -s3.cert.file=/tls/tls.crt, -s3.key.file=/tls/tls.key, -s3.port.iceberg=0, -s3.iam=false]
      env:
        - {name: HOME, value: /tmp}
        - {name: WEED_LEVELDB2_DIR, value: /data/filer}
        - {name: WEED_FILER_OPTIONS_S3_EMPTY_FOLDER_CLEANUP_DELAY, value: 1s}
        - {name: AWS_ACCESS_KEY_ID, valueFrom: {secretKeyRef: {name: outside, key: access}}}
        - {name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: outside, key: secret}}}
      readinessProbe: {tcpSocket: {port: 8443}, periodSeconds: 2}
      volumeMounts: [{name: data, mountPath: /data}, {name: tls, mountPath: /tls}]
  volumes: [{name: data, emptyDir: {}}, {name: tls, secret: {secretName: store}}]
---
apiVersion: v1
kind: Service
metadata: {name: store}
spec: {selector: {app: store}, ports: [{port: 8443}]}
---
apiVersion: v1
kind: Pod
metadata: {name: database, labels: {app: database}}
spec:
  enableServiceLinks: false
  containers:
    - name: database
      image: docker.io/library/mariadb:10.11
      env:
        - {name: MARIADB_DATABASE, value: hms}
        - {name: MARIADB_USER, value: hive}
        - {name: MARIADB_PASSWORD, valueFrom: {secretKeyRef: {name: outside, key: password}}}
        - {name: MARIADB_RANDOM_ROOT_PASSWORD, value: "1"}
      readinessProbe: {tcpSocket: {port: 3306}, periodSeconds: 2}
---
apiVersion: v1
kind: Service
metadata: {name: database}
spec: {selector: {app: database}, ports: [{port: 3306}]}
YAML
  kubectl -n "$outside" wait --for=condition=Ready pod --all --timeout=120s
}

# What the user makes in the stack's namespace.
store_prepare() {
  outside_secrets "$ns" && k create configmap company-ca --from-file="$work/tls/ca.crt"
}

outside_secrets() {
  kubectl -n "$1" create secret generic outside --from-literal=access=outsider --from-literal=secret=of-somebody-elses \
    --from-literal=password=another-secret \
    --from-literal=notebook-token=a-token-of-ours --from-literal=connect-token=a-key/of+ours==
}

store_left() { printf '%s\n' secret/outside configmap/company-ca; }
store_end() { kubectl delete namespace "$outside" --wait=false; }

s3_endpoint() { echo "https://store.$outside.svc.cluster.local:8443"; }
s3_trust() { printf 'open("/tmp/company.crt", "w").write("""%s""")\nenvironment["S3_CA"] = "/tmp/company.crt"\n' "$(cat "$work/tls/ca.crt")"; }
