"""The command line: start, stop and status of a checkout's engines."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from deploy.local import control
from deploy.local.server import NotStarted

_USE = "usage: python3 -m deploy.local start | secured | stop | status | forget | ready\n"


def main(arguments: Sequence[str]) -> int:
    """Do one verb; 0 when done, 1 when an engine is not there, 2 for a wrong call."""
    verb = control.VERBS.get(arguments[0]) if len(arguments) == 1 else None
    if verb is None:
        sys.stderr.write(_USE)
        return 2
    try:
        lines, code = verb()
    except NotStarted as why:
        sys.stderr.write(f"{why}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
