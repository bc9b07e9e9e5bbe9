"""Ends a worker without losing its work: tells it to take no more tasks, then waits until its executors have gone."""

import json
import os
import signal
import time
import urllib.request

deadline = time.monotonic() + float(os.environ["DECOMMISSION_SECONDS"])
# The worker is the first process of its container; SIGPWR tells it to decommission itself, and it stays alive.
os.kill(1, signal.SIGPWR)
while time.monotonic() < deadline:
    time.sleep(1)
    try:
        with urllib.request.urlopen("http://127.0.0.1:8081/json/", timeout=5) as answer:
            if not json.load(answer)["executors"]:
                break
    except OSError:
        break
