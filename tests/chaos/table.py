"""The table of faults: one runner makes all of them, the short set with smaller numbers."""

from __future__ import annotations

from answerable.clock import DAY, HOUR
from stream.topics import INCIDENTS, LEDGER, MEMBERSHIPS, POSTS_ANALYSED, POSTS_RAW
from tests.chaos.faults import clock, crawls, deaths, files, letters, mails, messages, servers
from tests.chaos.scene import Fault, Size
from tests.chaos.served import Ground
from tests.chaos.stub import Answer
from tests.fakes.moody_mail import Mood

__all__ = ["FAULTS"]

_LATER = (Mood.BUSY, Mood.LATER, Mood.DROP, Mood.FINE, Mood.LOST, Mood.RUDE, Mood.NEVER)
_WRONG = (
    Answer.BUSY,
    Answer.DOWN,
    Answer.TOO_LARGE,
    Answer.PAGE,
    Answer.CUT,
    Answer.LOST,
    Answer.PARTIAL,
    Answer.FLOOD,
)
_KILLED = "D1 D2 D3 D6 D8"
# The named moments of the one box, and those of a process that reads from a broker.
_BOX = (
    "append written", "appended", "batch fetched", "batch written", "batch closed", "batch handled",
    "dead letter kept", "ledger written", "ledger committed", "mail handed over",
)  # fmt: skip
_TRACK = ("state claimed", "state batch closed", "updates emitted", "snapshot written")
_SHARED, _BROKER, _NODE, _STUB = Ground(), Ground(broker=True), Ground(node=True), Ground(stub=True)

FAULTS = (
    Fault(
        name="calm", promises="D1 D2 D3 D8", says="nothing happens", make=deaths.nothing,
        full=Size(10_000),
    ),
    Fault(
        name="killed at random", promises="D1 D2 D3 D6 D8", says="SIGKILL at any moment", make=deaths.at_random,
        full=Size(10_000, 25, 100, 3.0), short=Size(600, 100, 3, 1.5), kills=True,
    ),
    Fault(
        name="killed at each mark", promises=_KILLED, says="SIGKILL between any two durable steps",
        make=deaths.at_each(_BOX), short=Size(800, 60, 1), kills=True, sets_aside=True, marks=_BOX,
    ),
    *(
        Fault(
            name=f"killed at: {mark}", promises=_KILLED, says="SIGKILL at this moment", make=deaths.at_each((mark,)),
            full=Size(10_000, 120, 20), kills=True, sets_aside=mark == "dead letter kept", marks=(mark,),
        )
        for mark in _BOX
    ),
    Fault(
        name="killed at: page appended", promises="D1 D2 D3 D6 D8", says="SIGKILL before crawled posts are marked",
        make=crawls.killed_while_crawling, full=Size(2_000, 0, 20), short=Size(100, 0, 1), kills=True,
        marks=("page appended",),
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
            name=f"clock: {name}", promises="D1 D2 D3 D6 D8", says=moment, make=clock.passes, moment=moment,
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
    Fault(
        name="split: calm", promises="D1 D2 D3 D8", says="nothing happens to the split deployment",
        make=deaths.nothing, full=Size(10_000), ground=_SHARED,
    ),
    Fault(
        name="split: killed at random", promises=_KILLED, says="SIGKILL of any process", make=deaths.at_random,
        full=Size(10_000, 20, 120, 4.0), short=Size(600, 60, 4, 2.0), kills=True, ground=_SHARED, rest_s=180.0,
    ),
    *(
        Fault(
            name=f"split: killed at: {mark}", promises=_KILLED, says="SIGKILL of a tracker at this moment",
            make=deaths.at_each((mark,), "track"), full=Size(10_000, 60, 20), kills=True, ground=_SHARED,
            marks=(mark,), rest_s=180.0,
        )
        for mark in _TRACK
    ),
    *(
        Fault(
            name=f"split: {part} killed at: {mark}", promises=_KILLED, says=f"SIGKILL of {part} at this moment",
            make=deaths.at_each((mark,), part), full=Size(10_000, 60, 20), kills=True, ground=_SHARED, rest_s=180.0,
        )
        for part in ("analyse", "index", "desk") for mark in ("batch fetched", "batch handled")
    ),
    Fault(
        name="split: halted", promises="D1 D2 D3 D8", says="SIGSTOP longer than a session, then CONT",
        make=deaths.zombie, full=Size(10_000, 30, 4, 60.0), ground=_SHARED, rest_s=180.0,
    ),
    Fault(
        name="split: coming and going", promises="D1 D2 D3 D8", says="one more of each reader comes and goes",
        make=servers.coming_and_going, full=Size(10_000, 100, 12, 10.0), ground=_SHARED, rest_s=180.0,
    ),
    Fault(
        name="broker killed", promises="D1 D2 D3 D8", says="SIGKILL, down, back", make=servers.broker_dies,
        full=Size(10_000, 50, 6, 20.0), short=Size(400, 40, 1, 5.0), ground=_BROKER, rest_s=240.0,
    ),
    Fault(
        name="line to the broker", promises="D1 D2 D3 D8", says="late, slow, reset, half open, cut, down",
        make=servers.lines("broker"), full=Size(10_000, 40, 2, 15.0), ground=_BROKER, rest_s=240.0,
    ),
    Fault(
        name="node killed", promises="D1 D2 D3 D6 D8", says="SIGKILL, down, back", make=servers.node_dies,
        full=Size(10_000, 50, 4, 20.0), ground=_NODE, rest_s=240.0,
    ),
    Fault(
        name="node red", promises="D1 D2 D3 D6 D8", says="no shard is open", make=servers.node_red,
        full=Size(10_000, 80, 1, 60.0), ground=_NODE, rest_s=240.0,
    ),
    Fault(
        name="line to the node", promises="D1 D2 D3 D8", says="late, slow, reset, half open, cut, down",
        make=servers.lines("node"), full=Size(10_000, 40, 2, 15.0), ground=_NODE, rest_s=240.0,
    ),
    Fault(
        name="wrong answers", promises="D1 D2 D3 D8", says=", ".join(_WRONG), make=servers.answers(*_WRONG),
        full=Size(10_000, 80, 1, 120.0), short=Size(400, 40, 1, 10.0), ground=_STUB, rest_s=240.0,
    ),
    Fault(
        name="node away for long", promises="D5", says="the index takes nothing", make=servers.sink_down,
        full=Size(130_000, 200, 1, 600.0), ground=_NODE, rest_s=600.0,
    ),
    Fault(
        name="split: poison", promises="D1 D2 D3 D4", says="unreadable messages in every topic",
        make=messages.poison(POSTS_RAW, POSTS_ANALYSED, INCIDENTS, MEMBERSHIPS, LEDGER), full=Size(10_000),
        sets_aside=True, ground=_SHARED, rest_s=180.0,
    ),
    Fault(
        name="dead letters replayed", promises="D1 D2 D3 D7", says="refused, repaired, replayed twice",
        make=letters.replayed, full=Size(10_000, 0, 20), ground=_STUB, marks=("dead letter replayed",), rest_s=180.0,
    ),
    Fault(
        name="split: from offset 0", promises="D1 D2 D3 D6", says="everything is read again from the first message",
        make=messages.from_zero, full=Size(10_000, 0, 2), ground=_SHARED, rest_s=180.0,
    ),
)  # fmt: skip
