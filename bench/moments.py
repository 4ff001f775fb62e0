"""Moments at which an incident is told, and what came after: for fitting and measuring."""

from __future__ import annotations

import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache

from msgspec import Struct

from answerable.clock import DAY, HOUR
from bench.cascades import Cascade, ced, events, simulated, small
from bench.load import read
from incidents.baseline import FLOOR

__all__ = ["Moment", "moments", "timelines"]

_RUNGS = (3, 5, 8, 13, 21, 34, 55, 89, 144, 233)
_CHECKS = (3, 6, 12, 24, 48)
_LATEST = 7 * DAY
_SEED = 20263


class Moment(Struct, frozen=True):
    """Voices of the last day up to `now`, how many in all, what is usual an hour; then how many further ones came."""

    incident: str
    source: str
    times: tuple[int, ...]
    now: int
    voices: int
    usual: float
    came: tuple[int, ...]


@cache
def timelines(seed: int = _SEED) -> tuple[Cascade, ...]:
    """Return incident-sized series: events told by many, reshares thinned to 12–300, and planted incidents.

    A planted one stands among reports about nothing in particular, which come as those of a real city do in a week.
    """
    chance = random.Random(seed)  # noqa: S311
    thinned = [_thinned(one, chance) for one in ced() if len(one.times) >= 12]
    planted = [_planted(one, chance) for one in simulated(500, seed)]
    return (*events(), *(one for one in small() if len(one.times) >= 5), *thinned[::3], *planted)


def moments(one: Cascade, hours: Sequence[int] = (1, 3, 24)) -> Iterator[Moment]:
    """Yield the moments of one incident: as its voices rise, and some hours after it began."""
    times = sorted(int(at) + one.began for at in one.times)
    at_rungs = {times[rung - 1] for rung in _RUNGS if rung <= len(times)}
    if len(times) < _RUNGS[0]:
        return
    checks = {times[0] + hour * HOUR for hour in _CHECKS}
    for now in sorted(at_rungs | {at for at in checks if at > times[_RUNGS[0] - 1]}):
        if now > times[0] + _LATEST:
            return
        now += 1
        seen = bisect_left(times, now)
        day = bisect_left(times, now - DAY)
        usual = max(FLOOR, (day + 0.5) / (max(0, now - DAY - times[0]) / HOUR + 24))
        came = tuple(bisect_right(times, now + hour * HOUR) - seen for hour in hours)
        yield Moment(one.id, one.source, tuple(times[day:seen]), now, seen, usual, came)


def _thinned(one: Cascade, chance: random.Random) -> Cascade:
    """Keep a share of the posts, so that as many are left as an incident of a city has."""
    size = round(12 * math.exp(chance.random() * math.log(25)))
    kept = sorted(chance.sample(one.times, min(size, len(one.times))))
    return Cascade(one.id, "thinned", tuple(kept), one.hour, one.began)


def _planted(one: Cascade, chance: random.Random) -> Cascade:
    """Add unrelated voices before, during and after, a few a week, at hours that a real city keeps."""
    a_week = 168 * 0.02 * math.exp(chance.random() * math.log(10))
    begin = 2900 * 7 * DAY + chance.randrange(7 * DAY)
    noise = []
    for week in (-1, 0, 1):
        for _ in range(round(a_week)):
            noise.append(begin + week * 7 * DAY + (chance.choice(_habits()) - begin) % (7 * DAY))
    return Cascade(one.id, "planted", tuple(sorted(float(at) for at in [*noise, *(begin + at for at in one.times)])))


@cache
def _habits() -> tuple[int, ...]:
    """Return at which second of the week residents of one city reported."""
    return tuple(
        int(datetime.fromisoformat(row["time"]).timestamp()) % (7 * DAY) for row in read("en/newhaven_issues/dev")
    )
