from __future__ import annotations

from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from alerts.file import FileNotifier
from answerable.app import wiring
from answerable.app.replay.deciding import decide
from answerable.clock import DAY
from answerable.settings import load
from tests.alerts.givens import BURNING, update

AT = 1_795_000_000


def test_mails_of_a_replay_over_months_keep_their_words(tmp_path: Path) -> None:
    settings = load(None, {"ANSWERABLE_ALERTS__OUTBOX_DAYS": "1"})
    first = update(at=AT, area="9901", components=BURNING)
    later = replace(first, at=AT + 90 * DAY, revision=first.revision + 1, incident="zzzzzzz")

    with closing(wiring.desk(settings, wiring.register(settings), tmp_path / "l.db", bytes(32), replay=True)) as desk:
        decide(desk, [first, later], later.at + DAY, FileNotifier(tmp_path / "mail"))

    mails = sorted((tmp_path / "mail").glob("*.eml"))
    assert {first.incident, later.incident} <= {path.stem.rpartition("-")[2] for path in mails}
    assert all(b"Subject:" in path.read_bytes() for path in mails)
