"""One visit to one source: what was asked and found so far, the clock, and the way out for what was found."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urldefrag, urlsplit
from zoneinfo import ZoneInfo

from crawlers.addresses import Gate, port_of
from crawlers.border import Border, DayKeys
from crawlers.cursor import Validator, page_key
from crawlers.frames import Frame, Job, Looked, Seen, Tally, Vanished
from crawlers.manners import Manners
from crawlers.parse.found import Page, Parsed, Unparsed
from crawlers.parse.links import canonical
from crawlers.robots import RobotsState

__all__ = ["Visit"]

_LOOK_AGAIN_S = 22 * 3600


class Visit:
    """The state of a crawl in its child process; all that leaves goes through `send`, behind the border."""

    def __init__(self, job: Job, send: Callable[[Frame], None]) -> None:
        self.job = job
        self.tally = Tally(unparsed={}, errors={}, robots_files=[])
        self.manners = Manners(job.delay_s)
        self._send = send
        self._started = time.monotonic()
        self._border = Border(DayKeys(Path(job.keys)), job.source.area)
        self._gate = Gate(job.private_hosts)
        self._pages = {page.page: page for page in job.validators}
        self._known = {known.page: known for known in job.known}
        self._lists: list[Validator] = []

    def clock(self) -> float:
        """Return the time, in UTC seconds, by the job's start and the time passed since."""
        return self.job.now + time.monotonic() - self._started

    def now(self) -> int:
        """Return the time in whole seconds."""
        return int(self.clock())

    def stop(self, why: str, retry_at: int = 0) -> None:
        """Ask nothing more."""
        self.tally.stopped = self.tally.stopped or why
        self.tally.retry_at = max(self.tally.retry_at, retry_at)

    def is_over(self) -> bool:
        """Tell whether nothing more may be asked."""
        if self.tally.requests >= self.job.max_requests:
            self.stop("enough requests")
        elif not self.has_time_for(0):
            self.stop("out of time")
        return bool(self.tally.stopped)

    def has_time_for(self, seconds: float) -> bool:
        """Tell whether a pause ends before the visit does."""
        return time.monotonic() - self._started + seconds < self.job.max_seconds

    def count_request(self) -> None:
        """Count a request that is being sent."""
        self.tally.requests += 1

    def note_robots(self, state: RobotsState, is_start: bool) -> None:
        """Note what robots.txt says; what it says about the source's own address stands."""
        if is_start or self.tally.robots is RobotsState.UNKNOWN:
            self.tally.robots = state

    def may_go_to(self, url: str) -> bool:
        """Tell whether an address is the source's: its host, with or without www, its port or the usual ones."""
        home, parts = urlsplit(self.job.source.url), urlsplit(url)
        host, port = parts.hostname or "", port_of(parts)
        if parts.scheme not in ("http", "https") or parts.username is not None:
            return False
        if host.removeprefix("www.") != (home.hostname or "").removeprefix("www."):
            return False
        if host == home.hostname and port == port_of(home):
            return True
        return port in (80, 443) and not self._gate.lets_private(home.hostname or "", port_of(home))

    def key(self, url: str) -> str:
        """Name a page of this source."""
        return page_key(self.job.source.id, canonical(url))

    def is_known(self, url: str) -> bool:
        """Tell whether a page gave posts before."""
        return self.key(url) in self._known

    def is_due(self, url: str) -> bool:
        """Tell whether a page should be fetched: never seen, or time to look again."""
        key = self.key(url)
        if key in self._known:
            return self._known[key].due
        looked = self._pages.get(key)
        return looked is None or looked.fetched_at + _LOOK_AGAIN_S <= self.now()

    def due_urls(self) -> list[str]:
        """Return the addresses of known pages that are due, the longest unseen first."""
        return [known.url for known in self.job.known if known.due and known.url and self.may_go_to(known.url)]

    def conditions(self, url: str, *, is_list: bool = False) -> dict[str, str]:
        """Return the headers that ask for a page only if it changed.

        A list is asked for outright while a page is due that only a list can lead to.
        """
        needed = is_list and any(known.due and not known.url for known in self.job.known)
        page = None if needed else self._pages.get(self.key(url))
        headers = {"If-None-Match": page.etag, "If-Modified-Since": page.modified} if page else {}
        return {name: value for name, value in headers.items() if value}

    def page(self, url: str, text: str) -> Page:
        """Return a fetched page with what its source says about it."""
        source = self.job.source
        zone = ZoneInfo(source.timezone or self.job.timezone)
        return Page(
            url=url, text=text, source=source.id, kind=source.kind, zone=zone, now=self.now(), lang=source.lang
        )

    def give(self, parsed: Parsed, page_url: str | None) -> None:
        """Send an item's post; count what could not be read. `page_url` None = the item's own address."""
        if isinstance(parsed, Unparsed):
            self.tally.unparsed[parsed.what] = self.tally.unparsed.get(parsed.what, 0) + 1
            return
        post = self._border.admit(parsed)
        address = page_url or parsed.url or self.job.source.url
        whole = post.url if post.url == urldefrag(address).url else None
        self.tally.items += 1
        self._send(Seen(post, self.key(address), whole))
        if page_url is None and not self.is_known(address) and parsed.url:
            self._send(Looked(Validator(self.key(address), fetched_at=self.now())))

    def looked(self, url: str, etag: str, modified: str, *, is_list: bool) -> None:
        """Note a page that was read. A list's validator is kept until all it led to was fetched."""
        validator = Validator(self.key(url), etag[:256], modified[:64], self.now())
        if is_list:
            self._lists.append(validator)
        else:
            self._send(Looked(validator))

    def unchanged(self, url: str) -> None:
        """Note that a page answered 304."""
        self.tally.not_modified += 1
        old = self._pages.get(self.key(url), Validator(""))
        self._send(Looked(Validator(self.key(url), old.etag, old.modified, self.now())))

    def vanished(self, url: str) -> None:
        """Send word that a page is gone, where it gave posts before."""
        if self.is_known(url):
            self._send(Vanished(self.key(url)))

    def close(self) -> None:
        """Send the lists' validators if nothing they led to was missed; a list asked again costs one request."""
        if not self.tally.errors and not self.tally.stopped:
            for validator in self._lists:
                self._send(Looked(validator))
