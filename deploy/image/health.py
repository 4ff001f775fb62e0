"""Whether the process of this container works: what Docker asks every ten seconds.

health.py 8000     # asks /readyz on that port
health.py          # nobody listens here: looks whether the main thread of process 1 still turns
"""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

_STEPS_S = 3.0  # a worker takes a step twice a second; a long one takes processor time instead


def asked(port: str) -> str:
    """Return what is wrong with a process that serves /readyz, "" where it is ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=8.0):
            return ""
    except urllib.error.HTTPError as answer:
        return f"not ready: {answer.read(500).decode('utf-8', 'replace').strip()}"
    except OSError as error:
        return f"nothing answers on port {port}: {error}"


def turns(task: Path = Path("/proc/1/task/1"), wait_s: float = _STEPS_S) -> str:
    """Return what is wrong with a process whose main thread takes no steps, "" where it takes them."""
    try:
        before = _work(task)
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline:
            time.sleep(0.2)
            if _work(task) != before:
                return ""
    except OSError as error:
        return f"process 1 is gone: {error}"
    return f"the main thread has not moved for {wait_s:g} seconds"


def _work(task: Path) -> tuple[list[str], list[str]]:
    """Return how often a thread gave way, and its processor time in ticks."""
    status = (task / "status").read_text("ascii", "replace").splitlines()
    switches = [line.split()[1] for line in status if "ctxt_switches" in line]
    return switches, (task / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[11:13]


if __name__ == "__main__":
    wrong = asked(sys.argv[1]) if len(sys.argv) > 1 else turns()
    sys.stdout.write(f"{wrong or 'ready'}\n")
    sys.exit(1 if wrong else 0)
