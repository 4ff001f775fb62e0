"""Amplification: does a flood raise a level, cost precision or delay a real matter; is it told from honest copying.

Letters of three matters told within hours lie among other letters (bench/alert_streams.py). The flood is as many
posts as all others together, by 20 accounts, from an hour before the first matter on, over its whole course.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from statistics import mean

from msgspec import Struct
from msgspec.structs import replace

from answerable.app.trial.judge import firsts, judge, known
from answerable.app.trial.sent import Said
from answerable.clock import DAY, HOUR, MINUTE
from answerable.incident import Level
from bench import alert_streams as streams
from bench.alert_streams import Stream
from bench.alerts import K, digest, sent
from bench.figure import Figure
from bench.flooding import ACCOUNTS, CONTROLS, FLOOD, FLOODS, Made, flooded
from crawlers.border import RawItem
from incidents.amplification import Voice, weigh

__all__ = ["SEEDS", "Beside", "beside", "digest", "flags", "loud", "raised", "rows"]

SEEDS = (1, 2, 3)
_CASES = 300
_BACKGROUND, _FEW, _POSTS = 1000, 300, 1000
_LATE = 7 * DAY


class Beside(Struct, frozen=True):
    """What a flood does to alerts.

    `cost` is the precision it costs, in points; `late` the longest that a matter's first alert comes later, in
    minutes, a matter no longer told counts a week; `above` how many alerts above watch stand on the flood.
    """

    cost: float
    late: float
    above: int


def rows() -> list[Figure]:
    """Measure floods beside letters, a flood alone, and the flag, at every seed."""
    found = [beside(seed) for seed in SEEDS]
    each = [flags(FLOODS, seed) for seed in SEEDS], [flags(CONTROLS, seed) for seed in SEEDS]
    note = f"a flood at half of all volume by {ACCOUNTS} accounts"
    letters, loudly = "letters and a flood", "1,000 posts by 20 accounts"
    return [
        _figure(letters, "points of precision lost", [one.cost for one in found], 2.0, note),
        _figure(letters, "minutes a real matter is told later, at most", [one.late for one in found], 5.0, note),
        _figure(letters, "alerts above watch on the flood", [float(one.above) for one in found], 0.0, note),
        _figure(loudly, "levels above 20 accounts that speak once", [float(raised(seed)) for seed in SEEDS], 0.0, ""),
        _figure(loudly, "effective authors", [loud(seed) for seed in SEEDS], 5.0, ""),
        *(_flag(f"made up: {name}", "flagged", [one[name] for one in each[0]], 0.90) for name in FLOODS),
        *(
            _figure(f"made up: {name}", "flagged wrongly", [one[name] for one in each[1]], 0.05, "")
            for name in CONTROLS
        ),
    ]


def flags(made: Mapping[str, Made], seed: int) -> dict[str, float]:
    """Return of each kind the share that is flagged."""
    chance = random.Random(seed)  # noqa: S311 — seeded
    return {name: mean(weigh(one(chance)).amplified for _ in range(_CASES)) for name, one in made.items()}


def loud(seed: int) -> float:
    """Return how many authors 1,000 posts of 20 accounts within a day are worth."""
    chance = random.Random(seed)  # noqa: S311 — seeded
    posts = [Voice(chance.randrange(DAY), f"x{chance.randrange(ACCOUNTS)}", "") for _ in range(_POSTS)]
    return weigh(posts).effective


def beside(seed: int, background: int = _BACKGROUND) -> Beside:
    """Put letters through the desk without a flood and with one."""
    own = streams.spreading(seed, background)
    times = sorted(item.published_at for item in own.items if item.id in own.labels)
    begin = times[0] - HOUR
    flood = flooded(own, seed, begin, len(own.items), 3 * DAY)
    told = sent(flood).alerts
    before, after = _told(firsts(sent(own).alerts), own), _told(firsts(told), own)
    above = sum(_about_flood(said) and said.level is not Level.WATCH for said in told)
    late = [(after[1].get(name, at + _LATE) - at) / MINUTE for name, at in before[1].items()]
    return Beside(round(100 * (before[0] - after[0]), 2), round(max(late, default=0.0), 1), above)


def raised(seed: int) -> int:
    """Return how many levels higher a flood of 1,000 posts gets than the same accounts that speak once each."""
    own = streams.spreading(seed, _FEW)
    begin = min(item.published_at for item in own.items if item.id in own.labels) - HOUR
    near = tuple(item for item in own.items if begin - 10 * DAY < item.published_at < begin + 4 * DAY)
    flood = flooded(replace(own, items=near), seed, begin, _POSTS, DAY)
    heard: set[str] = set()
    once = [item for item in flood.items if not _again(item, heard)]
    return _height(sent(flood).alerts) - _height(sent(replace(flood, items=tuple(once))).alerts)


def _again(item: RawItem, heard: set[str]) -> bool:
    """Tell whether an account of the flood speaks again."""
    if not item.id.startswith(FLOOD) or item.author is None:
        return False
    again = item.author in heard
    heard.add(item.author)
    return again


def _height(alerts: Sequence[Said]) -> int:
    return max((list(Level).index(said.level) for said in alerts if _about_flood(said)), default=-1)


def _told(first: Sequence[Said], stream: Stream) -> tuple[float, dict[str, int]]:
    """Return precision, and when each matter was told of first."""
    published = [(item.id, item.published_at) for item in stream.items]
    verdict = judge(list(first), stream.labels, known(stream.labels, published), K)
    told = {name: one.alerted_at for name, one in verdict.matters.items() if one.alerted_at is not None}
    return verdict.precision or 0.0, told


def _about_flood(said: Said) -> bool:
    return 2 * sum(post.startswith(FLOOD) for post in said.posts) > len(said.posts)


def _flag(data: str, name: str, values: Sequence[float], goal: float) -> Figure:
    return Figure(
        table="amplification", data=data, name=name, value=round(mean(values), 4), goal=goal,
        spread=(round(min(values), 4), round(max(values), 4)),
    )  # fmt: skip


def _figure(data: str, name: str, values: Sequence[float], goal: float, note: str) -> Figure:
    return Figure(
        table="amplification", data=data, name=name, value=round(mean(values), 4), goal=goal, better="less",
        spread=(round(min(values), 4), round(max(values), 4)), note=note,
    )  # fmt: skip
