# Jobs that run once and by the clock, executors in the workers of a standalone cluster.
# shellcheck source=../batch.sh
source "$here/batch.sh"
# shellcheck source=../standalone.sh
source "$here/standalone.sh"

# On a node of 2 CPUs nothing but what is set aside is smaller: workers offer the cores and the memory of the preset.
sizes() {
  cat <<'YAML'
spark-standalone: {worker: {resources: {requests: {cpu: 300m}}}}
spark-batch: {defaults: {resources: {requests: {cpu: 200m}}}}
YAML
}

prove() {
  step "a job completes" etl_completes
  step "its table lies on S3" bucket_has warehouse/demo.db/daily_sales/_SUCCESS
  step "the History Server lists it" listed "$stack-batch-etl"
  step "it had two executors, one on each worker" executors_were etl 2 "$stack-worker-0" "$stack-worker-1"
  step "the scheduled job fires" schedule_fires
  step "a worker is killed in the middle of a job, and the job completes" worker_is_killed
  step "the master is killed: the running job goes on, and the next is accepted" master_is_killed
  step "no pod may talk to the Kubernetes API, no ServiceAccount may create pods" no_rights
}

etl_completes() {
  completes etl 500 || return 1
  job_says etl | grep '^etl: ' | sed 's/^/| /'
  job_says etl | found '^etl: demo.daily_sales has [0-9]* rows from 1000000 orders'
}

# executors_were JOB NUMBER HOST...: what the History Server says of its executors, those that were lost included.
executors_were() {
  local said job=$1 number=$2; shift 2
  said=$(k exec "deploy/$stack-history" -c history -- python3 -c '
import json, sys, urllib.request
get = lambda path: json.load(urllib.request.urlopen("http://127.0.0.1:18080/api/v1/applications" + path))
run = next(a["id"] for a in get("?status=completed") if a["name"] == sys.argv[1])
print(*sorted(e["hostPort"].split(".")[0] for e in get(f"/{run}/allexecutors") if e["id"] != "driver"))' "$stack-batch-$job") || return 1
  echo "| executors of $job ran on: $said"
  (($(wc -w <<<"$said") >= number)) || return 1
  local host; for host in "$@"; do [[ $said == *"$host"* ]] || return 1; done
}

# Twenty rounds of some seconds, each with a shuffle; $1 makes it run anew.
long() {
  cat <<YAML
jobs:
  report: {suspend: true}
  long:
    run: "$1"
    script: |
      import time
      from pyspark.sql import SparkSession

      sc = SparkSession.builder.getOrCreate().sparkContext

      def slow(number):
          time.sleep(0.5)
          return number % 4, number

      for number in range(20):
          total = sc.range(0, 16, numSlices=8).map(slow).groupByKey(4).mapValues(sum).values().sum()
          assert total == 120, total
          print(f"long, run $1: round {number}", flush=True)
      print("long, run $1: done", flush=True)
YAML
}

# The pod of the run before may still be there, so each says which it is.
rounds() { job_says long 2>/dev/null | grep -c "^long, run $1: round"; }
has_rounds() { (($(rounds "$1") >= $2)); }
is_done() { job_says long | found "^long, run $1: done" || { job_says long | tail -n 40; return 1; }; }

# long_runs RUN: it is in the middle of its work.
long_runs() {
  with_jobs "$(long "$1")" || return 1
  eventually 300 has_rounds "$1" 3 || { k get pods; job_says long | tail -n 40; return 1; }
}

worker_is_killed() {
  long_runs 1 || return 1
  k delete pod "$stack-worker-0" --grace-period=0 --force || return 1
  echo "| killed after round $(rounds 1) of 20"
  ! has_rounds 1 20 || { echo "it had ended before"; return 1; }
  completes long 400 && is_done 1 || return 1
  listed "$stack-batch-long" || return 1
  # One was lost, and another took its place.
  executors_were long 3
}

master_is_killed() {
  k wait --for=condition=Ready "pod/$stack-worker-0" --timeout=240s >/dev/null || return 1
  local before; long_runs 2 || return 1
  kill_master || return 1
  before=$(rounds 2)
  ((before < 20)) || { echo "it had ended before"; return 1; }
  with_jobs "$(long 2)
  next:
    script: |
      from pyspark.sql import SparkSession
      print('next:', SparkSession.builder.getOrCreate().range(1000).selectExpr('sum(id)').first()[0])" || return 1
  completes next 300 && job_says next | found '^next: 499500' || { job_says next | tail -n 40; return 1; }
  completes long 300 && is_done 2 || return 1
  (($(k get pods -l spark-batch-job=long -o name | wc -l) == 1)) || { k get pods; return 1; }
  echo "| it had done $before rounds of 20 when the master was back, and did the rest in the same pod"
}
