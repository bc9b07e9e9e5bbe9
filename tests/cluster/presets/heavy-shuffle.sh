# Jobs that shuffle through Celeborn.
# shellcheck source=../batch.sh
source "$here/batch.sh"

prove() {
  step "Celeborn's worker is registered" worker_registers
  step "a job with joins completes" rollup_completes
  step "the History Server lists it" listed "$stack-batch-rollup"
  step "shuffled rows lie at the worker, and none at executors" shuffled_remotely || return
  step "every executor goes, and nothing is computed again" executors_go
  step "a worker that is lost costs a stage, not the job" worker_is_lost || return
  step "so does the master, at most" master_is_lost
}

# metric POD PORT NAME: the sum of a metric of Celeborn.
metric() {
  k exec "$1" -- bash -c "exec 3<>/dev/tcp/127.0.0.1/$2; printf 'GET /metrics/prometheus HTTP/1.0\r\n\r\n' >&3; cat <&3" 2>/dev/null |
    awk -v name="metrics_$3" 'index($1, name "{") == 1 { sum += $2 } END { printf "%.0f\n", sum }'
}
at_worker() { metric "$stack-rss-worker-0" 9096 "$1"; }

worker_registers() { eventually 300 has_worker || { k get pods; k logs "$stack-rss-worker-0" --tail=30; return 1; }; }
has_worker() { [[ $(metric "$stack-rss-master-0" 9098 WorkerCount_Value) == 1 ]]; }

rollup_completes() {
  completes rollup 500 || return 1
  job_says rollup | grep '^rollup: ' | sed 's/^/| /'
  job_says rollup | found '^rollup: 1000 regions, 5000000 orders' || return 1
  (($(at_worker WriteDataSuccessCount_Count) > 0)) || { echo "the worker has written nothing"; return 1; }
  echo "| pushes that the worker has written: $(at_worker WriteDataSuccessCount_Count)"
}

# A job that shuffles once and counts four times: it waits until it is told what has gone meanwhile.
shuffled_remotely() {
  with_jobs '
jobs:
  probe:
    executor: {requestCores: 200m}
    dynamicAllocation: {minExecutors: 0, idleTimeout: 20s}
    script: |
      import os, time
      from pyspark.sql import SparkSession

      sc = SparkSession.builder.getOrCreate().sparkContext
      mapped = sc.accumulator(0)

      def row(number):
          mapped.add(1)
          return number % 1000, os.urandom(50).hex()

      rows = sc.range(0, 400_000, numSlices=8).map(row).groupByKey(8)

      def count(when):
          while when != "at-once" and not os.path.exists("/tmp/" + when):
              time.sleep(0.5)
          total = rows.mapValues(len).values().sum()
          print(f"probe: {when}: {total} rows, {mapped.value} mapped", flush=True)

      for when in ("at-once", "executors-are-gone", "worker-is-lost", "master-is-lost"):
          count(when)' || return 1
  eventually 300 probe_says at-once || return 1
  eventually 30 holds_rows || { echo "the worker holds $(at_worker ActiveShuffleSize_Value) bytes"; return 1; }
  echo "| bytes of shuffled rows at the worker: $(at_worker ActiveShuffleSize_Value)"
  local pod files=0
  for pod in $(k get pods -l spark-role=executor --field-selector=status.phase=Running -o name); do
    files=$((files + $(k exec "$pod" -c spark-kubernetes-executor -- find /var/data/spark-local -name 'shuffle_*' | wc -l)))
    k exec "$pod" -c spark-kubernetes-executor -- sh -c 'du -sk /var/data/spark-local' | awk -v p="$pod" '{ print "| " p ": " $1 " KiB in its scratch" }'
  done
  echo "| files of shuffled rows at executors: $files"
  [[ -n $pod ]] && ((files == 0))
}

holds_rows() { (($(at_worker ActiveShuffleSize_Value) > 20000000)); }
probe_says() { job_says probe 2>/dev/null | found "^probe: $1: 400000 rows"; }
probe_tells() { job_says probe | grep "^probe: " | sed 's/^/| /'; }
driver() { k get pods -l spark-batch-job=probe,batch.kubernetes.io/job-name --field-selector=status.phase=Running -o name; }
# tell WHAT: what the job waits for has happened.
tell() { k exec "$(driver)" -c driver -- touch "/tmp/$1"; }

executors_go() {
  local start; start=$(now)
  eventually 120 executors_are_gone || { k get pods; return 1; }
  echo "| all gone after $(since "$start") s"
  tell executors-are-gone && eventually 200 probe_says executors-are-gone || { job_says probe | tail -n 40; return 1; }
  probe_tells
  job_says probe | found '^probe: executors-are-gone: 400000 rows, 400000 mapped'
}


worker_is_lost() {
  k delete pod "$stack-rss-worker-0" --grace-period=1 && eventually 120 has_worker_again || { k get pods; return 1; }
  tell worker-is-lost && eventually 300 probe_says worker-is-lost || { job_says probe | tail -n 60; return 1; }
  probe_tells
  job_says probe | found '^probe: worker-is-lost: 400000 rows, 800000 mapped'
}

# Its worker tells the new master what it holds within half a minute, and throws away what that one does not know.
master_is_lost() {
  k delete pod "$stack-rss-master-0" --grace-period=1 && sleep 40 && eventually 120 has_worker || { k get pods; return 1; }
  tell master-is-lost && completes probe 300 || { job_says probe | tail -n 60; return 1; }
  probe_tells
  job_says probe | found -E '^probe: master-is-lost: 400000 rows, (800000|1200000) mapped'
}

has_worker_again() { k wait --for=condition=Ready "pod/$stack-rss-worker-0" --timeout=1s >/dev/null 2>&1 && has_worker; }
