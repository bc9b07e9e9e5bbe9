# Notebooks, and Iceberg tables in the catalog of the Hive Metastore.
prove() {
  step "the first query is answered from the notebook server" first_answer || return
  step "executors run: executors_are_pods" executors_are_pods
  step "a table that is not Iceberg's, in the same catalog" plain_table
  step "CREATE, INSERT, a new column, MERGE, UPDATE, DELETE" iceberg_changes || return
  step "time travel: by version, by time, and back for good" iceberg_travels
  step "two writers at once: appends both land, a lost race changes nothing" iceberg_races
  step "the table's data and metadata lie on S3" iceberg_on_s3
  step "old states and small files are tidied up" iceberg_tidies
  step "Spark Connect restarts" restart_connect
  step "the same rows and the same history as before" iceberg_remembers
}

# lake: Python in the notebook server, with a session, and `rows(sql)`.
lake() {
  { cat <<'PY'; cat; } | in_jupyter
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
def rows(sql): return [tuple(row) for row in spark.sql(sql).collect()]
PY
}

plain_table() {
  lake <<'PY'
rows("CREATE DATABASE IF NOT EXISTS lake")
rows("CREATE TABLE lake.plain USING parquet AS SELECT id FROM range(10)")
assert rows("SELECT count(*) FROM lake.plain") == [(10,)]
PY
}

iceberg_changes() {
  lake <<'PY'
rows("CREATE TABLE lake.orders (id bigint, city string) USING iceberg PARTITIONED BY (bucket(4, id))")
rows("INSERT INTO lake.orders VALUES (1, 'Oslo'), (2, 'Rome'), (3, 'Kyiv')")
rows("ALTER TABLE lake.orders ADD COLUMN paid int")
rows("ALTER TABLE lake.orders RENAME COLUMN city TO town")
rows("""MERGE INTO lake.orders t USING (SELECT * FROM VALUES (2, 'Roma', 20), (4, 'Lima', 40) v(id, town, paid)) s ON t.id = s.id
        WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *""")
rows("UPDATE lake.orders SET paid = 10 WHERE id = 1")
rows("DELETE FROM lake.orders WHERE id = 3")
now = rows("SELECT * FROM lake.orders ORDER BY id")
assert now == [(1, "Oslo", 10), (2, "Roma", 20), (4, "Lima", 40)], now
steps = [o for o, in rows("SELECT operation FROM lake.orders.snapshots ORDER BY committed_at")]
assert steps == ["append", "overwrite", "overwrite", "delete"], steps
print("|", len(steps), "snapshots:", *steps)
PY
}

iceberg_travels() {
  lake <<'PY'
first, second = rows("SELECT snapshot_id, cast(committed_at AS string) FROM lake.orders.snapshots ORDER BY committed_at")[:2]
# A state has the columns that it had then.
was = rows(f"SELECT * FROM lake.orders VERSION AS OF {first[0]} ORDER BY id")
assert was == [(1, "Oslo"), (2, "Rome"), (3, "Kyiv")], was
then = rows(f"SELECT id FROM lake.orders TIMESTAMP AS OF '{second[1]}' ORDER BY id")
assert then == [(1,), (2,), (3,), (4,)], then
last = rows("SELECT snapshot_id FROM lake.orders.snapshots ORDER BY committed_at DESC")[0][0]
rows(f"CALL spark_catalog.system.rollback_to_snapshot('lake.orders', {second[0]})")
assert rows("SELECT count(*) FROM lake.orders") == [(4,)]
rows(f"CALL spark_catalog.system.set_current_snapshot('lake.orders', {last})")
assert rows("SELECT count(*) FROM lake.orders") == [(3,)]
PY
}

# Each writer has a session of its own. Appends are tried again on the newer state; of two changes of one row the later fails.
iceberg_races() {
  lake <<'PY'
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
rows("CREATE TABLE lake.race (id int, n int) USING iceberg")
rows("INSERT INTO lake.race VALUES (0, 0)")
sessions, start = [spark, SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).create()], Barrier(2)
def at_once(sql):
    def run(session):
        start.wait()
        try: session.sql(sql(sessions.index(session))).collect(); return None
        except Exception as error: return str(error)
    with ThreadPoolExecutor(2) as pool: return list(pool.map(run, sessions))
failed = [e for _ in range(3) for e in at_once(lambda who: f"INSERT INTO lake.race VALUES ({who + 1}, 1)") if e]
assert not failed, failed
assert rows("SELECT count(*) FROM lake.race WHERE id > 0") == [(6,)], "an append was lost"
failed = [e for _ in range(4) for e in at_once(lambda who: "UPDATE lake.race SET n = n + 1 WHERE id = 0") if e]
assert all("onflict" in e or "Commit" in e for e in failed), failed
n = rows("SELECT n FROM lake.race WHERE id = 0")[0][0]
assert n == 8 - len(failed) and n >= 4, (n, failed)
print(f"| 6 appends at once: 6 rows; 8 changes of one row at once: {n} done, {len(failed)} refused, the row says {n}")
if failed: print("|  ", failed[0].splitlines()[0][:160])
PY
}

iceberg_on_s3() {
  lake <<'PY' >"$work/file" || { cat "$work/file"; return 1; }
print(rows("SELECT file_path FROM lake.orders.files")[0][0], rows("SELECT file FROM lake.orders.metadata_log_entries ORDER BY timestamp DESC")[0][0])
PY
  local files; read -ra files <"$work/file"
  [[ ${files[0]} == s3a://*/lake.db/orders/data/* && ${files[1]} == s3a://*/lake.db/orders/metadata/*.json* ]] || { cat "$work/file"; return 1; }
  in_connect <<PY
import os, prepare
for file in "${files[*]}".split():
    bucket, key = file[len("s3a://"):].split("/", 1)
    environment = dict(os.environ, S3_ENDPOINT="$(s3_endpoint)", S3_BUCKET=bucket)
    $(s3_trust)
    status, _ = prepare.S3(environment).call("HEAD", key)
    assert status == 200, (status, file)
    print("|", file)
PY
}

iceberg_tidies() {
  lake <<'PY'
before = rows("SELECT count(*) FROM lake.race.files")[0][0]
rows("CALL spark_catalog.system.rewrite_data_files(table => 'lake.race', options => map('rewrite-all', 'true'))")
after = rows("SELECT count(*) FROM lake.race.files")[0][0]
assert after < before, (before, after)
rows("CALL spark_catalog.system.expire_snapshots(table => 'lake.race', older_than => TIMESTAMP '2100-01-01 00:00:00', retain_last => 1)")
left = rows("SELECT count(*) FROM lake.race.snapshots")[0][0]
assert left == 1 and rows("SELECT count(*) FROM lake.race") == [(7,)], left
print(f"| {before} files are {after}, one snapshot is left, 7 rows as before")
PY
}

iceberg_remembers() {
  lake <<'PY'
now = rows("SELECT * FROM lake.orders ORDER BY id")
assert now == [(1, "Oslo", 10), (2, "Roma", 20), (4, "Lima", 40)], now
first = rows("SELECT snapshot_id FROM lake.orders.snapshots ORDER BY committed_at")[0][0]
assert rows(f"SELECT count(*) FROM lake.orders VERSION AS OF {first}") == [(3,)]
assert rows("SELECT count(*) FROM lake.plain") == [(10,)]
PY
}
