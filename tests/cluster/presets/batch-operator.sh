# Jobs of kubeflow's operator, once and by the clock; of Apache's, and a standalone cluster, where that is the one that runs.
# Where none does, the API server is asked what it says to them.
# shellcheck source=../batch.sh
source "$here/batch.sh"
# shellcheck source=../operator.sh
source "$here/operator.sh"
kinds=(v1beta2/SparkApplication v1beta2/ScheduledSparkApplication)
jobs_brick=operator
# The words of this operator: how a run ended, and what keeps the job that is not looked at from running.
good=COMPLETED bad=FAILED quiet='report: {suspend: true}, '

prove() {
  step "an application completes with two executors" etl_completes
  step "its table lies on S3" bucket_has warehouse/demo.db/daily_sales/_SUCCESS
  step "its executors are gone, its driver is kept for its log" driver_is_kept
  step "the History Server lists it" is_in_history
  if [[ ${kinds[*]} == *Scheduled* ]]; then step "the schedule fires" schedule_fires; fi
  step "an application that must fail fails visibly" failure_shows
  step "another value of run makes it run again, and nothing else" runs_again
  step "the operator is lost in the midst of an application, which ends as if it were not" operator_is_lost
  prove_cluster
}

prove_cluster() { :; }

# The two operators call theirs the same.
apps() { echo "sparkapplications.$group"; }
app_of() { k get "$(apps)" -l "spark-operator-job=$1" -o json | jq '.items | sort_by(.metadata.creationTimestamp) | last // {}'; }
# state_of JOB: what the operator says of its last run; run_of JOB: which one that is; times_of JOB: when it ran.
state_of() { app_of "$1" | jq -r '.status.applicationState.state // "none"'; }
run_of() { app_of "$1" | jq -r '.status.submissionID // ""'; }
times_of() { app_of "$1" | jq -r '"| \(.metadata.name): \(.status.applicationState.state), submitted \(.status.lastSubmissionAttemptTime), ended \(.status.terminationTime)"'; }
has_stopped() { [[ $(state_of "$1") =~ ^(COMPLETED|FAILED|SUBMISSION_FAILED)$ ]]; }
is_state() { [[ $(state_of "$1") == "$2" ]]; }
driver_says() { k logs -l "spark-operator-job=$1,spark-role=driver" --all-containers --tail=-1; }

# ends JOB STATE SECONDS
ends() {
  eventually "$3" has_stopped "$1" || { echo "$1 has not ended: $(state_of "$1")"; k get "pods,$(apps)"; app_of "$1" | jq .status; driver_says "$1" | tail -n 40; return 1; }
  is_state "$1" "$2" || { app_of "$1" | jq .status; driver_says "$1" | tail -n 40; return 1; }
  times_of "$1"
}

etl_completes() {
  eventually 400 executors_run 2 || { k get pods; driver_says etl | tail -n 40; return 1; }
  ends etl $good 300 || return 1
  driver_says etl | grep '^etl: ' | sed 's/^/| /'
  driver_says etl | found '^etl: demo.daily_sales has [0-9]* rows from 1000000 orders' || return 1
  run_of etl >"$work/etl"
}

executors_run() { (($(k get pods -l spark-role=executor --field-selector=status.phase=Running -o name | wc -l) >= $1)); }

driver_is_kept() {
  eventually 60 executors_are_gone || { k get pods; return 1; }
  [[ $(k get pods -l spark-operator-job=etl,spark-role=driver -o jsonpath='{.items[*].status.phase}') == Succeeded ]] || { k get pods; return 1; }
}

# Both operators call the application as its resource.
is_in_history() { listed "$(app_of etl | jq -r .metadata.name)"; }

schedule_fires() {
  with_jobs "jobs: {report: {schedule: '$(soon) * * * *'}}" || return 1
  eventually 400 is_state report $good || { k get "scheduledsparkapplications,$(apps),pods"; driver_says report | tail -n 60; return 1; }
  driver_says report | grep '^etl: demo.report has [0-9]* rows from 200000 orders' | sed -n '1s/^/| /p' || return 1
  k get "$(apps)" -l spark-operator-job=report -o json | jq -r '"| made by the schedule: \([.items[].metadata.name] | join(" "))"'
  with_jobs 'jobs: {report: {suspend: true}}'
}

failure_shows() {
  with_jobs "{jobs: {${quiet}bad: {script: 'raise SystemExit(7)', executor: {instances: 1}}}}" || return 1
  ends bad $bad 240 || return 1
  local code
  code=$(k get pods -l spark-operator-job=bad,spark-role=driver -o json | jq '.items[0].status.containerStatuses[0].state.terminated.exitCode')
  echo "| its driver ended with $code"
  [[ $code == 7 ]]
}

runs_again() {
  [[ $(run_of etl) == "$(cat "$work/etl")" ]] || { echo "etl ran again although nothing about it changed"; return 1; }
  with_jobs "{jobs: {${quiet}etl: {run: '2'}}}" || return 1
  eventually 120 was_submitted_again || { app_of etl | jq .status; return 1; }
  ends etl $good 300
}

was_submitted_again() { local id; id=$(run_of etl); [[ -n $id && $id != "$(cat "$work/etl")" ]]; }

operator_is_lost() {
  local driver begun
  # etl as it last ran: two drivers beginning at once leave a small node no time for its DNS.
  with_jobs "jobs:${quiet:+
  ${quiet%, }}
  etl: {run: '2'}
  wait:
    executor: {instances: 1}
    script: |
      import os, time
      from pyspark.sql import SparkSession

      spark = SparkSession.builder.getOrCreate()
      print('wait: begun', spark.range(1000).count(), flush=True)
      while not os.path.exists('/tmp/go-on'):
          time.sleep(0.5)
      print('wait: went on', spark.range(1000).count(), flush=True)" || return 1
  eventually 300 waits || { k get pods; driver_says wait | tail -n 40; return 1; }
  driver=$(driver_of_wait); begun=$(now)
  kubectl delete pods -A -l "app.kubernetes.io/name=$operator,app.kubernetes.io/part-of!=$stack" --grace-period=1 || return 1
  k exec "$driver" -c spark-kubernetes-driver -- touch /tmp/go-on || return 1
  eventually 120 can_run || { kubectl get pods -A -l "app.kubernetes.io/name=$operator"; return 1; }
  echo "| another operator after $(since "$begun") s"
  ends wait $good 240 || return 1
  driver_says wait | grep '^wait: ' | sed 's/^/| /'
  driver_says wait | found '^wait: went on 1000' && [[ $(driver_of_wait) == "$driver" ]]
}

waits() { driver_says wait 2>/dev/null | found '^wait: begun 1000'; }
driver_of_wait() { k get pods -l spark-operator-job=wait,spark-role=driver -o name; }

# shellcheck source=../apache.sh
[[ ${SPARKYARD_OPERATOR:-} != apache ]] && can_run || source "$here/apache.sh"
