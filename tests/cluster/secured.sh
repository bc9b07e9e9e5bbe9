# Spark Connect behind TLS and a token. Sourced by run.

# certificate: a Secret as cert-manager makes it, or another certificate in it. The authority stays.
certificate() {
  local tls=$work/connect-tls
  mkdir -p "$tls" && (cd "$tls" && { [[ -f ca.crt ]] ||
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj "/CN=An authority for Spark Connect"; } &&
    openssl req -newkey rsa:2048 -nodes -keyout tls.key -out tls.csr -subj "/CN=connect" &&
    openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out tls.crt \
      -extfile <(echo "subjectAltName=DNS:$stack-connect.$ns.svc.cluster.local")) 2>/dev/null || return 1
  k create secret generic spark-connect-tls --type=kubernetes.io/tls --from-file=tls.crt="$tls/tls.crt" \
    --from-file=tls.key="$tls/tls.key" --from-file=ca.crt="$tls/ca.crt" --dry-run=client -o yaml | k apply -f -
}

certificate_if_secured() { ! is_secured || certificate; }

prove_secured() {
  step "Spark Connect answers with TLS and the token, and to nobody else" only_with_the_token
  step "the server itself is not reached from another pod" not_past_the_proxy
  step "a token stands in no ConfigMap, and in no setting that the server shows" token_is_not_shown
  step "a new certificate is taken without a restart" certificate_is_renewed
}

only_with_the_token() {
  in_jupyter <<'PY'
import os, grpc
from pyspark.sql import SparkSession
try:
    from pyspark.sql.connect.client import DefaultChannelBuilder as Builder
except ImportError:  # 3.5
    from pyspark.sql.connect.client import ChannelBuilder as Builder
address, token = os.environ["SPARK_REMOTE"], os.environ["SPARK_CONNECT_AUTHENTICATE_TOKEN"]
spark = SparkSession.builder.getOrCreate()
total = spark.range(1, 1001).selectExpr("sum(id)").collect()[0][0]
assert total == 500500 and "use_ssl=true" in address, (total, address)
print("| with it: the sum of 1 to 1000 is", total, "says Spark", spark.version)
spark.stop()
del os.environ["SPARK_CONNECT_AUTHENTICATE_TOKEN"]
server = address.removeprefix("sc://").split("/")[0]
for how, url, code in [
    ("without a token", f"sc://{server}/;use_ssl=true", "UNAUTHENTICATED"),
    ("with another one", f"sc://{server}/;use_ssl=true;token=another", "UNAUTHENTICATED"),
    ("in plain text", f"sc://{server}", "UNAVAILABLE"),
]:
    builder = Builder(url)
    call = builder.toChannel().unary_unary("/spark.connect.SparkConnectService/Config")
    try:
        call(b"", metadata=builder.metadata(), timeout=30)
    except grpc.RpcError as error:
        assert error.code().name == code, (how, error)
        print(f"| {how}: {code}, {error.details()[:100]}")
    else:
        raise AssertionError(f"answered {how}")
PY
}

# The port behind the proxy, at the pod's own address: closed by its binding on Spark 4, by the NetworkPolicy before.
not_past_the_proxy() {
  local pod ip; pod=$(connect_pod)
  ip=$(k get "pod/${pod% *}" -o jsonpath='{.status.podIP}')
  in_jupyter <<PY
import socket
try:
    socket.create_connection(("$ip", 15003), 5)
except OSError as error:
    print("| port 15003 of the pod, asked from the notebook server:", error)
else:
    raise AssertionError("the port is open")
PY
}

token_is_not_shown() {
  local token
  token=$(k exec "$stack-jupyter-0" -c jupyter -- printenv SPARK_CONNECT_AUTHENTICATE_TOKEN)
  [[ -n $token ]] || return 1
  ! k get configmaps,pods,deployments,statefulsets -o yaml | found -F -- "$token" || { echo "the token stands in an object"; return 1; }
  in_connect <<'PY' | grep -F -- "$token" && { echo "the server shows its token"; return 1; }
import urllib.request
base = "http://127.0.0.1:4040/api/v1/applications"
import json
application = json.load(urllib.request.urlopen(base))[0]["id"]
print(urllib.request.urlopen(f"{base}/{application}/environment").read().decode())
PY
  return 0
}

serial() {
  in_jupyter <<PY
import ssl
print(ssl.get_server_certificate(("$stack-connect", 15002)))
PY
}

certificate_is_renewed() {
  local before pod started; before=$(serial) pod=$(connect_pod) started=$(now)
  [[ $before == *BEGIN* ]] && certificate || return 1
  eventually 150 another_serial "$before" || return 1
  [[ $(connect_pod) == "$pod" ]] || { echo "the pod is another one"; return 1; }
  echo "| another certificate $(since "$started") s after the Secret changed, by the same pod"
  only_with_the_token >/dev/null
}

another_serial() { local now; now=$(serial) && [[ $now == *BEGIN* && $now != "$1" ]]; }
