"""Day keys: random, private, shared by processes, destroyed in time."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from answerable.errors import Unavailable
from crawlers.keys import KEPT_SECONDS, DayKeys

AT = 1772352000


def test_a_key_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    DayKeys(tmp_path / "keys").token("s", "a", AT, AT)
    (path,) = (tmp_path / "keys").iterdir()
    assert (path.name, stat.S_IMODE(path.stat().st_mode)) == ("2026-03-01.key", 0o600)


def test_a_key_lives_48_hours_and_not_a_second_longer(tmp_path: Path) -> None:
    keys = DayKeys(tmp_path)
    before = keys.token("s", "a", AT, AT)
    assert keys.expire(AT + KEPT_SECONDS - 1) == 0
    assert keys.token("s", "a", AT, AT) == before
    assert keys.expire(AT + KEPT_SECONDS) == 1
    assert list(tmp_path.iterdir()) == []
    assert keys.token("s", "a", AT, AT) != before


def test_a_replay_keeps_its_keys_until_it_is_done(tmp_path: Path) -> None:
    first = DayKeys(tmp_path).token("s", "a", AT, AT)
    later = DayKeys(tmp_path)
    assert later.token("s", "a", AT, AT + 90 * 86400) == first
    assert later.destroy() == 1


def test_two_installations_have_nothing_in_common(tmp_path: Path) -> None:
    assert DayKeys(tmp_path / "a").token("s", "a", AT, AT) != DayKeys(tmp_path / "b").token("s", "a", AT, AT)


def test_processes_that_race_for_a_day_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(lambda _: DayKeys(tmp_path).token("s", "a", AT, AT), range(32)))
    assert len(tokens) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["2026-03-01.key"]


def test_without_a_key_nothing_passes(tmp_path: Path) -> None:
    (tmp_path / "2026-03-01.key").write_bytes(b"short")
    with pytest.raises(Unavailable, match="no day key"):
        DayKeys(tmp_path).token("s", "a", AT, AT)
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be used"):
        DayKeys(tmp_path / "file").token("s", "a", AT, AT)


def test_without_a_folder_keys_are_in_memory_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    keys = DayKeys(None)
    first = keys.token("s", "a", AT, AT)
    assert keys.token("s", "a", AT + 1, AT) == first != DayKeys(None).token("s", "a", AT, AT)
    assert (list(tmp_path.iterdir()), keys.destroy()) == ([], 0)
    assert keys.token("s", "a", AT, AT) != first
