"""Clocks that go wrong: while everything runs, and over a restart."""

from __future__ import annotations

from collections.abc import Callable

from answerable.clock import parse
from tests.chaos.scene import Scene

__all__ = ["jumps", "set_to"]


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


def set_to(moment: str) -> Callable[[Scene], None]:
    """Return a fault that lets a moment pass, written in RFC 3339: it comes a little after the clocks are set."""

    def make(scene: Scene) -> None:
        scene.machine.shift(0)
        scene.machine.shift(parse(moment) - scene.machine.now - 1)
        scene.wait(1.0, 1.0 + scene.size.seconds)
        _restart(scene)
        scene.note("jumps", 1)
        scene.machine.shift(0)

    return make


def _restart(scene: Scene) -> None:
    for what in scene.machine.stop_all():
        scene.wrong(what)
    scene.machine.start_all()
