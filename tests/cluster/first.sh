# The first five minutes, timed: from a fresh clone, by README's own commands, to the notebook's first answer. Sourced by run.

# What pulls are reckoned with: 50 Mbit/s, in bytes a second.
bandwidth=$((50 * 1000 * 1000 / 8))

first_minutes() {
  ns=sparkyard-first-$RANDOM stack=quickstart preset=quickstart openshift=false secured=false
  clone=$work/clone mirrors=()
  [[ -z ${SPARKYARD_VALUES:-} ]] || mirrors=(-f "$SPARKYARD_VALUES")
  export XDG_STATE_HOME=$work/state
  step "a fresh clone" fresh_clone || return
  step "README: cargo build --release" built || return
  installed=$(now) begun="'sparkyard up'"
  step "README: cargo run --release -- up quickstart" comes_up || return
  step "the first query is answered from the notebook server" first_answer
  step "what pulling the images takes, reckoned" pulls
  step "README: down takes it away" goes_down
  step "pushed into a registry, helm installs it from there" from_a_registry
  step "local up: minikube and Docker as tests/fakes has them, the cluster, kubectl and helm real" local_up
  kubectl delete namespace "$ns" --wait=false >/dev/null
}

# The commit, not what lies in the folder.
fresh_clone() { git clone --quiet --no-hardlinks "$root" "$clone" && git -C "$clone" log -1 --format='| %h %s'; }

built() { (cd "$clone" && cargo build --release --quiet) && echo "| the build: $(du -sm "$clone/target" | cut -f1) MB"; }

comes_up() {
  (cd "$clone" && cargo run --release --quiet -- up quickstart --yes -n "$ns" "${mirrors[@]}") 2>&1
}

# A node says how large the images are that it keeps: as they came over the wire, or unpacked if they never did.
pulls() {
  local images bytes seconds
  images=$(k get pods -o json | jq -c '[.items[].spec | .containers[], .initContainers[]? | .image] | unique')
  bytes=$(kubectl get nodes -o json | jq --argjson wanted "$images" '
    [.items[0].status.images[] | select(any(.names[]; . as $name | $wanted | any(. == $name or $name == "docker.io/\(.)"))) | .sizeBytes] as $found
    | if ($found | length) == ($wanted | length) then $found | add else error("the node does not know all of \($wanted)") end') || return 1
  seconds=$((bytes / bandwidth))
  jq -r '.[] | "| image \(.)"' <<<"$images"
  echo "| together $((bytes / 1000000)) MB as the node keeps them: $seconds s at 50 Mbit/s"
}

goes_down() {
  (cd "$clone" && cargo run --release --quiet -- down --yes -n "$ns") 2>&1
}

# What minikube would have made is the cluster that is here, under the context that minikube would have written.
local_up() {
  local fake=$work/fake program
  mkdir -p "$fake/bin"
  for program in minikube docker; do ln -s "$root/tests/fakes/$program" "$fake/bin/"; done
  echo 4 >"$fake/docker.cpus"; echo $((16 << 30)) >"$fake/docker.memory"
  "$sparkyard" images minikube -o json | jq -r '.images[].image' >"$fake/docker.images"
  kubectl config view --raw --minify --flatten >"$fake/kubeconfig" &&
    kubectl --kubeconfig "$fake/kubeconfig" config rename-context "$(kubectl config current-context)" sparkyard >/dev/null || return 1
  ns=$ns-local
  local started; started=$(now)
  FAKE=$fake KUBECONFIG=$fake/kubeconfig PATH=$fake/bin:$PATH "$sparkyard" local up minikube --yes -n "$ns" "${mirrors[@]}" 2>&1 || return 1
  echo "| healthy after $(since "$started") s"
  grep -E '^minikube (start|image load)' "$fake/log" | sed 's/^/| /'
  [[ $(grep -c '^minikube image load' "$fake/log") == "$(wc -l <"$fake/docker.images")" ]] || { cat "$fake/log"; return 1; }
  FAKE=$fake KUBECONFIG=$fake/kubeconfig PATH=$fake/bin:$PATH "$sparkyard" local down minikube --yes 2>&1 || return 1
  grep '^minikube delete' "$fake/log" | sed 's/^/| /'
  kubectl delete namespace "$ns" --wait=false
}

# A registry on this machine; helm is told the chart's address there, and no file.
from_a_registry() {
  local at=127.0.0.1:$((20000 + RANDOM % 10000)) folder=$work/registry registry code
  ns=$ns-oci
  mkdir -p "$folder"
  printf '%s\n' 'version: 0.1' "storage: {filesystem: {rootdirectory: $folder/data}}" "http: {addr: $at}" >"$folder/config.yml"
  docker-registry serve "$folder/config.yml" >"$folder/log" 2>&1 & registry=$!
  eventually 20 curl -fsS -o "$folder/answer" "http://$at/v2/" && installed_from "oci://$at/charts"; code=$?
  kill "$registry"
  ((code == 0)) || { k get pods; tail -n 5 "$folder/log"; }
  kubectl delete namespace "$ns" --wait=false
  return $code
}

# installed_from ADDRESS: the preset's chart is pushed there, pulled by helm with the same digest, and installed.
installed_from() {
  local chart version digest started
  "$sparkyard" push --preset quickstart "$1" --plain-http -o json >"$work/registry/pushed" || return 1
  read -r chart version digest < <(jq -r '.charts[0] | "\(.chart) \(.version) \(.digest)"' "$work/registry/pushed")
  helm pull "$1/$chart" --version "$version" --plain-http -d "$work/registry" 2>&1 | found -F "$digest" || { cat "$work/registry/pushed"; return 1; }
  restricted_namespace || return 1
  started=$(now)
  helm install quickstart "$1/$chart" --version "$version" --plain-http -n "$ns" "${mirrors[@]}" --wait --timeout 6m >"$work/registry/notes" || return 1
  echo "| $chart $version, $digest: every pod is ready $(since "$started") s after helm install"
  helm uninstall quickstart -n "$ns" --wait
}
