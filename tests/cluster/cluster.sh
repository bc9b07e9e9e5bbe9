# A SparkCluster of Apache's operator, beside the jobs of the preset batch-operator. Sourced by apache.sh.

prove_cluster() {
  step "a SparkCluster comes up" cluster_comes_up || return
  step "a job of spark-batch, a chart of its own, counts with two executors on its workers" cluster_counts 1
  step "the History Server lists it" listed "$stack-batch-count"
  step "a worker is lost and comes back" worker_comes_back
  step "the master is lost, and the workers come back to the next one" master_comes_back
  step "the same job counts again" cluster_counts 2
  step "the job's chart goes" helm uninstall "$stack-count" -n "$ns" --wait
}

# A small cluster beside the jobs. What the last upgrade said of jobs is said again: none of them runs anew.
with_cluster() {
  of_brick spark-operator >"$work/cluster.yaml" <<'YAML'
clusterDefaults:
  master: {heap: 256m, resources: {requests: {cpu: 50m, memory: 384Mi}}}
  worker: {initial: 2, cores: 1, memory: 1g, resources: {requests: {cpu: 100m, memory: 768Mi}, limits: {memory: 2Gi}}}
clusters: {main: {}}
YAML
  upgrade_one operator -f "$work/jobs.yaml" -f "$work/cluster.yaml"
}

# The chart finds the stack by its name, and is told the master.
with_count() {
  [[ -d $work/count ]] ||
    "$sparkyard" build --bricks seaweedfs,postgresql,hive-metastore,spark-batch --shape modular --spark "$line" --out "$work/count" >/dev/null || return 1
  cat >"$work/count.yaml" <<YAML
global:
  stack: $stack
  master: {url: "spark://$stack-cluster-main:7077"}
  credentials: {existingSecret: $(secret_name)}
  networkPolicy: {enabled: true}
backend: standalone
jobs:
  count:
    run: "$1"
    executor: {instances: 2, memory: 512m}
    driver: {memory: 512m}
    resources: {requests: {cpu: 100m, memory: 768Mi}}
    sparkConf: {spark.scheduler.minRegisteredResourcesRatio: "1.0", spark.scheduler.maxRegisteredResourcesWaitingTime: 90s}
    script: |
      import socket
      from pyspark.sql import SparkSession
      spark = SparkSession.builder.getOrCreate()
      spark.range(100_000_000).repartition(8).write.mode("overwrite").saveAsTable("counted")
      rows = spark.table("counted").count()
      hosts = sorted(set(spark.sparkContext.range(64, numSlices=64).map(lambda _: socket.gethostname()).collect()))
      assert rows == 100_000_000 and len(hosts) == 2, (rows, hosts)
      print("count:", rows, "rows, counted on", *hosts)
      spark.stop()
YAML
  local files=(-f "$work/count.yaml"); [[ -z ${SPARKYARD_VALUES:-} ]] || files=(-f "$SPARKYARD_VALUES" "${files[@]}")
  if $openshift; then files+=(-f "$work/count/spark-${line//./-}-batch/values-openshift.yaml"); fi
  helm upgrade --install "$stack-count" "$work/count/spark-${line//./-}-batch" -n "$ns" "${files[@]}" >/dev/null
}

cluster_name() { k get "sparkclusters.$group" -l spark-operator-cluster=main -o jsonpath='{.items[*].metadata.name}'; }

# The workers that its master counts, one line each; asked in the master's pod.
cluster_workers() {
  k exec "$(cluster_name)-master-0" -c master -- python3 -c '
import json, urllib.request
state = json.load(urllib.request.urlopen("http://127.0.0.1:8080/json/"))
print(*sorted(w["id"] for w in state["workers"] if w["state"] == "ALIVE"), sep="\n")' 2>/dev/null
}
cluster_has() { [[ $(cluster_workers | grep -c .) == "$1" ]]; }

cluster_comes_up() {
  local started; started=$(now)
  with_cluster || return 1
  eventually 180 cluster_has 2 || { k get pods,"sparkclusters.$group"; k get "sparkclusters.$group" -o json | jq '.items[].status'; k logs "$(cluster_name)-master-0" --tail=30; return 1; }
  echo "| $(cluster_name) has 2 workers $(since "$started") s after helm upgrade"
  k get "sparkclusters.$group" -o json | jq -e '.items[0].status.currentState.currentStateSummary == "RunningHealthy"' >/dev/null
}

# cluster_counts RUN
cluster_counts() {
  with_count "$1" || return 1
  # Helm has removed the Job of the run before.
  eventually 60 is_one_job || { k get jobs; return 1; }
  completes count 300 || return 1
  job_says count | grep '^count: ' | sed 's/^/| /'
  [[ $(job_says count | grep -oE 'main-[0-9a-f]{8}-worker-[0-9]' | sort -u | wc -l) == 2 ]] || { job_says count | tail -n 40; return 1; }
}
is_one_job() { [[ $(job_of count | wc -l) == 1 && $(k get pods -l spark-batch-job=count -o name | wc -l) == 1 ]]; }

# The pod ends without warning; its successor is another worker of the same name.
worker_comes_back() {
  local started before; started=$(now); before=$(cluster_workers)
  k delete pod "$(cluster_name)-worker-0" --grace-period=0 --force >/dev/null 2>&1
  eventually 180 another_two "$before" || { k get pods; cluster_workers; return 1; }
  echo "| two workers again, one of them new, $(since "$started") s after the loss"
}
another_two() { local is; is=$(cluster_workers) && [[ $(grep -c . <<<"$is") == 2 && $is != "$1" ]]; }

master_comes_back() {
  local started before; started=$(now); before=$(cluster_master)
  k delete pod "$(cluster_name)-master-0" --grace-period=0 --force >/dev/null 2>&1
  eventually 180 another_master "$before" || { k get pods; cluster_workers; return 1; }
  echo "| the next master has 2 workers $(since "$started") s after the loss"
}
cluster_master() { k get pod "$(cluster_name)-master-0" -o jsonpath='{.metadata.uid}'; }
# Ready first: until then the one before may still answer.
another_master() {
  local is; is=$(cluster_master) && [[ -n $is && $is != "$1" ]] &&
    k wait --for=condition=Ready "pod/$(cluster_name)-master-0" --timeout=1s >/dev/null 2>&1 && cluster_has 2
}
