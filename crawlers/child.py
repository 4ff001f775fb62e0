"""The child of a crawl: reads a job from standard input, writes frames to standard output, and nothing anywhere else.

A fresh process for each visit, because a reactor runs once. Raw items live and die here; no log, no
traceback, no core file leaves it.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from crawlers import frames
from crawlers.frames import Crash, Done, Frame, Job
from crawlers.sources import Adapter

__all__ = ["main"]


def main() -> int:
    """Run one visit; exit code 0 when it came to its end, whatever it met."""
    out = _take_stdout()

    def send(frame: Frame) -> None:
        frames.write(out, frame)

    def tell_crash(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
        send(Crash(kind.__name__, _where(trace)))
        out.flush()

    sys.excepthook = tell_crash
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    job = next(frames.read(sys.stdin.buffer), None)
    if not isinstance(job, Job):
        return 2
    _visit(job, send)
    out.flush()
    return 0


def _visit(job: Job, send: frames.Send) -> None:
    """Run Scrapy on a job."""
    from scrapy.crawler import AsyncCrawlerProcess

    from crawlers.engine import scrapy_settings
    from crawlers.spiders.feed import FeedSpider
    from crawlers.spiders.list_detail import ListDetailSpider
    from crawlers.spiders.visit import Visit

    visit = Visit(job, send)
    spiders = {Adapter.FEED: FeedSpider, Adapter.LIST_DETAIL: ListDetailSpider}
    process = AsyncCrawlerProcess(scrapy_settings(job), install_root_handler=False)
    crawler = process.create_crawler(spiders[job.source.adapter])
    process.crawl(crawler, visit=visit)
    process.start()
    for name, count in sorted(crawler.stats.get_stats().items()):
        kind = name.removeprefix("spider_exceptions/")
        if kind not in (name, "count"):
            visit.tally.errors[kind] = count
    if process.bootstrap_failed:
        visit.tally.error("did not start")
    visit.tally.peak_mb = _peak_mb()
    visit.close()
    send(Done(visit.tally))


def _peak_mb() -> int:
    """Return the most memory this process took; getrusage would count what the parent had when it forked."""
    try:
        status = Path("/proc/self/status").read_text("ascii", "replace")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def _take_stdout() -> BinaryIO:
    """Keep the pipe for frames alone: whatever else prints, prints to nowhere."""
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return out


def _where(trace: TracebackType | None) -> str:
    """Name the innermost line of ours, without what stood in it."""
    where, room = "", str(Path(__file__).parent)
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(room):
            where = f"{Path(file).relative_to(Path(room).parent)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where


if __name__ == "__main__":
    sys.exit(main())
