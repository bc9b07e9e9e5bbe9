# A team's Spark Connect, the number of its executors by the work.

# The preset is made for three nodes of 4 CPU and 16 GiB. Here it fits on one of 2 CPUs, and does not let the test wait for minutes.
sizes() {
  cat <<'YAML'
spark-connect:
  driver: {memory: 1g}
  executor: {cores: 1, memory: 512m, memoryOverhead: 384m, requestCores: 150m}
  dynamicAllocation: {idleTimeout: 15s, shuffleTimeout: 30s}
  resources: {requests: {cpu: 300m, memory: 1280Mi}, limits: {memory: 1792Mi}}
hive-metastore: {heap: 512m, resources: {requests: {cpu: 100m, memory: 512Mi}}}
spark-history: {heap: 512m, resources: {requests: {cpu: 50m, memory: 512Mi}}}
seaweedfs: {resources: {requests: {cpu: 100m, memory: 384Mi}}}
postgresql: {resources: {requests: {cpu: 50m, memory: 192Mi}}}
jupyter: {resources: {requests: {cpu: 100m, memory: 512Mi}}}
YAML
}

prove() {
  step "the first query is answered from the notebook server" first_answer || return
  step "the welcome notebook runs" notebook
  step "executors run: executors_are_pods" executors_are_pods
  step "one executor stays when there is nothing to do" executors_become 1
  step "much work: more executors, four at most" executors_come
  step "they go again when they have none" executors_become 1
  step "and come back with the next work" executors_come
  step "executors are killed in the middle of a query" survives k delete pod -l spark-role=executor --grace-period=0 --force
  step "the table lies on S3" table_on_s3 &&
    step "Spark Connect restarts" restart_connect &&
    step "the metastore still has the table" same_rows
  step "the History Server lists the run" history_lists
}

executors() { k get pods -l spark-role=executor -o json | jq '[.items[] | select(.status.phase == "Running" and .metadata.deletionTimestamp == null)] | length'; }
executors_are() { (($(executors) == $1)); }

# executors_become NUMBER: none is left over or being made, and it stays so.
executors_become() {
  local started; started=$(now)
  eventually 180 executors_are "$1" && sleep 5 && executors_are "$1" || { k get pods -l spark-role=executor; return 1; }
  echo "| executor pods: $1, $(since "$started") s after the work ended"
}

# A query with enough tasks for all; the most pods that are seen meanwhile.
executors_come() {
  local before most=0 query; before=$(executors)
  in_jupyter <<'PY' >"$work/much" 2>&1 &
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
total = spark.range(0, 12_000_000_000, 1, 64).selectExpr("sum(id % 7) s").collect()[0][0]
assert total == 12_000_000_000 // 7 * 21 + 1, total
PY
  query=$!
  while kill -0 "$query" 2>/dev/null; do
    local seen; seen=$(executors)
    ((seen > most)) && most=$seen
    sleep 1
  done
  wait "$query" || { tail -n 20 "$work/much"; return 1; }
  echo "| executor pods: $before before, $most at work"
  ((most > before && most >= 3 && most <= 4)) || { k get pods; k get events | grep -v Normal | tail -n 5; return 1; }
}
