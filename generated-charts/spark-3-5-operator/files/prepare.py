"""What must be done before a component starts: wait for its neighbours, fetch its jars, make its bucket.

Runs in an init container, needs Python's standard library only, may be run any number of times.
Settings come by environment; what is not set is not done:

  WAIT_FOR          each host:port that must accept connections
  JARS, JARS_DIR    list of "<sha256>  <path>" and the folder that the jars go to
  JARS_REPOSITORY   Maven repository
  S3_ENDPOINT, S3_REGION, S3_BUCKET, S3_PATH_STYLE, S3_PREFIXES
                    the store; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the AWS_ROLE_ARN and
                    AWS_WEB_IDENTITY_TOKEN_FILE that AWS gives to a pod with a workload identity
  S3_CA             certificates (PEM) that are trusted beside the public ones
  TRUST_STORE       where to write all of them for Java
  TIMEOUT           seconds before it gives up (300)

Ends with 1 when trying again will not help, with 75 when something was not there in time.
"""

import concurrent.futures
import datetime
import hashlib
import hmac
import http.client
import os
import pathlib
import re
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree

START = time.monotonic()
DEADLINE = START + float(os.environ.get("TIMEOUT", "300"))


# Where Linux images keep the public certificates.
PUBLIC = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]


class Hopeless(Exception):
    """Trying again will not help."""

    code = 1


class Late(Hopeless):
    """It may be there another time."""

    code = 75


def authority(path):
    """The certificates (PEM) of the file that `global.s3.ca` names."""
    pattern = r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----"
    try:
        found = re.findall(pattern, pathlib.Path(path).read_text(errors="replace"), re.S)
    except OSError as error:
        raise Hopeless(f"global.s3.ca: {error}: is global.s3.ca.key a key of that ConfigMap or Secret?")
    if not found:
        raise Hopeless(f"global.s3.ca: {path} holds no certificate in PEM")
    return found


def trust(env):
    """What TLS connections trust: the public certificates, and those of S3_CA."""
    context = ssl.create_default_context()
    if env.get("S3_CA"):
        context.load_verify_locations(cadata="\n".join(authority(env["S3_CA"])))
    return context


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
                raise Late(f"{what}: {error}\n{help}")
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


def write_trust_store(own, target):
    """Writes the public certificates and those of the file `own` as a Java key store (JKS), which every Java reads."""
    public = [path for path in PUBLIC if os.path.exists(path)][:1]
    found = [pem for path in [own, *public] for pem in authority(path)]
    certificates = list(dict.fromkeys(ssl.PEM_cert_to_DER_cert(pem) for pem in found))

    def text(value):
        return struct.pack(">H", len(value)) + value.encode()

    body = struct.pack(">III", 0xFEEDFEED, 2, len(certificates))
    for number, certificate in enumerate(certificates):
        # 2: a certificate that is trusted; its name, its date, its kind.
        body += struct.pack(">I", 2) + text(f"ca{number}") + struct.pack(">Q", 0) + text("X.509")
        body += struct.pack(">I", len(certificate)) + certificate
    seal = hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()
    pathlib.Path(target).write_bytes(body + seal)
    say(f"{len(certificates)} certificates for Java in {target}")


def keys(env, region, context):
    """Access key, secret key and session token: as they are given, or in exchange for the pod's token."""
    if "AWS_ACCESS_KEY_ID" in env:
        return env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], env.get("AWS_SESSION_TOKEN")
    if not (env.get("AWS_ROLE_ARN") and env.get("AWS_WEB_IDENTITY_TOKEN_FILE")):
        raise Hopeless(
            "this pod has neither S3 keys nor a workload identity: annotate its ServiceAccount "
            "(AWS: eks.amazonaws.com/role-arn), or set global.s3.auth to keys"
        )
    form = {
        "Action": "AssumeRoleWithWebIdentity",
        "Version": "2011-06-15",
        "RoleArn": env["AWS_ROLE_ARN"],
        "RoleSessionName": env.get("AWS_ROLE_SESSION_NAME", "sparkyard"),
        "WebIdentityToken": pathlib.Path(env["AWS_WEB_IDENTITY_TOKEN_FILE"]).read_text().strip(),
    }
    url = env.get("AWS_ENDPOINT_URL_STS") or f"https://sts.{region}.amazonaws.com"

    def attempt():
        try:
            with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), timeout=30, context=context) as answer:
                return xml.etree.ElementTree.fromstring(answer.read())
        except urllib.error.HTTPError as error:
            if error.code < 500:
                raise Hopeless(f"{url} gives no keys for {form['RoleArn']}: HTTP {error.code}\n{error.read().decode(errors='replace')[:400]}")
            raise

    answer = patiently(f"no answer from {url}", "May this pod reach AWS STS?", attempt)
    return tuple(answer.findtext(f".//{{*}}{name}") for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))


class S3:
    """The few calls that making a bucket takes, signed with AWS Signature Version 4."""

    def __init__(self, env):
        self.endpoint = urllib.parse.urlsplit(env["S3_ENDPOINT"])
        self.region = env.get("S3_REGION") or "us-east-1"
        self.bucket = env["S3_BUCKET"]
        self.path_style = env.get("S3_PATH_STYLE", "true") == "true"
        self.context = trust(env)
        self.access, self.secret, self.token = keys(env, self.region, self.context)

    def call(self, method, key="", body=b""):
        """Status and body of one request on the bucket (empty key) or an object."""
        host = self.endpoint.netloc
        path = f"/{self.bucket}/{key}" if self.path_style else f"/{key}"
        if not self.path_style:
            host = f"{self.bucket}.{host}"
        path = urllib.parse.quote(path.rstrip("/") if not key else path)
        headers = self.sign(method, host, path or "/", body)
        if self.endpoint.scheme == "https":
            connection = http.client.HTTPSConnection(host, timeout=30, context=self.context)
        else:
            connection = http.client.HTTPConnection(host, timeout=30)
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
            try:
                status, text = self.call(method, key, body)
            except ssl.SSLCertVerificationError as error:
                raise Hopeless(f"{what}: {error}\nName the authority that signed the store's certificate in global.s3.ca.")
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
    if env.get("TRUST_STORE"):
        jobs.append(lambda: write_trust_store(env["S3_CA"], env["TRUST_STORE"]))
    if env.get("S3_ENDPOINT"):
        jobs.append(lambda: S3(env).prepare(env["S3_PREFIXES"].split()))
    for address in env.get("WAIT_FOR", "").split():
        jobs.append(lambda address=address: wait_for(address))
    with concurrent.futures.ThreadPoolExecutor(len(jobs) or 1) as pool:
        for job in [pool.submit(job) for job in jobs]:
            try:
                job.result()
            except Hopeless as error:
                say(f"failed: {error}")
                os._exit(error.code)


if __name__ == "__main__":
    main(os.environ)
    sys.exit(0)
