"""What must be done before a component starts: wait for its neighbours, fetch its jars, make its bucket.

Runs in an init container, needs Python's standard library only, may be run any number of times.
Settings come by environment; what is not set is not done:

  WAIT_FOR          host:port that must accept connections
  JARS, JARS_DIR    list of "<sha256>  <path>" and the folder that the jars go to
  JARS_REPOSITORY   Maven repository
  S3_ENDPOINT, S3_REGION, S3_BUCKET, S3_PATH_STYLE, S3_PREFIXES, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
  TIMEOUT           seconds before it gives up (300)
"""

import concurrent.futures
import datetime
import hashlib
import hmac
import http.client
import os
import pathlib
import socket
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

START = time.monotonic()
DEADLINE = START + float(os.environ.get("TIMEOUT", "300"))


class Hopeless(Exception):
    """Trying again will not help."""


def say(text):
    print(f"prepare: {time.monotonic() - START:5.1f}s {text}", flush=True)


def patiently(what, help, attempt):
    """Runs `attempt` until it works, is hopeless, or time is up. Says once what it waits for."""
    said = None
    while True:
        try:
            return attempt()
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > DEADLINE:
                raise Hopeless(f"{what}: {error}\n{help}")
            if str(error) != said:
                said = str(error)
                say(f"waiting: {what}: {error}")
            time.sleep(0.5)


def wait_for(address):
    host, port = address.rsplit(":", 1)

    def attempt():
        with socket.create_connection((host, int(port)), timeout=5):
            pass

    patiently(f"no connection to {address}", "Is that component running, and do NetworkPolicies let this pod reach it?", attempt)
    say(f"{address} answers")


local = threading.local()


def download(url):
    """The bytes at `url`. One connection per thread is kept open where no proxy is set."""
    parts = urllib.parse.urlsplit(url)
    if urllib.request.getproxies().get(parts.scheme) and not urllib.request.proxy_bypass(parts.hostname):
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read()
    connection = getattr(local, "connection", None)
    if connection is None:
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = local.connection = kind(parts.netloc.rpartition("@")[2], timeout=60)
    try:
        connection.request("GET", parts.path, headers={"User-Agent": "sparkyard"})
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        local.connection = None
        raise
    if answer.status in (301, 302, 307, 308):
        with urllib.request.urlopen(url, timeout=60) as redirected:
            return redirected.read()
    if answer.status != 200:
        raise OSError(f"HTTP {answer.status} for {url}")
    return body


def fetch_jars(listing, folder, repository):
    jars = [line.split() for line in pathlib.Path(listing).read_text().splitlines() if line.strip()]

    def fetch(jar):
        digest, path = jar
        target = pathlib.Path(folder, path.rsplit("/", 1)[-1])
        if target.exists() and hashlib.sha256(target.read_bytes()).hexdigest() == digest:
            return 0
        url = f"{repository}/{path}"
        body = patiently(
            f"cannot fetch {url}",
            "Set global.jars.repository to a Maven repository that pods can reach, or global.jars.source to image.",
            lambda: download(url),
        )
        actual = hashlib.sha256(body).hexdigest()
        if actual != digest:
            raise Hopeless(f"{url} has SHA-256 {actual}, expected {digest}: the repository serves another file")
        partial = target.with_suffix(".part")
        partial.write_bytes(body)
        partial.rename(target)
        return len(body)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        size = sum(pool.map(fetch, jars))
    say(f"{len(jars)} jars, {size / 1e6:.1f} MB fetched and checked")


class S3:
    """The few calls that making a bucket takes, signed with AWS Signature Version 4."""

    def __init__(self, env):
        self.endpoint = urllib.parse.urlsplit(env["S3_ENDPOINT"])
        self.region = env.get("S3_REGION") or "us-east-1"
        self.bucket = env["S3_BUCKET"]
        self.path_style = env.get("S3_PATH_STYLE", "true") == "true"
        self.access, self.secret = env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]
        self.token = env.get("AWS_SESSION_TOKEN")

    def call(self, method, key="", body=b""):
        """Status and body of one request on the bucket (empty key) or an object."""
        host = self.endpoint.netloc
        path = f"/{self.bucket}/{key}" if self.path_style else f"/{key}"
        if not self.path_style:
            host = f"{self.bucket}.{host}"
        path = urllib.parse.quote(path.rstrip("/") if not key else path)
        headers = self.sign(method, host, path or "/", body)
        kind = http.client.HTTPSConnection if self.endpoint.scheme == "https" else http.client.HTTPConnection
        connection = kind(host, timeout=30)
        try:
            connection.request(method, path or "/", body=body or None, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def sign(self, method, host, path, body):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        digest = hashlib.sha256(body).hexdigest()
        headers = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": now}
        if self.token:
            headers["x-amz-security-token"] = self.token
        names = ";".join(sorted(headers))
        canonical = "\n".join(
            [method, path, "", *(f"{name}:{headers[name]}" for name in sorted(headers)), "", names, digest]
        )
        scope = f"{now[:8]}/{self.region}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{self.secret}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        credential = f"{self.access}/{scope}"
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
        )
        return headers

    def demand(self, what, method, key="", body=b"", good=(200, 201, 204)):
        """The call, again while the store is starting; a refusal is final."""

        def attempt():
            status, text = self.call(method, key, body)
            if status >= 500:
                raise OSError(f"HTTP {status} {text[:200]}")
            if status in (401, 403):
                raise Hopeless(f"{what}: HTTP {status}: the S3 keys are wrong or may not do this\n{text[:400]}")
            return status, text

        status, text = patiently(
            f"{what} at {self.endpoint.geturl()}", "Is the S3 store running, and may this pod reach it?", attempt
        )
        if good and status not in good:
            raise Hopeless(f"{what}: HTTP {status}\n{text[:400]}")
        return status, text

    def prepare(self, prefixes):
        status, _ = self.demand(f"cannot look at bucket {self.bucket}", "HEAD", good=(200, 301, 307, 404))
        if status == 404:
            place = ""
            if self.region != "us-east-1":
                place = f"<CreateBucketConfiguration><LocationConstraint>{self.region}</LocationConstraint></CreateBucketConfiguration>"
            # 409: somebody else has made it meanwhile, which is as good.
            self.demand(f"cannot make bucket {self.bucket}", "PUT", body=place.encode(), good=(200, 409))
        for prefix in prefixes:
            # Spark's history server and drivers stop when the prefix is missing; some stores drop empty folders,
            # so a hidden object keeps it. Names that start with a dot are ignored by Spark.
            self.demand(f"cannot write to {self.bucket}/{prefix}", "PUT", f"{prefix}/.keep")
        say(f"bucket {self.bucket} with {' '.join(prefixes)} is there")


def main(env):
    jobs = []
    if env.get("JARS"):
        jobs.append(lambda: fetch_jars(env["JARS"], env["JARS_DIR"], env["JARS_REPOSITORY"]))
    if env.get("S3_ENDPOINT"):
        jobs.append(lambda: S3(env).prepare(env["S3_PREFIXES"].split()))
    if env.get("WAIT_FOR"):
        jobs.append(lambda: wait_for(env["WAIT_FOR"]))
    with concurrent.futures.ThreadPoolExecutor(len(jobs) or 1) as pool:
        for job in [pool.submit(job) for job in jobs]:
            try:
                job.result()
            except Hopeless as error:
                say(f"failed: {error}")
                os._exit(1)


if __name__ == "__main__":
    main(os.environ)
    sys.exit(0)
