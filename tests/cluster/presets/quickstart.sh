# Notebooks, executors as pods.
prove() {
  prove_notebooks executors_are_pods
  step "helm upgrade with a changed value keeps the data" upgraded
}
