# MinIO in the place of SeaweedFS. Sourced by run.
store_values() {
  cat <<'YAML'
seaweedfs: {enabled: false}
minio: {enabled: true}
YAML
}
