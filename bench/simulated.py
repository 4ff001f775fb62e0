"""Series whose incidents are known: simulated ones shaped like two cities', and the cities' own with incidents added.

An incident is a logistic curve over 3 to 24 hours: half of its posts come before its peak, 98 % between its begin
and its end. Background counts are Poisson with a gamma-distributed rate by the hour (.45) and by the day (.15), about
what is left in the cities' own counts once level, hour of day and weekday are taken out.
"""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from answerable.clock import DAY, HOUR
from bench.load import DATA, read, table

__all__ = ["BEGIN", "SIZES", "WEEK", "Incident", "Stream", "real", "simulated"]

WEEK = 7 * DAY
BEGIN = 2900 * WEEK + 4 * DAY  # a Monday
SIZES = (12, 30, 100, 300)
_STEP = 300
_STEPS = HOUR // _STEP
_RATE, _SPREAD, _MOST = 0.45, 1.4, 15.0
_BY_HOUR, _BY_DAY = 0.45, 0.15
_REAL_FROM, _REAL_WEEKS = date(2013, 7, 1), 78
_COUNCIL_FROM = date(2016, 1, 4)
Floats = NDArray[np.float64]


class Incident(Struct, frozen=True):
    """What was put into a series: how many posts, when it begins, peaks and ends (seconds)."""

    series: int
    size: int
    begin: int
    peak: int
    end: int


class Stream(Struct, frozen=True):
    """Series of distinct-author posts as sorted instants, and the incidents among them."""

    weeks: int
    series: tuple[tuple[int, ...], ...]
    incidents: tuple[Incident, ...]


@cache
def simulated(seed: int, series: int = 500, weeks: int = 8, each: int = 5) -> Stream:
    """Make series with `each` incidents, none in the first week or within two days of another.

    Rates are lognormal round .45 posts an hour, most .02 to 8 (about 190 posts a week on average).
    """
    chance = np.random.default_rng(seed)
    made, incidents = [], []
    for number in range(series):
        rate = min(float(np.exp(chance.normal(math.log(_RATE), _SPREAD))), _MOST)
        hourly = rate * np.tile(_profile(chance), weeks)
        hourly *= chance.gamma(1 / _BY_HOUR, _BY_HOUR, hourly.size)
        hourly *= np.repeat(chance.gamma(1 / _BY_DAY, _BY_DAY, weeks * 7), 24)
        background = _spread(chance.poisson(hourly), chance)
        sizes = [*SIZES, SIZES[number % 4]][:each]
        posts, found = _incidents(chance, number, sizes, weeks, first=1)
        made.append(tuple(sorted(background + posts)))
        incidents += found
    return Stream(weeks, tuple(made), tuple(incidents))


@cache
def real(seed: int, each: int = 20) -> Stream:
    """Take a city's reports (all, and its eight commonest kinds) and council cases (40 kinds by borough), 78 weeks.

    Cases are dated by the day alone: their hours are drawn from the reports' hours. Incidents are put in from the
    third week on.
    """
    chance = np.random.default_rng(seed)
    made, incidents = [], []
    for number, background in enumerate([*_reports(), *_cases(chance)]):
        posts, found = _incidents(chance, number, list(SIZES) * (each // 4), _REAL_WEEKS, first=2)
        made.append(tuple(sorted([*background, *posts])))
        incidents += found
    return Stream(_REAL_WEEKS, tuple(made), tuple(incidents))


def _incidents(
    chance: np.random.Generator, series: int, sizes: list[int], weeks: int, first: int
) -> tuple[list[int], list[Incident]]:
    """Place incidents of these sizes in random order; return their posts and what they are."""
    posts: list[int] = []
    found: list[Incident] = []
    for size in chance.permutation(sizes).tolist():
        begin = _free(chance, [one.begin for one in found], first * WEEK, weeks * WEEK - 30 * HOUR)
        lasts = chance.uniform(3, 24) * HOUR
        shares = chance.uniform(0.01, 0.99, size)
        times = BEGIN + begin + lasts / 2 + lasts / (2 * math.log(99)) * np.log(shares / (1 - shares))
        posts += [int(at) for at in times]
        peak, end = BEGIN + begin + lasts / 2, BEGIN + begin + lasts
        found.append(Incident(series, size, BEGIN + begin, int(peak), int(end)))
    return posts, found


def _free(chance: np.random.Generator, taken: list[int], since: int, until: int) -> int:
    while True:
        begin = int(chance.uniform(since, until))
        if all(abs(BEGIN + begin - other) > 2 * DAY for other in taken):
            return begin


def _spread(hourly: NDArray[np.int64], chance: np.random.Generator) -> list[int]:
    """Return instants within their hours."""
    hours = np.repeat(np.arange(hourly.size), hourly)
    return [int(at) for at in BEGIN + hours * HOUR + chance.integers(0, HOUR, hours.size)]


def _profile(chance: np.random.Generator) -> Floats:
    """Return 168 weights of mean 1: a city's hours, a council's weekdays, each more or less pronounced."""
    hours, week = 1 - chance.uniform(0.2, 1), 1 - chance.uniform()
    weekdays = _weekdays()[chance.integers(len(_weekdays()))]
    shape = np.tile(hours + (1 - hours) * _hours_of_day(), 7) * np.repeat(week + (1 - week) * weekdays, 24)
    return np.asarray(shape / shape.mean())


@cache
def _moments() -> tuple[tuple[datetime, str | None], ...]:
    """Return local time and kind of every report."""
    return tuple(
        (datetime.fromisoformat(row["local_time"][:19]).replace(tzinfo=UTC), row["label"])
        for row in read("en/newhaven_issues/dev")
    )


@cache
def _council() -> tuple[Counter[date], ...]:
    """Return cases by day for the 40 commonest pairs of kind and borough."""
    found: dict[tuple[str, str], Counter[date]] = {}
    for row in table(DATA / "en/nyc_council/dev.csv.gz"):
        by_day = found.setdefault((row["complaint_type"], row["borough"]), Counter())
        by_day[date.fromisoformat(row["date"])] += 1
    return tuple(found[key] for key in sorted(found, key=lambda key: (-found[key].total(), key))[:40])


@cache
def _hours_of_day() -> Floats:
    counts = np.bincount([at.hour for at, _ in _moments()], minlength=24).astype(float)
    return np.asarray(counts / counts.mean())


@cache
def _weekdays() -> tuple[Floats, ...]:
    shapes = []
    for by_day in _council()[:12]:
        counts = np.zeros(7)
        for day, cases in by_day.items():
            counts[day.weekday()] += cases
        shapes.append(counts / counts.mean())
    return tuple(shapes)


def _reports() -> list[list[int]]:
    """Return the instants of all reports, and of each of the eight commonest kinds, moved to begin at BEGIN."""
    origin = datetime.combine(_REAL_FROM, datetime.min.time(), UTC)
    within = [
        (BEGIN + int((at - origin).total_seconds()), kind)
        for at, kind in _moments()
        if origin <= at < origin + timedelta(weeks=_REAL_WEEKS)
    ]
    kinds = Counter(kind for _, kind in within if kind is not None).most_common(8)
    return [[at for at, _ in within]] + [[at for at, kind in within if kind == one] for one, _ in kinds]


def _cases(chance: np.random.Generator) -> list[list[int]]:
    shares = _hours_of_day() / 24
    series = []
    for by_day in _council():
        days = [by_day[_COUNCIL_FROM + timedelta(days=day)] for day in range(_REAL_WEEKS * 7)]
        hourly = np.concatenate([chance.multinomial(cases, shares) for cases in days])
        series.append(_spread(hourly, chance))
    return series
