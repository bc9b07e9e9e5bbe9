"""Asks the Spark Connect server a real query, with work for an executor and an answer that is known."""

import os

import grpc
from pyspark.sql import SparkSession

spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
total = spark.range(1, 1001, 1, 2).selectExpr("sum(id) AS total").collect()[0]["total"]
print("Spark", spark.version, "- the sum of 1 to 1000 is", total)
print("databases:", *[row[0] for row in spark.sql("SHOW DATABASES").collect()])
assert total == 500500, total


def refusal(channel, *metadata):
    """What a call gets that ought to be refused."""
    try:
        channel.unary_unary("/spark.connect.SparkConnectService/Config")(b"", metadata=metadata, timeout=60)
    except grpc.RpcError as error:
        return error.code()
    return None


if "use_ssl=true" in os.environ["SPARK_REMOTE"]:
    server = os.environ["SPARK_REMOTE"].removeprefix("sc://").split("/")[0]
    tls = grpc.secure_channel(server, grpc.ssl_channel_credentials())
    answers = {
        "without a token": refusal(tls),
        "with another token": refusal(tls, ("authorization", "Bearer another")),
        "without TLS": refusal(grpc.insecure_channel(server)),
    }
    print("refused:", {how: code and code.name for how, code in answers.items()})
    assert list(answers.values()) == [grpc.StatusCode.UNAUTHENTICATED] * 2 + [grpc.StatusCode.UNAVAILABLE], answers
