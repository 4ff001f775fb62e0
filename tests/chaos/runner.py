"""Runs one fault: sets the scene, lets posts flow, makes the fault, waits for rest, and judges."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from answerable.clock import parse
from tests.chaos import checks
from tests.chaos.disk import small_disk
from tests.chaos.engines import Embedded, Engine
from tests.chaos.feeder import Feeder, admitted
from tests.chaos.judge import Ledger, Verdict, judge, read
from tests.chaos.machine import ONE_BOX, SPLIT, Machine
from tests.chaos.poison import PREFIX
from tests.chaos.posts import handles
from tests.chaos.scene import Fault, Scene, Size
from tests.chaos.served import served
from tests.chaos.world import World, look, outbox
from tests.fakes.moody_mail import moody

__all__ = ["Outcome", "run"]

_FED_WITHIN_S = 600.0
_BEFORE_S = 12  # a moment comes so long after the start
_ONE_BOX = "[stream]\npartitions = 4\n"
_MAIL = """
[smtp]
port = {port}
sender = "desk@lanting.example"
timeout_s = 2.0
"""


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of one fault: `problems` says what broke, nothing where all held."""

    fault: str
    seed: int
    size: Size
    verdict: Verdict
    mails: int
    figures: dict[str, float]
    problems: tuple[str, ...]
    seconds: float


def run(fault: Fault, size: Size, seed: int, folder: Path) -> Outcome:
    """Make one fault on a machine of its own below `folder`, which should be empty, and judge what came of it."""
    began = time.monotonic()
    with ExitStack() as held:
        scene, ledger = _set(fault, size, seed, folder, held)
        fault.make(scene)
        _come_to_rest(scene, fault)
        machine, engine = scene.machine, scene.engine
        with engine.streams(machine) as streams:
            world = look(streams, machine.settings, machine.now)
        hits = [hit.id for hit in world.hits if not hit.id.startswith(PREFIX)]
        accepted = [one for one in world.accepted if not one.startswith(PREFIX)]
        verdict = judge(read(ledger), accepted, hits, world.dead, scene.feeder.forgotten)
        problems = [*scene.problems, *_judged(verdict), *_checked(scene, fault, world, seed)]
        mails = len(outbox(machine.data))
    return Outcome(
        fault=fault.name, seed=seed, size=size, verdict=verdict, mails=mails, figures=scene.figures,
        problems=tuple(problems), seconds=time.monotonic() - began,
    )  # fmt: skip


def _set(fault: Fault, size: Size, seed: int, folder: Path, held: ExitStack) -> tuple[Scene, Path]:
    """Set the scene: servers, machine, mail server, posts; everything runs and posts begin to flow."""
    mail = held.enter_context(moody(seed))
    disk = held.enter_context(small_disk(folder / "disk", fault.disk_mib)) if fault.disk_mib else None
    servers = held.enter_context(served(fault.ground)) if fault.ground else None
    engine: Engine = servers or Embedded()
    more = (servers.text if servers else _ONE_BOX) + _MAIL.format(port=mail.port)
    machine = Machine(folder, SPLIT if servers else ONE_BOX, more, disk.folder if disk else None)
    held.callback(machine.end)
    if fault.moment:
        machine.shift(parse(fault.moment) - machine.now - _BEFORE_S)
        machine.environment = {"ANSWERABLE_GENERAL__TIMEZONE": "Europe/Berlin"}  # a place with summer time
    if servers:
        servers.migrate(machine)
    records = admitted(machine, seed, size.posts)
    ledger = Ledger(folder / "ledger.jsonl")
    held.callback(ledger.close)
    feeder = Feeder(records, engine.way_in(machine), ledger, machine, seed, size.rate)
    scene = Scene(machine, engine, feeder, mail, size, seed, disk, servers, fault.moment)
    machine.start_all()
    feeder.start()
    held.callback(feeder.stop)
    return scene, ledger.path


def _come_to_rest(scene: Scene, fault: Fault) -> None:
    """Bring everything up again, let the rest flow, and wait until nothing waits any more."""
    machine = scene.machine
    machine.start_all()
    if not scene.feeder.finish(_FED_WITHIN_S):
        scene.wrong("posts could not be fed")
    if not scene.rests(fault.rest_s):
        scene.wrong(f"it did not come to rest within {fault.rest_s:g} s")
    for what in scene.engine.settle(machine):
        scene.wrong(what)
    for name in machine.tracebacks():
        scene.wrong(f"a traceback stands in {name}")
    scene.note("words lost", scene.feeder.words_lost)


def _judged(verdict: Verdict) -> list[str]:
    wrong = [f"{len(ids)} {what}: {', '.join(ids[:3])}" for what, ids in
             (("lost", verdict.lost), ("doubled", verdict.doubled), ("stray", verdict.stray)) if ids]  # fmt: skip
    if not verdict.balanced:
        wrong.append(
            f"{verdict.accepted} accepted, but {verdict.indexed} indexed, {verdict.set_aside} set aside, "
            f"{verdict.dropped} dropped"
        )
    return wrong


def _checked(scene: Scene, fault: Fault, world: World, seed: int) -> list[str]:
    machine = scene.machine
    allowed = sum(scene.mail.lost.values()) + (machine.starts if fault.kills else 0)
    wrong = [*checks.counted_once(world), *checks.folded_again(world, machine.settings)]
    wrong += checks.mailed_once(outbox(machine.data), [content for _, content in scene.mail.kept], allowed)
    wrong += checks.hidden(machine.data, handles(seed))
    wrong += checks.unnamed(world, handles(seed))
    wrong += checks.pointers_only(world)
    there = Counter((one.topic, one.stage) for one in world.letters)
    for place, least in scene.letters.items():
        if there[place] < least:
            wrong.append(f"{there[place]} dead letters of {place}, where {least} messages cannot be read")
    scene.note("dead letters", len(world.letters))
    if world.letters and not fault.sets_aside:
        wrong.append(f"{len(world.letters)} messages were set aside")
    return wrong


def fresh(folder: Path) -> Path:
    """Return an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
