"""What the tests of the desk start from: updates, offices, a composer that writes what it was given, a desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from alerts import clocks, rules
from alerts.alert import Alert, AlertKind, Digest
from alerts.case import Case, Told
from alerts.desk import Desk
from alerts.judge import Bench
from alerts.ledger import Ledger
from alerts.links import Links
from alerts.names import Names
from alerts.notify import Envelope, Outcome
from alerts.recipients import Office, Person, Recipients
from alerts.routing import Routing
from answerable.clock import DAY, HOUR, MINUTE, parse
from answerable.incident import Between, Change, Components, IncidentUpdate, Level, State, Title
from answerable.post import Kind, Topic
from answerable.settings import Settings
from answerable.settings import load as load_settings

MORNING = parse("2026-03-02T09:00:00+08:00")  # a Monday
CITY = "4401"
WATER = Office(
    id="water", name={"zh": "澜汀水务局", "en": "Lanting Water Bureau"}, topics=["urban.water"], areas=[CITY],
    supervised_by="city", on_duty=["duty@water.example"], aliases=["自来水公司", "the waterworks"],
)  # fmt: skip
HOUSING = Office(id="housing", name={"zh": "澜汀住建局"}, topics=["urban"], areas=[CITY], supervised_by="city")
CITY_OFFICE = Office(id="city", name={"zh": "澜汀市政府办公室"}, on_duty=["duty@city.example"])
OFFICES = [WATER, HOUSING, CITY_OFFICE]
PEOPLE = [
    Person(id="lead", mail="lead@water.example", offices=["water"]),
    Person(id="builder", mail="builder@housing.example", offices=["housing"]),
    Person(id="boss", mail="boss@city.example", offices=["city"], locale="en"),
]
RECIPIENTS = Recipients(offices=OFFICES, people=PEOPLE)
CLOCKS = clocks.load("cn", "Asia/Shanghai")
CALM = Components(heat=1.0, usual=1.0, effective=2.0)
WARM = Components(heat=4.5, usual=1.0, effective=12.0, breadth=3)  # 2 + 1 + 1 points: yellow
HOT = Components(heat=9.0, usual=1.0, effective=12.0, breadth=3)  # 3 + 1 + 1 points: orange
BURNING = Components(heat=12.0, usual=1.0, effective=40.0, growth=2.0, breadth=5)  # 3 + 2 + 2 + 2 points: red


def update(incident: str = "bcdfghj", revision: int = 1, at: int = MORNING, **others: Any) -> IncidentUpdate:
    """Return a shown incident of eight residents without water, calm where nothing else is said."""
    told: dict[str, Any] = {
        "area": CITY, "change": Change.COUNTS, "title": Title("4401-03", ("停水",)), "opened_at": at,
        "first_post": "p1", "first_at": at, "last_at": at, "posts": 10, "duplicates": 0, "vanished": 0,
        "authors": Between(8, 8), "token_days": 8, "strongest_day": 8, "sources": ("letters.lanting",),
        "kinds": ((Kind.LETTER, 10),),
        "components": CALM, "indicators": (), "shown": True, "topics": (Topic("urban.water", 0.9),),
    }  # fmt: skip
    return IncidentUpdate(incident=incident, revision=revision, at=at, **(told | others))


def routing(recipients: Recipients = RECIPIENTS) -> Routing:
    return Routing(recipients, "desk@lanting.example", "zh", {"4401-03": CITY})


def bench(recipients: Recipients = RECIPIENTS, *, shipped: bool = False, cutover: int = 0) -> Bench:
    return Bench(rules.load() if shipped else (), routing(recipients), CLOCKS, "zh", cutover)


def case(level: Level = Level.WATCH, **others: Any) -> Case:
    told_: dict[str, Any] = {"update": update(), "level": level, "judged_at": MORNING, "supported_at": MORNING}
    return Case(**(told_ | others))


def alert(level: Level = Level.ORANGE, kind: AlertKind = AlertKind.OPEN, **others: Any) -> Alert:
    told: dict[str, Any] = {
        "number": 1, "at": MORNING, "incident": "bcdfghj", "previous": None, "thread": 1, "rule": "scorecard",
        "why": (), "update": update(), "state": State.NEW, "version": 1, "lead": "water",
    }  # fmt: skip
    return Alert(level=level, kind=kind, **(told | others))


def told(level: Level = Level.ORANGE, residents: int = 8, **others: bool) -> Told:
    return Told(level=level, residents=residents, **others)


class Plain:
    """A composer whose mails say, as JSON, whom they go to and why."""

    def compose_alert(self, alert: Alert, person: Person, names: Names, links: Links) -> bytes:
        return msgspec.json.encode(
            {
                "to": person.id, "kind": alert.kind, "level": alert.level, "incident": alert.incident,
                "rule": alert.rule, "thread": alert.thread, "at": alert.at, "residents": alert.update.authors.most,
            }
        )  # fmt: skip

    def compose_digest(self, digest: Digest, person: Person, names: Names, links: Links) -> bytes:
        lines = [(line.alert.incident, line.held) for line in digest.lines]
        parts = {line.alert.incident: [part.incident for part in line.parts] for line in digest.lines if line.parts}
        return msgspec.json.encode(
            {
                "to": person.id, "kind": "digest", "at": digest.at, "lines": lines, "parts": parts,
                "slow": [slow.incident for slow in digest.slow], "open": digest.open_count, "ages": digest.ages,
            }
        )  # fmt: skip


class Said(Struct):
    """A mail of the plain composer, read back."""

    to: str
    kind: str
    at: int
    incident: str = ""
    level: str = ""
    rule: str = ""
    thread: int = 0
    residents: int = 0
    lines: list[tuple[str, str]] = []
    parts: dict[str, list[str]] = {}
    slow: list[str] = []
    open: int = 0
    ages: list[tuple[str, int]] = []


class Sink:
    """A notifier that keeps what it was given and answers as it was told to."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.envelopes: list[Envelope] = []
        self._outcomes = list(outcomes)

    def send(self, envelope: Envelope) -> Outcome:
        self.envelopes.append(envelope)
        return self._outcomes.pop(0) if self._outcomes else Outcome.SENT

    @property
    def said(self) -> list[Said]:
        return [msgspec.json.decode(envelope.content, type=Said) for envelope in self.envelopes]


def settings(**alerts: str) -> Settings:
    return load_settings(None, {f"ANSWERABLE_ALERTS__{key.upper()}": value for key, value in alerts.items()})


def desk(
    folder: Path, recipients: Recipients = RECIPIENTS, config: Settings | None = None, *, shipped: bool = False,
    **flags: Any,
) -> Desk:  # fmt: skip
    """Return a desk on a file in `folder`; the same folder again is the same desk after a restart."""
    return Desk(
        Ledger(folder / "ledger.db", durable=False), config or settings(), rules.load() if shipped else (),
        recipients, CLOCKS, Names({"4401-03": ("临河街道",)}, {}, recipients), Plain(),
        Links("http://desk.example", b"k" * 32),
        parents={"4401-03": CITY}, **({"empty_digests": False, "reminders": False} | flags),
    )  # fmt: skip


def mails(at_desk: Desk, now: int) -> list[Said]:
    """Deliver what is due and return what it says."""
    sink = Sink()
    at_desk.deliver(sink, now)
    return sink.said


__all__ = [
    "BURNING", "CALM", "CITY", "CITY_OFFICE", "CLOCKS", "DAY", "HOT", "HOUR", "HOUSING", "MINUTE", "MORNING",
    "OFFICES", "PEOPLE", "RECIPIENTS", "WARM", "WATER", "Plain", "Said", "Sink", "alert", "bench", "case", "desk",
    "mails", "routing", "settings", "told", "update",
]  # fmt: skip
