"""Floods and crowds made up of nothing but times, numbered authors and numbered wordings; and a flood of letters.

A flood is few accounts with many posts, or many accounts with one wording in step. Controls are people who speak once
or twice, and honest petitions: many authors who copy one text over days, most of them in the evening. What is
seeded: sizes, times, who speaks and who copies.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from answerable.clock import DAY, HOUR, MINUTE
from answerable.post import Kind
from bench.alert_streams import Stream
from crawlers.border import RawItem
from incidents.amplification import Voice

__all__ = ["ACCOUNTS", "CONTROLS", "FLOOD", "FLOODS", "flooded"]

ACCOUNTS = 20
FLOOD = "flood"  # how the ids of its posts begin
_AUTHORS = (20, 400)
_PLACES = ("A3区", "A5区", "A7县")
_MATTERS = ("湖滨步道的栏杆", "城南夜市的摊位", "滨河公园的喷泉", "文化广场的大屏")
_SAID = (
    "太不像话了",
    "必须马上拆除",
    "请大家都来看看",
    "转给更多的人",
    "不解决就天天发",
    "谁来管一管",
    "实在忍无可忍",
)


def _few_accounts(chance: random.Random) -> list[Voice]:
    """Few accounts, many posts, each in words of its own or copied."""
    accounts, copied = chance.randrange(5, 40), chance.random()
    posts, span = accounts * chance.randrange(8, 50), chance.randrange(2 * HOUR, DAY)
    return [_voice(chance, chance.randrange(span), chance.randrange(accounts), copied) for _ in range(posts)]


def _in_step(chance: random.Random) -> list[Voice]:
    """Many accounts that copy one text once or twice within minutes, in one wave or several."""
    accounts, waves = chance.randrange(60, 400), [chance.randrange(DAY) for _ in range(chance.randrange(1, 5))]
    return [
        _voice(chance, chance.choice(waves) + chance.randrange(15 * MINUTE), number, 0.9)
        for number in range(accounts) for _ in range(chance.randrange(1, 3))
    ]  # fmt: skip


def _mixed(chance: random.Random) -> list[Voice]:
    """Mix a flood with some people who speak of the same."""
    flood = _few_accounts(chance)
    people = [Voice(chance.randrange(DAY), f"p{number}", "") for number in range(max(1, len(flood) // 10))]
    return [*flood, *people]


def _people(chance: random.Random) -> list[Voice]:
    """People who speak once, some of them up to four times, half of them within three hours."""
    peak = chance.randrange(DAY - 3 * HOUR)
    return [
        Voice(peak + chance.randrange(3 * HOUR) if chance.random() < 0.5 else chance.randrange(DAY), f"a{number}", "")
        for number in range(chance.randrange(*_AUTHORS)) for _ in range(1 + int(chance.random() ** 4 * 4))
    ]  # fmt: skip


def _petition(chance: random.Random) -> list[Voice]:
    """Return the last day of a petition that is copied over three to ten days, more in the evening than at noon."""
    authors = chance.randrange(*_AUTHORS) // chance.randrange(1, 4) + 1
    times = [int(chance.triangular(7, 24, 20) * HOUR) for _ in range(authors)]
    return [Voice(min(at, DAY - 1), f"a{number}", "letter") for number, at in enumerate(times)]


def _shared(chance: random.Random) -> list[Voice]:
    """People of whom a third repost one of three posts."""
    return [
        replace(voice, wording=f"w{chance.randrange(3)}") if chance.random() < 0.33 else voice
        for voice in _people(chance)
    ]


def _voice(chance: random.Random, at: int, author: int, copied: float) -> Voice:
    return Voice(at, f"x{author}", "text" if chance.random() < copied else "")


Made = Callable[[random.Random], Sequence[Voice]]
FLOODS: dict[str, Made] = {"few accounts": _few_accounts, "in step": _in_step, "beside people": _mixed}
CONTROLS: dict[str, Made] = {"people": _people, "petition": _petition, "reposts": _shared}


def flooded(of: Stream, seed: int, begin: int, posts: int, seconds: int) -> Stream:
    """Return a stream with a flood by 20 accounts about an invented matter: half copied, half in changing words."""
    chance = random.Random(f"flood/{seed}")  # noqa: S311 — seeded
    place, matter = chance.choice(_PLACES), chance.choice(_MATTERS)
    text = f"{place}{matter}" + "，".join(_SAID) + "，希望有关部门重视"
    flood = [
        RawItem(
            id=f"{FLOOD}{number}", source="letters", kind=Kind.LETTER, title=f"{place}{matter}",
            text=text if chance.random() < 0.5 else _own_words(chance, f"{place}{matter}"),
            author=f"account{chance.randrange(ACCOUNTS)}", published_at=at, fetched_at=at,
        )
        for number, at in enumerate(sorted(begin + chance.randrange(seconds) for _ in range(posts)))
    ]  # fmt: skip
    return replace(of, name=f"{of.name} and a flood", items=(*of.items, *flood))


def _own_words(chance: random.Random, matter: str) -> str:
    return matter + "，".join(chance.sample(_SAID, 3)) + f"，{chance.randrange(2, 60)}天了"
