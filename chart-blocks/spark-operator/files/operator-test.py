"""Proves that an operator works in this namespace: makes an application and waits until it has run.

The application belongs to this pod, so it goes when the pod goes.
"""

import json
import os
import pathlib
import ssl
import sys
import time
import urllib.error
import urllib.request

ACCOUNT = pathlib.Path("/var/run/secrets/kubernetes.io/serviceaccount")
SECONDS = 280


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
    with urllib.request.urlopen(request, timeout=30, context=trust) as answer:
        return json.load(answer)


def create(path, application, end):
    while True:
        try:
            return call("POST", path, application)
        except urllib.error.HTTPError as error:
            # The one of the last test is still going.
            if error.code != 409 or time.monotonic() > end:
                sys.exit(f"the application cannot be made: {error.code} {error.read().decode()}")
        time.sleep(2)


def state(status):
    """What the operator says, and whether that is the end: None, or if it went well. Each operator has its own words."""
    if "applicationState" in status:
        word = status["applicationState"].get("state", "")
        return word, {"COMPLETED": True, "FAILED": False, "SUBMISSION_FAILED": False}.get(word)
    word = status.get("currentState", {}).get("currentStateSummary", "")
    history = [step.get("currentStateSummary") for step in status.get("stateTransitionHistory", {}).values()]
    if "Succeeded" in history:
        return word, True
    ended = word in ("Failed", "SchedulingFailure", "ResourceReleased", "TerminatedWithoutReleaseResources")
    return word, False if ended else None


def main():
    end = time.monotonic() + SECONDS
    application = json.loads(pathlib.Path("/etc/sparkyard/application.json").read_text())
    owner = {"apiVersion": "v1", "kind": "Pod", "name": os.environ["POD_NAME"], "uid": os.environ["POD_UID"]}
    application["metadata"]["ownerReferences"] = [owner]
    path = f"/apis/{application['apiVersion']}/namespaces/{application['metadata']['namespace']}/sparkapplications"
    create(path, application, end)
    said = None
    while time.monotonic() < end:
        status = call("GET", f"{path}/{application['metadata']['name']}").get("status") or {}
        word, well = state(status)
        if word != said:
            print(f"{application['metadata']['name']}: {word or 'no state yet'}", flush=True)
            said = word
        if well is not None:
            sys.exit(0 if well else f"it failed: {json.dumps(status)}")
        time.sleep(2)
    sys.exit(f"it has not ended after {SECONDS} s" + ("" if said else ": no operator watches this namespace"))


if __name__ == "__main__":
    main()
