"""Asks the master for its workers; prints how many of their cores are free for an executor of 512 MiB."""

import json
import os
import sys
import urllib.request

with urllib.request.urlopen(os.environ["MASTER"] + "/json/", timeout=30) as answer:
    state = json.load(answer)
alive = [worker for worker in state["workers"] if worker["state"] == "ALIVE"]
print(f"the master is {state['status']} and has {len(alive)} workers", file=sys.stderr)
assert state["status"] == "ALIVE" and alive, state
print(sum(worker["coresfree"] for worker in alive if worker["memoryfree"] >= 512))
