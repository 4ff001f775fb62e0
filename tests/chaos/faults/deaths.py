"""Processes that die or stand still in the middle of their work."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence

from answerable import post
from answerable.post import Tick
from stream.log import Message
from stream.topics import POSTS_ANALYSED, POSTS_RAW
from tests.chaos.machine import Process
from tests.chaos.scene import Scene

__all__ = ["at_each", "at_random", "kill_at", "nothing", "zombie"]

_DIES_WITHIN_S = 40.0
_SNAPSHOT_WITHIN_S = 120.0
_FURTHEST = {"dead letter kept": 1, "mail handed over": 1, "page appended": 1, "snapshot written": 1}
_LATER = 4  # a mark is met for the n-th time, n up to this


def nothing(scene: Scene) -> None:
    """Make no fault: what the harness says of a calm day."""


def at_random(scene: Scene) -> None:
    """Kill a process at a random moment, over and over."""
    for number in range(scene.size.times):
        scene.spread(scene.size.times - number)
        name = scene.draw.choice([*scene.machine.running])
        scene.wait(0.0, scene.size.seconds)
        scene.machine.kill(name)
        scene.note("kills", 1)
        scene.machine.start(name)


def at_each(marks: Sequence[str], part: str = "box") -> Callable[[Scene], None]:
    """Return a fault that kills a process of a part at each of these marks, `times` over."""

    def make(scene: Scene) -> None:
        left = len(marks) * scene.size.times
        for mark in marks:
            done, tries = 0, 0
            while done < scene.size.times and tries < 3 * scene.size.times:
                scene.spread(max(1, left))
                tries, left = tries + 1, left - 1
                done += kill_at(scene, mark, part)
            if done < scene.size.times:
                scene.wrong(f"{mark!r} was met {done} times, not {scene.size.times}")

    return make


def kill_at(scene: Scene, mark: str, part: str) -> bool:
    """Let a process of a part run until it dies at a mark, then start it again; tell whether it died there."""
    machine = scene.machine
    name = scene.draw.choice([one for one in machine.roles if one.startswith(part)])
    if name in machine.running:
        machine.kill(name)
    if mark == "dead letter kept":
        with scene.engine.streams(machine) as streams:
            streams.log.append(POSTS_RAW, [Message("poison", b"\xc1")])
    process = machine.start(name, f"{mark}:{scene.draw.randint(1, _FURTHEST.get(mark, _LATER))}")
    if mark == "snapshot written":
        _many_batches(scene, process)
    process.wait(_DIES_WITHIN_S)
    died = process.code == -signal.SIGKILL
    if process.code is not None and not died:
        scene.wrong(f"{name} ended with {process.code} on its way to {mark!r}")
    scene.note("kills", died)
    machine.kill(name)
    machine.start(name)
    return died


def _many_batches(scene: Scene, process: Process) -> None:
    """Append ticks one by one, each a batch for every tracker, until a process has died of so many."""
    until = time.monotonic() + _SNAPSHOT_WITHIN_S
    with scene.engine.streams(scene.machine) as streams:
        while process.code is None and time.monotonic() < until:
            streams.log.append(POSTS_ANALYSED, [Message("", post.encode(Tick(scene.machine.now)))], -1)


def zombie(scene: Scene) -> None:
    """Halt a process for a while, then let it go on: whatever it held in its hands is old by then."""
    for _ in range(scene.size.times):
        name = scene.draw.choice([*scene.machine.running])
        scene.wait(0.2, 1.0)
        process = scene.machine.running[name]
        process.signal(signal.SIGSTOP)
        time.sleep(scene.size.seconds)
        process.signal(signal.SIGCONT)
        scene.note("halts", 1)
