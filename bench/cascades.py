"""Cascades to fit and to measure forecasts on: reshared posts, events told by many, and simulated incidents."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta, timezone
from functools import cache

import xxhash
from msgspec import Struct

from answerable.clock import HOUR
from bench.kin import kin
from bench.load import read

__all__ = ["Cascade", "ced", "checked", "events", "simulated", "small"]

CHINA = timezone(timedelta(hours=8))
_SEED = 20262


class Cascade(Struct, frozen=True):
    """When posts came, in seconds after the first; `hour` is the local hour of that one, None where not known.

    `kin` is the id of the first cascade that began with nearly the same text, empty where texts are not compared.
    """

    id: str
    source: str
    times: tuple[float, ...]
    hour: float | None = None
    began: int = 0
    kin: str = ""

    def fold(self, folds: int, seed: int) -> int:
        """Return which of `folds` parts this cascade belongs to, by a hash of its id or of its kin's."""
        return xxhash.xxh3_64_intdigest((self.kin or self.id).encode(), seed) % folds


@cache
def ced() -> tuple[Cascade, ...]:
    """Return posts with the seconds of their reposts and comments; crawls stop near 1,000."""
    rows = list(read("zh/ced_cascades/cascades", "xz"))
    return tuple(
        Cascade(
            row["id"], "ced", tuple(max(0.0, float(one[0])) for one in row["reposts"]), *_began(row["time"]),
            rows[first]["id"],
        )
        for row, first in zip(rows, kin([row["text"] for row in rows]), strict=True)
    )  # fmt: skip


@cache
def small() -> tuple[Cascade, ...]:
    """Return mostly small cascades of reshares (English politics; a few others)."""
    return tuple(
        Cascade(row["id"], row["source"], tuple(float(event[0]) for event in row["events"]))
        for row in read("en/cascades/dev")
    )


@cache
def checked() -> tuple[Cascade, ...]:
    """Return posts on an epidemic with the minutes of what followed; those cut off at 400 are left out."""
    return tuple(
        Cascade(row["id"], "checked", tuple(max(0.0, 60.0 * one[0]) for one in row["actions"]), *_began(row["time"]))
        for row in read("zh/checked_covid/posts", "xz")
        if len(row["actions"]) < 400
    )


@cache
def events() -> tuple[Cascade, ...]:
    """Return labelled events of short posts, one voice a user: incidents as this desk counts them.

    Left out are those within one hour of the clock: they were labelled hour by hour, and it is the label that ends.
    """
    found: dict[str, dict[str, int]] = {}
    for name in ("event2012", "event2018_fr"):
        for row in read(f"en/{name}/dev"):
            voices = found.setdefault(f"{name}/{row['label']}", {})
            at = int(datetime.fromisoformat(row["time"]).timestamp())
            voices[row["user"]] = min(at, voices.get(row["user"], at))
    told = (_event(name, sorted(voices.values())) for name, voices in sorted(found.items()))
    return tuple(one for one in told if (one.began + one.times[-1]) // HOUR > one.began // HOUR)


def simulated(number: int, seed: int = _SEED) -> tuple[Cascade, ...]:
    """Return incidents of 12–300 posts: every other one grows over 3–24 h and fades, every other one branches."""
    chance = random.Random(seed)  # noqa: S311
    return tuple(
        Cascade(f"sim{seed}/{i}", "sim", _fading(chance) if i % 2 else branching(chance, chance.uniform(0.3, 1.1)))
        for i in range(number)
    )


def branching(chance: random.Random, ratio: float, most: int = 400) -> tuple[float, ...]:
    """Simulate one process in which a post calls forth `ratio` others, half within minutes and half within hours.

    What is left to say runs out: past `most` posts no more come.
    """
    waiting, times = [0.0] + [chance.uniform(0, 7200) for _ in range(chance.randrange(6))], list[float]()
    while waiting and len(times) < most:
        at = waiting.pop(waiting.index(min(waiting)))
        times.append(at)
        waiting += [
            at + chance.expovariate(1 / (600 if chance.random() < 0.5 else 7200))
            for _ in range(_poisson(chance, ratio))
        ]
    return tuple(sorted(times))


def _fading(chance: random.Random) -> tuple[float, ...]:
    size = round(12 * math.exp(chance.random() * math.log(25)))
    lasting, rise = chance.uniform(3, 24) * 3600, chance.uniform(1.5, 4)
    times = sorted(chance.betavariate(rise, chance.uniform(1.5, 5)) * lasting for _ in range(size))
    return tuple(at - times[0] for at in times)


def _poisson(chance: random.Random, mean: float) -> int:
    count, passed = 0, chance.expovariate(1.0)
    while passed < mean:
        count, passed = count + 1, passed + chance.expovariate(1.0)
    return count


def _event(name: str, times: list[int]) -> Cascade:
    first = datetime.fromtimestamp(times[0], CHINA)
    return Cascade(name, "events", tuple(float(at - times[0]) for at in times), None, int(first.timestamp()))


def _began(text: str) -> tuple[float, int]:
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=CHINA)
    local = at.astimezone(CHINA)
    return local.hour + local.minute / 60, int(at.timestamp())
