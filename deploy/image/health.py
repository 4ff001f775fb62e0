"""Whether the process of this container works: what Docker asks every ten seconds.

health.py 9600     # asks /readyz on that port
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request


def asked(port: str) -> str:
    """Return what is wrong with a process that serves /readyz, "" where it is ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=8.0):
            return ""
    except urllib.error.HTTPError as answer:
        return f"not ready: {answer.read(500).decode('utf-8', 'replace').strip()}"
    except OSError as error:
        return f"nothing answers on port {port}: {error}"


if __name__ == "__main__":
    wrong = asked(sys.argv[1])
    sys.stdout.write(f"{wrong or 'ready'}\n")
    sys.exit(1 if wrong else 0)
