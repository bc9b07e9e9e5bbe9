"""Asks the Spark Connect server a real query, with work for an executor and an answer that is known."""

import os

from pyspark.sql import SparkSession

spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
total = spark.range(1, 1001, 1, 2).selectExpr("sum(id) AS total").collect()[0]["total"]
print("Spark", spark.version, "- the sum of 1 to 1000 is", total)
print("databases:", *[row[0] for row in spark.sql("SHOW DATABASES").collect()])
assert total == 500500, total
