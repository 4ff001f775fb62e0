"""Figures of near-duplicates on planted copies, beside datasketch: `python -m bench.duplicates`.

Of each set originals come first, then one copy of each. A copy counts as found where it is joined with its
original; whatever else is joined is a false merge, in shares of all posts.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Sequence
from statistics import mean

from datasketch import MinHash, MinHashLSH
from msgspec import Struct

from bench.figure import Figure
from bench.planted import LEAST, SETS, Copy, Planted, planted
from incidents.duplicates import Twins
from nlp.clean import folded
from nlp.signature import of_folded

__all__ = ["Found", "ours", "peer", "rows", "size"]

SEEDS = (1, 2, 3)
ORIGINALS = 2000
_PEER = 400  # originals of each set: the peer takes milliseconds for a post
_TABLE = "duplicates"
_WINDOW = 72 * 3600


class Found(Struct, frozen=True):
    """Shares of copies found, by how they were made and in all; false merges a post; posts a CPU second."""

    by_way: dict[str, float]
    recall: float
    false: float
    speed: float


def ours(name: str, seed: int, originals: int = ORIGINALS) -> Found:
    """Plant copies among the texts of a set and let the fold's own index find them."""
    given = planted(name, seed, originals)
    began = time.process_time()
    texts = [*given.originals, *(text for _, _, text in given.copies)]
    marks = of_folded([folded(text).text for text in texts])
    twins, told = Twins(_WINDOW), list[str | None]()
    for place, mark in enumerate(marks):
        told.append(twins.find(mark, 0))
        twins.add(str(_original(given, place)), 0, mark, place)
    return _found(given, told, time.process_time() - began)


def peer(name: str, seed: int, originals: int = _PEER) -> Found:
    """Do the same with MinHash and LSH of datasketch at its own threshold of .7, over words of three letters."""
    given = planted(name, seed, originals)
    began = time.process_time()
    index, told, kept = MinHashLSH(threshold=0.7, num_perm=128), list[str | None](), dict[str, MinHash]()
    for place, text in enumerate([*given.originals, *(text for _, _, text in given.copies)]):
        mark = MinHash(num_perm=128)
        letters = "".join(filter(str.isalnum, folded(text).text))
        mark.update_batch([letters[i : i + 3].encode() for i in range(max(1, len(letters) - 2))])
        near = [(mark.jaccard(kept[key]), key) for key in index.query(mark)]
        best = max(((likeness, key) for likeness, key in near if likeness >= 0.7), default=None)
        told.append(best[1].partition(".")[0] if best else None)
        key = f"{_original(given, place)}.{place}"
        index.insert(key, mark)
        kept[key] = mark
    return _found(given, told, time.process_time() - began)


def _original(given: Planted, place: int) -> int:
    """Return the number of the original that the post at a place is, or is a copy of."""
    count = len(given.originals)
    return place if place < count else given.copies[place - count][0]


def _found(given: Planted, told: Sequence[str | None], seconds: float) -> Found:
    count = len(given.originals)
    hits: dict[Copy, list[bool]] = {way: [] for way in Copy}
    for (number, way, _), name in zip(given.copies, told[count:], strict=True):
        hits[way].append(name == str(number))
    false = [name is not None and name != str(_original(given, place)) for place, name in enumerate(told)]
    return Found(
        {way.value: mean(marks) for way, marks in hits.items()},
        mean(mark for marks in hits.values() for mark in marks),
        mean(false),
        len(told) / seconds,
    )


def size(posts: int = 20_000) -> float:
    """Return how many bytes one post takes in the index, its id not counted, which the fold holds anyway."""
    texts = [text for name in SETS for seed in SEEDS for text in planted(name, seed, ORIGINALS).originals][:posts]
    marks, names = of_folded([folded(text).text for text in texts]), [f"{place:032x}" for place in range(len(texts))]
    tracemalloc.start()
    twins = Twins(_WINDOW)
    for place, mark in enumerate(marks):
        twins.add(names[place], 0, mark, place)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return taken / len(texts)


def rows() -> list[Figure]:
    """Return every figure of near-duplicates."""
    runs = {name: [ours(name, seed) for seed in SEEDS] for name in SETS}
    others = {name: peer(name, SEEDS[0]) for name in SETS}
    made = [_recall(name, [run.recall for run in found], others[name].recall) for name, found in runs.items()]
    made.append(_recall("all sets", _by_seed(runs, "recall"), mean(one.recall for one in others.values())))
    for way in Copy:
        shares = [mean(found[i].by_way[way.value] for found in runs.values()) for i in range(len(SEEDS))]
        made.append(_recall(f"all sets: {way}", shares, mean(one.by_way[way.value] for one in others.values())))
    false, speeds = _by_seed(runs, "false"), _by_seed(runs, "speed")
    pace = mean(one.speed for one in others.values())
    return [
        *made,
        Figure(
            table=_TABLE, data="all sets", name="false merges a post", value=round(mean(false), 5), goal=0.001,
            better="less", spread=(round(min(false), 5), round(max(false), 5)),
            peers=(("datasketch", round(mean(one.false for one in others.values()), 5)),),
        ),
        Figure(
            table=_TABLE, data="all sets", name="posts a CPU second, as a multiple of datasketch",
            value=round(mean(speeds) / pace, 1), note=f"{mean(speeds):.0f} posts/s; the goal is 10,000",
        ),
        Figure(table=_TABLE, data="all sets", name="bytes a post", value=round(size()), goal=300, better="less"),
    ]  # fmt: skip


def _by_seed(runs: dict[str, list[Found]], name: str) -> list[float]:
    return [mean(getattr(found[i], name) for found in runs.values()) for i in range(len(SEEDS))]


def _recall(data: str, values: Sequence[float], other: float) -> Figure:
    return Figure(
        table=_TABLE, data=data, name="recall", value=round(mean(values), 4), goal=0.98,
        spread=(round(min(values), 4), round(max(values), 4)), peers=(("datasketch", round(other, 3)),),
        note=f"texts of {LEAST} to 39 letters" if "short" in data else "",
    )  # fmt: skip


if __name__ == "__main__":
    for row in rows():
        print(row.data, row.name, row.value, row.spread, row.peers, row.note)
