# A job that shuffles through Celeborn.
# shellcheck source=../batch.sh
source "$here/batch.sh"

prove() {
  step "Celeborn's worker is registered" worker_registers
  step "a job that shuffles completes" rollup_completes
  step "its rows went through the worker, none through the executors" shuffled_remotely
  step "executors without work go, though they have shuffled" executors_go
  step "the History Server lists it" listed "$stack-batch-rollup"
  step "a worker that is lost in the midst of a job costs a stage, not the job" survives_lost_worker
}

# metric POD PORT NAME: the sum of a metric of Celeborn, 0 if it has none.
metric() {
  k exec "$1" -- bash -c "exec 3<>/dev/tcp/127.0.0.1/$2; printf 'GET /metrics/prometheus HTTP/1.0\r\n\r\n' >&3; cat <&3" |
    awk -v name="metrics_$3" 'index($1, name "{") == 1 { sum += $2 } END { printf "%.0f\n", sum }'
}

worker_registers() { eventually 300 has_worker || { k get pods; k logs "$stack-rss-worker-0" --tail=30; return 1; }; }
has_worker() { [[ $(metric "$stack-rss-master-0" 9098 WorkerCount_Value 2>/dev/null) == 1 ]]; }
