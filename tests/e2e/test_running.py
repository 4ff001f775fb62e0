"""A desk that runs in a process of its own: posts come in by import, and SIGKILL takes nothing away."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from answerable.clock import HOUR, system_now
from answerable.settings import load
from index.store import Query
from tests.e2e import corpus
from tests.e2e.desk import Clock, mails, settle, standing, updates
from tests.e2e.running import KILLED, Ended, answerable, started

STARTS_WITHIN_S = 60.0


class Town:
    """Settings, a data folder and posts of the last days."""

    def __init__(self, folder: Path) -> None:
        self.desk, self.data = folder / "desk.toml", folder / "data"
        self.desk.write_text(corpus.settings_text(self.data), "utf-8")
        self.posts = corpus.city(system_now() - HOUR)
        self.file = corpus.write(folder / "in.jsonl", self.posts)

    @property
    def counted(self) -> str:
        """What import says once it took in all of them."""
        return f"{len(self.posts)} posts taken in\n"

    def take_in(self) -> Ended:
        """Import the file."""
        return answerable("import", self.file, "--settings", self.desk)

    @contextmanager
    def running(self, kill_at: str = "") -> Iterator[Popen[bytes]]:
        """Run the desk; the block begins when it takes posts, or when it has died."""
        with started("run", "--settings", self.desk, kill_at=kill_at) as process:
            until = time.monotonic() + STARTS_WITHIN_S
            born = self.data / "desk.sock"
            before = born.stat().st_mtime_ns if born.exists() else 0
            while process.poll() is None and not (born.exists() and born.stat().st_mtime_ns != before):
                assert time.monotonic() < until, "the desk did not start"
                time.sleep(0.05)
            yield process

    def stop(self, process: Popen[bytes]) -> str:
        """Ask the desk to end, and return what it said; what was begun is finished first."""
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=STARTS_WITHIN_S)
        assert process.returncode == 0, said.decode()
        return said.decode()

    def check(self) -> None:
        """Find every post once, in the index and in its incident; and no mail twice."""
        clock = Clock(system_now())
        with standing(load(self.desk, {}), clock) as box:
            settle(box, clock)
            clock.at += HOUR
            settle(box, clock)
            assert box.stores.index.search(Query(limit=1)).total == len(self.posts)
            assert box.pipeline.deadletters.all() == []
            for update in updates(box).values():
                if update.shown and update.merged_into is None:
                    hits = box.stores.index.search(Query(incident=update.incident, limit=400)).hits
                    assert update.posts == sum(hit.kind != "official" for hit in hits)
            made = mails(box.folder)
        assert len(made) > 2
        assert max(Counter(mail.message["Message-ID"] for mail in made).values()) == 1
        told = Counter((mail.to, mail.message["X-Incident-Id"], mail.message["Subject"], mail.text) for mail in made)
        assert max(told.values()) == 1


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_posts_come_in_through_a_running_desk_and_are_all_handled_when_it_ends(town: Town) -> None:
    with town.running() as process:
        done = town.take_in()
        assert (done.code, done.err) == (0, town.counted)
        said = town.stop(process)
    assert "console: " in said
    assert "set aside" not in said
    assert (town.data / "desk.sock").exists() is False
    town.check()


def test_posts_come_in_where_no_desk_runs_and_are_handled_by_the_next(town: Town) -> None:
    done = town.take_in()
    assert (done.code, done.err) == (0, town.counted)
    with town.running() as process:
        town.stop(process)
    town.check()


@pytest.mark.slow
@pytest.mark.parametrize("mark", ["append written:2", "appended:4", "batch closed:1"])
def test_a_desk_killed_while_posts_come_in_loses_none_and_doubles_none(town: Town, mark: str) -> None:
    with town.running(kill_at=mark) as process:
        first = town.take_in()
        process.communicate(timeout=STARTS_WITHIN_S)
        assert process.returncode == KILLED
    assert first.code in (0, 4), first.err
    if first.code == 4:
        again = town.take_in()  # nobody runs: straight onto the log, past the socket the dead one left
        assert (again.code, again.err) == (0, town.counted)
    with town.running() as process:
        town.stop(process)
    town.check()


def test_two_desks_do_not_run_on_one_folder(town: Town) -> None:
    with town.running() as process:
        second = answerable("run", "--settings", town.desk)
        assert second.code == 4
        assert "a desk is running" in second.err
        town.stop(process)


def test_nothing_starts_without_a_legal_basis(town: Town) -> None:
    text = town.desk.read_text("utf-8").replace('legal_basis = "tests with invented posts"', 'legal_basis = ""')
    town.desk.write_text(text, "utf-8")
    done = answerable("run", "--settings", town.desk)
    assert done.code == 3
    assert "legal.legal_basis: is empty" in done.err
