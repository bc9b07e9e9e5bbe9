"""Proves that the cluster computes: a driver in this pod, an executor on a worker."""

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
total = spark.range(1, 1001, numPartitions=4).selectExpr("sum(id)").first()[0]
assert total == 500500, total
hosts = sorted(set(spark.sparkContext.range(8, numSlices=4).map(lambda _: __import__("socket").gethostname()).collect()))
print("Spark", spark.version, "- the sum of 1 to 1000 is", total, "- computed on", ", ".join(hosts))
spark.stop()
