"""The table of jobs: what does not answer holds up nothing but itself."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from answerable.app.box import Box
from answerable.app.jobs import scheduler
from answerable.settings import load
from crawlers.run import CrawlReport
from crawlers.sources import Source
from tests.app.desk import Desk

SOURCE = (
    "- {{id: board-{0}, adapter: feed, kind: news, basis: feed, terms_checked: 2026-11-01, contact: desk,"
    ' url: "http://127.0.0.1:9/{0}"}}\n'
)


class Deaf(Box):
    """A box whose sources never answer until it stops."""

    ticked = threading.Event()

    def crawl(self, source: Source) -> CrawlReport:
        """Wait for the end."""
        self.stop.wait()
        return CrawlReport(source=source.id, started_at=0, ended_at=0)

    def tick(self) -> None:
        """Note that time moves."""
        self.ticked.set()


def test_sources_that_do_not_answer_hold_up_neither_time_nor_mails(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("sources.yaml", "".join(SOURCE.format(number) for number in range(6)))
    box = Deaf(load(tmp_path / "answerable.toml", {}))
    clock = scheduler(box)
    # Given that the sources come first, and none of them answers,
    for job in clock.get_jobs():
        if not job.id.startswith("crawl"):
            clock.modify_job(job.id, next_run_time=datetime.now(UTC) + timedelta(seconds=0.5))
    # when the clock is due
    clock.start()
    # then it ticks.
    ticked = box.ticked.wait(10)
    box.stop.set()
    clock.shutdown()
    box.close()
    assert ticked


def listed(*ids: str) -> str:
    return "".join(SOURCE.format(one) for one in ids)


def test_a_source_that_is_added_is_visited_and_one_that_is_removed_is_not(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("sources.yaml", listed("a", "b"))
    box = Box(load(tmp_path / "answerable.toml", {}))
    clock = scheduler(box)
    follow = clock.get_job("sources").func
    kept = clock.get_job("crawl board-b").next_run_time
    # Given a list that changes while the process runs,
    desk.write("sources.yaml", listed("b", "c"))
    # when it is read again
    follow()
    # then what is new has its job, what is gone has none, and what stayed keeps its time;
    assert {job.id for job in clock.get_jobs() if job.id.startswith("crawl")} == {"crawl board-b", "crawl board-c"}
    assert clock.get_job("crawl board-b").next_run_time == kept
    # a list that cannot be read changes nothing.
    desk.write("sources.yaml", "- {id: nobody}")
    follow()
    assert [one.id for one in box.sources] == ["board-b", "board-c"]
    box.close()
