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
from answerable.app.parts import Part
from answerable.app.station import Station
from answerable.clock import HOUR, MINUTE, true_now
from answerable.errors import SettingsError, Unavailable
from answerable.log import get

__all__ = ["Job", "jobs", "scheduler"]

_CRAWLS = 4  # sources visited at the same time
_DESK = 4  # for all other jobs


class Job(Struct, frozen=True):
    """One line of the table: a name, how often (seconds), what to do, on which pool of threads."""

    name: str
    every: int
    work: Callable[[], object]
    pool: str = "desk"


def jobs(station: Station) -> list[Job]:
    """Return the table of one process."""
    table = [
        Job("pulse", MINUTE, station.tell),
        Job("retention", HOUR, station.retain),
        *_crawls(station),
    ]
    if isinstance(station, Box):
        table += [Job("tick", MINUTE, station.tick), Job("mail", 15, station.deliver)]
        if station.settings.alerts.heartbeat_url:
            table.append(Job("heartbeat", MINUTE, partial(_call, station.settings.alerts.heartbeat_url)))
    return table


def scheduler(station: Station) -> BackgroundScheduler:
    """Return a scheduler of the table; every job runs once at the start, and never twice at a time.

    Sources that do not answer hold the crawls' threads alone: time and mails go on.
    """
    pools = {"desk": ThreadPoolExecutor(_DESK), "crawl": ThreadPoolExecutor(_CRAWLS)}
    own = BackgroundScheduler(timezone="UTC", executors=pools)
    for job in jobs(station):
        _add(own, job)
    if Part.CRAWL in station.parts:
        _add(own, Job("sources", MINUTE, partial(_follow, own, station)))
    return own


def _crawls(station: Station) -> list[Job]:
    return [Job(f"crawl {one.id}", int(one.every), partial(station.crawl, one), "crawl") for one in station.sources]


def _add(own: BackgroundScheduler, job: Job) -> None:
    own.add_job(
        partial(_safely, job), "interval", seconds=job.every, id=job.name, name=job.name, executor=job.pool,
        coalesce=True, max_instances=1, misfire_grace_time=job.every, replace_existing=True,
        next_run_time=datetime.fromtimestamp(true_now(), UTC),
    )  # fmt: skip


def _follow(own: BackgroundScheduler, station: Station) -> None:
    """Visit what was added to the list of sources or changed in it, and no longer what was removed from it."""
    before = {one.id: one for one in station.sources}
    if not station.reread():
        return
    after = {one.id: one for one in station.sources}
    for gone in before.keys() - after.keys():
        own.remove_job(f"crawl {gone}")
    new = {one for one in after if after[one] != before.get(one)}
    for job in _crawls(station):
        if job.name.removeprefix("crawl ") in new:
            _add(own, job)
    get("crawl").info(
        "the list of sources changed", sources=len(after), gone=sorted(before.keys() - after.keys()), new=sorted(new)
    )


def _safely(job: Job) -> None:
    """Do a job; what cannot be reached now, or has to be repaired, is told and tried again at its next time."""
    try:
        job.work()
    except (SettingsError, Unavailable) as reason:
        get("jobs").warning("a job failed; it is tried again at its next time", job=job.name, why=str(reason))


def _call(url: str) -> None:
    try:
        httpx.get(url, timeout=10)
    except httpx.HTTPError as error:
        raise Unavailable(f"the heartbeat address: {type(error).__name__}") from None
