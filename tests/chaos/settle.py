"""After the last process has ended: time passes, so that folds pass their boundaries and mails are handed over."""

from __future__ import annotations

from answerable.app.box import Box
from answerable.clock import HOUR, MINUTE
from tests.chaos.machine import Machine

__all__ = ["settle"]


def settle(machine: Machine) -> None:
    """Let an hour and some minutes pass for the desk, in this process, and hand over what waits in the outbox.

    A fold's clock never goes back: where a process's clock was ahead, its folds go on when that time has come.
    """
    at = machine.now + machine.furthest
    box = Box(machine.settings, lambda: at)
    box.stop.set()
    try:
        for step in (0, 6 * MINUTE, 6 * MINUTE, HOUR, 6 * MINUTE):
            at += step
            box.tick()
            box.pipeline.drain(at)
        box.deliver()
    finally:
        box.close()
