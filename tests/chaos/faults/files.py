"""Files that cannot be written: locked by somebody else, or on a disk that is full."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

from tests.chaos.scene import Scene

__all__ = ["disk_full", "locked", "sink_down"]

_MIB = 1 << 20
_LEAST_AFTER = 0.5


def locked(*names: str) -> Callable[[Scene], None]:
    """Return a fault that locks files below the data folder against writing, for `seconds`, `times` over."""

    def make(scene: Scene) -> None:
        for _ in range(scene.size.times):
            name = scene.draw.choice(names)
            with closing(sqlite3.connect(scene.machine.data / name, timeout=30.0, isolation_level=None)) as held:
                held.execute("BEGIN IMMEDIATE")
                time.sleep(scene.size.seconds)
                held.execute("ROLLBACK")
            scene.note("locks", 1)
            scene.wait(_LEAST_AFTER, 1.0)

    return make


def disk_full(scene: Scene) -> None:
    """Fill the disk while posts flow, leave it so for a while, then give the room back; `times` over."""
    if scene.disk is None:
        raise ValueError("this fault needs a small disk")
    for _ in range(scene.size.times):
        scene.wait(0.2, 1.0)
        scene.disk.fill(scene.draw.randrange(4096))
        time.sleep(scene.size.seconds)
        scene.disk.free()
        scene.note("times full", 1)
        time.sleep(_LEAST_AFTER)


def sink_down(scene: Scene) -> None:
    """D5: lock the index while posts flow; memory stays bounded and what waits drains by itself.

    What the folds of this one process remember of each post is measured before, and is not counted.
    """
    box, seconds = scene.machine.running["box"], scene.size.seconds
    time.sleep(min(10.0, seconds / 4))
    start, fed = box.rss(), scene.feeder.fed
    time.sleep(min(120.0, seconds / 4))
    each = max(0.0, (box.rss() - start) / max(1, scene.feeder.fed - fed))
    before, highest, fed = box.rss(), 0.0, scene.feeder.fed
    with closing(
        sqlite3.connect(scene.machine.data / "index" / "facts.db", timeout=30.0, isolation_level=None)
    ) as held:
        held.execute("BEGIN IMMEDIATE")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.2)
            highest = max(highest, box.rss() - before - each * (scene.feeder.fed - fed))
        held.execute("ROLLBACK")
    grown = highest / _MIB
    scene.most("memory grew MiB", grown)
    scene.most("KiB a post in folds", each / 1024)
    scene.note("posts meanwhile", scene.feeder.fed - fed)
    scene.note("seconds down", scene.size.seconds)
    if grown > 150:
        scene.wrong(f"memory grew by {grown:.0f} MiB while the index was locked")
    began = time.monotonic()
    if not scene.feeder.finish(600.0) or not scene.rests(300.0):
        scene.wrong("what waited did not drain by itself")
    scene.most("drained s", time.monotonic() - began)
