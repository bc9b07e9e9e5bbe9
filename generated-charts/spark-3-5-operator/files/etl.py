"""An ETL job to look at: makes a year's orders, sums them up by day and shop, and writes a table.

  etl.py [--orders N] [--days N] [--table DATABASE.TABLE]

What the table holds is replaced as a whole, so that a second run does not double it.
"""

import argparse

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--orders", type=int, default=1_000_000)
parser.add_argument("--days", type=int, default=365)
parser.add_argument("--table", default="demo.daily_sales")
args = parser.parse_args()

spark = SparkSession.builder.getOrCreate()

# The same numbers in every run: they are made from the order's own number.
orders = spark.range(args.orders).select(
    F.date_add(F.lit("2026-01-01").cast("date"), F.pmod("id", F.lit(args.days)).cast("int")).alias("day"),
    F.concat(F.lit("shop-"), F.pmod(F.hash("id"), F.lit(20)).cast("string")).alias("shop"),
    (F.pmod(F.hash("id", F.lit("price")), F.lit(10_000)) / 100).cast("decimal(10,2)").alias("price"),
)
daily = orders.groupBy("day", "shop").agg(F.count("*").alias("orders"), F.sum("price").alias("sales"))

database = args.table.split(".")[0]
spark.sql(f"CREATE DATABASE IF NOT EXISTS {database}")
if spark.catalog.tableExists(args.table):
    # Not dropped and made anew: those who read it meanwhile would find no table.
    daily.coalesce(1).write.insertInto(args.table, overwrite=True)
else:
    daily.coalesce(1).write.format("parquet").saveAsTable(args.table)

rows, counted = spark.table(args.table).agg(F.count("*"), F.sum("orders")).first()
print(f"etl: {args.table} has {rows} rows from {counted} orders", flush=True)
if counted != args.orders:
    raise SystemExit(f"etl: {args.orders} orders went in, {counted} came out")
spark.stop()
