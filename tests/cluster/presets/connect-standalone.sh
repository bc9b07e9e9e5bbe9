# Notebooks, executors in the workers of a standalone cluster.
# shellcheck source=../standalone.sh
source "$here/standalone.sh"

prove() {
  prove_notebooks workers_run_it
  step "a worker that ends is replaced, and its work goes on" worker_ends
  step "a master that is killed remembers, and its applications go on" master_is_killed
  step "helm upgrade with global.encryption=all: one secret for the whole cluster" encrypted_cluster &&
    step "who has not the secret is not let in by the master" stranger_is_refused "$stack-master" 7077 &&
    step "nor by the driver" stranger_is_refused 127.0.0.1 7078
  step "no pod may talk to the Kubernetes API" no_rights
}

master_says() {
  k exec "$stack-master-0" -c master -- python3 -c '
import json, urllib.request
state = json.load(urllib.request.urlopen("http://127.0.0.1:8080/json/"))
print(*[a["name"] for a in state["activeapps"]], "|", state["aliveworkers"], "|", state["coresused"])'
}

workers_run_it() {
  local said; said=$(master_says) || return 1
  echo "| the master says: applications | workers | cores in use: $said"
  [[ $said == "$stack-connect | 1 | "[1-9]* ]]
}

# The only worker is taken away by `kubectl delete`, as a node's drain does.
worker_ends() {
  survives k delete pod "$stack-worker-0" --wait=false &&
    k wait --for=condition=Ready "pod/$stack-worker-0" --timeout=240s
}

master_is_killed() {
  kill_master && same_rows
}

encrypted_cluster() {
  upgrade --set global.encryption=all || return 1
  local what; for what in statefulset/"$stack-master" statefulset/"$stack-worker" deployment/"$stack-connect"; do
    k rollout status "$what" --timeout=300s || return 1
  done
  eventually 120 same_rows || { k logs "deploy/$stack-connect" -c connect --tail=40; return 1; }
  in_jupyter <<'PY' || return 1
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
total = spark.range(0, 1_000_000, 1, 8).selectExpr("id % 100 k", "id").groupBy("k").sum("id").selectExpr("sum(`sum(id)`)").collect()[0][0]
assert total == 499_999_500_000, total
print("| a shuffle of a million rows:", total)
PY
  workers_run_it || return 1
  k exec "deploy/$stack-connect" -c connect -- python3 -c '
import json, urllib.request
def get(path): return json.load(urllib.request.urlopen("http://127.0.0.1:4040/api/v1/applications" + path))
settings = dict(get("/" + get("")[0]["id"] + "/environment")["sparkProperties"])
for key in "spark.authenticate", "spark.network.crypto.enabled", "spark.io.encryption.enabled":
    assert settings[key] == "true", (key, settings.get(key))
print("| the driver:", *sorted(f"{k}={v}" for k, v in settings.items() if "crypt" in k or "auth" in k))' || return 1
  local secret; secret=$(k get secret "$(secret_name)" -o jsonpath='{.data.master-secret}' | base64 -d)
  [[ -n $secret ]] || return 1
  ! k get configmaps,pods,statefulsets,deployments -o yaml | found -F "$secret" || { echo "the secret stands in an object"; return 1; }
}
