# What is proven of one stack. Sourced by run.

# packages LINE SHAPE PRESET: folder with the packages of a preset, and their order in its file `order`.
packages() {
  local dist=$work/$1-$2-$3
  if [[ ! -d $dist ]]; then
    store_values >"$work/store.yaml"
    sizes >"$work/sizes.yaml"
    # An umbrella is given the sizes at its install, as its user would: values_of.
    local made=(-f "$work/store.yaml"); [[ $2 == umbrella ]] || made+=(-f "$work/sizes.yaml")
    "$sparkyard" build --spark "$1" --shape "$2" --preset "$3" "${made[@]}" --out "$dist/charts" --package="$dist" -o json >"$work/build.json" || return 1
    jq -r '.charts[].name' "$work/build.json" >"$dist/order"
    local tgz; for tgz in "$dist"/*.tgz; do tar -xzf "$tgz" -C "$dist"; done
  fi
  echo "$dist"
}

# Values every chart is given, and those of one chart's files.
values_of() {
  local folder=$1
  [[ -z ${SPARKYARD_VALUES:-} ]] || printf '%s\n' -f "$SPARKYARD_VALUES"
  # A modular chart without a file of its own is made for the preset as it is.
  [[ ! -f $folder/values-$preset.yaml ]] || printf '%s\n' -f "$folder/values-$preset.yaml"
  [[ $shape != umbrella ]] || printf '%s\n' -f "$work/store.yaml" -f "$work/sizes.yaml"
  printf '%s\n' --set global.networkPolicy.enabled=true
  ! $secured || printf '%s\n' --set global.connect.tls.enabled=true
  ! is_secured || printf '%s\n' --set global.connect.tls.certificateSecret=spark-connect-tls
  if $openshift; then printf '%s\n' -f "$folder/values-openshift.yaml"; fi
}

make_namespace() {
  restricted_namespace || return 1
  k apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-all}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
YAML
}

# install EXTRA...: one `helm install` for an umbrella; one each, in the documented order, for modular charts.
install() { helm_all install "$@"; }
upgrade() { helm_all upgrade "$@"; }

helm_all() {
  local verb=$1 chart values; shift
  while read -r chart; do
    mapfile -t values < <(values_of "$dist/$chart")
    helm "$verb" "$(release "$chart")" "$dist/$chart"-*.tgz -n "$ns" "${values[@]}" "$@" >"$work/notes-$chart.txt" || return 1
  done <"$dist/order"
}

release() { if [[ $shape == umbrella ]]; then echo "$stack"; else echo "$stack-${1#spark-*-*-}"; fi; }

notes_speak() {
  local chart; for chart in $(cat "$dist/order"); do
    grep -q 'NOTES:' "$work/notes-$chart.txt" || { echo "no NOTES from $chart"; return 1; }
  done
  # Every command that NOTES name must find its object.
  local object; for object in $(grep -ohE '((svc|pod|cronjob|statefulset)/|get secret )[a-z0-9-]+' "$work"/notes-*.txt | sed -E 's#get secret #secret/#' | sort -u); do
    k get "$object" >/dev/null || { echo "NOTES name $object, which does not exist"; return 1; }
  done
}

first_answer() {
  eventually 300 k get pod "$stack-jupyter-0" -o name >/dev/null 2>&1 || return 1
  k wait --for=condition=Ready "pod/$stack-jupyter-0" --timeout=300s >/dev/null || return 1
  k wait --for=condition=Ready pod -l app.kubernetes.io/component=connect --timeout=300s >/dev/null || return 1
  in_jupyter <<'PY' || return 1
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print("| the sum of 1 to 1000 is", spark.range(1, 1001).selectExpr("sum(id)").collect()[0][0], "says Spark", spark.version)
PY
  echo "| time from ${begun:-'helm install'} to the first query's answer: $(since "$installed") s"
}

# Where the seconds went: for each pod, when its containers ran, counted from `helm install`.
timeline() {
  k get pods -o json | jq -r --argjson t0 "${installed%.*}" '
    def s: if . == null then "-" else (fromdate - $t0 | tostring) end;
    .items | sort_by(.metadata.creationTimestamp)[]
    | "| \(.metadata.name): made \(.metadata.creationTimestamp | s) s, "
      + ([.status.initContainerStatuses[]? | "\(.name) \(.state.terminated.startedAt | s)-\(.state.terminated.finishedAt | s) s"] | map(. + ", ") | join(""))
      + "started \(.status.containerStatuses[0].state.running.startedAt | s) s, ready \([.status.conditions[] | select(.type == "Ready")][0].lastTransitionTime | s) s"'
}

all_ready() {
  k wait --for=condition=Ready pod --field-selector=status.phase!=Succeeded,status.phase!=Failed --timeout=300s || { k get pods; k get events | grep -v Normal; return 1; }
  # A pod that died on the way would show here.
  k get pods -o json | jq -e '[.items[].status.containerStatuses[]? | select(.restartCount > 0)] == []' >/dev/null || { k get pods; return 1; }
}

admitted() {
  local range
  range=$(kubectl get namespace "$ns" -o jsonpath='{.metadata.annotations.openshift\.io/sa\.scc\.uid-range}')
  k get pods -o json | jq -e --arg range "$range" '
    ($range | split("/") | map(tonumber)) as [$first, $count]
    | [.items[] | select((.metadata.annotations["openshift.io/scc"] != "restricted-v2")
        or ([.spec.containers[], .spec.initContainers[]?] | all(.securityContext.runAsUser >= $first and .securityContext.runAsUser < $first + $count) | not))
       | .metadata.name] | if . == [] then true else error("not as restricted-v2 makes them: \(.)") end' >/dev/null || return 1
  echo "| every pod, executors included: restricted-v2, user ids from $range"
}

executors_are_pods() { k get pods -l spark-role=executor -o json | jq -e '.items | length > 0 and all(.status.phase == "Running")' >/dev/null; }

# The welcome notebook as it lies in the user's home, run from its first cell to its last.
notebook() {
  jupyter_shell '
    cp "$HOME/welcome.ipynb" /tmp/run.ipynb && cd /tmp && python3 -c "from nbclient.cli import main; main()" --inplace --timeout=300 /tmp/run.ipynb 2>&1' </dev/null || return 1
  k exec "$stack-jupyter-0" -c jupyter -- python3 -c '
import json
cells = [c for c in json.load(open("/tmp/run.ipynb"))["cells"] if c["cell_type"] == "code"]
kinds = sorted({kind for c in cells for o in c["outputs"] for kind in o.get("data", {})})
assert all(c["execution_count"] for c in cells) and "image/png" in kinds, kinds
print(f"| {len(cells)} cells, outputs: {kinds}")'
}

# The notebook's table: its name in the metastore, its files on S3, read past Spark with the S3 keys alone.
table_on_s3() {
  in_jupyter <<'PY' >"$work/table" || { cat "$work/table"; return 1; }
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
tables = [(d.namespace, t.tableName) for d in spark.sql("SHOW DATABASES").collect() for t in spark.sql(f"SHOW TABLES IN {d.namespace}").collect() if not t.isTemporary]
assert tables, "the metastore lists no table"
database, table = tables[0]
rows = spark.table(f"{database}.{table}")
print(f"{database}.{table}", rows.count(), rows.selectExpr("input_file_name()").first()[0])
PY
  local table rows file
  read -r table rows file <"$work/table"
  ((rows > 0)) && [[ $file == s3a://* ]] || { cat "$work/table"; return 1; }
  on_s3 "$file" 200 && echo "| $table: $rows rows in $file"
}

# What stores/*.sh may say in another way: values, what runs beside the stack, what the user makes before and keeps after.
store_values() { echo '{}'; }
store_start() { :; }
store_prepare() { :; }
store_left() { :; }
store_end() { :; }
s3_trust() { :; }

# S3A uploads a file above 64 MB in parts, and then renames it: stores get that wrong.
large_file() {
  in_jupyter <<'PY'
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
rows = 6_000_000
spark.range(0, rows, 1, 1).withColumn("r", F.rand(1)).write.option("compression", "none").saveAsTable("large_file")
table = spark.table("large_file").select("id", "_metadata.file_size")
size, total = table.agg(F.max("file_size"), F.sum("id")).first()
assert size > 64 << 20 and total == rows * (rows - 1) // 2, (size, total)
spark.sql("DROP TABLE large_file")
print(f"| {rows} rows in a file of {size >> 20} MB")
PY
}

# `saveAsTable` with `overwrite` drops the table and makes it again: the metastore must have removed the files.
written_anew() {
  in_jupyter <<'PY' >"$work/anew" || { cat "$work/anew"; return 1; }
import time
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
write = lambda rows: spark.range(rows).coalesce(1).write.mode("overwrite").saveAsTable("anew")
write(1000)
file = spark.table("anew").selectExpr("input_file_name()").first()[0]
started = time.monotonic()
while True:
    try:
        write(10)
        break
    except Exception as error:
        if "LOCATION_ALREADY_EXISTS" not in str(error) or time.monotonic() > started + 150:
            raise
        time.sleep(2)
assert spark.table("anew").count() == 10
spark.sql("DROP TABLE anew")
print(file, round(time.monotonic() - started, 1))
PY
  local file seconds
  read -r file seconds <"$work/anew"
  on_s3 "$file" 404 || return 1
  echo "| written anew after $seconds s, the old file is gone"
}

# on_s3 FILE STATUS: what the store says of a file, asked past Spark with the S3 keys alone.
on_s3() {
  in_connect <<PY
import os, prepare
bucket, key = "$1"[len("s3a://"):].split("/", 1)
environment = dict(os.environ, S3_ENDPOINT="$(s3_endpoint)", S3_BUCKET=bucket)
$(s3_trust)
status, _ = prepare.S3(environment).call("HEAD", key)
assert status == $2, (status, key)
PY
}

s3_endpoint() { echo "http://$stack-s3.$ns.svc.cluster.local:8333"; }

# The table of table_on_s3, with as many rows as then.
same_rows() {
  local table rows
  read -r table rows _ <"$work/table" || return 1
  in_jupyter <<PY
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
database, name = "$table".split(".")
assert name in [t.tableName for t in spark.sql(f"SHOW TABLES IN {database}").collect()], "the metastore has lost the table"
rows = spark.table("$table").count()
assert rows == $rows, rows
print("| $table still has", rows, "rows")
PY
}

restart_connect() {
  local before; before=$(connect_pod)
  k delete "pod/${before% *}" && eventually 300 connect_is_another "$before"
}

# The application that has ended is listed with its name, its event log read from S3.
history_lists() {
  eventually 90 history_has_run || { k logs "deploy/$stack-history" --tail=30; return 1; }
  echo "| listed as ended: $(cat "$work/applications")"
}

history_has_run() {
  k exec "deploy/$stack-history" -c history -- python3 -c '
import json, urllib.request
applications = json.load(urllib.request.urlopen("http://127.0.0.1:18080/api/v1/applications?status=completed"))
print(*(a["name"] + " " + a["id"] for a in applications if a["name"].endswith(("-connect", "Spark Connect server"))))' >"$work/applications" 2>/dev/null
  [[ -s $work/applications && -n $(tr -d '[:space:]' <"$work/applications") ]]
}

helm_test() {
  local chart; while read -r chart; do
    helm test "$(release "$chart")" -n "$ns" --timeout 5m || { k get pods; k logs -l app.kubernetes.io/component=test --all-containers --tail=40; return 1; }
  done <"$dist/order"
}

secret_name() { local own; own=$(own_secret); echo "${own:-$stack-credentials}"; }
secret_of_stack() { k get secret "$(secret_name)" -o jsonpath='{.data}'; }

# Changed values reach the pods, and nothing is lost on the way.
upgraded() {
  local before; before=$(secret_of_stack)
  local of=; [[ $shape == umbrella ]] && of=spark-connect.
  local server; server=$(connect_pod)
  upgrade_one connect --set "${of}executor.memoryOverhead=400m,${of}jars={$(further_jar)}" || return 1
  eventually 300 connect_is_another "$server" || { k get pods; return 1; }
  [[ $(secret_of_stack) == "$before" ]] || { echo "the upgrade changed the Secret"; return 1; }
  eventually 60 has_overhead || { echo "executors do not have the new memory"; k get pods -o wide; return 1; }
  has_further_jar && same_rows
}

# Address of a jar that Spark does not have: the database driver that the metastore fetches.
further_jar() {
  k get pods -o json | jq -r --arg jar "$(find "$dist" -name jars-postgresql.txt | head -n 1 | xargs awk '{print $2}')" \
    'first(.items[].spec.initContainers[]?.env[]? | select(.name == "JARS_REPOSITORY")) | .value + "/" + $jar'
}

# Driver and executors look the class up, each for itself.
has_further_jar() {
  in_jupyter <<'PY'
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
rows = spark.range(0, 4, 1, 2).selectExpr("reflect('org.postgresql.util.URLCoder', 'encode', concat('a b', id)) word").collect()
assert [row.word for row in rows] == [f"a+b{number}" for number in range(4)], rows
print("| a jar of the user's works in executors:", rows[0].word)
PY
}

# upgrade_one CHART ARGUMENT...: `helm upgrade` of the chart of this brick, or of the umbrella.
upgrade_one() {
  local chart values
  chart=$(grep -m1 -e "-$1\$" "$dist/order" || cat "$dist/order"); shift
  mapfile -t values < <(values_of "$dist/$chart")
  helm upgrade "$(release "$chart")" "$dist/$chart"-*.tgz -n "$ns" "${values[@]}" "$@"
}

# 1 GiB of heap and 400 MiB.
has_overhead() { [[ $(k get pods -l spark-role=executor -o jsonpath='{.items[0].spec.containers[0].resources.limits.memory}') == 1424Mi ]]; }

# Data and passwords stay, as NOTES say; nothing else does.
uninstall() {
  { k get pvc -o name; echo "secret/$(secret_name)"; store_left; ! is_secured || echo secret/spark-connect-tls; } | sort -u >"$work/said"
  local chart; while read -r chart; do helm uninstall "$(release "$chart")" -n "$ns" --wait || return 1; done < <(tac "$dist/order")
  eventually 120 no_pods || { k get all; return 1; }
  leftovers >"$work/left"
  diff "$work/said" "$work/left" || return 1
  sed 's/^/| left, as NOTES say: /' "$work/left"
}

no_pods() { [[ -z $(k get pods -o name) ]]; }

typo_is_refused() {
  local chart; chart=$(head -n 1 "$dist/order")
  ! helm install typo "$dist/$chart"-*.tgz -n "$ns" --set typo=1 2>"$work/typo" || return 1
  grep -q "additional properties 'typo' not allowed" "$work/typo"
}

# dry_run KIND...: every object of the stack, as the API server sees it; nothing is made. The cluster serves these kinds.
dry_run() {
  local chart values
  while read -r chart; do
    mapfile -t values < <(values_of "$dist/$chart")
    helm template "$(release "$chart")" "$dist/$chart"-*.tgz -n "$ns" "${values[@]}" "${@/#/--api-versions=}" --no-hooks |
      k apply --dry-run=server --validate=strict -f - >"$work/taken" || return 1
    echo "| $chart: $(wc -l <"$work/taken") objects"
    sed -n '/sparkoperator/s/^/| /p' "$work/taken"
  done <"$dist/order"
}

from_install_to_uninstall() {
  installed=$(now)
  step "helm install" install || return
  prove
  step "every pod is ready, none has died" all_ready
  step "where the seconds went" timeline
  step "NOTES name what exists" notes_speak
  if $openshift; then step "OpenShift admits every pod by restricted-v2" admitted; fi
  step "helm test" helm_test
  step "helm uninstall leaves what it says and nothing else" uninstall
}

# stack LINE SHAPE PRESET: installs it, proves what presets/PRESET.sh says, and takes it away. A preset may say with
# `can_run` that this cluster lacks what it needs, and with `instead` what is proven then; with `sizes`, what is smaller here
# than in the preset, so that it fits on the node of a test; with `own_secret`, the Secret that the user has made for the whole
# stack, in place of the chart's; with `is_secured`, that its values put Spark Connect behind TLS and a token. It may set
# `beside`, what else runs in the cluster for it.
stack() {
  local begun_at=$SECONDS passed_before=$passed failed_before=$failed beside=
  one_stack "$@"
  local seconds=$((SECONDS - begun_at)) passes=$((passed - passed_before)) failures=$((failed - failed_before))
  stacks+=("$1 $2 $3 $seconds $passes $failures")
  if [[ -n $record && $failures == 0 && $ran == true ]]; then
    echo "$(row_of "$@") ${beside:--} | $passes | $seconds | $(date +%F) |" >>"$record"
  fi
}

cluster() { $openshift && echo OpenShift || echo Kubernetes; }

# row_of LINE SHAPE PRESET: how its row in the table of --record begins.
row_of() {
  local services=$store; $secured && services+=", TLS and a token"
  echo "| $(cluster) | $1 | $2 | $3 | $services |"
}
is_recorded() { [[ -n $record ]] && grep -F -- "$(row_of "$@")" "$record" 2>/dev/null; }

stacks=()
# What was proven, when it was more than one.
table() {
  ((${#stacks[@]} > 1)) || return 0
  printf '\n%-6s%-10s%-20s%8s%8s%8s\n' LINE SHAPE PRESET SECONDS PASSED FAILED
  # shellcheck disable=SC2086
  local each; for each in "${stacks[@]}"; do printf '%-6s%-10s%-20s%8s%8s%8s\n' $each; done
}

one_stack() {
  line=$1 shape=$2 preset=$3
  ns=sparkyard-$preset-${line//./-}-$shape-$RANDOM
  stack=$preset
  printf '\nSpark %s, %s, %s, %s\n' "$line" "$shape" "$preset" "$(cluster)"
  ran=false
  can_run() { :; }
  own_secret() { :; }
  is_secured() { $secured; }
  connect_container=connect
  sizes() { echo '{}'; }
  # shellcheck source=/dev/null
  source "$here/presets/$preset.sh" || { step "there is a proof of this preset" false; return; }
  [[ $store == own ]] || step "what is outside of the stack runs: $store" store_start || return
  [[ $(sizes) == '{}' ]] || { echo "| for the test, over the preset's values:"; sizes | sed 's/^/|   /'; }
  dist=$(packages "$line" "$shape" "$preset") || { step "packages are made" false; return; }
  local before=$failed
  rm -f "$work/table" "$work"/notes-*
  step "a namespace that enforces restricted and denies all traffic" make_namespace && store_prepare >/dev/null && certificate_if_secured >/dev/null &&
    step "a typo in a value is refused" typo_is_refused &&
    if can_run; then ran=true; from_install_to_uninstall; else instead; fi
  if ((failed > before)); then
    k get pods -o wide; k get events --sort-by=.lastTimestamp | grep -v Normal | tail -n 20
    $keep && { echo "kept: namespace $ns"; return; }
  fi
  kubectl delete namespace "$ns" --wait=false >/dev/null
}

# Notebooks on a Spark Connect server. $1: what shows that executors run.
prove_notebooks() {
  step "the first query is answered from the notebook server" first_answer || return
  step "the welcome notebook runs" notebook
  step "executors run: $1" "$1"
  if is_secured; then prove_secured; fi
  step "a file of several parts is written and read" large_file
  step "a table is written anew, and its old files are removed" written_anew
  step "the table lies on S3" table_on_s3 &&
    step "Spark Connect restarts" restart_connect &&
    step "the metastore still has the table" same_rows
  step "the History Server lists the run" history_lists
}

# stranger_is_refused HOST PORT: a plain message of Spark's protocol is answered by the end of the connection.
stranger_is_refused() {
  k exec "deploy/$stack-connect" -c connect -- python3 -c '
import socket, struct, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), 10) as peer:
    body = b"\x00" * 16
    peer.sendall(struct.pack(">qB", 9 + 8 + 4 + len(body), 3) + struct.pack(">qi", 1, len(body)) + body)
    answer = peer.recv(4096)
assert b"Expected" in answer or b"hallenge" in answer or not answer, answer
print("| it says:", answer[-200:] or "nothing, and hangs up")' "$1" "$2"
}

# survives COMMAND...: a long query is running while the command takes something away; the answer must be right.
survives() {
  local started query answer; started=$(now)
  in_jupyter <<'PY' >"$work/answer" 2>&1 &
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
rows = spark.range(0, 20_000_000_000, 1, 200).selectExpr("sum(id % 7) s").collect()
assert rows[0][0] == 59_999_999_997, rows
print("answered", rows[0][0])
PY
  query=$!
  sleep 5
  "$@" || { kill "$query"; return 1; }
  wait "$query"; answer=$(grep -o 'answered.*' "$work/answer") || { tail -n 20 "$work/answer"; return 1; }
  echo "| $answer, $(since "$started") s after its start"
}

# comes_back pod/NAME | pod -l LABELS: the pods end within a second, as in a crash; then the table is asked for again until it is there.
comes_back() {
  local started; started=$(now)
  k delete "$@" --grace-period=1 || return 1
  eventually 240 same_rows >"$work/rows" 2>&1 || { tail -n 20 "$work/rows"; return 1; }
  echo "| the table is read again $(since "$started") s after the end of $*"
  k wait --for=condition=Ready "$@" --timeout=240s
}

# Damages a chart some hundred times; helm, the API server and Pod Security judge beside `sparkyard check`.
damaged_charts() {
  local line chart code; ns=sparkyard-damage-$RANDOM
  line=$("$sparkyard" list lines -o json | jq -r '.[] | select(.status == "latest") | .id')
  chart=$root/generated-charts/spark-${line//./-}
  make_namespace || return 1
  # Pods are not admitted without their ServiceAccounts.
  helm template demo "$chart" -n "$ns" | kubectl create --dry-run=client -o json -f - |
    jq 'select(.kind == "ServiceAccount")' | k apply -f - || return 1
  (cd "$root" && SPARKYARD_CLUSTER=$ns cargo test --quiet --package sparkyard-tests --test mutations) >"$work/damage" 2>&1; code=$?
  sed -n 's/^counted: /| /p' "$work/damage"
  ((code == 0)) || cat "$work/damage"
  kubectl delete namespace "$ns" --wait=false
  return $code
}
