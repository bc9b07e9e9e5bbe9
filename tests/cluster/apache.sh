# Apache's operator in the place of kubeflow's, where it runs and this line has it. Sourced by the preset batch-operator.

line_has_apache() { "$sparkyard" list lines -o json | jq -e --arg id "$line" 'any(.[]; .id == $id and (.lacks | has("apache") | not))' >/dev/null; }
apache_runs() { local operator=spark-kubernetes-operator group=spark.apache.org kinds=(v1/SparkApplication v1/SparkCluster); can_run; }

if line_has_apache && apache_runs; then
  operator=spark-kubernetes-operator group=spark.apache.org kinds=(v1/SparkApplication v1/SparkCluster)
  beside="Apache's operator"
  good=Succeeded bad=Failed quiet=
  # It knows no schedules.
  sizes() { echo 'spark-operator: {api: apache, jobs: {report: null}}'; }

  # Its states, in their order: the last says whether the operator is done, the one before it how the run ended.
  states_of() { app_of "$1" | jq -c '[(.status.stateTransitionHistory // {}) | to_entries | sort_by(.key | tonumber)[].value]'; }
  state_of() { states_of "$1" | jq -r '[.[].currentStateSummary | select(test("^(ResourceReleased|TerminatedWithoutReleaseResources)$") | not)] | last // "none"'; }
  has_stopped() { states_of "$1" | jq -e 'any(.[]; .currentStateSummary | test("^(ResourceReleased|TerminatedWithoutReleaseResources)$"))' >/dev/null; }
  # It never runs the same one again, so a run is a resource.
  run_of() { app_of "$1" | jq -r '.metadata | "\(.name // "") \(.uid // "")"'; }
  times_of() {
    local seconds='(map(.lastTransitionTime | sub("[.][0-9]+"; "") | fromdate)) as $t | map(.currentStateSummary) as $s | [range($t | length) | "\($s[.]) \($t[.] - $t[0]) s"] | join(", ")'
    echo "| $(app_of "$1" | jq -r .metadata.name): $(states_of "$1" | jq -r "$seconds")"
  }
  was_submitted_again() { local run; run=$(run_of etl); [[ ${run% *} && ${run% *} != "$(cut -d ' ' -f 1 "$work/etl")" ]] && only_one; }
  # The one before went with its upgrade.
  only_one() { [[ $(k get "$(apps)" -l spark-operator-job=etl -o name | wc -l) == 1 ]]; }

  # Standalone clusters are this operator's alone.
  # shellcheck source=cluster.sh
  source "$here/cluster.sh"
fi
