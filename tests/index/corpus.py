"""Invented posts of an invented city, and what people may type to find them; the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable

from answerable.incident import Membership
from answerable.post import AnalysedPost, Kind
from index.store import Item, Query
from tests.contracts.posts import NOON, analysed

_PLACES = [
    "澜汀市", "东岸区", "榆柳街", "映月小区", "北闸路", "蓝湾花园", "Pine Street", "Café Zürich", "３号楼",
    "Elm Court",
]  # fmt: skip
_MATTERS = [
    "停水三天了", "半夜施工扰民", "电梯坏了没人修", "公交车不准点", "路灯不亮", "垃圾没有人清运",
    "学校食堂涨价", "暖气不热", "the water main broke", "nobody answers the phone", "the bus is late again",
    "rent_support is closed", "WiFi坏了", "自来水公司说明天来水", "物业费又要交", "ＡＴＭ吞卡", "下水道堵了",
    "停电通知贴得太晚", "don't use the north gate", "Ｄｏｎ’ｔ park here",
]  # fmt: skip
_ASKS = [
    "请尽快解决", "请问谁来管", "希望给个答复", "please reply", "we can't wait", "要求退费", "盼复", "急急急",
    "何时恢复？", "謝謝",
]  # fmt: skip
_NUMBERS = ["3天", "３天", "12345", "１２３４５", "2026年3月", "No. 7", "50%", "第2次", "24h"]
_TYPED = [
    "停水", "停电", "水", "天", "小区", "小區", "来水", "自来水", "物业费", "公司说", "don't", "DON’T", "don",
    "can't", "cant", "rent_support", "rent", "support", "cafe zurich", "CAFÉ", "zürich", '"water main"',
    '"main water"', "water main", "water -main", '-停水', "停水 -三天", '"停水三天"', "“停水三天”",
    "「电梯坏了」", '"3天"', "３天", "3天", "12345", "１２３４５", "１２３", "24H", "50%", "wifi", "ＷｉＦｉ",
    "atm", "ATM吞卡", "bus late", '"bus is late"', '"Pine Street" 停水', "pine STREET -bus", "第2次", "2026年",
    '"2026年3月"', "No. 7", '"no 7"', "急急", "急急急", "急急急急", "🔥", "🔥 停水", "停\u200b水", "何时恢复?",
    "答复", "给个答复", "谢谢", "謝謝", "没人", "没有人", "人管", '"没人 修"', "的", "a", "the", "不", "了",
    "!!", "-", '""', '"', "停水 停电", "施工 扰民 -电梯", '-"the bus"', "路灯 OR 电梯", "NEAR(停水)", "停*",
    "(停水", "澜汀", "汀市",
]  # fmt: skip


def posts(seed: int, count: int = 400) -> list[Item]:
    """Return posts, among them some of one moment, and in which incidents a part of them stands."""
    rng = random.Random(seed)  # noqa: S311 — invented, no secret
    made: list[Item] = [_post(rng, number) for number in range(count)]
    rows = [
        (item.post.id, f"g{n % 9}", f"inc{n % 4}" if n % 3 else None, None) for n, item in enumerate(_posts(made))
    ]
    return [*made, Membership("3701", NOON, tuple(rows[: count // 2]))]


def queries(seed: int, items: list[Item], count: int = 200) -> list[Query]:
    """Return queries: what is in _TYPED, then stretches of the posts themselves, bare, quoted, mixed and filtered."""
    rng = random.Random(seed)  # noqa: S311 — invented, no secret
    texts = [item.post.body for item in _posts(items)]
    forms: list[Callable[[], str]] = [
        lambda: _stretch(rng, texts, 2),
        lambda: f'"{_stretch(rng, texts, rng.randint(2, 9))}"',
        lambda: f"{_stretch(rng, texts, 2)} {_stretch(rng, texts, 3)}",
        lambda: f'{_stretch(rng, texts, 2)} -"{_stretch(rng, texts, 2)}"',
        lambda: f"{rng.choice(_TYPED)} {rng.choice(_NUMBERS)}",
        lambda: _stretch(rng, texts, rng.randint(1, 12)),
    ]
    typed = [*_TYPED, *(rng.choice(forms)() for _ in range(count - len(_TYPED)))]
    return [_filtered(rng, text) for text in typed]


def _post(rng: random.Random, number: int) -> AnalysedPost:
    parts = [rng.choice(_PLACES), rng.choice(_MATTERS), rng.choice(_NUMBERS), rng.choice(_ASKS), rng.choice(_MATTERS)]
    rng.shuffle(parts)
    return analysed(
        f"{rng.getrandbits(48):012x}", rng.choice(["，", " ", "", "。"]).join(parts[: rng.randint(1, 5)]),
        title=rng.choice(["", "", rng.choice(_MATTERS), rng.choice(_PLACES) + rng.choice(_ASKS)]),
        at=NOON - 600 * rng.randrange(6 * 24 * 20), source=f"s{number % 3}", kind=rng.choice(list(Kind)),
        lang=rng.choice(["zh", "en"]), topic=rng.choice(["urban", "civil", None]), places=(f"pl{number % 5}",),
        area=f"370{number % 4}",
    )  # fmt: skip


def _filtered(rng: random.Random, text: str) -> Query:
    kind = rng.choice([None, None, None, "letter"])
    since = rng.choice([None, None, NOON - 10 * 86400])
    return Query(
        text=text, kind=kind, since=since, place=rng.choice([None] * 11 + ["pl1"]),
        incident=rng.choice([None] * 11 + ["inc1"]), limit=rng.choice([20, 500]), offset=rng.choice([0, 0, 0, 7]),
    )  # fmt: skip


def _stretch(rng: random.Random, texts: list[str], length: int) -> str:
    text = rng.choice(texts)
    start = rng.randrange(max(1, len(text) - length))
    return text[start : start + length]


def _posts(items: list[Item]) -> list[AnalysedPost]:
    return [item for item in items if isinstance(item, AnalysedPost)]
