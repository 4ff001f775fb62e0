"""Labelled posts as a desk would get them, for alerts: as they came, among other letters, among chatter.

What is seeded: which texts of the background are taken, and when they come. The background's days are those of the
cases of New York's council members, its hours those of New Haven's reports; its texts are letters to the same board.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from answerable.clock import DAY, HOUR, parse
from answerable.post import Kind
from bench.load import DATA, Row, read, table
from crawlers.border import RawItem

__all__ = [
    "SETS", "Stream", "among_chatter", "events", "gazetteer", "letter", "letters", "spreading", "with_background",
]  # fmt: skip

LETTERS, EVENTS = "zh/tipdm_c/stream", "en/event2012/dev"
OTHER_LETTERS = ("zh/tipdm_c/contest_test_unlabelled", "zh/tipdm_c/replies")
REVIEWS = ("zh/reviews_sentiment/online_shopping_10_cats", "zh/reviews_sentiment/waimai_10k")
TWEETS = ("en/umsab/dev", "en/tweeteval/dev")
REPORTS, CASES = "en/newhaven_issues/dev", "en/nyc_council/dev.csv.gz"
SETS = (LETTERS, EVENTS, *OTHER_LETTERS, *REVIEWS, *TWEETS, REPORTS)
_AFTER = parse("2019-01-01T00:00:00+08:00")  # few letters are older
_TOWNS = "ABCDEFGHIJKLM"
_SEVERAL = 5  # letters that a matter needs to be put among others


class Stream(Struct, frozen=True):
    """Posts, the matter of those that are labelled, over how many weeks they lie, and of how many towns they are.

    `unit` is the time that a rule made for hours takes as one: letters are too few to count by the hour. `whole` says
    that every post about a matter is labelled, `local` that all matters are a town's own.
    """

    name: str
    items: tuple[RawItem, ...]
    labels: dict[str, str]
    weeks: float
    unit: int = HOUR
    areas: int = 1
    whole: bool = False
    local: bool = True
    note: str = ""


def letters() -> Stream:
    """Return the letters of one city's board, as they came."""
    rows = [row for row in read(LETTERS) if parse(row["time"]) >= _AFTER]
    return _stream(
        "tipdm_c", [letter(row, parse(row["time"])) for row in rows], rows, unit=DAY,
        note="letters as they came; most carry no label, and what they are about counts as wrong",
    )  # fmt: skip


def with_background(seed: int, count: int = 4000) -> Stream:
    """Return the letters among others to the same board."""
    own = letters()
    items = (*own.items, *_background(seed, count, own.items))
    return replace(
        own, name="tipdm_c with background", items=items, areas=len(_TOWNS),
        note=f"among {count} letters at a city's days and hours, {len(_TOWNS)} towns",
    )  # fmt: skip


def spreading(seed: int, count: int = 4000) -> Stream:
    """Return the same with each matter of several letters told within 3 to 24 hours: half before its middle."""
    own, chance = letters(), random.Random(seed)  # noqa: S311 — seeded
    sizes = Counter(own.labels.values())
    chosen = {post: label for post, label in own.labels.items() if sizes[label] >= _SEVERAL}
    spans = {label: _span(chance, own.items) for label in sorted(set(chosen.values()))}
    items = [
        _moved(item, _grown(chance, *spans[chosen[item.id]])) if item.id in chosen else item
        for item in own.items if item.id in chosen or item.id not in own.labels
    ]  # fmt: skip
    return Stream(
        "tipdm_c told within hours", (*items, *_background(seed, count, own.items)), chosen, own.weeks,
        areas=len(_TOWNS),
        note=f"letters of {len(spans)} matters within 3 to 24 h, among {len(items) - len(chosen) + count} others",
    )  # fmt: skip


def among_chatter(of: Stream, seed: int, sets: Sequence[str]) -> Stream:
    """Return a stream with three unrelated texts a post, at random times."""
    chance = random.Random(seed)  # noqa: S311 — seeded
    texts = sorted({row["text"] for name in sets for row in read(name) if len(row["text"]) >= _SEVERAL})
    chance.shuffle(texts)
    begin, end = min(item.fetched_at for item in of.items), max(item.fetched_at for item in of.items)
    noise = tuple(
        _item(f"noise{number}", "chatter", Kind.MICROBLOG, text, f"n{number}", chance.randrange(begin, end))
        for number, text in enumerate(texts[: 3 * len(of.items)])
    )
    return replace(
        of, name=f"{of.name} and threefold chatter", items=of.items + noise, note=f"{len(noise)} unrelated texts"
    )


def events(most: int | None = None) -> Stream:
    """Return posts in English about events of the world; all of them are labelled."""
    rows = list(read(EVENTS))[:most]
    items = [_item(row["id"], "eval", Kind.MICROBLOG, row["text"], row["user"], parse(row["time"])) for row in rows]
    made = _stream("event2012", items, rows, note="events of the world; few are a local matter, as the gate asks")
    return replace(made, whole=True, local=False)


def gazetteer(folder: Path) -> Path:
    """Write places as the letters name them: a letter for a city, a number after it for a district."""
    lines = ["id,parent,level,name,aliases,lat,lon,kind"]
    for city in _TOWNS:
        lines.append(f"{city},,city,{city}市,,,,city")
        lines += [f"{city}{number},{city},district,{city}{number}区,{city}{number}县|{city}{number}市,,,district"
                  for number in range(1, 13)]  # fmt: skip
    path = folder / "gazetteer.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _stream(name: str, items: Sequence[RawItem], rows: Iterable[Row], *, unit: int = HOUR, note: str) -> Stream:
    labels = {row["id"]: str(row["label"]) for row in rows if row["label"] is not None}
    times = [item.fetched_at for item in items]
    return Stream(name, tuple(items), labels, (max(times) - min(times)) / (7 * DAY), unit, note=note)


def _item(key: str, source: str, kind: Kind, text: str, author: str, at: int, title: str = "") -> RawItem:
    return RawItem(
        id=key, source=source, kind=kind, title=title, text=text, author=author, published_at=at, fetched_at=at
    )


def letter(row: Row, at: int) -> RawItem:
    """Return a letter of a row, at an instant."""
    return _item(
        row["id"], "letters", Kind.LETTER, row["detail"] or "", row["user"] or row["id"], at, row["subject"] or ""
    )


def _moved(item: RawItem, at: int) -> RawItem:
    return replace(item, published_at=at, fetched_at=at)


def _background(seed: int, count: int, own: Sequence[RawItem]) -> list[RawItem]:
    """Return letters that are not in the stream, at days and hours like those of cities."""
    chance = random.Random(seed + 1000)  # noqa: S311 — seeded
    there = {item.text for item in own}
    rows = {row["detail"]: row for name in OTHER_LETTERS for row in read(name) if row["detail"]}
    chosen = chance.sample(sorted(rows.keys() - there), count)
    days, hours = _days(own), _hours()
    midnights = chance.choices([day for day, _ in days], cum_weights=list(accumulate(n for _, n in days)), k=count)
    moments = chance.choices(range(24), cum_weights=list(accumulate(hours)), k=count)
    return [
        letter({**rows[text], "id": f"other{number}"}, day + hour * HOUR + chance.randrange(HOUR))
        for number, (text, day, hour) in enumerate(zip(chosen, midnights, moments, strict=True))
    ]  # fmt: skip


@cache
def _cases() -> dict[str, int]:
    return dict(Counter(row["date"] for row in table(DATA / CASES)))


def _days(own: Sequence[RawItem]) -> list[tuple[int, int]]:
    """Return (midnight, cases) of each day within a stream."""
    begin, end = min(item.fetched_at for item in own), max(item.fetched_at for item in own)
    days = [(parse(f"{day}T00:00:00+08:00"), count) for day, count in sorted(_cases().items())]
    return [(day, count) for day, count in days if begin <= day <= end - DAY]


@cache
def _hours() -> tuple[int, ...]:
    found = Counter(int(row["local_time"][11:13]) for row in read(REPORTS))
    return tuple(found[hour] for hour in range(24))


def _span(chance: random.Random, own: Sequence[RawItem]) -> tuple[int, int]:
    """Return where a matter begins and how many seconds it takes; never in the first eight weeks."""
    begin, end = min(item.fetched_at for item in own) + 56 * DAY, max(item.fetched_at for item in own) - 2 * DAY
    return chance.randrange(begin, end), chance.randrange(3 * HOUR, DAY)


def _grown(chance: random.Random, begin: int, seconds: int) -> int:
    """Return an instant of a matter that grows and wanes: the mean of three chances, most in the middle."""
    return begin + int(seconds * (chance.random() + chance.random() + chance.random()) / 3)
