"""The spider of feeds: the feed, and now and then the pages of its entries, to see whether they are there."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy.http import Request, Response

from crawlers.parse import feed
from crawlers.spiders.base import PoliteSpider

__all__ = ["FeedSpider"]


class FeedSpider(PoliteSpider):
    """Reads RSS and Atom."""

    name = "feed"

    def read_list(self, response: Response, url: str) -> Iterator[Request]:
        """Give the feed's entries."""
        page = self.arrived(response, url)
        for parsed in feed.parse(page) if page else ():
            self.visit.give(parsed, None)
        if page:
            self.read(response, url)
        yield from ()

    def read_detail(self, response: Response, url: str) -> Iterator[Request]:
        """Note whether an entry's page is still there; what it says is the feed's to tell."""
        if self.arrived(response, url):
            self.read(response, url)
        yield from ()
