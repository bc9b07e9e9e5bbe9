"""Makes the stack's Secret with random contents, unless it is there. Never changes one that exists.

Runs in a Job before the first install, with a ServiceAccount that may read and create this one Secret.
"""

import base64
import json
import os
import pathlib
import secrets
import ssl
import sys
import time
import urllib.error
import urllib.request

ACCOUNT = pathlib.Path("/var/run/secrets/kubernetes.io/serviceaccount")
NAME, NAMESPACE, LABELS = os.environ["SECRET_NAME"], os.environ["NAMESPACE"], json.loads(os.environ["LABELS"])
PATH = f"/api/v1/namespaces/{NAMESPACE}/secrets"


def call(method, path, body=None):
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT"]
    host = f"[{host}]" if ":" in host else host
    request = urllib.request.Request(
        f"https://{host}:{port}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {(ACCOUNT / 'token').read_text()}", "Content-Type": "application/json"},
    )
    trust = ssl.create_default_context(cafile=str(ACCOUNT / "ca.crt"))
    try:
        with urllib.request.urlopen(request, timeout=10, context=trust) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def main():
    status, answer = call("GET", f"{PATH}/{NAME}")
    if status == 200:
        print(f"Secret {NAME} is there; nothing to do")
        return
    if status != 404:
        sys.exit(f"cannot read Secret {NAME}: HTTP {status}: {answer}")
    contents = {key: secrets.token_hex(20) for key in os.environ["KEYS"].split()}
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "Opaque",
        "metadata": {"name": NAME, "labels": LABELS},
        "data": {key: base64.b64encode(value.encode()).decode() for key, value in contents.items()},
    }
    status, answer = call("POST", PATH, secret)
    if status not in (201, 409):  # 409: made by somebody else meanwhile
        sys.exit(f"cannot create Secret {NAME}: HTTP {status}: {answer}")
    print(f"Secret {NAME} made with {' '.join(contents)}")


for attempt in range(30):
    try:
        main()
        break
    except OSError as error:  # the network of a fresh pod may take a moment
        if attempt == 29:
            sys.exit(f"cannot reach the Kubernetes API: {error}")
        print(f"cannot reach the Kubernetes API yet: {error}", flush=True)
        time.sleep(1)
