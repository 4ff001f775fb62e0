"""The desk beside the folds."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from alerts.file import FileNotifier
from answerable import incident
from answerable.app import wiring
from answerable.app.replay.deciding import Deciding
from answerable.clock import DAY
from answerable.incident import IncidentUpdate
from answerable.settings import load
from stream.embedded import SqliteLog
from stream.log import Message
from stream.topics import INCIDENTS
from tests.alerts.givens import BURNING, update

AT = 1_795_000_000
FIRST = update(at=AT, area="9901", components=BURNING)
LATER = replace(FIRST, at=AT + 90 * DAY, revision=FIRST.revision + 1, incident="zzzzzzz")
SETTINGS = load(None, {"ANSWERABLE_ALERTS__OUTBOX_DAYS": "1"})


def tell(log: SqliteLog, *updates: IncidentUpdate) -> None:
    log.append(INCIDENTS, [Message(one.incident, incident.encode(one)) for one in updates])


def mails(folder: Path, *stretches: tuple[tuple[IncidentUpdate, ...], int]) -> dict[str, bytes]:
    """Return the mails of a desk that hears of some updates, up to some instant, again and again."""
    with (
        closing(wiring.log(SETTINGS, folder / "log.db")) as log,
        closing(wiring.desk(SETTINGS, wiring.register(SETTINGS), folder / "l.db", bytes(32), replay=True)) as desk,
    ):
        deciding = Deciding(desk, log, FileNotifier(folder / "mail"))
        for updates, until in stretches:
            tell(log, *updates)
            deciding.before(until)
        deciding.finish(LATER.at + DAY)
    return {path.name: path.read_bytes() for path in (folder / "mail").glob("*.eml")}


def test_mails_of_a_replay_over_months_keep_their_words(tmp_path: Path) -> None:
    sent = mails(tmp_path, ((FIRST, LATER), 0))
    assert {FIRST.incident, LATER.incident} <= {name.removesuffix(".eml").rpartition("-")[2] for name in sent}
    assert all(b"Subject:" in mail for mail in sent.values())


def test_a_desk_that_follows_the_folds_says_what_one_says_that_hears_all_at_once(tmp_path: Path) -> None:
    second = replace(FIRST, incident="yyyyyyy", at=AT + DAY)
    at_once = mails(tmp_path / "a", ((FIRST, second, LATER), 0))
    following = mails(tmp_path / "b", ((second,), AT), ((FIRST,), AT + 1), ((LATER,), AT + 30 * DAY))
    assert following == at_once != {}


def test_a_fold_that_tells_of_a_time_already_decided_about_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="decided about"):
        mails(tmp_path, ((LATER,), LATER.at + 1), ((FIRST,), LATER.at + 2))
