"""The spider of letter boards and forums: list pages lead to detail pages, selectors say what stands where."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy.http import Request, Response

from crawlers.parse import list_detail
from crawlers.sources import Selectors
from crawlers.spiders.base import PoliteSpider

__all__ = ["ListDetailSpider"]


class ListDetailSpider(PoliteSpider):
    """Reads pages by CSS selectors; turns a list's pages while they show something new."""

    name = "list_detail"
    _turned = 1

    def read_list(self, response: Response, url: str) -> Iterator[Request]:
        """Ask for each item that is new or due, and for the next page."""
        page = self.arrived(response, url)
        if page is None:
            return
        listing = list_detail.parse_list(page, self._selectors)
        if listing.unparsed:
            self.visit.give(listing.unparsed, url)
        else:
            self.read(response, url)
        fresh = [link for link in listing.links if self.visit.is_due(link)]
        for link in fresh:
            yield self.ask(link, self.read_detail)
        has_new = any(not self.visit.is_known(link) for link in fresh)
        if listing.next and has_new and self._turned < self.visit.job.source.pages:
            self._turned += 1
            yield self.ask(listing.next, self.read_list, is_list=True)

    def read_detail(self, response: Response, url: str) -> Iterator[Request]:
        """Give the item, its replies and its answers."""
        page = self.arrived(response, url)
        for parsed in list_detail.parse_detail(page, self._selectors) if page else ():
            self.visit.give(parsed, url)
        if page:
            self.read(response, url)
        yield from ()

    @property
    def _selectors(self) -> Selectors:
        selectors = self.visit.job.source.selectors
        if selectors is None:
            raise ValueError("a list_detail source without selectors passed the settings")
        return selectors
