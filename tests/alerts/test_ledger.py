from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from alerts.entry import Audit
from alerts.ledger import VERSION, Ledger
from answerable.errors import SettingsError, Unavailable
from tests.alerts.givens import MORNING


def test_a_commit_writes_all_rows_or_none(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.commit([("put_mark", ("clock", MORNING))])
    with pytest.raises(Unavailable):
        ledger.commit([("put_mark", ("clock", MORNING + 1)), ("put_alert", (1, None))])
    assert ledger.load().marks == {"clock": MORNING}
    ledger.commit([("put_mark", ("clock", MORNING + 2))])
    assert ledger.load().marks == {"clock": MORNING + 2}


def test_a_value_that_no_file_can_hold_leaves_no_transaction_open(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    with pytest.raises(OverflowError):
        ledger.commit([("put_mark", ("clock", MORNING)), ("put_mark", ("clock", 2**64))])
    ledger.commit([("put_mark", ("alert", 1))])
    assert ledger.load().marks == {"alert": 1}


def test_a_position_never_goes_back(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.commit([("put_position", (0, 9)), ("put_position", (0, 4))])
    assert ledger.load().positions == {0: 9}


def test_the_file_is_durable_by_write_ahead_and_full_synchronisation(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    assert [next(ledger._db.execute(f"PRAGMA {name}"))[0] for name in ("journal_mode", "synchronous")] == ["wal", 2]


def test_a_folder_that_is_not_there_is_an_error_with_words(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        Ledger(tmp_path / "nowhere" / "ledger.db")


def test_a_file_without_a_version_gets_this_one_and_keeps_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    _committed(path)
    _numbered(path, 0)

    ledger = Ledger(path)

    assert ledger.load().marks == {"clock": MORNING}
    assert next(ledger._db.execute("PRAGMA user_version"))[0] == VERSION


@pytest.mark.parametrize(
    ("version", "age", "repair"),
    [(99, "a newer", "update the program, or restore"), (-1, "an older", "move it away to begin anew, or restore")],
)
def test_a_file_of_another_version_is_refused_and_stays_as_it_is(
    tmp_path: Path, version: int, age: str, repair: str
) -> None:
    path = tmp_path / "ledger.db"
    _committed(path)
    _numbered(path, version)
    before = path.read_bytes()

    with pytest.raises(SettingsError) as refused:
        Ledger(path)

    assert str(refused.value) == (
        f"{path}: was written by {age} version of this program ({version}, here {VERSION}); "
        f"{repair} a backup of this version"
    )
    assert path.read_bytes() == before


def _committed(path: Path) -> None:
    ledger = Ledger(path)
    ledger.commit([("put_mark", ("clock", MORNING))])
    ledger.close()


def _numbered(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {version:d}")


def test_the_audit_log_takes_no_change_and_no_deletion(tmp_path: Path) -> None:
    ledger = _audited(tmp_path)
    ledger.close()
    with sqlite3.connect(tmp_path / "ledger.db") as db:
        for statement in ("DELETE FROM audit", "UPDATE audit SET hash = x''"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(statement)
    db.close()


@pytest.mark.parametrize("line", [1, 2, 3])
def test_one_altered_byte_is_found(tmp_path: Path, line: int) -> None:
    _audited(tmp_path).close()
    with sqlite3.connect(tmp_path / "ledger.db") as db:
        db.execute("DROP TRIGGER audit_stays")
        (body,) = db.execute("SELECT body FROM audit WHERE seq = ?", (line,)).fetchone()
        db.execute("UPDATE audit SET body = ? WHERE seq = ?", (body[:-1] + bytes([body[-1] ^ 1]), line))
    db.close()
    assert Ledger(tmp_path / "ledger.db").first_altered() == line


def test_a_line_that_was_taken_out_is_found(tmp_path: Path) -> None:
    _audited(tmp_path).close()
    with sqlite3.connect(tmp_path / "ledger.db") as db:
        db.execute("DROP TRIGGER audit_keeps")
        db.execute("DELETE FROM audit WHERE seq = 2")
    db.close()
    assert Ledger(tmp_path / "ledger.db").first_altered() == 2


def test_the_head_stands_for_every_line(tmp_path: Path) -> None:
    ledger = _audited(tmp_path)
    before = ledger.audit_head()
    ledger.commit([ledger.audit_row(Audit("analyst", MORNING, "again", "水"))])
    assert ledger.audit_head() != before


def _audited(folder: Path) -> Ledger:
    ledger = Ledger(folder / "ledger.db")
    for number in range(3):
        ledger.commit([ledger.audit_row(Audit("analyst", MORNING + number, "check the place", "停水"))])
    assert ledger.first_altered() is None
    return ledger
