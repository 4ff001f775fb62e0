from __future__ import annotations

from pathlib import Path

from alerts.file import FileNotifier
from alerts.notify import Envelope, Outcome


def test_each_mail_is_a_file_in_order(tmp_path: Path) -> None:
    notifier = FileNotifier(tmp_path / "mail")
    for number, name in ((1, "open-bcdfghj"), (12, "digest-lead")):
        assert notifier.send(Envelope(number, "lead@water.example", name, b"mail")) is Outcome.SENT
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == [
        "0001-open-bcdfghj.eml", "0012-digest-lead.eml",
    ]  # fmt: skip


def test_the_same_number_twice_is_the_same_file(tmp_path: Path) -> None:
    notifier = FileNotifier(tmp_path)
    for content in (b"once", b"once"):
        notifier.send(Envelope(1, "lead@water.example", "open-bcdfghj", content))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"once"]


def test_a_name_leads_out_of_no_folder(tmp_path: Path) -> None:
    FileNotifier(tmp_path / "mail").send(Envelope(1, "lead@water.example", "../../etc/x", b"mail"))
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["0001-.._.._etc_x.eml"]


def test_a_folder_that_went_away_means_later(tmp_path: Path) -> None:
    notifier = FileNotifier(tmp_path / "mail")
    (tmp_path / "mail").rmdir()
    assert notifier.send(Envelope(1, "lead@water.example", "open", b"mail")) is Outcome.LATER
