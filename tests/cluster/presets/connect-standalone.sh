# Notebooks, executors in the workers of a standalone cluster.
# shellcheck source=../standalone.sh
source "$here/standalone.sh"

prove() {
  prove_notebooks workers_run_it
  step "a worker that ends is replaced, and its work goes on" worker_ends
  step "a master that is killed remembers, and its applications go on" master_is_killed
  step "no pod may talk to the Kubernetes API" no_rights
}

master_says() {
  k exec "$stack-master-0" -c master -- python3 -c '
import json, urllib.request
state = json.load(urllib.request.urlopen("http://127.0.0.1:8080/json/"))
print(*[a["name"] for a in state["activeapps"]], "|", state["aliveworkers"], "|", state["coresused"])'
}

workers_run_it() {
  local said; said=$(master_says) || return 1
  echo "| the master says: applications | workers | cores in use: $said"
  [[ $said == "$stack-connect | 1 | "[1-9]* ]]
}

# The only worker is taken away by `kubectl delete`, as a node's drain does.
worker_ends() {
  survives k delete pod "$stack-worker-0" --wait=false &&
    k wait --for=condition=Ready "pod/$stack-worker-0" --timeout=240s
}

master_is_killed() {
  kill_master && same_rows
}
