"""The table of faults: one runner makes all of them, the short set with smaller numbers."""

from __future__ import annotations

from answerable.clock import DAY, HOUR
from stream.topics import INCIDENTS, LEDGER, MEMBERSHIPS, POSTS_ANALYSED, POSTS_RAW
from tests.chaos.faults import clock, crawls, deaths, files, mails, messages
from tests.chaos.scene import Fault, Size
from tests.fakes.moody_mail import Mood

__all__ = ["FAULTS", "MARKS"]

_LATER = (Mood.BUSY, Mood.LATER, Mood.DROP, Mood.FINE, Mood.LOST, Mood.RUDE, Mood.NEVER)
# Every named moment of the code, and which process dies there.
MARKS = {
    "append written": "box", "appended": "box", "batch fetched": "box", "batch written": "box", "batch closed": "box",
    "batch handled": "box", "dead letter kept": "box", "ledger written": "box", "ledger committed": "box",
    "mail handed over": "box",
}  # fmt: skip

FAULTS = (
    Fault(
        name="calm", promises="D1 D2 D3 D8", says="nothing happens", make=deaths.nothing,
        full=Size(10_000), short=Size(400),
    ),
    Fault(
        name="killed at random", promises="D1 D2 D3 D6 D8", says="SIGKILL at any moment", make=deaths.at_random,
        full=Size(10_000, 20, 100, 3.0), short=Size(600, 100, 3, 1.5), kills=True,
    ),
    *(
        Fault(
            name=f"killed at: {mark}", promises="D1 D2 D3 D6 D8", says=f"SIGKILL at the mark {mark!r}",
            make=deaths.at_mark(mark, part), full=Size(10_000, 120, 20), short=Size(400, 100, 1), kills=True,
            sets_aside=mark == "dead letter kept",
        )
        for mark, part in MARKS.items()
    ),
    Fault(
        name="killed at: page appended", promises="D1 D2 D3 D6 D8", says="SIGKILL before crawled posts are marked",
        make=crawls.killed_while_crawling, full=Size(2_000, 0, 20), short=Size(100, 0, 1), kills=True,
    ),
    Fault(
        name="halted", promises="D1 D2 D3 D8", says="SIGSTOP, then CONT", make=deaths.zombie,
        full=Size(10_000, 150, 1, 60.0), short=Size(400, 200, 1, 3.0),
    ),
    Fault(
        name="log locked", promises="D1 D2 D3 D8", says="somebody else holds the log's file",
        make=files.locked("log.db"), full=Size(10_000, 150, 4, 12.0), short=Size(400, 200, 1, 6.0),
    ),
    Fault(
        name="ledger or index locked", promises="D1 D2 D3 D6 D8", says="somebody else holds one of these files",
        make=files.locked("ledger.db", "index/facts.db"), full=Size(10_000, 150, 6, 12.0),
        short=Size(400, 200, 2, 6.0),
    ),
    Fault(
        name="index locked for long", promises="D5", says="the index takes nothing", make=files.sink_down,
        full=Size(122_000, 200, 1, 600.0), short=Size(3_000, 200, 1, 12.0),
    ),
    Fault(
        name="disk full", promises="D1 D2 D3 D8", says="the data's disk takes nothing more", make=files.disk_full,
        full=Size(10_000, 200, 5, 8.0), short=Size(400, 150, 1, 3.0), disk_mib=160,
    ),
    Fault(
        name="clock jumps", promises="D1 D2 D3 D6 D8", says="± 1 h, ± 1 day, while running and over restarts",
        make=clock.jumps(HOUR, -HOUR, DAY, -DAY), full=Size(10_000, 400, 1, 4.0), short=Size(400, 50, 1, 0.6),
    ),
    *(
        Fault(
            name=f"clock: {name}", promises="D1 D2 D3 D6 D8", says=moment, make=clock.set_to(moment),
            full=Size(2_000, 200, 1, 4.0),
        )
        for name, moment in (
            ("leap day begins", "2028-02-29T00:00:00Z"), ("leap day ends", "2028-03-01T00:00:00Z"),
            ("summer time begins", "2027-03-28T01:00:00Z"), ("summer time ends", "2027-10-31T01:00:00Z"),
            ("new year", "2027-01-01T00:00:00Z"),
        )
    ),
    Fault(
        name="mail server moods", promises="D6", says=", ".join(_LATER), make=mails.moods(*_LATER),
        full=Size(10_000, 0, 8), short=Size(400, 0, 2),
    ),
    Fault(
        name="mail server says nothing", promises="D6", says="tarpit", make=mails.moods(Mood.TARPIT, Mood.FINE),
        full=Size(2_000, 0, 3),
    ),
    Fault(
        name="poison", promises="D1 D2 D3 D4", says="unreadable messages in every topic",
        make=messages.poison(POSTS_RAW, POSTS_ANALYSED, INCIDENTS, MEMBERSHIPS, LEDGER),
        full=Size(10_000), short=Size(300), sets_aside=True,
    ),
    Fault(
        name="a newer writer", promises="D1 D2 D3", says="fields that this version does not know",
        make=messages.newer_writer, full=Size(2_000), short=Size(200),
    ),
    Fault(
        name="from offset 0", promises="D1 D2 D3 D6", says="everything is read again from the first message",
        make=messages.from_zero, full=Size(10_000, 0, 2), short=Size(400, 0, 1),
    ),
)  # fmt: skip
