# Steps of the presets with a standalone cluster. Sourced by them.

# The applications that the master knows.
application() {
  k exec "$stack-master-0" -c master -- python3 -c '
import json, urllib.request
print(*[a["id"] for a in json.load(urllib.request.urlopen("http://127.0.0.1:8080/json/"))["activeapps"]])' 2>/dev/null
}

master_has() { [[ $(application) == *"$1"* ]]; }

# The master ends without warning; the next one knows its applications by the volume.
kill_master() {
  local before started; before=$(application) && [[ -n $before ]] || { echo "no application"; return 1; }
  started=$(now)
  k exec "$stack-master-0" -c master -- bash -c 'kill -9 1' || true
  k delete pod "$stack-master-0" --grace-period=0 --force >/dev/null 2>&1
  eventually 120 master_has "$before" || { echo "the master forgot $before: $(application)"; return 1; }
  echo "| $before is known again $(since "$started") s after the kill"
}

# No pod has a token, and no ServiceAccount of the stack may create pods.
no_rights() {
  k get pods -o json | jq -e '[.items[] | select(any(.spec.volumes[]?; .projected.sources[]?.serviceAccountToken)) | .metadata.name] | if . == [] then true else error("with a token: \(.)") end' >/dev/null || return 1
  local account
  for account in $(k get serviceaccounts -o jsonpath='{.items[*].metadata.name}'); do
    ! k auth can-i create pods --as "system:serviceaccount:$ns:$account" >/dev/null 2>&1 || { echo "$account may create pods"; return 1; }
  done
}
