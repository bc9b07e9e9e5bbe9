# A streaming query that survives its driver.
# shellcheck source=../batch.sh
source "$here/batch.sh"

prove() {
  step "the query writes" query_writes 3
  step "its checkpoint lies on S3" bucket_has checkpoints/demo.ticks/metadata
  step "a driver that is killed goes on from its checkpoint" survives kill_driver
  step "so does one that is drained" survives drain_driver
  step "no row is lost, none is there twice" rows_are_whole
}

batches() { k logs "$stack-batch-ticks-0" -c driver --tail=-1 2>/dev/null | sed -n 's/^stream: batch \([0-9]*\) .*/\1/p'; }
has_batches() { (($(batches | wc -l) >= $1)); }

query_writes() {
  eventually 400 has_batches "$1" || { k get pods; k logs "$stack-batch-ticks-0" --all-containers --tail=60; return 1; }
  echo "| batches so far: $(batches | tr '\n' ' ')"
}

kill_driver() { k delete pod "$stack-batch-ticks-0" --grace-period=1; }
drain_driver() { k delete pod "$stack-batch-ticks-0"; }

# The first batch after the start is one that comes after those before, or the one that was cut off.
survives() {
  local last first uid started
  last=$(batches | tail -n 1) uid=$(k get pod "$stack-batch-ticks-0" -o jsonpath='{.metadata.uid}') started=$(now)
  "$1" || return 1
  eventually 300 has_batches 2 || { k get pods; k logs "$stack-batch-ticks-0" --all-containers --tail=60; return 1; }
  first=$(batches | head -n 1)
  [[ $(k get pod "$stack-batch-ticks-0" -o jsonpath='{.metadata.uid}') != "$uid" ]] || { echo "it is the same pod"; return 1; }
  echo "| last batch before: $last, first after: $first, $(since "$started") s after it was told to go"
  ((first >= last))
}

rows_are_whole() {
  with_jobs '
jobs:
  look:
    executor: {requestCores: 100m}
    resources: {requests: {cpu: 100m}}
    script: |
      from pyspark.sql import SparkSession
      row = SparkSession.builder.getOrCreate().sql(
          "SELECT count(*) n, count(DISTINCT value) d, min(value) low, max(value) high FROM demo.ticks").first()
      print("look:", row.n, "rows,", row.d, "different, from", row.low, "to", row.high)
      assert row.n == row.d == row.high + 1 and row.low == 0' || return 1
  completes look 300 || return 1
  job_says look | grep '^look: ' | sed 's/^/| /'
}
