"""A streaming query to look at: numbered rows that arrive all the time, written into a table.

  stream.py [--table DATABASE.TABLE] [--checkpoint S3A_FOLDER] [--rows-per-second N] [--trigger SECONDS]

The checkpoint remembers how far it has come. Started again, it goes on where it was: no row is lost, none comes twice.
A table and a checkpoint belong together: remove both or neither.
"""

import argparse

from pyspark.sql import SparkSession

parser = argparse.ArgumentParser()
parser.add_argument("--table", default="demo.ticks")
parser.add_argument("--checkpoint", default="", help="beside the tables, if not said")
parser.add_argument("--rows-per-second", type=int, default=10)
parser.add_argument("--trigger", type=int, default=10)
args = parser.parse_args()

spark = SparkSession.builder.getOrCreate()
warehouse = spark.conf.get("spark.sql.warehouse.dir")
checkpoint = args.checkpoint or f"{warehouse.rsplit('/', 1)[0]}/checkpoints/{args.table}"

database = args.table.split(".")[0]
spark.sql(f"CREATE DATABASE IF NOT EXISTS {database}")
rows = spark.readStream.format("rate").option("rowsPerSecond", args.rows_per_second).load()
query = (
    rows.writeStream.format("parquet")
    .option("checkpointLocation", checkpoint)
    .trigger(processingTime=f"{args.trigger} seconds")
    .toTable(args.table)
)
print(f"stream: {args.table}, checkpoint {checkpoint}", flush=True)

last = -1
# Raises what ended the query, so that the driver ends with an error and is started again.
while not query.awaitTermination(5):
    progress = query.lastProgress
    if progress and progress["batchId"] != last:
        last = progress["batchId"]
        print(f"stream: batch {last} wrote {progress['numInputRows']} rows", flush=True)
