# Notebooks, executors in the workers of a standalone cluster.
prove() {
  prove_notebooks workers_run_it
  step "a worker that ends is replaced, and its work goes on" worker_ends
  step "a master that is killed remembers, and its applications go on" master_is_killed
  step "no pod may talk to the Kubernetes API" no_tokens
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
  local before started; before=$(application) && [[ -n $before ]] || { echo "no application"; return 1; }
  started=$(now)
  k exec "$stack-master-0" -c master -- bash -c 'kill -9 1' || true
  k delete pod "$stack-master-0" --grace-period=0 --force >/dev/null 2>&1
  eventually 120 master_has "$before" || { echo "the master forgot $before: $(application)"; return 1; }
  echo "| $before is known again $(since "$started") s after the kill"
  same_rows
}

application() {
  k exec "$stack-master-0" -c master -- python3 -c '
import json, urllib.request
print(*[a["id"] for a in json.load(urllib.request.urlopen("http://127.0.0.1:8080/json/"))["activeapps"]])' 2>/dev/null
}

master_has() { [[ $(application) == *"$1"* ]]; }

no_tokens() {
  k get pods -o json | jq -e '[.items[] | select(any(.spec.volumes[]?; .projected.sources[]?.serviceAccountToken)) | .metadata.name] | if . == [] then true else error("with a token: \(.)") end' >/dev/null
}
