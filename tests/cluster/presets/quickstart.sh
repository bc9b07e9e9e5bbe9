# Notebooks, executors as pods.
prove() {
  prove_notebooks executors_are_pods
  step "executors are killed in the middle of a query" survives k delete pod -l spark-role=executor --grace-period=0 --force
  # A store that was made for the test is not a pod of the stack.
  [[ $store == external ]] || {
    step "the S3 store crashes" comes_back "pod/$stack-s3-0"
    step "the database crashes" comes_back "pod/$stack-postgresql-0"
  }
  step "the metastore crashes" comes_back pod -l app.kubernetes.io/component=metastore
  step "helm upgrade with a changed value keeps the data" upgraded
}
