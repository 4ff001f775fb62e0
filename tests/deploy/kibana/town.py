"""A town whose posts went through the whole pipeline: in the console's own index, and in one on the real node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from alerts.entry import Action
from answerable import incident, post
from answerable.app import wiring
from answerable.app.box import Box
from answerable.clock import DAY, HOUR, MINUTE, parse, show
from answerable.incident import IncidentUpdate, LedgerEvent, Membership, State
from answerable.post import AnalysedPost
from answerable.pulse import Pulse
from answerable.sections import Elastic
from answerable.settings import load
from console.sight import is_open
from deploy.kibana.panel import Panel
from deploy.kibana.query import Rows, asked, rows
from index.elastic_node import Node
from stream.topics import INCIDENTS, LEDGER, MEMBERSHIPS, POSTS_ANALYSED
from tests.e2e import corpus
from tests.e2e.desk import Clock, admitted, standing

__all__ = ["Town", "told"]

_ALL = 100_000
_BOUNDARY = 6 * MINUTE
_AGAIN, _DANGER = 80, "燃气正在泄漏"  # one person told of it
_STEPS: tuple[tuple[State, ...], ...] = (
    (State.ACKNOWLEDGED, State.ANSWERED),
    (State.ACKNOWLEDGED,),
    (State.ACKNOWLEDGED, State.ANSWERED, State.CLOSED),
    (),
    (State.FALSE_ALARM,),
    (State.ASSIGNED, State.WORKING, State.ANSWERED),
    (State.FALSE_ALARM, State.WORKING),
)


class Town(Struct):
    """What was told of the town: each post, its last membership, the last of each group, ledger and pulses."""

    box: Box
    config: Elastic
    posts: list[AnalysedPost]
    incident_of: dict[str, tuple[str | None, bool]]
    updates: list[IncidentUpdate]
    events: list[LedgerEvent]
    pulses: list[Pulse]

    def district_of(self, place: str) -> str | None:
        """Return the district of a place, as the desk's gazetteer has it."""
        return self.box.kept.gazetteer.district_of(place)

    def asked(self, panel: Panel, since: int = 0, until: int = 4_000_000_000) -> Rows:
        """Put a panel's query to the real node."""
        node = Node(self.config)
        try:
            found = node.ask(
                "POST",
                f"/{self.config.prefix}-{panel.view.family}/_search",
                dict[str, Any],
                asked(panel, since, until),
            )
        finally:
            node.close()
        return rows(panel, found)


@contextmanager
def told(folder: Path, lines: Iterable[corpus.Line], config: Elastic, home: str | None) -> Iterator[Town]:
    """Let posts go through a desk, two weeks at a time, answer some incidents, and tell the index of it."""
    path = folder / "desk.toml"
    path.write_text(corpus.settings_text(folder / "data", partitions=1), "utf-8")
    ordered = sorted(lines, key=lambda line: str(line["published_at"]))
    clock = Clock(parse(str(ordered[0]["published_at"])))
    pulses: list[Pulse] = []
    with standing(load(path, {}), clock) as box:
        for chunk in _fortnights(ordered):
            clock.at = parse(str(chunk[-1]["published_at"])) + HOUR
            box.pipeline.take(admitted(box, chunk, home))
            box.pipeline.drain(clock.at)
            _pass(box, clock, _BOUNDARY)
            pulses.append(box.said())
        _respond(box, clock)
        box.pipeline.take(admitted(box, _again(ordered, clock.at), home))
        box.pipeline.drain(clock.at)
        _pass(box, clock, _BOUNDARY)
        pulses.append(box.said())
        yield _told(box, config, pulses)


def _again(ordered: list[corpus.Line], now: int) -> list[corpus.Line]:
    """Return what was written last, and danger by several people, as of the last hour, after all the answers."""
    last = [line for line in ordered[-_AGAIN:] if "reply_to" not in line]
    last += [
        {**line, "id": f"{line['id']}-{number}", "author": f"resident {number}", "text": f"{line['text']}{number}"}
        for line in ordered for number in range(8) if _DANGER in str(line["text"])
    ]  # fmt: skip
    moments = [show(now - HOUR + MINUTE * number // 2) for number, _ in enumerate(last)]
    return [
        {**line, "id": f"again-{line['id']}", "published_at": moment, "fetched_at": moment}
        for line, moment in zip(last, moments, strict=True)
    ]


def _respond(box: Box, clock: Clock) -> None:
    """Do about each incident something else than about the one before, and let the clocks of others run out."""
    for number, entry in enumerate(filter(is_open, box.stores.desk.entries())):
        for step in _STEPS[number % len(_STEPS)]:
            clock.at += 47 * MINUTE + number
            version = next(
                one.version for one in box.stores.desk.entries() if one.update.incident == entry.update.incident
            )
            action = Action(
                incident=entry.update.incident, version=version, to=step, who="clerk", text="it is mended",
                office=entry.lead if step is State.ASSIGNED else None,
            )  # fmt: skip
            box.stores.desk.act(action, clock.at)
            _pass(box, clock, _BOUNDARY)
    _pass(box, clock, 10 * DAY)


def _pass(box: Box, clock: Clock, seconds: int) -> None:
    """Let time pass in one step, which leaves the same as many small ones."""
    clock.at += seconds
    box.tick()
    box.pipeline.drain(clock.at)


def _fortnights(ordered: list[corpus.Line]) -> Iterator[list[corpus.Line]]:
    held: list[corpus.Line] = []
    for line in ordered:
        if held and parse(str(line["published_at"])) - parse(str(held[0]["published_at"])) >= 14 * DAY:
            yield held
            held = []
        held.append(line)
    yield held


def _told(box: Box, config: Elastic, pulses: list[Pulse]) -> Town:
    log = box.stores.log
    records = [post.decode(one.value) for one in log.read(POSTS_ANALYSED, 0, 0, _ALL)]
    posts = {one.post.id: one for one in records if isinstance(one, AnalysedPost)}
    said = [
        incident.decode(one.value)
        for topic in (INCIDENTS, MEMBERSHIPS, LEDGER)
        for one in log.read(topic, 0, 0, _ALL)
    ]
    far = replace(box.settings, index=replace(box.settings.index, engine="elastic"), elastic=config)
    index = wiring.index(far, wiring.register(far))
    index.put(list(posts.values()))
    index.put(said)
    index.note(pulses)
    index.close()
    node = Node(config)
    node.ask("POST", f"/{config.prefix}-*/_refresh", object)
    node.close()
    members = {
        id: (shown, first is not None)
        for one in said
        if isinstance(one, Membership)
        for id, _, shown, first in one.posts
    }
    told = sorted(
        (one for one in said if isinstance(one, IncidentUpdate)), key=lambda one: (one.revision, one.told_at)
    )
    updates = {one.incident: one for one in told}
    events = [one for one in said if isinstance(one, LedgerEvent)]
    return Town(box, config, list(posts.values()), members, list(updates.values()), events, pulses)
