# Steps of the presets with batch jobs. Sourced by them.

# The brick, spark-*, that has the jobs.
jobs_brick=batch

# of_brick BRICK: values of a brick, given on stdin, as its chart or the umbrella wants them.
of_brick() { if [[ $shape == umbrella ]]; then sed "s/^/  /; 1i $1:"; else cat; fi; }

# with_jobs YAML: a values file, $work/jobs.yaml, with these values of the brick.
with_jobs() {
  of_brick "spark-$jobs_brick" <<<"$1" >"$work/jobs.yaml"
  upgrade_one "$jobs_brick" -f "$work/jobs.yaml"
}

# The Job of a job that runs once.
job_of() { k get jobs -l "spark-batch-job=$1" -o name; }

# job_says JOB: its driver's log.
job_says() { k logs -l "spark-batch-job=$1,spark-role!=executor" --all-containers --tail=-1; }

# completes JOB SECONDS
completes() {
  eventually "$2" has_ended "$1" || { echo "$1 has not ended"; k get pods; job_says "$1" | tail -n 40; return 1; }
  k get "$(job_of "$1")" -o json | jq -e 'any(.status.conditions[]; .type == "Complete" and .status == "True")' >/dev/null ||
    { k describe "$(job_of "$1")" | tail -n 15; job_says "$1" | tail -n 40; return 1; }
}

has_ended() { k get jobs -l "spark-batch-job=$1" -o json | jq -e '.items | length > 0 and all(any(.status.conditions[]?; .type == "Complete" or .type == "Failed"))' >/dev/null; }

# The scheduled example has run to its end.
has_reported() {
  local job
  job=$(k get jobs -l spark-batch-job=report -o json |
    jq -r 'first(.items[] | select(any(.status.conditions[]?; .type == "Complete"))) | .metadata.name') && [[ -n $job ]] || return 1
  job_says report | found '^etl: demo.report has [0-9]* rows from 200000 orders' || return 1
  echo "| made by the CronJob: $job"
}

# bucket_has KEY: an object of the bucket is there, read past Spark with the S3 keys alone.
bucket_has() {
  k exec -i "deploy/$stack-history" -c history -- env PYTHONPATH=/etc/sparkyard python3 - <<PY
import os, prepare
environment = dict(os.environ, S3_ENDPOINT="$(s3_endpoint)", S3_BUCKET="spark")
status, _ = prepare.S3(environment).call("HEAD", "$1")
assert status == 200, (status, "$1")
print("| s3a://spark/$1 is there")
PY
}

# listed NAME: the History Server lists an application of this name as ended.
listed() { eventually 90 is_listed "$1" || { k logs "deploy/$stack-history" --tail=30; return 1; }; }

is_listed() {
  k exec "deploy/$stack-history" -c history -- python3 -c '
import json, sys, urllib.request
applications = json.load(urllib.request.urlopen("http://127.0.0.1:18080/api/v1/applications?status=completed"))
found = [a["id"] for a in applications if a["name"] == sys.argv[1]]
print("| listed as ended:", sys.argv[1], *found)
sys.exit(not found)' "$1" 2>/dev/null
}

# The minute of the hour that comes next, or the one after it when there is no time for an upgrade before: a job that fires
# every minute runs again beside the steps that follow.
soon() { date -u -d "+$(($(date +%-S) > 40 ? 2 : 1)) minute" +%-M; }

# schedule_fires [COMMAND]: the example runs by the clock, COMMAND holds while it is there, and the History Server has it.
schedule_fires() {
  with_jobs "jobs: {report: {schedule: '$(soon) * * * *'}}" || return 1
  eventually 400 has_reported || { k get jobs,pods; job_says report | tail -n 60; return 1; }
  "${1:-true}" || return 1
  with_jobs 'jobs: {report: {suspend: true}}' || return 1
  listed "$stack-batch-report"
}
