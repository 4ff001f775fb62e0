"""What the desk tells the log: what was done, then how incidents stand, also where the log was away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from alerts.desk import Desk
from alerts.entry import Action
from answerable import incident
from answerable.app import wiring
from answerable.app.deciding import Deciding
from answerable.app.stage import Seen
from answerable.clock import HOUR
from answerable.errors import Unavailable
from answerable.incident import IncidentUpdate, LedgerEvent, State
from answerable.settings import load
from stream.embedded import SqliteLog
from stream.log import Batch, Message
from stream.topics import LEDGER
from tests.alerts.givens import BURNING, update

AT = 1_795_000_000
FIRST = update(at=AT, area="9901", components=BURNING)
SETTINGS = load(None, {})


class Moody(SqliteLog):
    """A log that takes nothing while it is away."""

    away = False

    def append(self, topic: str, messages: Sequence[Message], partition: int | None = None) -> None:
        if self.away:
            raise Unavailable("the log is away")
        super().append(topic, messages, partition)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Moody]:
    wiring.log(SETTINGS, tmp_path / "log.db").close()
    with closing(Moody(tmp_path / "log.db", {})) as found:
        yield found


def decided(folder: Path) -> Desk:
    return wiring.desk(SETTINGS, wiring.register(SETTINGS), folder / "ledger.db", bytes(32))


def told(log: SqliteLog) -> list[object]:
    """Return the states after each event, and of each incident that was told, in the order of the log."""
    found: list[object] = []
    for message in log.read(LEDGER, 0, 0, 100):
        one = incident.decode(message.value)
        assert isinstance(one, LedgerEvent | IncidentUpdate)
        found.append(one.after if isinstance(one, LedgerEvent) else (one.state, int(message.key)))
    return found


def test_how_an_incident_stands_follows_what_was_done_about_it(tmp_path: Path, log: Moody) -> None:
    with closing(decided(tmp_path)) as desk:
        deciding = Deciding(log, desk, Seen())
        deciding.handle(Batch(0, 0, (Message("", incident.encode(FIRST)),)), AT)
        assert deciding.pulse(AT)
        assert told(log) == [State.NEW, (State.NEW, 1)]
        assert not deciding.pulse(AT + 1)
        log.away = True
        desk.act(Action(incident=FIRST.incident, version=1, to=State.ANSWERED, who="lead", text="done"), AT + HOUR)
        with pytest.raises(Unavailable):
            deciding.pulse(AT + HOUR)
        log.away = False
        assert deciding.pulse(AT + HOUR)
    assert told(log)[2:] == [State.ANSWERED, (State.ANSWERED, 2)]


def test_a_desk_that_starts_again_tells_how_all_incidents_stand_and_no_event_twice(
    tmp_path: Path, log: Moody
) -> None:
    with closing(decided(tmp_path)) as desk:
        desk.handle([FIRST], AT)
        assert Deciding(log, desk, Seen()).pulse(AT)
        desk.act(Action(incident=FIRST.incident, version=1, to=State.CLOSED, who="lead", text="done"), AT + HOUR)
    with closing(decided(tmp_path)) as desk:
        assert Deciding(log, desk, Seen()).pulse(AT + HOUR)
    with closing(decided(tmp_path)) as desk:
        assert Deciding(log, desk, Seen()).pulse(AT + HOUR)
    assert told(log) == [State.NEW, (State.NEW, 1), State.CLOSED, (State.CLOSED, 2), (State.CLOSED, 2)]
