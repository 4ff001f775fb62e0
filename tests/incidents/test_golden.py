"""Small streams of an invented town that tell, post by post, which group is opened, joined and merged."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from answerable.clock import DAY, HOUR
from answerable.post import AnalysedPost, Analysis, Kind, PlaceMention, Post, Reading, Tick
from incidents.area import AreaFold
from nlp.clean import folded
from nlp.signature import signature
from nlp.terms import terms
from tests.incidents.town import AREA, START

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.yaml"))


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A post and what it does: it opens a group, or joins one; groups have names of their own here."""

    at: str
    text: str
    does: str
    group: str


class Stream(Struct, frozen=True, forbid_unknown_fields=True):
    """A stream, and which group went into which by the end."""

    about: str
    lang: str
    kind: Kind
    posts: list[Line]
    merged: dict[str, str]


def a_line(number: int, line: Line, stream: Stream) -> AnalysedPost:
    """Return a line as the fold sees it."""
    hours, minutes = line.at.split(":")
    at = START + int(hours) * HOUR + int(minutes) * 60
    return AnalysedPost(
        Post(
            id=f"p{number}", source="board.lanting", kind=stream.kind, text=line.text, published_at=at, fetched_at=at,
            seen_at=at, author=f"token-{number}",
        ),
        Analysis(
            lang=stream.lang, sentiment=Reading("neutral", {}), emotion=Reading("none", {}),
            places=(PlaceMention("lt", 0, 1, "", 1.0),), terms=terms(folded(line.text), 0, stream.lang),
            signature=signature(line.text, stream.lang),
        ),
        AREA,
    )  # fmt: skip


def test_there_are_streams_in_both_languages() -> None:
    assert {path.name[:2] for path in GOLDEN} == {"en", "zh"}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_each_post_opens_or_joins_as_written_and_groups_merge_as_written(path: Path) -> None:
    stream = msgspec.yaml.decode(path.read_bytes(), type=Stream)
    fold, names = AreaFold(AREA), dict[str, str]()
    posts = [a_line(number, line, stream) for number, line in enumerate(stream.posts)]
    seen: list[tuple[str, str, str]] = []
    for post, line in zip(posts, stream.posts, strict=True):
        fold.fold(post)
        group = fold.memory.records[post.post.id].group
        does = "joins" if group in names else "opens"
        seen.append((line.text, does, names.setdefault(group, line.group)))
    assert seen == [(line.text, line.does, line.group) for line in stream.posts]
    fold.fold(Tick(posts[-1].at - posts[-1].at % DAY + DAY))
    ends = {
        name: names[fold.memory.records[post.post.id].group] for post, (_, _, name) in zip(posts, seen, strict=True)
    }
    assert {name: end for name, end in ends.items() if name != end} == stream.merged
