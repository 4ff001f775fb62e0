"""Invented posts and incidents for the contracts."""

from __future__ import annotations

from answerable.incident import Between, Change, Components, IncidentUpdate, Title
from answerable.post import AnalysedPost, Analysis, Kind, PlaceMention, Post, Reading, Topic

NOON = 1772352000  # 2026-03-01T08:00:00Z


def analysed(
    id: str,
    text: str = "小区停水三天",
    *,
    title: str = "",
    at: int = NOON,
    seen_at: int | None = None,
    revision: int = 1,
    source: str = "letters.lanting",
    kind: Kind = Kind.LETTER,
    lang: str = "zh",
    area: str = "3701",
    topic: str | None = "urban",
    places: tuple[str, ...] = (),
) -> AnalysedPost:
    post = Post(
        id=id, source=source, kind=kind, text=text, title=title, published_at=at, fetched_at=at,
        seen_at=at if seen_at is None else seen_at, revision=revision, url=f"https://lanting.example/{id}",
        author="a token of the day",
    )  # fmt: skip
    analysis = Analysis(
        lang=lang, sentiment=Reading("negative", {"negative": 1.0}), emotion=Reading("anger", {"anger": 1.0}),
        topics=(Topic(topic, 0.9),) if topic else (), area=area,
        places=tuple(PlaceMention(place, 0, 2, "somewhere", 0.9) for place in places),
    )  # fmt: skip
    return AnalysedPost(post, analysis, area)


def incident(id: str, *, revision: int = 1, at: int = NOON, posts: int = 3, **changes: object) -> IncidentUpdate:
    values: dict[str, object] = {
        "incident": id, "revision": revision, "area": "3701", "at": at, "change": Change.OPENED,
        "title": Title("3701", ("停水",)), "opened_at": at, "first_post": "p", "first_at": at, "last_at": at,
        "posts": posts, "duplicates": 0, "vanished": 0, "authors": Between(2, 3), "token_days": 3,
        "strongest_day": 2, "sources": ("letters.lanting",), "kinds": ((Kind.LETTER, 3),),
        "components": Components(), "indicators": (),
    }  # fmt: skip
    return IncidentUpdate(**(values | changes))  # type: ignore[arg-type] # a builder for tests
