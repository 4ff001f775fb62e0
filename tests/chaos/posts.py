"""Posts of four invented cities: mostly everyday, every fifth about a growing matter; all from one seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import yaml
from msgspec import Struct

from answerable.clock import HOUR
from answerable.post import Kind
from crawlers.border import RawItem

__all__ = ["CITIES", "handles", "stream", "write_gazetteer", "write_recipients"]

CITIES = {"9901": "澜汀市", "9904": "雁浦市", "9905": "岚溪市", "9906": "桐洄市"}
_STREETS = ("临江街道", "望塔街道", "青石街道", "石桥街道", "栈前街道", "花渡镇", "东篱镇", "云杉路")
_KINDS = (Kind.LETTER, Kind.FORUM, Kind.FORUM, Kind.HOTLINE, Kind.MICROBLOG)
_MATTERS = (
    (("停水", "没水", "断水"), ("水龙头一滴水都没有", "事先没有任何通知", "老人孩子没水喝"), "请尽快恢复供水。"),
    (("食堂涨价", "餐费涨价"), ("餐费涨了四成", "没有公示成本", "菜量反而少了"), "请教育局公布食堂成本。"),
    (("渣土车扰民", "夜间噪音"), ("凌晨两点还在轰鸣", "路面全是坑", "连续一周睡不好"), "请限制渣土车夜间通行。"),
    (("公交停运", "公交改线"), ("去医院要转两趟车", "站牌上没有说明", "老人出不了门"), "请恢复公交线路。"),
)
_THINGS = (
    "路灯",
    "井盖",
    "垃圾桶",
    "健身器材",
    "电梯",
    "停车位",
    "树枝",
    "公厕",
    "网线",
    "快递柜",
    "广场舞",
    "流浪狗",
)
_STATES = ("坏了", "没人管", "太旧了", "堵住了门口", "晚上太吵", "需要修一修", "换个地方更好", "上个月刚修过")
_SAYINGS = ("希望有人看看。", "大家怎么看？", "谢谢。", "已经一个星期了。", "以前不是这样。", "路过随手一拍。", "")
_ENGLISH = ("The bus stop near {place} needs a roof.", "Lovely evening by the river.", "Is the pool at {place} open?")
_HANDLES = ("风铃草", "老船工", "半盏灯", "豆花加糖", "北窗听雨", "纸飞机", "晚归人", "tidewatcher", "gullfeather")
_SPAN = 20 * HOUR
_AUTHORS = 400


class _Draft(Struct, frozen=True):
    title: str
    text: str
    city: str


def handles(seed: int) -> list[str]:
    """Return the names of the authors, none of which may be found anywhere behind the border."""
    draw = random.Random(f"handles {seed}")  # noqa: S311 — invented people, no secret
    return [f"{draw.choice(_HANDLES)}{draw.randrange(16**6):06x}zq" for _ in range(_AUTHORS)]


def stream(seed: int, count: int, now: int) -> list[RawItem]:
    """Return `count` posts of the 20 hours before `now`, oldest first; the same for the same seed."""
    draw, people = random.Random(seed), handles(seed)  # noqa: S311 — invented posts, no secret
    return [_item(draw, people, seed, number, now - _SPAN + _SPAN * number // count) for number in range(count)]


def _item(draw: random.Random, people: Sequence[str], seed: int, number: int, at: int) -> RawItem:
    draft = _matter(draw) if draw.random() < 0.2 else _everyday(draw)
    named = f" @{draw.choice(people)} " if draw.random() < 0.1 else ""
    author = draw.choice(people)
    return RawItem(
        id=f"{seed}-{number}", source=f"{draw.choice(('letters', 'board', 'square'))}.{draft.city}",
        kind=draw.choice(_KINDS), title=draft.title, text=draft.text + named, author=author, published_at=at,
        fetched_at=at + 60, url=f"https://lanting.example/{author}/{number}" if number % 3 == 0 else None,
    )  # fmt: skip


def _matter(draw: random.Random) -> _Draft:
    city = draw.choice(list(CITIES))
    which = draw.randrange(len(_MATTERS))
    words, facts, plea = _MATTERS[which]
    street = _STREETS[(which * 2 + draw.randrange(2)) % len(_STREETS)]
    word = draw.choice(words)
    text = f"{CITIES[city]}{street}{word}，{draw.choice(facts)}，{draw.choice(facts)}。"
    text += plea if draw.random() < 0.7 else ""
    return _Draft(f"{street}{word}", text, city)


def _everyday(draw: random.Random) -> _Draft:
    city = draw.choice(list(CITIES))
    street = draw.choice(_STREETS)
    if draw.random() < 0.1:
        return _Draft("", draw.choice(_ENGLISH).format(place=street), city)
    where = f"{CITIES[city]}{street}" if draw.random() < 0.7 else "我们小区"
    thing = draw.choice(_THINGS)
    number = draw.randrange(1, 99)
    return _Draft("", f"{where}{number}号旁边的{thing}{draw.choice(_STATES)}，{draw.choice(_SAYINGS)}", city)


def write_gazetteer(path: Path) -> Path:
    """Write the province with its four cities and their streets; return the path."""
    rows = ["id,parent,level,name,aliases,lat,lon,kind", "9900,,province,沧屿省,,30.2,121.1,region"]
    for code, name in CITIES.items():
        rows += [
            f"{code},9900,city,{name},{name[:-1]},30.3,121.2,city",
            f"{code}01,{code},district,{name[0]}北区,,30.3,121.2,district",
        ]
        rows += [
            f"{code}01{number:02d},{code}01,street,{street},,30.3,121.2,street"
            for number, street in enumerate(_STREETS, 1)
        ]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def write_recipients(path: Path) -> Path:
    """Write one office a city, each with somebody who reads; return the path."""
    offices = [
        {"id": f"office-{code}", "name": {"zh": f"{name}政府办公室", "en": f"Office {code}"}, "areas": [code],
         "on_duty": [f"duty-{code}@lanting.example"]}
        for code, name in CITIES.items()
    ]  # fmt: skip
    people = [
        {"id": f"p{code}", "mail": f"p{code}@lanting.example", "offices": [f"office-{code}"], "locale": "zh"}
        for code in CITIES
    ]  # fmt: skip
    path.write_text(yaml.safe_dump({"offices": offices, "people": people}, allow_unicode=True), "utf-8")
    return path
