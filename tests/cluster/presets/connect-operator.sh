# Notebooks on a Spark Connect server that kubeflow's operator makes.
# shellcheck source=../operator.sh
source "$here/operator.sh"
kinds=(v1alpha1/SparkConnect)
connect_container=spark-kubernetes-driver

prove() {
  prove_notebooks executors_are_pods
  step "the operator says that the server is ready, and how many executors it has" server_is_told
  step "executors are killed in the middle of a query" survives k delete pod -l spark-role=executor --grace-period=0 --force
  step "the server's pod is lost: the operator makes it again" comes_back pod -l app.kubernetes.io/component=connect
  step "helm upgrade with a changed value keeps the data" upgraded
}

server_is_told() { eventually 60 is_told || { k get sparkconnects -o yaml; return 1; }; }

is_told() {
  k get sparkconnects -o json | jq -er '.items[0] | select(.status.state == "Ready" and .status.executors.running > 0)
    | "| \(.metadata.name): \(.status.state), executors: \(.status.executors.running)"'
}
