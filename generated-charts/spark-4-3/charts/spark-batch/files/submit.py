"""What spark-submit leaves undone in cluster mode.

  submit.py template      the driver's pod template, made the property of this pod: when this one goes, so does the driver
  submit.py result CODE   waits until the driver has ended, and ends as it did; CODE is what spark-submit ended with
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
DRIVER = f"{os.environ['POD_NAME']}-driver"


def template():
    text = pathlib.Path("/etc/sparkyard/driver.yaml").read_text()
    for name in ("POD_NAME", "POD_UID"):
        text = text.replace(f"$({name})", os.environ[name])
    pathlib.Path("/tmp/driver.yaml").write_text(text)


def driver():
    """The driver's pod; None if there is none."""
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT"]
    host = f"[{host}]" if ":" in host else host
    request = urllib.request.Request(
        f"https://{host}:{port}/api/v1/namespaces/{os.environ['NAMESPACE']}/pods/{DRIVER}",
        headers={"Authorization": f"Bearer {(ACCOUNT / 'token').read_text()}"},
    )
    trust = ssl.create_default_context(cafile=str(ACCOUNT / "ca.crt"))
    try:
        with urllib.request.urlopen(request, timeout=10, context=trust) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def ended():
    """The driver's pod when it has ended; None if there is none."""
    while True:
        try:
            pod = driver()
        except OSError as error:
            print(f"submit: cannot look at {DRIVER}: {error}", flush=True)
        else:
            if pod is None or pod["status"].get("phase") in ("Succeeded", "Failed"):
                return pod
        time.sleep(5)


def result(code):
    print(f"submit: spark-submit ended with {code}", flush=True)
    pod = ended()
    if pod is None:
        print(f"submit: there is no driver {DRIVER}", flush=True)
        return code or 1
    status = pod["status"]
    all_of = status.get("initContainerStatuses", []) + status.get("containerStatuses", [])
    states = [(one["name"], one["state"].get("terminated") or {}) for one in all_of]
    for name, state in states:
        if state.get("exitCode"):
            print(f"submit: {DRIVER}: {name} ended with {state['exitCode']} {state.get('reason', '')}", flush=True)
            return state["exitCode"]
    print(f"submit: {DRIVER}: {status['phase']} {status.get('reason', '')}", flush=True)
    return 0 if status["phase"] == "Succeeded" else 1


if __name__ == "__main__":
    if sys.argv[1] == "template":
        template()
    else:
        sys.exit(result(int(sys.argv[2])))
