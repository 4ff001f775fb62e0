"""Messages that a sink refused until it was repaired, handed in again: once, and once more for nothing."""

from __future__ import annotations

from tests.chaos.scene import Scene
from tests.chaos.stub import Answer, Plan

__all__ = ["replayed"]

_MARK = "dead letter replayed"
_KILLED = -9


def replayed(scene: Scene) -> None:
    """D7: let a node refuse some items, repair it, replay the dead letters, killed in between; then replay again."""
    if scene.servers is None or scene.servers.stub is None:
        raise ValueError("this fault needs a stub")
    scene.servers.stub.plan = Plan({Answer.BAD_ITEM: 1.0})
    scene.feeder.finish(300.0)
    scene.rests(120.0)
    scene.servers.stub.plan = Plan({Answer.PASS: 1.0})
    _note(scene, "dead letters made")
    if not scene.figures["dead letters made"]:
        scene.wrong("nothing was set aside, so that nothing could be replayed")
    for _ in range(scene.size.times):
        if _replay(scene, f"{_MARK}:{scene.draw.randint(1, 3)}") == _KILLED:
            scene.note("kills", 1)
    for turn in ("first", "second"):
        if code := _replay(scene):
            scene.wrong(f"the {turn} replay ended with {code}")
        if not scene.rests(120.0):
            scene.wrong(f"it did not come to rest after the {turn} replay")
        _note(scene, f"dead letters after the {turn} replay")
    for turn in ("first", "second"):
        if scene.figures[f"dead letters after the {turn} replay"]:
            scene.wrong(f"dead letters are left after the {turn} replay")


def _replay(scene: Scene, kill_at: str = "") -> int:
    return scene.machine.verb("deadletter", "replay", "--all", "--wait", "30", kill_at=kill_at)


def _note(scene: Scene, name: str) -> None:
    with scene.engine.streams(scene.machine) as streams:
        scene.note(name, len(streams.deadletters.all()))
