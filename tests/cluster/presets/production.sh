# Notebooks and jobs on an S3 store and a database outside, encrypted, with one Secret of the user's. Needs --store external.
own_secret() { echo outside; }
is_secured() { :; }

# The preset asks for more than a cluster of one node has.
sizes() {
  cat <<'YAML'
spark-connect: &small
  driver: {memory: 1g}
  executor: {cores: 1, memory: 1g, memoryOverhead: 400m, requestCores: 200m}
  dynamicAllocation: {maxExecutors: 2}
  resources: {requests: {cpu: 200m, memory: 1280Mi}, limits: {memory: 2Gi}}
spark-batch:
  defaults: *small
hive-metastore: {resources: {requests: {cpu: 100m, memory: 768Mi}}}
jupyter: {resources: {requests: {cpu: 100m, memory: 512Mi}}}
YAML
}

prove() {
  prove_notebooks executors_are_pods
  step "what executors send and keep is encrypted, and their secret stands in no file" encrypted
  step "who has not the secret is not let in" stranger_is_refused 127.0.0.1 7078
  step "the scheduled job runs when it is asked to" job_runs
}

# Asked of the running application, of the pods, and of everything that is not a Secret.
encrypted() {
  in_jupyter <<'PY' || return 1
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.range(0, 100_000, 1, 4).repartition(8).count()
PY
  k exec "deploy/$stack-connect" -c connect -- python3 -c '
import json, urllib.request
def get(path): return json.load(urllib.request.urlopen("http://127.0.0.1:4040/api/v1/applications" + path))
settings = dict(get("/" + get("")[0]["id"] + "/environment")["sparkProperties"])
for key in "spark.authenticate", "spark.network.crypto.enabled", "spark.io.encryption.enabled":
    assert settings[key] == "true", (key, settings.get(key))
assert "spark.authenticate.secret" not in settings
print("| encrypted:", *sorted(k for k in settings if "crypt" in k or "auth" in k))' || return 1
  k get pods -l spark-role=executor -o json | jq -re '
    [.items[].spec.containers[].env[] | select(.name == "_SPARK_AUTH_SECRET") | .value] | unique | .[0] // error("no secret")' >"$work/secret" || return 1
  ! k get configmaps -o yaml | found -F "$(cat "$work/secret")" || { echo "the secret stands in a ConfigMap"; return 1; }
}

job_runs() {
  k create job asked --from="cronjob/$stack-batch-report" || return 1
  k wait --for=condition=Complete job/asked --timeout=400s || { k describe job/asked | tail -n 15; k logs job/asked --all-containers --tail=40; return 1; }
  k logs job/asked -c driver | grep '^etl: demo.report has [0-9]* rows from 200000 orders' | sed 's/^/| /' || return 1
  k delete job asked
}
