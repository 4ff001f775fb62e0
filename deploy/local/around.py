"""A command with engines around it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from deploy.local import control, tools
from deploy.local.errors import NotStarted


def around(command: Sequence[str]) -> int:
    """Run a command while the engines run, stop afterwards what was started for it, and return the command's code.

    Where CI is set the engines must start, or NotStarted is raised. Elsewhere nothing is installed for it: without
    Java, or without a network at the first start, a line says so, and the command runs without engines.
    """
    before = control.running()
    try:
        why = _start()
        if why:
            sys.stderr.write(f"No engines run, so the tests that need them are skipped: {why}\n")
            sys.stderr.flush()
        return _call(command, {} if why else {"ANSWERABLE_ENGINES": "1"})
    finally:
        control.stop_all_but(before)


def _start() -> str:
    """Start the engines; returns why they do not run, or nothing."""
    if not os.environ.get("CI") and control.status()[1] and (lacking := tools.missing()):
        return f"not on this machine: {', '.join(lacking)}. {tools.REPAIR}"
    try:
        control.start()
    except NotStarted as why:
        if os.environ.get("CI"):
            raise
        return str(why)
    return ""


def _call(command: Sequence[str], more: dict[str, str]) -> int:
    with subprocess.Popen(list(command), env=os.environ | more) as child:  # noqa: S603 — what the caller asked for
        # Both end the command, not the wait for it: Ctrl-C reaches it by itself, a plain kill is handed on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda _number, _frame: child.terminate())
        code = child.wait()
    return code if code >= 0 else 128 - code
