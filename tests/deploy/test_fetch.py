"""A build is in the cache whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local import fetch
from deploy.local.errors import NotStarted


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANSWERABLE_ENGINES_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def broken(folder: Path) -> None:
    (folder / "half").write_text("ha", "ascii")
    raise NotStarted("no network")


def whole(folder: Path) -> None:
    (folder / "whole").write_text("whole", "ascii")


def test_half_a_download_never_counts(cache: Path) -> None:
    with pytest.raises(NotStarted, match="no network"):
        fetch.once("build", broken)
    assert list(cache.iterdir()) == []


def test_what_is_there_is_not_fetched_again(cache: Path) -> None:
    first = fetch.once("build", whole)
    assert fetch.once("build", broken) == first
    assert [path.name for path in first.iterdir()] == ["whole"]


def test_a_build_is_readable_for_the_engines_account_whatever_the_mask_of_its_fetcher(cache: Path) -> None:
    def closed(folder: Path) -> None:
        (folder / "jars").mkdir(mode=0o700)
        (folder / "jars" / "one.jar").touch(mode=0o600)

    jar = fetch.once("build", closed) / "jars" / "one.jar"
    assert (jar.stat().st_mode & 0o777, jar.parent.stat().st_mode & 0o777) == (0o644, 0o755)
    assert jar.parents[1].stat().st_mode & 0o555 == 0o555


def test_two_that_fetch_the_same_both_get_it(cache: Path) -> None:
    def overtaken(folder: Path) -> None:
        fetch.once("build", whole)
        whole(folder)

    assert (fetch.once("build", overtaken) / "whole").read_text("ascii") == "whole"
    assert [path.name for path in cache.iterdir()] == ["build"]
