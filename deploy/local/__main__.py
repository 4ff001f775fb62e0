"""The command line: start, stop and status of a checkout's engines, or a command with engines around it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from deploy.local import control
from deploy.local.around import around
from deploy.local.errors import NotStarted

_USE = f"usage: python3 -m deploy.local {' | '.join(control.VERBS)} | around COMMAND [ARGUMENT …]\n"


def main(arguments: Sequence[str]) -> int:
    """Do one verb; 0 when done, 1 when an engine is not there, 2 for a wrong call; after `around` the command's."""
    try:
        match list(arguments):
            case ["around", _, *_]:
                return around(arguments[1:])
            case [name] if verb := control.VERBS.get(name):
                lines, code = verb()
            case _:
                sys.stderr.write(_USE)
                return 2
    except NotStarted as why:
        sys.stderr.write(f"{why}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
