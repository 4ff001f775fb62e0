"""What runs when: one table, given to APScheduler."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import httpx
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from msgspec import Struct

from answerable.app.box import Box
from answerable.clock import HOUR, MINUTE
from answerable.errors import Unavailable
from answerable.log import get

__all__ = ["Job", "jobs", "scheduler"]

_CRAWLS = 4  # sources visited at the same time


class Job(Struct, frozen=True):
    """One line of the table: a name, how often (seconds), what to do."""

    name: str
    every: int
    work: Callable[[], object]


def jobs(box: Box) -> list[Job]:
    """Return the table of one box."""
    table = [
        Job("tick", MINUTE, box.tick),
        Job("mail", 15, box.deliver),
        Job("retention", HOUR, box.retain),
        *(Job(f"crawl {source.id}", int(source.every), partial(box.crawl, source)) for source in box.sources),
    ]
    if box.settings.alerts.heartbeat_url:
        table.append(Job("heartbeat", MINUTE, partial(_call, box.settings.alerts.heartbeat_url)))
    return table


def scheduler(box: Box) -> BackgroundScheduler:
    """Return a scheduler of the table; every job runs once at the start, and never twice at a time."""
    own = BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(_CRAWLS)})
    for job in jobs(box):
        own.add_job(
            partial(_safely, job), "interval", seconds=job.every, id=job.name, coalesce=True, max_instances=1,
            misfire_grace_time=job.every, next_run_time=datetime.fromtimestamp(box.now(), UTC),
        )  # fmt: skip
    return own


def _safely(job: Job) -> None:
    """Do a job; what cannot be reached now is told and tried again at its next time."""
    try:
        job.work()
    except Unavailable as reason:
        get("jobs").warning("a job failed; it is tried again at its next time", job=job.name, why=str(reason))


def _call(url: str) -> None:
    try:
        httpx.get(url, timeout=10)
    except httpx.HTTPError as error:
        raise Unavailable(f"the heartbeat address: {type(error).__name__}") from None
