# The smallest stack, on a node of 2 CPUs: it fits, and is there again after a stop and a start of the cluster.

# The sizes are the preset's own. An executor goes after 1 minute in place of 5, which nobody wants to wait for.
sizes() { echo 'spark-connect: {dynamicAllocation: {idleTimeout: 60s, shuffleTimeout: 60s}}'; }

prove() {
  prove_notebooks executors_are_pods
  step "it fits beside a control plane on 2 CPUs and 6 GiB" it_fits
  step "the executor goes when nobody asks" executor_goes
  step "and comes back with the next query" executor_comes_back
  step "every pod ends at once, as when the cluster stops and starts" all_pods_end
  step "tables and notebooks are still there" same_rows_and_notebook
}

# What the pods ask for, as the scheduler counts it, and what their processes hold. 2 CPUs and 6 GiB, less what others ask for
# there: kubeadm's control plane and CoreDNS 750m and 170Mi, the network and a second CoreDNS of kind 200m and 120Mi.
it_fits() {
  local cpu memory used=0 pod
  same_rows && executors_are_pods || return 1
  read -r cpu memory < <(k get pods -o json | jq -r '
    def cpu: if . == null then 0 elif endswith("m") then .[:-1] | tonumber else tonumber * 1000 end;
    def mib: if . == null then 0 elif endswith("Gi") then (.[:-2] | tonumber) * 1024 elif endswith("Mi") then .[:-2] | tonumber else tonumber / 1048576 end;
    # Init containers run before the others, and the pod asks for whichever is more.
    def asks(f): [([.spec.containers[].resources.requests | f] | add), (.spec.initContainers[]?.resources.requests | f)] | max;
    [.items[] | select(.status.phase == "Running")] | "\(map(asks(.cpu | cpu)) | add) \(map(asks(.memory | mib)) | add)"')
  for pod in $(k get pods --field-selector=status.phase=Running -o name); do
    used=$((used + $(k exec "$pod" -- sh -c 'cat /proc/[0-9]*/status' 2>/dev/null | awk '/^VmRSS/ { kib += $2 } END { printf "%d", kib / 1024 }')))
  done
  echo "| asked for, with an executor: ${cpu}m of CPU, $memory MiB; resident: $used MiB"
  ((cpu > 0 && cpu <= 1050 && memory <= 5120 && used > 1000 && used <= 5120))
}

executor_goes() {
  local started; started=$(now)
  k get pods -l spark-role=executor -o name | found . || { echo "there was none"; return 1; }
  eventually 180 executors_are_gone || { k get pods; return 1; }
  echo "| no executor pod is left, $(since "$started") s later"
}

executor_comes_back() { local started; started=$(now); same_rows && echo "| answered after $(since "$started") s" && executors_are_pods; }

all_pods_end() {
  jupyter_shell 'cp /tmp/run.ipynb "$HOME/mine.ipynb"' </dev/null || return 1
  k delete pods --all --grace-period=1 || return 1
  eventually 300 pods_are_ready || { k get pods; return 1; }
}
pods_are_ready() { k wait --for=condition=Ready pod -l 'app.kubernetes.io/component in (s3, postgresql, metastore, connect, history, jupyter)' --timeout=1s >/dev/null 2>&1; }

same_rows_and_notebook() {
  eventually 120 same_rows >"$work/rows" 2>&1 || { tail -n 20 "$work/rows"; return 1; }
  grep '^| ' "$work/rows" | tail -n 1
  k exec "$stack-jupyter-0" -c jupyter -- test -s /tmp/run.ipynb && { echo "a folder outlived its pod"; return 1; }
  jupyter_shell 'test -s "$HOME/mine.ipynb"' </dev/null
}
