"""Posts of an invented town, for tests: water, buses and noise in 澜汀市."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import sha256

from answerable.incident import Change, IncidentUpdate, Membership
from answerable.post import (
    AnalysedPost,
    Analysis,
    Demand,
    Harm,
    HarmClass,
    Kind,
    PlaceMention,
    Post,
    Reading,
    Term,
    Tick,
    Topic,
    post_id,
)  # fmt: skip
from incidents.area import AreaFold, Input, Output
from nlp.signature import signature

AREA = "lt"
START = 1772323200  # 2026-03-01, midnight
WATER = ("停水", "水管", "自来水", "水压", "供水")
BUS = ("公交", "班次", "线路", "候车", "晚点")
NOISE = ("噪音", "施工", "夜间", "扰民", "工地")
IDLE = ("咖啡", "电影", "散步", "天气", "晚饭", "足球", "小猫", "阳光", "歌曲", "书店", "面包", "拍照")


def a_post(
    name: str, words: Sequence[str], at: int, *, author: str | None = None, kind: Kind = Kind.MICROBLOG,
    source: str = "board.lanting", place: str | None = "lt-east", demand: str | None = None,
    harm: Sequence[Harm] = (), text: str = "", reply_to: str | None = None, seen_at: int | None = None,
    revision: int = 1, area: str = AREA, topic: str = "urban.water",
) -> AnalysedPost:  # fmt: skip
    """Return a post about `words`; its text differs from every other unless given."""
    text = text or "".join(words) + sha256(name.encode()).hexdigest()
    return AnalysedPost(
        Post(
            id=post_id(source, name), source=source, kind=kind, text=text, published_at=at, fetched_at=at,
            seen_at=at if seen_at is None else seen_at, author=author or f"token-{name}", reply_to=reply_to,
            revision=revision,
        ),
        Analysis(
            lang="zh", sentiment=Reading("negative", {}), emotion=Reading("anger", {}),
            topics=(Topic(topic, 0.9),), terms=tuple(Term(word, 100) for word in words),
            places=(PlaceMention(place, 0, 2, "东区", 0.9),) if place else (),
            demands=(Demand(demand, "restore", 0, 2, "水务局"),) if demand else (), harm=tuple(harm),
            signature=signature(text, "zh"), office="water-bureau",
        ),
        area,
    )  # fmt: skip


def a_crowd(matter: Sequence[str], people: int, start: int, every: int, prefix: str = "c") -> list[AnalysedPost]:
    """Return posts by as many people on one matter, each with a word of its own."""
    return [
        a_post(f"{prefix}{i}", [*matter, f"独{prefix}{i}"], start + i * every, demand="恢复供水")
        for i in range(people)
    ]  # fmt: skip


def a_day(seed: int, count: int = 200, days: float = 1.0) -> list[Input]:
    """Return a shuffled day: three matters, chatter, copies, harm, answers, in order of arrival."""
    chance = random.Random(seed)  # noqa: S311
    records: list[Input] = []
    for number in range(count):
        at = START + int(chance.random() * days * 86400)
        matter = chance.choice((WATER, BUS, NOISE, IDLE, IDLE))
        words = [*chance.sample(matter, 4), f"词{chance.randrange(40)}"]
        text = "一模一样的呼吁，请尽快恢复供水，谢谢" if chance.random() < 0.1 else ""
        kind = chance.choice((Kind.MICROBLOG, Kind.MICROBLOG, Kind.LETTER, Kind.FORUM, Kind.NEWS))
        harm = [Harm(HarmClass.DANGER, "gas")] if chance.random() < 0.01 else []
        records.append(
            a_post(
                f"n{seed}-{number}", words, at, author=f"t{chance.randrange(60)}-{at // 86400}", kind=kind, text=text,
                harm=harm, demand=chance.choice((None, "恢复供水", "增加班次")),
                place=chance.choice((None, "lt-east")),
            )
        )  # fmt: skip
    records.sort(key=lambda record: record.at)
    return records


def run(records: Sequence[Input], fold: AreaFold | None = None) -> list[Output]:
    """Fold records and return all that was told."""
    fold = fold or AreaFold(AREA)
    return [told for record in records for told in fold.fold(record)]


def updates(told: Sequence[Output], change: Change | None = None) -> list[IncidentUpdate]:
    """Return the updates, of one change where given."""
    return [m for m in told if isinstance(m, IncidentUpdate) and (change is None or m.change is change)]


def standing(told: Sequence[Output]) -> dict[str, tuple[str, str | None, str | None]]:
    """Return each post's last (group, incident, representative)."""
    return {
        post: (group, incident, twin)
        for message in told
        if isinstance(message, Membership)
        for post, group, incident, twin in message.posts
    }


def later(seconds: int) -> Tick:
    """Return a tick so many seconds after the town's first midnight."""
    return Tick(START + seconds)
