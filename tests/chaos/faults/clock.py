"""Clocks that go wrong: while everything runs, and over a restart."""

from __future__ import annotations

import time
from collections.abc import Callable

from answerable.clock import parse
from tests.chaos.scene import Scene

__all__ = ["jumps", "passes"]


def jumps(*shifts: int) -> Callable[[Scene], None]:
    """Return a fault that sets all clocks wrong by so many seconds, one after the other, and restarts in between."""

    def make(scene: Scene) -> None:
        for shift in shifts:
            scene.wait(0.5, 1.0)
            scene.machine.shift(shift)
            scene.wait(0.5, scene.size.seconds)
            _restart(scene)
            scene.note("jumps", 1)
        scene.wait(0.5, 1.0)
        scene.machine.shift(0)

    return make


def passes(scene: Scene) -> None:
    """Let the fault's moment pass while posts flow, and restart behind it."""
    moment = parse(scene.moment)
    while scene.machine.now <= moment:
        time.sleep(0.2)
    scene.wait(1.0, 1.0 + scene.size.seconds)
    _restart(scene)
    scene.note("moments passed", 1)


def _restart(scene: Scene) -> None:
    for what in scene.machine.stop_all():
        scene.wrong(what)
    scene.machine.start_all()
