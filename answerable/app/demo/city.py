"""What people of Lanting City wrote in the last days: the same pages for the same start, to the byte."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import TypeVar

import xxhash
from msgspec import Struct

from answerable.clock import HOUR
from answerable.strict import read_yaml

__all__ = ["FOLDER", "Board", "Entry", "Reply", "pages"]

T = TypeVar("T")
FOLDER = Path(str(resources.files(__package__) / "city"))
_STREETS = {
    "zh": ("临江街道", "望塔街道", "青石街道", "石桥街道", "栈前街道", "花渡镇", "东篱镇"),
    "en": ("Linjiang", "Wangta", "Stonebridge", "Eastpier", "Huadu"),
}
_ESTATES = {
    "zh": ("云杉苑", "松涛里", "鹭屿花园", "书院里", "码头新村", "青藤公寓"),
    "en": ("Stonebridge", "Eastpier", "Huadu"),
}
_HANDLES = (
    "风铃草",
    "老船工",
    "半盏灯",
    "豆花加糖",
    "北窗",
    "纸飞机",
    "晚归人",
    "小满",
    "tidewatcher",
    "gullfeather",
)
_EVERYDAY_H = 76
_ROUNDS = 3


class Reply(Struct, frozen=True, forbid_unknown_fields=True):
    """An office's answer, `at_h` hours before the start."""

    office: str
    at_h: float
    text: str


class Board(Struct, frozen=True):
    """A place where people write: its id in addresses, its language, the sort of its pages."""

    id: str
    lang: str


class Entry(Struct, frozen=True, kw_only=True):
    """One page of a board or one item of the feed; `reply` is an office's answer below it."""

    board: str
    number: int
    at: int
    title: str
    text: str
    author: str
    place: str
    reply: tuple[str, int, str] | None = None


class _Matter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    source: list[str]
    places: list[str]
    posts: int
    from_h: float
    to_h: float
    doubling_h: float
    titles: list[str]
    openers: list[str]
    facts: list[str]
    demands: list[str]
    lang: str = "zh"
    answer: Reply | None = None


class _Everyday(Struct, frozen=True, forbid_unknown_fields=True):
    zh: list[tuple[str, str]]
    en: list[tuple[str, str]]


class _Draft(Struct, frozen=True, kw_only=True):
    board: str
    at: int
    title: str
    text: str
    author: str
    place: str
    reply: tuple[str, int, str] | None = None


def pages(start: int) -> list[Entry]:
    """Return every page that stands in the city at `start` (UTC seconds), oldest first, numbered from 1001."""
    drafts = [*_everyday(start), *_news(start)]
    for matter in read_yaml(FOLDER / "matters.yaml", list[_Matter]):
        drafts.extend(_matter(matter, start))
    drafts.sort(key=lambda draft: (draft.at, draft.board, draft.author))
    return [
        Entry(
            board=draft.board, number=1001 + index, at=draft.at, title=draft.title, text=draft.text,
            author=draft.author, place=draft.place, reply=draft.reply,
        )
        for index, draft in enumerate(drafts)
    ]  # fmt: skip


def _pick(options: Sequence[T], *key: object) -> T:
    return options[xxhash.xxh3_64_intdigest("/".join(map(str, key)).encode()) % len(options)]


def _handle(*key: object) -> str:
    number = xxhash.xxh3_64_intdigest("/".join(map(str, key)).encode()) % 9000 + 1000
    return f"{_pick(_HANDLES, 'handle', *key)}{number}"


def _everyday(start: int) -> Iterator[_Draft]:
    """Spread each ordinary item over the days, more by day than by night."""
    everyday = read_yaml(FOLDER / "everyday.yaml", _Everyday)
    for lang, items in (("zh", everyday.zh), ("en", everyday.en)):
        boards = ("letters", "forum", "forum") if lang == "zh" else ("harbour",)
        for number, (title, text) in enumerate(items):
            for turn in range(_ROUNDS if "{" in text else 1):
                key = (lang, number, turn)
                street, estate = _pick(_STREETS[lang], "street", *key), _pick(_ESTATES[lang], "estate", *key)
                yield _Draft(
                    board=_pick(boards, "board", *key), at=start - _hours_ago(*key), title=title,
                    text=text.format(street=street, estate=estate), author=_handle("everyday", *key),
                    place=street if "{street}" in text else "",
                )  # fmt: skip


def _hours_ago(*key: object) -> int:
    share = xxhash.xxh3_64_intdigest("/".join(map(str, ("when", *key))).encode()) / 2**64
    return int((0.5 + share * _EVERYDAY_H) * HOUR)


def _matter(matter: _Matter, start: int) -> Iterator[_Draft]:
    begin, end = start - int(matter.from_h * HOUR), start - int(matter.to_h * HOUR)
    for number in range(matter.posts):
        key = (matter.id, number)
        place = _pick(matter.places, "place", *key)
        spoken = [_pick(matter.openers, "opener", *key), _pick(matter.facts, "fact", *key)]
        if number % 3 != 2:
            spoken.append(_pick(matter.demands, "demand", *key))
        text = ("" if matter.lang == "zh" else " ").join(spoken)
        yield _Draft(
            board=_pick(matter.source, "board", *key), at=_moment(matter, number, begin, end),
            title=_pick(matter.titles, "title", *key).format(place=place), text=text.format(place=place),
            author=_handle(*key), place=place, reply=_reply(matter, number, start),
        )  # fmt: skip


def _moment(matter: _Matter, number: int, begin: int, end: int) -> int:
    """Place post `number` on the curve: even, or doubling every `doubling_h` hours."""
    share = (number + 0.5) / matter.posts
    if not matter.doubling_h:
        return int(begin + share * (end - begin))
    rate = math.log(2) / (matter.doubling_h * HOUR)
    span = math.expm1(rate * (end - begin))
    return int(begin + math.log1p(share * span) / rate)


def _reply(matter: _Matter, number: int, start: int) -> tuple[str, int, str] | None:
    if matter.answer is None or number >= matter.posts // 2:
        return None
    return matter.answer.office, start - int(matter.answer.at_h * HOUR) + number * 60, matter.answer.text


def _news(start: int) -> Iterator[_Draft]:
    for hours, title, text in read_yaml(FOLDER / "news.yaml", list[tuple[float, str, str]]):
        at = start - int(hours * HOUR)
        yield _Draft(board="news", at=at, title=title, text=text, author="澜汀晚报", place="")
