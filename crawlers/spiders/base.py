"""What both spiders share: asking a page conditionally, and counting what came back instead of a page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, ClassVar

from scrapy import Spider
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.parse.charset import decode
from crawlers.parse.found import Page
from crawlers.polite import Refusal
from crawlers.spiders.visit import Visit

__all__ = ["PoliteSpider"]

_NAMES = {
    "IgnoreRequest": "body too large when unpacked",
    "DownloadCancelledError": "body too large",
    "DownloadTimeoutError": "timeout",
    "CannotResolveHostError": "no public address",
}
Callback = Callable[..., Iterator[Request]]


class PoliteSpider(Spider):
    """A spider on one visit; it yields requests only, what it finds goes through the visit."""

    handle_httpstatus_list: ClassVar[list[int]] = [304, 404, 410]

    def __init__(self, visit: Visit, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.visit = visit

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the source's own page, then for known pages that are due."""
        yield self.ask(self.visit.job.source.url, self.read_list, is_list=True)
        for url in self.visit.due_urls():
            yield self.ask(url, self.read_detail, priority=-10)

    def read_list(self, response: Response, url: str) -> Iterator[Request]:
        """Read the source's own page, or a further one."""
        raise NotImplementedError

    def read_detail(self, response: Response, url: str) -> Iterator[Request]:
        """Read a page that a list led to."""
        raise NotImplementedError

    def ask(self, url: str, callback: Callback, *, is_list: bool = False, priority: int = 0) -> Request:
        """Return a request that asks for a page if it changed."""
        return Request(
            url,
            callback=callback,
            errback=self.failed,
            headers=self.visit.conditions(url, is_list=is_list),
            cb_kwargs={"url": url},
            priority=priority,
            meta={"is_list": is_list},
        )

    def arrived(self, response: Response, url: str) -> Page | None:
        """Return the page of an answer, or None for 304, 404 and 410, which are noted."""
        if response.status == 304:
            self.visit.unchanged(url)
        elif response.status in (404, 410):
            if response.meta.get("is_list"):
                self.visit.tally.error(f"http {response.status}")
            self.visit.vanished(url)
        else:
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
            return self.visit.page(response.url, decode(response.body, content_type))
        return None

    def read(self, response: Response, url: str) -> None:
        """Note a page as read, with its validators."""
        etag, modified = (response.headers.get(name) or b"" for name in ("ETag", "Last-Modified"))
        is_list = bool(response.meta.get("is_list"))
        self.visit.looked(url, etag.decode("latin-1"), modified.decode("latin-1"), is_list=is_list)

    def failed(self, failure: Failure) -> None:
        """Count a request that brought no page, by the class of its error."""
        error = failure.value
        if isinstance(error, HttpError):
            self.visit.tally.error(f"http {error.response.status}")
        elif not isinstance(error, Refusal):
            name = type(error).__name__
            self.visit.tally.error(_NAMES.get(name, name))
