"""The two middlewares that make every request polite: may it be asked at all, and is it time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawlers.addresses import port_of
from crawlers.frames import CachedRobots
from crawlers.manners import Next, retry_after_seconds
from crawlers.parse.charset import decode
from crawlers.robots import PARSED_BYTES, Robots, RobotsState, product_token, verdict

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawlers.spiders.visit import Visit

__all__ = ["MayAsk", "Pace", "Refusal"]

_ROBOTS_CACHED_S = 86400
_NO_ANSWER = (
    CannotResolveHostError, DownloadCancelledError, DownloadConnectionRefusedError, DownloadFailedError,
    DownloadTimeoutError, IgnoreRequest, ResponseDataLossError, OSError,
)  # fmt: skip


class Refusal(IgnoreRequest):
    """A request that good manners forbid; it is never sent."""


def _visit_of(crawler: Crawler) -> Visit:
    visit: Visit = crawler.spider.visit  # type: ignore[union-attr]
    return visit


class MayAsk:
    """Refuses what may not be asked: other hosts and ports, private addresses, what robots.txt forbids.

    It sees each hop of a redirect. robots.txt fails closed: where it cannot be read, nothing is asked.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._robots: dict[str, Robots] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it as Scrapy does."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise Refusal."""
        visit = _visit_of(self._crawler)
        if visit.is_over():
            raise Refusal(visit.tally.stopped)
        if not visit.may_go_to(request.url):
            visit.tally.blocked += 1
            raise Refusal("leads away from the source")
        if not request.meta.get("is_robots"):
            await self._check_robots(visit, request)

    async def _check_robots(self, visit: Visit, request: Request) -> None:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.hostname}:{port_of(parts)}"
        if origin not in self._robots:
            self._robots[origin] = await self._read_robots(visit, origin)
            visit.manners.slower(parts.hostname or "", self._robots[origin].delay)
        robots = self._robots[origin]
        allowed = robots.allows(request.url)
        visit.note_robots(_state(robots, allowed), is_start=request.url == visit.job.source.url)
        if not allowed:
            raise Refusal("forbidden by robots.txt")

    async def _read_robots(self, visit: Visit, origin: str) -> Robots:
        token = product_token(visit.job.user_agent)
        for cached in visit.job.robots:
            if cached.origin == origin and visit.now() - cached.fetched_at < _ROBOTS_CACHED_S:
                return verdict(cached.status, cached.body, token)
        request = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, meta={"is_robots": True}, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except _NO_ANSWER as error:
            visit.tally.error(f"robots.txt {type(error).__name__}")
            return Robots(reachable=False)
        text = decode(response.body[:PARSED_BYTES], "text/plain; charset=utf-8") if response.status == 200 else ""
        if response.status < 500:
            visit.tally.robots_files.append(CachedRobots(origin, response.status, text, visit.now()))
        return verdict(response.status, text, token)


def _state(robots: Robots, allowed: bool) -> RobotsState:
    if not robots.reachable:
        return RobotsState.UNREACHABLE
    return RobotsState.ALLOWED if allowed else RobotsState.DISALLOWED


class Pace:
    """Holds each request back until its host may be asked again, and heeds what the host answers."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it as Scrapy does."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the host's turn; give up where the turn comes after the end of the visit."""
        visit, host = _visit_of(self._crawler), urlsplit(request.url).hostname or ""
        while (pause := visit.manners.wait(host, visit.clock())) > 0:
            if not visit.has_time_for(pause):
                visit.stop("out of time")
                raise Refusal("out of time")
            await asyncio.sleep(pause)
        visit.manners.asked(host, visit.clock())
        visit.count_request()

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Note an answer; ask again, or end the visit, where the host says so."""
        visit, host = _visit_of(self._crawler), urlsplit(request.url).hostname or ""
        header = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wait = retry_after_seconds(header, visit.clock())
        if response.status in (403, 429):
            visit.tally.blocked += 1
        following = visit.manners.answered(host, response.status, wait, visit.clock())
        if following is Next.STOP:
            visit.stop(f"http {response.status}", visit.manners.retry_at)
        if following is Next.AGAIN and not request.meta.get("is_second"):
            return request.replace(dont_filter=True, meta={**request.meta, "is_second": True})
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note that no answer came."""
        visit, host = _visit_of(self._crawler), urlsplit(request.url).hostname or ""
        if not isinstance(exception, Refusal):
            visit.manners.answered(host, 0, None, visit.clock())
