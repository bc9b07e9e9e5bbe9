# The commands of docs/operate.md, run as they are written: install, upgrade, back up, lose everything, restore. Sourced by run.
#
# The page's namespace is `spark`; it must not be there yet. What the page leaves to the reader is given: a file of values
# (SPARKYARD_VALUES), the keys for `aws`, and patience.

# block HEADING NUMBER: the commands of one block under a heading.
block() {
  awk -v heading="## $1" -v number="$2" '
    /^## / && !fenced { here = ($0 == heading); seen = 0 }
    /^```/            { fenced = !fenced; inside = fenced && here && ++seen == number; next }
    inside            { print; found = 1 }
    END               { exit !found }' "$root/docs/operate.md"
}

# read_out HEADING NUMBER: does what a block says, line by line, as somebody who pastes would.
read_out() {
  local line
  block "$1" "$2" >"$work/block" || { echo "docs/operate.md has no block $2 under '$1'"; return 1; }
  while IFS= read -r line <&3; do
    echo "$ $line"
    # A port-forward listens a moment later.
    if [[ $line == *" &" ]]; then
      (cd "$page" && PATH=$page/bin:$PATH exec ${line% &}) >"$page/background" 2>&1 &
      background+=($!); sleep 4
    else
      (cd "$page" && PATH=$page/bin:$PATH bash -c "$line") || { echo "exit code $? of: $line"; return 1; }
    fi
  done 3<"$work/block"
}

pages() {
  need aws "pip install awscli"
  line=$("$sparkyard" list lines -o json | jq -r '.[] | select(.status == "latest") | .id')
  ns=spark stack=quickstart preset=quickstart shape=umbrella page=$work/page background=()
  ! kubectl get namespace "$ns" >/dev/null 2>&1 || { echo "the namespace $ns is there: the page's commands would meet somebody's stack" >&2; exit 2; }
  mkdir -p "$page/bin"
  ln -s "$(realpath "$sparkyard")" "$page/bin/sparkyard"
  cp "${SPARKYARD_VALUES:-/dev/null}" "$page/my-values.yaml"
  # The page's first install has no file of values; here it must find mirrors.
  printf '#!/bin/sh\ncase "$*" in\n  "install "*my-values*) exec %s "$@" ;;\n  "install "*) exec %s "$@" -f my-values.yaml ;;\nesac\nexec %s "$@"\n' \
    "$(command -v helm)" "$(command -v helm)" "$(command -v helm)" >"$page/bin/helm"
  chmod +x "$page/bin/helm"
  step "the packages of the page" made_packages || return
  step "Install and look" page_installs || return
  step "a table is made" page_table || return
  step "Upgrade: the check, the upgrade, the rollback" page_upgrades
  step "Back up: database and bucket" page_backs_up || return
  step "everything is lost: the namespace with its volumes" page_loses || return
  step "Restore, into an empty namespace" page_restores || return
  step "the table is as it was" page_reads
  step "Watch: disks" page_watches
  step "Remove" read_out Remove 1
  kubectl delete namespace "$ns" --wait=false >/dev/null
}

# The page upgrades to the version after this one, which nobody has made yet: the same charts under its number.
made_packages() {
  (cd "$page" && bin/sparkyard build --preset quickstart --spark "$line" --out generated-charts --package=dist &&
    helm package "generated-charts/spark-${line//./-}" --version 0.2.0 --destination dist)
}

page_installs() {
  restricted_namespace || return 1
  block "Install and look" 1 | sed -n 1p | found '^helm install ' || { echo "the first command of the page is another one"; return 1; }
  block "Install and look" 1 >"$work/all"
  # Between its first command and its second the reader waits.
  local command
  command=$(sed -n 1p "$work/all"); (cd "$page" && PATH=$page/bin:$PATH bash -c "$command") || return 1
  all_ready || return 1
  while IFS= read -r command <&3; do
    (cd "$page" && PATH=$page/bin:$PATH bash -c "$command") || return 1
  done 3< <(sed 1d "$work/all")
}

page_table() {
  in_jupyter <<'PY'
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.range(1000).selectExpr("id", "id * id AS square").write.saveAsTable("kept")
print("| rows:", spark.table("kept").count())
PY
}

page_upgrades() { read_out Upgrade 1 && read_out Upgrade 2 && all_ready; }

page_backs_up() {
  keys_for_aws && read_out "Back up" 1 && read_out "Back up" 2 && stop_background || return 1
  find "$page/spark-bucket" -name '*.parquet' | found /kept/ || { echo "the backup of the bucket lacks the table"; find "$page/spark-bucket" | head -n 40; return 1; }
  echo "| the backup: $(du -sk "$page/spark-bucket" | cut -f1) KB of the bucket, $(wc -c <"$page/metastore.dump") bytes of the database"
}

# The restored Secret has the same keys, so they are read once. Steps run in shells of their own.
keys_for_aws() {
  [[ -f $page/keys ]] || read_keys >"$page/keys" || return 1
  # shellcheck source=/dev/null
  source "$page/keys"
}

read_keys() {
  key() { k get secret quickstart-credentials -o jsonpath="{.data.$1}" | base64 -d; }
  printf 'export AWS_ACCESS_KEY_ID=%q AWS_SECRET_ACCESS_KEY=%q AWS_DEFAULT_REGION=us-east-1\n' "$(key s3-access-key)" "$(key s3-secret-key)"
}

stop_background() { kill "${background[@]}" 2>/dev/null; wait "${background[@]}" 2>/dev/null; background=(); }

page_loses() { kubectl delete namespace "$ns" --timeout=180s && [[ -z $(kubectl get pv -o json | jq -r --arg ns "$ns" '.items[] | select(.spec.claimRef.namespace == $ns) | .metadata.name') ]]; }

page_restores() {
  restricted_namespace &&
    keys_for_aws && read_out Restore 1 && stop_background && all_ready
}

page_reads() {
  k wait --for=condition=Ready pod -l app.kubernetes.io/component=connect --timeout=300s >/dev/null || return 1
  in_jupyter <<'PY'
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
rows, total = spark.table("kept").selectExpr("count(*)", "sum(square)").first()
assert (rows, total) == (1000, sum(i * i for i in range(1000))), (rows, total)
print("| rows:", rows)
PY
}

page_watches() {
  local command
  command=$(grep -oE 'kubectl -n spark exec [^`]*df -h /data' "$root/docs/operate.md") && bash -c "$command"
}
