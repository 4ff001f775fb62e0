"""Figures in words that people use: times, spans, ranges, chances, outlooks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.mail.catalogue import Phrases
from answerable.clock import DAY, HOUR, MINUTE
from answerable.incident import Between, Forecast

__all__ = [
    "MOST_TAIL",
    "about",
    "between",
    "chance",
    "dated",
    "number",
    "outlook",
    "residents",
    "span",
    "times",
    "when",
]

_FEW = 3  # counts below this are told as "fewer than three", so that nobody is pointed at
_LEAST_TAIL, MOST_TAIL = 2, 6  # what is rarer than one in a million was not measured


def number(value: float) -> str:
    """Write a figure as short as it stays honest.

    >>> number(12.34), number(1.53), number(0.04), number(3.0), number(math.inf)
    ('12', '1.5', '0.04', '3', '∞')
    """
    if math.isinf(value):
        return "∞"
    if value == int(value) or abs(value) >= 10:
        return f"{value:.0f}"
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 0.1 else f"{value:.1g}"


def when(at: int, now: int, zone: ZoneInfo, say: Phrases) -> str:
    """Write a time of the reader's day, with the date where it is another day.

    >>> from alerts.mail.catalogue import phrases
    >>> when(1772352000, 1772355600, ZoneInfo("Asia/Shanghai"), phrases("en"))
    '16:00'
    >>> when(1772252000, 1772355600, ZoneInfo("Asia/Shanghai"), phrases("zh"))
    '2月28日 12:13'
    """
    moment, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    if moment.date() == today.date():
        return f"{moment:%H:%M}"
    day = dated(at, zone, say)
    return day if moment.year == today.year else say("date.year", day=day, year=moment.year)


def dated(at: int, zone: ZoneInfo, say: Phrases) -> str:
    """Write day and time.

    >>> from alerts.mail.catalogue import phrases
    >>> dated(1772352000, ZoneInfo("Asia/Shanghai"), phrases("en"))
    '1 Mar 16:00'
    """
    moment = datetime.fromtimestamp(at, zone)
    day = say("date.day", day=moment.day, month=say(f"month.{moment.month}"))
    return f"{day} {moment:%H:%M}"


def span(seconds: float, say: Phrases) -> str:
    """Write a length of time in its two largest useful units.

    >>> from alerts.mail.catalogue import phrases
    >>> [span(s, phrases("en")) for s in (40, 1200, 4800, 7200, 100000, 400000)]
    ['under 1 min', '20 min', '1 h 20', '2 h', '28 h', '4 days']
    """
    minutes = int(seconds // MINUTE)
    if minutes < 1:
        return say("span.instant")
    if minutes < 60:
        return say("span.minutes", n=minutes)
    hours, rest = divmod(minutes, 60)
    if seconds < 12 * HOUR and rest:
        return say("span.both", hours=hours, minutes=rest)
    if seconds < 2 * DAY:
        return say("span.hours", n=round(seconds / HOUR))
    return say.many("span.days", int(seconds // DAY))


def about(seconds: float, say: Phrases) -> str:
    """Write a length of time that is an estimate: whole hours from two hours on.

    >>> from alerts.mail.catalogue import phrases
    >>> about(11520, phrases("en")), about(2400, phrases("en"))
    ('3 h', '40 min')
    """
    return span(seconds if seconds < 2 * HOUR else round(seconds / HOUR) * HOUR, say)


def between(people: Between) -> str:
    """Write a range of people.

    >>> between(Between(46, 61)), between(Between(7, 7))
    ('46–61', '7')
    """
    return str(people.least) if people.least >= people.most else f"{people.least}–{people.most}"


def residents(count: int, say: Phrases) -> str:
    """Write how many residents; very few are not told exactly."""
    return say("count.few", n=_FEW) if count < _FEW else say.many("count.residents", count)


def times(heat: float, usual: float, say: Phrases) -> str:
    """Write how many times the usual a figure is, or that there is hardly a usual."""
    if usual < 0.5:
        return say("usual.rare")
    return say("usual.times", usual=f"{max(usual, 1):.0f}", times=number(heat))


def chance(tail: float, say: Phrases) -> str:
    """Write a tail probability, −log10 p, as "less than once in …"; "" where it is nothing unusual.

    >>> from alerts.mail.catalogue import phrases
    >>> chance(4.2, phrases("en")), chance(0.3, phrases("en")), chance(4.2, phrases("zh"))
    ('10,000', '', '万')
    """
    power = min(int(tail), MOST_TAIL)
    return say(f"odds.{power}") if power >= _LEAST_TAIL else ""


def outlook(posts: int, forecast: Sequence[Forecast], say: Phrases) -> str:
    """Tell a forecast in words: when there may be twice as many, or how many more are likely.

    >>> from alerts.mail.catalogue import phrases
    >>> outlook(40, [Forecast(1, 8, 12, 24), Forecast(3, 18, 30, 60), Forecast(24, 20, 80, 400)], phrases("en"))
    'about twice as many posts in 2–8 hours, or fewer'
    >>> outlook(400, [Forecast(24, 3, 9, 31)], phrases("en"))
    'in the next 24 hours probably about 9 further posts, somewhere between 3 and 31'
    """
    if not forecast or posts < 1:
        return ""
    soon, likely, surely = (_reach(posts, forecast, pick) for pick in (_p90, _p50, _p10))
    last = forecast[-1]
    if likely is not None and soon is not None:
        first, final = max(1, round(soon)), max(1, math.ceil(likely))
        range_ = f"{first}–{final}" if first < final else str(final)
        key = "outlook.twice" if surely is None else "outlook.surely"
        return say.many(key, final, hours=range_)
    if soon is not None:
        return say("outlook.perhaps", hours=math.ceil(soon), p50=last.p50, horizon=last.hours)
    if last.p90 <= 2:
        return say("outlook.over", horizon=last.hours)
    return say("outlook.more", horizon=last.hours, p10=last.p10, p50=last.p50, p90=last.p90)


def _reach(goal: int, forecast: Sequence[Forecast], pick: Callable[[Forecast], int]) -> float | None:
    """Find the hour at which a quantile's straight pieces reach `goal` further posts."""
    hour, reached = 0.0, 0.0
    for point in forecast:
        value = pick(point)
        if value >= goal:
            share = (goal - reached) / (value - reached) if value > reached else 1.0
            return hour + share * (point.hours - hour)
        hour, reached = point.hours, max(reached, value)
    return None


def _p10(point: Forecast) -> int:
    return point.p10


def _p50(point: Forecast) -> int:
    return point.p50


def _p90(point: Forecast) -> int:
    return point.p90
