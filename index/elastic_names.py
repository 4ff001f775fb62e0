"""Names of indices: which family, which layout, which week or month of the post's own time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from msgspec import Struct

from answerable.clock import DAY

__all__ = ["LAYOUT", "Names", "Place", "month_end", "month_start", "place", "week_end"]

LAYOUT = 1  # a new number: new indices beside the old ones, read through the same aliases
_MONTHLY = "facts-(posts|ledger|health)"
_FAMILY = rf"(posts-v\d+-\d{{4}}\.w\d\d|{_MONTHLY}-v\d+-\d{{4}}\.\d\d|(facts-incidents|cards)-v\d+)"
_LAST = 253402300799  # 9999-12-31T23:59:59Z


class Place(Struct, frozen=True, array_like=True, order=True):
    """Where a post's two documents lie: the week of its text, the month of its facts."""

    week: str
    month: str


class Names(Struct, frozen=True):
    """The names below one prefix."""

    prefix: str

    @property
    def cards(self) -> str:
        """Index: one card a post, which says what stands of it."""
        return f"{self.prefix}-cards-v{LAYOUT}"

    @property
    def incidents(self) -> str:
        """Index: the latest of each incident."""
        return f"{self.prefix}-facts-incidents-v{LAYOUT}"

    @property
    def every(self) -> str:
        """Pattern of everything below the prefix that this program makes."""
        return ",".join(f"{self.prefix}-{family}-v*" for family in ("posts", "facts-*", "cards"))

    def owns(self, index: str) -> bool:
        """Tell whether an index is one that this program makes, so that no other is ever dropped.

        >>> names = Names("answerable")
        >>> names.owns("answerable-posts-v1-2026.w09"), names.owns("answerable-posts-view-2026.w09")
        (True, False)
        """
        return re.fullmatch(rf"{re.escape(self.prefix)}-{_FAMILY}", index) is not None

    def texts(self, place: Place | None = None) -> str:
        """Alias of the texts, or the index of one place.

        >>> Names("answerable").texts(place(1772352000))
        'answerable-posts-v1-2026.w09'
        """
        return f"{self.prefix}-posts-v{LAYOUT}-{place.week}" if place else f"{self.prefix}-posts"

    def facts(self, place: Place | None = None) -> str:
        """Alias of the posts' facts, or the index of one place."""
        return f"{self.prefix}-facts-posts-v{LAYOUT}-{place.month}" if place else f"{self.prefix}-facts-posts"

    def ledger(self, at: int) -> str:
        """Index of the ledger's events of a month."""
        return f"{self.prefix}-facts-ledger-v{LAYOUT}-{place(at).month}"

    def health(self, at: int) -> str:
        """Index of the pipeline's health in a month."""
        return f"{self.prefix}-facts-health-v{LAYOUT}-{place(at).month}"


def place(published_at: int) -> Place:
    """Return where the documents of a post published then lie: ISO week and month, in UTC.

    >>> place(1772352000), place(-(10**30))
    (Place(week='2026.w09', month='2026.03'), Place(week='1970.w01', month='1970.01'))
    """
    return _of_day(max(0, min(published_at, _LAST)) // DAY)


@lru_cache(maxsize=512)
def _of_day(day: int) -> Place:
    moment = datetime.fromtimestamp(day * DAY, UTC)
    year, week, _ = moment.isocalendar()
    return Place(f"{year:04}.w{week:02}", f"{moment:%Y.%m}")


def week_end(week: str) -> int:
    """Return the first second after a week.

    >>> place(week_end("2026.w09") - 1).week, place(week_end("2026.w09")).week
    ('2026.w09', '2026.w10')
    """
    return _second(date.fromisocalendar(int(week[:4]), int(week[6:]), 1) + timedelta(days=7))


def month_end(month: str) -> int:
    """Return the first second after a month.

    >>> place(month_end("2026.12")).month
    '2027.01'
    """
    year, number = int(month[:4]), int(month[5:])
    return _second(date(year + number // 12, number % 12 + 1, 1))


def month_start(at: int) -> int:
    """Return the first second of the month that an instant lies in.

    >>> month_start(1772352000)
    1772323200
    """
    name = place(at).month
    return _second(date(int(name[:4]), int(name[5:]), 1))


def _second(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
