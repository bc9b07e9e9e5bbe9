# Jobs of kubeflow's operator, once and by the clock. Where no operator runs, the API server is asked what it says to them.
# shellcheck source=../batch.sh
source "$here/batch.sh"
# shellcheck source=../operator.sh
source "$here/operator.sh"
kinds=(v1beta2/SparkApplication v1beta2/ScheduledSparkApplication)
jobs_brick=operator
# Apache's are called the same.
apps=sparkapplications.sparkoperator.k8s.io

prove() {
  step "an application completes with two executors" etl_completes
  step "its table lies on S3" bucket_has warehouse/demo.db/daily_sales/_SUCCESS
  step "the History Server lists it" listed "$stack-app-etl"
  step "the schedule fires" schedule_fires
  step "an application that must fail fails visibly" failure_shows
  step "another value of run makes it run again, and nothing else" runs_again
}

# state_of JOB: what the operator says of its last run.
state_of() { app_of "$1" | jq -r '.status.applicationState.state // "none"'; }
app_of() { k get "$apps" -l "spark-operator-job=$1" -o json | jq '.items | sort_by(.metadata.creationTimestamp) | last // {}'; }
driver_says() { k logs -l "spark-operator-job=$1,spark-role=driver" --all-containers --tail=-1; }
is_state() { [[ $(state_of "$1") == "$2" ]]; }
has_stopped() { [[ $(state_of "$1") =~ ^(COMPLETED|FAILED|SUBMISSION_FAILED)$ ]]; }

# ends JOB STATE SECONDS
ends() {
  eventually "$3" has_stopped "$1" || { echo "$1 has not ended: $(state_of "$1")"; k get pods,$apps; driver_says "$1" | tail -n 40; return 1; }
  is_state "$1" "$2" || { app_of "$1" | jq .status; driver_says "$1" | tail -n 40; return 1; }
  app_of "$1" | jq -r '"| \(.metadata.name): \(.status.applicationState.state), submitted \(.status.lastSubmissionAttemptTime), ended \(.status.terminationTime)"'
}

etl_completes() {
  eventually 400 executors_run 2 || { k get pods; driver_says etl | tail -n 40; return 1; }
  ends etl COMPLETED 300 || return 1
  driver_says etl | grep '^etl: ' | sed 's/^/| /'
  driver_says etl | found '^etl: demo.daily_sales has [0-9]* rows from 1000000 orders' || return 1
  app_of etl | jq -r .status.submissionID >"$work/etl"
}

executors_run() { (($(k get pods -l spark-role=executor --field-selector=status.phase=Running -o name | wc -l) >= $1)); }

schedule_fires() {
  with_jobs 'jobs: {report: {schedule: "* * * * *"}}' || return 1
  eventually 400 is_state report COMPLETED || { k get scheduledsparkapplications,$apps,pods; driver_says report | tail -n 60; return 1; }
  driver_says report | grep '^etl: demo.report has [0-9]* rows from 200000 orders' | sed -n '1s/^/| /p' || return 1
  k get "$apps" -l spark-operator-job=report -o json | jq -r '"| made by the schedule: \([.items[].metadata.name] | join(" "))"'
  with_jobs 'jobs: {report: {suspend: true}}'
}

failure_shows() {
  with_jobs '
jobs:
  report: {suspend: true}
  bad: {script: "raise SystemExit(7)", executor: {instances: 1}}' || return 1
  ends bad FAILED 240 || return 1
  local code
  code=$(k get pods -l spark-operator-job=bad,spark-role=driver -o json | jq '.items[0].status.containerStatuses[0].state.terminated.exitCode')
  echo "| its driver ended with $code"
  [[ $code == 7 ]]
}

runs_again() {
  [[ $(app_of etl | jq -r .status.submissionID) == $(cat "$work/etl") ]] || { echo "etl ran again although nothing about it changed"; return 1; }
  with_jobs '{jobs: {report: {suspend: true}, etl: {run: "2"}}}' || return 1
  eventually 120 was_submitted_again || { app_of etl | jq .status; return 1; }
  ends etl COMPLETED 300
}

was_submitted_again() { local id; id=$(app_of etl | jq -r '.status.submissionID // ""'); [[ -n $id && $id != $(cat "$work/etl") ]]; }
