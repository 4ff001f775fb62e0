"""What a post costs at one and at ten thousand live groups of an area: `python -m bench.grouping_cost`.

Made-up posts: each group has six words of its own; each post takes four of them and six common words drawn from
three thousand by Zipf's law, so that a common word stands in hundreds of groups. CPU time of the fold alone, the
whole of it (copies, choice of a group, counts), without the comparisons of whole groups every six hours, which
are told a live group. The best of three runs.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence

from msgspec import Struct

from answerable.clock import HOUR
from answerable.post import AnalysedPost, Analysis, Kind, PlaceMention, Post, Reading, Term, Tick
from bench.figure import Figure
from incidents.area import AreaFold
from nlp.signature import signature

__all__ = ["Cost", "cost", "rows"]

_START = 1_772_323_200
_COMMON, _OWN, _SAMPLE = 3000, 6, 2000
_FEW, _MANY = 1000, 10_000


class Cost(Struct, frozen=True):
    """CPU at so many live groups: microseconds a post, milliseconds a comparison of all groups."""

    groups: int
    post_us: float
    tick_ms: float


def cost(groups: int, seed: int = 1, sample: int = _SAMPLE) -> Cost:
    """Return what a post costs once so many groups are live."""
    chance = random.Random(seed)  # noqa: S311
    fold = AreaFold("town")
    weights = [1 / (rank + 10) for rank in range(_COMMON)]
    commons = chance.choices(range(_COMMON), weights, k=6 * (groups + sample))
    step = 5 * HOUR / (groups + sample)
    made = [
        _post(number, _START + int(number * step), number if number < groups else chance.randrange(groups),
              commons[6 * number : 6 * number + 6], chance)
        for number in range(groups + sample)
    ]  # fmt: skip
    for post in made[:groups]:
        fold.fold(post)
    begun = time.process_time()
    for post in made[groups:]:
        fold.fold(post)
    spent = time.process_time() - begun
    begun = time.process_time()
    fold.fold(Tick(_START + 6 * HOUR))
    return Cost(groups, spent / sample * 1e6, (time.process_time() - begun) * 1e3)


def _post(number: int, at: int, group: int, commons: Sequence[int], chance: random.Random) -> AnalysedPost:
    own = chance.sample(range(_OWN), 4)
    words = [*(f"own{group}x{word}" for word in own), *(f"common{word}" for word in dict.fromkeys(commons))]
    text = " ".join(words)
    post = Post(
        id=f"p{number}", source="bench", kind=Kind.MICROBLOG, text=text, published_at=at, fetched_at=at, seen_at=at,
        author=f"t{number}",
    )  # fmt: skip
    return AnalysedPost(
        post,
        Analysis(
            lang="en", sentiment=Reading("neutral", {}), emotion=Reading("none", {}),
            places=(PlaceMention("town", 0, 1, "", 1.0),), terms=tuple(Term(word, 100) for word in words),
            signature=signature(text, "en"),
        ),
        "town",
    )  # fmt: skip


def rows() -> list[Figure]:
    """Return what a post costs at few and at many live groups, in one run."""
    few, many = (min((cost(groups) for _ in range(3)), key=lambda one: one.post_us) for groups in (_FEW, _MANY))
    return [
        Figure(table="grouping, cost", data="made-up posts", name="CPU a post at 10,000 live groups over 1,000",
               value=round(many.post_us / few.post_us, 2), goal=1.5, better="less",
               note=f"{few.post_us:.0f} and {many.post_us:.0f} µs a post; a comparison of all groups "
                    f"{few.tick_ms / _FEW * 1e3:.0f} and {many.tick_ms / _MANY * 1e3:.0f} µs a group"),
        Figure(table="grouping, cost", data="made-up posts", name="ms a post at 10,000 live groups",
               value=round(many.post_us / 1e3, 3), goal=0.4, better="less", note="the whole fold, one core"),
    ]  # fmt: skip


def main() -> None:
    """Print the figures."""
    for row in rows():
        sys.stdout.write(f"{row.name}: {row.value} (goal {row.goal}) {row.note}\n")


if __name__ == "__main__":
    main()
