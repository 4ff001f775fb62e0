"""Messages that nobody can read, messages of a newer writer, and everything coming again from the beginning."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from answerable import incident, post
from answerable.errors import DecodeError
from stream.log import Message
from stream.topics import INCIDENTS, LEDGER, MEMBERSHIPS, POSTS_ANALYSED, POSTS_RAW
from tests.chaos.feeder import admitted
from tests.chaos.judge import Op
from tests.chaos.poison import corpus
from tests.chaos.scene import Scene

__all__ = ["from_zero", "newer_writer", "poison"]

_DELAY_S = 30.0
_LARGEST = 1 << 20  # bytes that a broker takes for sure
_READERS = {
    POSTS_RAW: ("analyse",), POSTS_ANALYSED: ("track", "index"), INCIDENTS: ("desk", "index"),
    MEMBERSHIPS: ("index",), LEDGER: ("index",),
}  # fmt: skip


def poison(*topics: str) -> Callable[[Scene], None]:
    """Return a fault that puts the whole corpus into topics and healthy posts behind it."""

    def make(scene: Scene) -> None:
        scene.feeder.finish(120.0)
        scene.rests(60.0)
        for what in scene.machine.stop_all():
            scene.wrong(what)
        with scene.engine.streams(scene.machine) as streams:
            for topic in topics:
                poisons = [one.data for one in corpus(topic, 10 << 20 if scene.servers is None else _LARGEST)]
                scene.note("poison", len(poisons))
                streams.log.append(topic, [Message(f"k{n}", data) for n, data in enumerate(poisons)])
                for stage in _READERS[topic]:
                    scene.letters[topic, stage] = sum(not _readable(topic, data) for data in poisons)
        began = time.monotonic()
        scene.machine.start_all()
        if not scene.rests(120.0):
            scene.wrong("the stages did not get past the poison")
        scene.most("healthy ones waited s", time.monotonic() - began)
        if time.monotonic() - began > _DELAY_S:  # the start is in it
            scene.wrong(f"healthy messages waited {time.monotonic() - began:.0f} s")

    return make


def _readable(topic: str, data: bytes) -> bool:
    try:
        (post if topic in (POSTS_RAW, POSTS_ANALYSED) else incident).decode(data)
    except DecodeError:
        return False
    return True


def newer_writer(scene: Scene) -> None:
    """Append posts with fields that this version does not know: they are read, and nothing is set aside."""
    scene.feeder.finish(120.0)
    scene.rests(60.0)
    for what in scene.machine.stop_all():
        scene.wrong(what)
    records = [
        one for one in admitted(scene.machine, scene.draw.randrange(1 << 30), 60) if isinstance(one, post.Post)
    ]
    with scene.engine.streams(scene.machine) as streams:
        for one in records:
            fields = msgspec.msgpack.decode(post.encode(msgspec.structs.replace(one, seen_at=scene.machine.now)))
            fields |= {"of the next version": [1, {"a": None}], "another": "澜汀"}
            fields["counts"] = fields.get("counts", {}) | {"shares": 3}
            streams.log.append(POSTS_RAW, [Message(one.id, msgspec.msgpack.encode(fields))])
    scene.feeder.note(Op.OK, [one.id for one in records])
    scene.note("messages of a newer writer", len(records))
    scene.machine.start_all()


def from_zero(scene: Scene) -> None:
    """Let every group that keeps no state of its own read everything again from the first message."""
    for _ in range(scene.size.times):
        scene.feeder.finish(120.0)
        scene.rests(60.0)
        for what in scene.machine.stop_all():
            scene.wrong(what)
        scene.engine.rewind(scene.machine)
        scene.machine.start_all()
        if not scene.rests(120.0):
            scene.wrong("reading everything again did not end")
        scene.note("times from zero", 1)
