# Faults, planted one at a time, and what sparkyard says of them. Sourced by run.
#
# Each fault gets a namespace of its own, in which the preset `minikube` is installed by `sparkyard up`. Then `doctor`, `up` or
# `status` must name the cause by its id and with the words of this one.

faults_line=$("$sparkyard" list lines -o json | jq -r '.[] | select(.status == "latest") | .id')
rows=$work/faults.md
printf '| fault | asked | what was said |\n|---|---|---|\n' >"$rows"

# sy COMMAND ARGUMENT...: sparkyard in the namespace of the fault, its words in $work/said.
sy() {
  local command=$1; shift
  local selection=()
  case $command in
    up) selection=(minikube --yes --timeout "${patience:-150s}" --spark "$faults_line" "${mirrors[@]}") ;;
    doctor) selection=(minikube --spark "$faults_line" "${mirrors[@]}") ;;
  esac
  ${cut:+timeout --signal="$cut" "$after"} "$sparkyard" "$command" "${selection[@]}" -n "$ns" "$@" >"$work/said" 2>&1
}

# says FAULT COMMAND ID WORDS: the last words of sparkyard name the rule ID and these words; a row for the table.
says() {
  local line
  line=$(grep -F -e "$4" "$work/said" | grep -vE '^ +[0-9]+ s ' | head -n 1)
  grep -qF -e "$3" "$work/said" && [[ -n $line ]] || { echo "'$3' and '$4' were not said of: $1"; tail -n 40 "$work/said"; return 1; }
  line=$(sed -E 's/^ +//; s/[ ]{2,}/ /g; s/\|/\\|/g' <<<"$line" | cut -c1-220)
  printf '| %s | `%s` | %s |\n' "$1" "$2" "$line" >>"$rows"
  echo "| $line"
}

# refused COMMAND...: it must fail with the exit code 1.
refused() { "$@"; [[ $? == 1 ]] || { echo "exit code 1 was expected"; tail -n 20 "$work/said"; return 1; }; }

# eventually_says SECONDS FAULT ID WORDS: `status` says it within this time.
eventually_says() {
  local end=$((SECONDS + $1))
  until sy status; says "$2" status "$3" "$4" >"$work/row" 2>&1; do
    ((SECONDS < end)) || { cat "$work/row"; return 1; }
    sleep 2
  done
  cat "$work/row"
}

restart() { k delete pod -l "app.kubernetes.io/component=$1" --grace-period=1 --wait=false >/dev/null; }
scale() { k scale "$1" --replicas="$2" >/dev/null; }

fault_wrong_context() {
  refused sy status --context nowhere && says "wrong context" status no-context "no such context"
}

fault_no_cluster() {
  local KUBECONFIG=$work/nowhere.yaml
  kubectl --kubeconfig "$KUBECONFIG" config set-cluster x --server=https://127.0.0.1:1 >/dev/null
  kubectl --kubeconfig "$KUBECONFIG" config set-credentials x --token=x >/dev/null
  kubectl --kubeconfig "$KUBECONFIG" config set-context x --cluster=x --user=x >/dev/null
  kubectl --kubeconfig "$KUBECONFIG" config use-context x >/dev/null
  (export KUBECONFIG; refused sy up) && says "cluster not running" up no-cluster "does not answer"
}

fault_storage_class() {
  refused sy doctor --set seaweedfs.persistence.storageClass=fast && says "wrong storage class" doctor storage "\`fast\` does not exist" &&
    refused sy up --set seaweedfs.persistence.storageClass=fast && says "wrong storage class" up storage-class "wants the storage class \`fast\`, which does not exist"
}

fault_quota() {
  k create quota small --hard=requests.cpu=200m,requests.memory=600Mi >/dev/null
  refused sy doctor && says "quota too small" doctor quota "the quota small leaves" &&
    refused sy up && says "quota too small" up quota "the quota \`small\` is too small"
}

fault_limit_range() {
  range '{type: Container, max: {memory: 600Mi}}'
  refused sy doctor && says "limit range too narrow" doctor limits "the limit range narrow allows a container at most 600Mi of memory" &&
    refused sy up && says "limit range too narrow" up quota "a limit range refuses the pods" || return 1
  range '{type: Container, default: {cpu: 50m}, defaultRequest: {cpu: 50m}}'
  refused sy doctor && says "limit range with a default below the request" doctor limits "by default the limit range sets a limit of 0.05 of cpu" || return 1
  range '{type: Container, default: {cpu: "1"}, defaultRequest: {cpu: 50m}}'
  sy doctor; says "limit range that slows Spark" doctor limits "to 1 CPU, because they set no limit"
}

fault_node_size() {
  sy doctor --set spark-connect.executor.requestCores=500000m
  says "pod larger than any node" doctor nodes "no node is large enough for executors of ConfigMap/minikube-connect: a pod asks for 500 CPU"
}

fault_node_label() {
  sy doctor --set spark-connect.pod.nodeSelector.disk=ssd
  says "label that no node has" doctor nodes "no node takes the pods of Deployment/minikube-connect: no label \`disk=ssd\` (1 node)"
}

# range ENTRY: the limit range of the namespace.
range() { k apply -f - >/dev/null <<<"{apiVersion: v1, kind: LimitRange, metadata: {name: narrow}, spec: {limits: [$1]}}"; }

fault_pod_security() {
  cat >"$work/root.yaml" <<YAML
seaweedfs: {pod: {securityContext: {runAsUser: 0, runAsNonRoot: false}}}
YAML
  refused sy up -f "$work/root.yaml" && says "Pod Security: found by the checks before anything is done" up pod-admission "runAsNonRoot" &&
    refused sy up -f "$work/root.yaml" --waive pod-admission=planted --waive numeric-user=planted && says "Pod Security: refused by the cluster" up pod-security "Pod Security \`restricted"
}

fault_missing_secret() {
  cat >"$work/own.yaml" <<YAML
global: {credentials: {generate: false, existingSecret: mine}}
YAML
  refused sy doctor --set global.s3.ca.configMap=theirs,global.s3.endpoint=https://s3.example.com,global.s3.existingSecret=mine &&
    says "missing ConfigMap" doctor config "the ConfigMap theirs, which the pods read, does not exist" &&
    refused sy doctor -f "$work/own.yaml" && says "missing Secret" doctor config "the Secret mine, which the pods read, does not exist" &&
    refused sy up -f "$work/own.yaml" && says "missing Secret" up config-missing "the Secret mine" &&
    k create secret generic mine --from-literal=s3-access-key=a --from-literal=s3-secret-key=b --from-literal=database-password=c >/dev/null &&
    refused sy up -f "$work/own.yaml" && says "missing key of a Secret" up config-missing "has no key \`notebook-token\`"
}

fault_image() {
  refused sy up --set spark-history.image.repository=apache/no-such-image && says "image missing" up image "cannot be pulled"
}

# The charts ask for no port of a node, so that the one clash there can be is on the user's own machine.
fault_port() {
  python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 18999)); s.listen(); time.sleep(60)' &
  local holder=$!
  sleep 1
  refused sy open jupyter --port 18999; local code=$?
  kill "$holder"
  ((code == 0)) && says "port clash" open port-taken "the port 18999 of this machine is taken"
}

fault_name() {
  k create service clusterip minikube-jupyter --tcp=80 >/dev/null
  refused sy doctor && says "name clash" doctor names "Service/minikube-jupyter" &&
    refused sy up && says "name clash" up name-clash "belongs to somebody else"
}

fault_rights() {
  k create serviceaccount weak >/dev/null && k create rolebinding weak --clusterrole=view --serviceaccount="$ns:weak" >/dev/null
  local token; token=$(k create token weak)
  kubectl config view --minify --raw -o json | jq --arg token "$token" '.users[0].user = {token: $token}' >"$work/weak.yaml"
  (export KUBECONFIG=$work/weak.yaml; refused sy doctor) && says "missing rights" doctor rights "you may not:" &&
    (export KUBECONFIG=$work/weak.yaml; refused sy up) && says "missing rights" up no-right "you may not do this"
}

fault_mirror() {
  refused sy up --set global.jars.repository=http://10.100.0.1:9/maven2 && says "mirror unreachable" up mirror "jars cannot be fetched from 10.100.0.1:9"
}

fault_hash() {
  # Another file under each name: what a proxy's error page does. A pod of the namespace serves it.
  k apply -f - >/dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: {name: evil, labels: {app: evil}}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 185, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: evil
      image: $("$sparkyard" show "$faults_line" -o json | jq -r '.images.spark | "\(.registry)/\(.repository):\(.tag)"')
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      command: [python3, -c]
      args:
        - |
          import http.server
          class Evil(http.server.BaseHTTPRequestHandler):
              protocol_version = "HTTP/1.1"
              def do_GET(self):
                  body = b"<html>sign in</html>"
                  self.send_response(200)
                  self.send_header("Content-Length", str(len(body)))
                  self.end_headers()
                  self.wfile.write(body)
          http.server.ThreadingHTTPServer(("", 8099), Evil).serve_forever()
---
apiVersion: v1
kind: Service
metadata: {name: evil}
spec: {selector: {app: evil}, ports: [{port: 8099}]}
YAML
  k wait --for=condition=Ready pod/evil --timeout=60s >/dev/null || return 1
  # `check` knows only the charts' own Services.
  refused sy up --set "global.jars.repository=http://evil.$ns.svc.cluster.local:8099/maven2" --waive unknown-service-host=planted &&
    says "wrong jar hash" up jar-hash "is another file than the one that was locked"
}

fault_memory() {
  refused sy up --set hive-metastore.resources.limits.memory=64Mi --set hive-metastore.resources.requests.memory=64Mi --waive spark-memory-limit=planted &&
    says "out of memory" up out-of-memory "took more than its limit of"
}

# cut_off SIGNAL SECONDS: `up` ends in the middle, as by Ctrl-C or a closed terminal; the `up` that follows must mend it.
cut_off() {
  cut=$1 after=$2 sy up && { echo "it was done before it could be cut off"; return 1; }
  echo "| helm says: $(helm status minikube -n "$ns" -o json 2>/dev/null | jq -r .info.status), pods: $(k get pods -o name | wc -l)"
}

# The faults of a stack that runs: it is installed once.
fault_runs() { sy up || { tail -n 40 "$work/said"; return 1; }; sy status; }

fault_metastore() {
  scale deploy/minikube-metastore 0 && sleep 3 && restart connect &&
    eventually_says 60 "metastore down" scaled-to-zero "metastore: it is scaled to zero" && scale deploy/minikube-metastore 1
}

fault_dns() {
  kubectl -n kube-system scale deployment/coredns --replicas=0 >/dev/null && sleep 5
  refused sy doctor && says "DNS down" doctor dns "has no pod that is ready"; local code=$?
  restart history
  eventually_says 60 "DNS down" name-lookup "cannot be looked up" || code=1
  kubectl -n kube-system scale deployment/coredns --replicas=1 >/dev/null
  kubectl -n kube-system rollout status deployment/coredns --timeout=120s >/dev/null
  return $code
}

# with_secret KEY COMMAND...: with another value in the stack's Secret, which has its own again afterwards.
with_secret() {
  local key=$1 old code; shift
  old=$(k get secret minikube-credentials -o json | jq -r --arg key "$key" '.data[$key]')
  k patch secret minikube-credentials -p "{\"stringData\":{\"$key\":\"wrong\"}}" >/dev/null || return 1
  "$@"; code=$?
  k patch secret minikube-credentials -p "{\"data\":{\"$key\":\"$old\"}}" >/dev/null
  return $code
}

fault_password() { with_secret database-password wrong_password; }
wrong_password() {
  restart metastore && eventually_says 90 "database password wrong" database-password "the database refuses the password of the user"
}

fault_keys() { with_secret s3-secret-key wrong_keys; }
wrong_keys() { restart history && eventually_says 90 "S3 keys wrong" s3-keys "the S3 store refuses the keys"; }

fault_bucket() {
  # The store no longer lets anybody make a bucket, and this one does not exist.
  patience=100s sy up --set global.s3.prepare=false --set global.s3.bucket=nowhere --waive spark-event-log-made=planted
  says "bucket missing" up s3-bucket "does not exist"
}

fault_secret_gone() {
  sy down -y || return 1
  k delete secret minikube-credentials >/dev/null && refused sy up && says "Secret gone, volumes kept" up secret-gone "wants the password that was in it"
}

fault_scc() {
  refused sy up --platform kubernetes && says "wrong platform" up wrong-platform "this cluster is" || return 1
  # No user can be planted: on OpenShift the charts leave every user to the cluster.
  cat >"$work/loose.yaml" <<YAML
seaweedfs: {pod: {securityContext: {seccompProfile: {type: Unconfined}}}}
YAML
  refused sy up -f "$work/loose.yaml" && says "SCC: found by the checks before anything is done" up pod-admission "seccomp" &&
    patience=60s refused sy up -f "$work/loose.yaml" --waive pod-admission=planted && says "SCC refusal" up scc "no security context constraint (SCC) admits the pods"
}

# planted NAME: one fault in a namespace of its own.
planted() {
  ns=sparkyard-fault-$RANDOM stack=minikube
  restricted_namespace >/dev/null || return 1
  step "fault: $1" "fault_$1"
  [[ -z ${SPARKYARD_RECORD:-} ]] || record "$1"
  kubectl delete namespace "$ns" --wait=false >/dev/null
}

# record NAME: the objects of the namespace and their logs, as a test of crates/diagnose reads them. Secrets are not among them.
record() {
  local pod container text
  {
    k get pods,events,persistentvolumeclaims,deployments,statefulsets,replicasets,jobs,cronjobs,resourcequotas -o json
    kubectl get storageclasses -o json
  } | jq -s '[.[].items[]] | del(.[].metadata.managedFields)' >"$work/objects.json"
  k get pods -o json | jq -r '.items[] | .metadata.name as $pod | .spec.initContainers[]?, .spec.containers[] | "\($pod) \(.name)"' |
    while read -r pod container; do
      text=$(k logs "$pod" -c "$container" --tail=60 2>/dev/null </dev/null) || continue
      jq -n --arg pod "$pod" --arg container "$container" --arg text "$text" '{pod: $pod, container: $container, text: $text}'
    done | jq -s . >"$work/logs.json"
  jq -cn --slurpfile objects "$work/objects.json" --slurpfile logs "$work/logs.json" '{objects: $objects[0], logs: $logs[0]}' >"$SPARKYARD_RECORD/$1.json"
}

faults() {
  # Own mirrors, as in SPARKYARD_VALUES.
  mirrors=(); [[ -z ${SPARKYARD_VALUES:-} ]] || mirrors=(-f "$SPARKYARD_VALUES")
  export XDG_STATE_HOME=$work/state
  local fault
  if $openshift; then
    planted scc
  else
    for fault in ${SPARKYARD_FAULTS:-wrong_context no_cluster storage_class quota limit_range node_size node_label pod_security missing_secret name rights image mirror hash memory}; do planted "$fault"; done
    [[ -n ${SPARKYARD_FAULTS:-} ]] || running_faults
  fi
  cat "$rows"
}

# Faults of a stack that ran.
running_faults() {
  ns=sparkyard-fault-$RANDOM stack=minikube
  restricted_namespace >/dev/null || return 1
  step "up is cut off as by Ctrl-C, while helm hands over" cut_off INT 2
  step "up is cut off as by a closed terminal, while it waits" cut_off HUP 6
  if step "up goes on where it was: the stack runs before it is damaged" fault_runs; then
    [[ -z ${SPARKYARD_RECORD:-} ]] || record runs
    # The last one takes the stack away.
    for fault in port dns metastore keys password bucket secret_gone; do
      step "fault: $fault" "fault_$fault"
      [[ -z ${SPARKYARD_RECORD:-} ]] || record "$fault"
    done
  fi
  kubectl delete namespace "$ns" --wait=false >/dev/null
}
