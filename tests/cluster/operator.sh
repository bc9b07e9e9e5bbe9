# Whether an operator runs here, kubeflow's unless a preset says another; where it does not, the API server is asked what it
# says to the custom resources. A preset names those that it makes, in `kinds`: v1beta2/SparkApplication.
operator=spark-operator group=sparkoperator.k8s.io
beside="kubeflow's operator"

definitions() { local kind; for kind in "${kinds[@]#*/}"; do tr '[:upper:]' '[:lower:]' <<<"${kind}s.$group"; done; }
# shellcheck disable=SC2046
definitions_are_there() { kubectl get customresourcedefinitions $(definitions) >/dev/null 2>&1; }

can_run() {
  kubectl get deployments -A -l "app.kubernetes.io/name=$operator" -o json 2>/dev/null |
    jq -e 'any(.items[]; (.status.availableReplicas // 0) > 0)' >/dev/null && definitions_are_there
}

# The API server needs the definitions. Where they are missing they are made for this step, of tests/crds.
instead() {
  local made=false code
  definitions_are_there || { made=true; step "the operator's definitions, which are not here either, are made for one step" make_definitions; }
  step "kubeflow's operator does not run here, so nothing of it does: the API server takes every object (--dry-run=server), unknown fields refused" \
    dry_run "${kinds[@]/#/$group/}"
  code=$?
  # shellcheck disable=SC2046
  $made && kubectl delete customresourcedefinitions $(definitions) >/dev/null
  return $code
}

make_definitions() {
  local each version kind name
  for each in "${kinds[@]}"; do
    version=${each%/*} kind=${each#*/} name=$(tr '[:upper:]' '[:lower:]' <<<"${each#*/}")
    gzip -dc "$root/tests/crds/${group}_${version}_$kind.json.gz" | jq --arg group $group --arg version "$version" --arg kind "$kind" --arg name "$name" '{
      apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition",
      # Its owners say so too: the API server wants it of groups below k8s.io.
      metadata: {name: "\($name)s.\($group)", annotations: {"api-approved.kubernetes.io": "https://github.com/kubeflow/spark-operator/pull/1298"}},
      spec: {
        group: $group, scope: "Namespaced", names: {kind: $kind, plural: "\($name)s", singular: $name},
        versions: [{name: $version, served: true, storage: true, schema: {openAPIV3Schema: .}}]}}' |
      kubectl create -f - >/dev/null || return 1
  done
  # shellcheck disable=SC2046
  eventually 60 kubectl wait --for=condition=Established customresourcedefinition $(definitions) --timeout=10s
}
