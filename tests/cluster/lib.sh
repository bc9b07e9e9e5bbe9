# Steps, their seconds, and what every step needs. Sourced by run.

passed=0 failed=0

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }

# step TEXT COMMAND...: runs the command, prints PASS or FAIL with the seconds; what it printed is shown when it failed,
# and lines that start with "| " are shown always.
step() {
  local text=$1 start out code; shift
  start=$(now)
  out=$("$@" 2>&1); code=$?
  if ((code == 0)); then
    printf 'PASS %6ss  %s\n' "$(since "$start")" "$text"; passed=$((passed + 1))
    grep '^| ' <<<"$out" || true
  else
    printf 'FAIL %6ss  %s\n' "$(since "$start")" "$text"; failed=$((failed + 1))
    # The frames of Java's traces hide the messages between them.
    out=$(grep -vE '^[[:space:]]+at [a-z]' <<<"$out")
    { (($(wc -l <<<"$out") <= 60)) || { head -n 12 <<<"$out"; echo ...; }; tail -n 60 <<<"$out"; } | cut -c1-600 | sed 's/^/     /'
  fi
  return $code
}

summary() {
  echo "$passed passed, $failed failed"
  exit $((failed > 0))
}

k() { kubectl -n "$ns" "$@"; }

# The namespace of the stack, which enforces Pod Security `restricted`.
restricted_namespace() { kubectl create namespace "$ns" && kubectl label --overwrite namespace "$ns" pod-security.kubernetes.io/enforce=restricted; }

# found PATTERN: whether stdin has it. `grep -q` ends at the first hit, and what still writes then dies of it: under pipefail
# the pipe fails although the line is there.
found() { grep "$@" >/dev/null; }

# eventually SECONDS COMMAND...: again until it works.
eventually() {
  local end=$((SECONDS + $1)); shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 1
  done
}

# jupyter_shell SCRIPT: runs a shell script in the notebook server, with the Python that notebooks have.
jupyter_shell() {
  k exec -i "$stack-jupyter-0" -c jupyter -- bash -c \
    'export PATH="/opt/python/bin:$PATH" PYTHONPATH="/opt/python:/opt/spark/python:$(echo /opt/spark/python/lib/py4j-*-src.zip)"
    eval "$(grep "^export SPARK_REMOTE=" /etc/sparkyard/start.sh)"; '"$1"
}

# in_jupyter: runs Python, given on stdin, in the notebook server as a notebook would.
in_jupyter() { jupyter_shell 'exec python3 -'; }

# in_connect: runs Python, given on stdin, in the Spark server's pod, with prepare.py (and the S3 keys) at hand.
in_connect() { local pod; pod=$(connect_pod); k exec -i "pod/${pod% *}" -c "$connect_container" -- env PYTHONPATH=/etc/sparkyard python3 -; }

# The one pod of the server, whoever made it: its name and its uid.
connect_pod() {
  k get pods -l app.kubernetes.io/component=connect -o json | jq -r '
    [.items[] | select(.metadata.deletionTimestamp == null and .status.phase == "Running")]
    | if length == 1 then .[0].metadata | "\(.name) \(.uid)" else empty end'
}

# connect_is_another BEFORE: whether another pod than before is ready.
connect_is_another() {
  local pod; pod=$(connect_pod)
  [[ -n $pod && $pod != "$1" ]] && k wait --for=condition=Ready "pod/${pod% *}" --timeout=1s >/dev/null 2>&1
}

# Everything in the namespace that is not the cluster's own.
leftovers() {
  local kind
  for kind in $(kubectl api-resources --namespaced --verbs=list -o name | grep -vE '^(events|endpoints|endpointslices|bindings|leases|.*metrics).*'); do
    k get "$kind" -o name 2>/dev/null
  done | grep -vE '^(configmap/(kube-root-ca.crt|openshift-service-ca.crt)|serviceaccount/(default|builder|deployer)|rolebinding.*/system:.*|networkpolicy.*/deny-all|secret/(builder|default|deployer)-.*)$' | sort -u
}

executors_are_gone() { [[ -z $(k get pods -l spark-role=executor -o name) ]]; }
