# Jobs that run once and by the clock.
# shellcheck source=../batch.sh
source "$here/batch.sh"

prove() {
  step "a job completes with two executors" etl_completes
  step "its table lies on S3" bucket_has warehouse/demo.db/daily_sales/_SUCCESS
  step "the History Server lists it" listed "$stack-batch-etl"
  step "the scheduled job fires, its driver in a pod of its own" schedule_fires drivers_are_pods
  step "jobs that must fail fail visibly, with the application's exit code" failures_show
  step "a job reads the table by its name, and no other job ran again" only_what_changed_runs
  step "another value of run makes it run again" runs_again
  step "programs, jars and Python files lie on S3, and executors have them too" all_from_s3
}

etl_completes() {
  eventually 400 executors_run 2 || { k get pods; job_says etl | tail -n 40; return 1; }
  completes etl 300 || return 1
  job_says etl | grep '^etl: ' | sed 's/^/| /'
  job_says etl | found '^etl: demo.daily_sales has [0-9]* rows from 1000000 orders' || return 1
  eventually 60 executors_are_gone || { k get pods; return 1; }
  job_of etl >"$work/etl"
}

executors_run() { (($(k get pods -l spark-role=executor --field-selector=status.phase=Running -o name | wc -l) >= $1)); }

# The driver has a pod of its own, which belongs to the pod that submitted it.
drivers_are_pods() {
  k get pods -l spark-batch-job=report,spark-role=driver -o json |
    jq -e '.items | length > 0 and all(.metadata.ownerReferences[0].kind == "Pod")' >/dev/null || { k get pods; return 1; }
}

failures_show() {
  with_jobs '
jobs:
  report: {suspend: true}
  bad: {script: "raise SystemExit(7)", executor: {instances: 1}}
  worse: {script: "raise SystemExit(9)", mode: cluster, executor: {instances: 1}}' || return 1
  fails bad driver 7 && fails worse submit 9
}

# fails JOB CONTAINER CODE
fails() {
  local code
  eventually 240 has_ended "$1" || { k get pods; job_says "$1" | tail -n 40; return 1; }
  k get "$(job_of "$1")" -o json | jq -e 'any(.status.conditions[]; .type == "Failed" and .status == "True")' >/dev/null ||
    { k describe "$(job_of "$1")"; return 1; }
  code=$(k get pods -l "spark-batch-job=$1,batch.kubernetes.io/job-name" -o json |
    jq --arg c "$2" '[.items[].status.containerStatuses[] | select(.name == $c) | .state.terminated.exitCode] | unique | .[]')
  job_says "$1" | grep "^submit: " | sed "s/^/| $1: /"
  echo "| $1: its Job has failed, the container ended with $code"
  [[ $code == "$3" ]] || { job_says "$1" | tail -n 40; return 1; }
}

only_what_changed_runs() {
  with_jobs '
jobs:
  report: {suspend: true}
  count:
    executor: {instances: 1}
    script: |
      from pyspark.sql import SparkSession
      row = SparkSession.builder.getOrCreate().sql("SELECT count(*) n, sum(orders) o FROM demo.daily_sales").first()
      print("count:", row.n, "rows,", row.o, "orders")' || return 1
  completes count 240 || return 1
  job_says count | grep '^count: ' | sed 's/^/| /'
  job_says count | found '^count: [0-9]* rows, 1000000 orders' || return 1
  [[ -z $(job_of bad) ]] || { echo "a job that left the values is still there"; return 1; }
  [[ $(job_of etl) == $(cat "$work/etl") ]] || { echo "etl ran again: $(cat "$work/etl"), $(job_of etl)"; return 1; }
}

runs_again() {
  with_jobs '{jobs: {report: {suspend: true}, etl: {run: "2"}}}' || return 1
  completes etl 300 || return 1
  echo "| first $(cat "$work/etl"), now $(job_of etl)"
  [[ $(job_of etl) != $(cat "$work/etl") ]]
}

# In mode client an init container fetches them, in mode cluster Spark does.
all_from_s3() {
  k exec -i "deploy/$stack-history" -c history -- env PYTHONPATH=/etc/sparkyard python3 - <<PY || return 1
import glob, io, os, prepare, zipfile
store = prepare.S3(dict(os.environ, S3_ENDPOINT="$(s3_endpoint)", S3_BUCKET="spark"))
module = io.BytesIO()
with zipfile.ZipFile(module, "w") as file:
    file.writestr("further/__init__.py", "def twice(number):\n    return 2 * number\n")
program = b"""
from pyspark.sql import SparkSession, functions as F

spark = SparkSession.builder.getOrCreate()
twice = F.udf(lambda number: __import__("further").twice(number), "long")
word = F.expr("reflect('org.postgresql.util.URLCoder', 'encode', concat('a b', id))")
for row in spark.range(0, 4, 1, 2).select(word, twice("id")).collect():
    print("main:", *row)
"""
for key, body in {
    "program/main.py": program,
    "program/further.zip": module.getvalue(),
    "program/further.jar": prepare.download("$(further_jar)"),
    "program/examples.jar": open(glob.glob("/opt/spark/examples/jars/spark-examples_*.jar")[0], "rb").read(),
}.items():
    store.demand(f"cannot write {key}", "PUT", key, body)
PY
  with_jobs '
defaults: {executor: {instances: 1}}
jobs:
  report: {suspend: true}
  main: {application: "s3a://spark/program/main.py", jars: ["s3a://spark/program/further.jar"], pyFiles: ["s3a://spark/program/further.zip"]}' || return 1
  completes main 240 && job_says main | found '^main: a+b3 6$' || return 1
  local class=org.apache.spark.examples.SparkPi application=s3a://spark/program/examples.jar
  with_jobs "
defaults: {executor: {instances: 1}}
jobs:
  report: {suspend: true}
  pi: {application: '$application', mainClass: $class}
  pi-in-cluster: {application: '$application', mainClass: $class, mode: cluster}" || return 1
  local job; for job in pi pi-in-cluster; do
    completes "$job" 300 && job_says "$job" | found '^Pi is roughly 3.1' || return 1
  done
  echo "| a program with a jar and a module, and a jar in both modes"
}
