"""Proves that jobs can run: executors start and compute, the metastore answers."""

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
total = spark.range(1, 1001, numPartitions=4).selectExpr("sum(id)").first()[0]
print("Spark", spark.version, "- the sum of 1 to 1000 is", total)
print("databases:", *[row[0] for row in spark.sql("SHOW DATABASES").collect()])
assert total == 500500, total
spark.stop()
