from __future__ import annotations

from answerable.app.filing import Filing
from answerable.post import Analysis, Kind, Post, Reading

NONE = Reading("none", {"none": 1.0})


def post(key: str, *, reply_to: str | None = None, source: str = "board") -> Post:
    return Post(
        id=key, source=source, kind=Kind.LETTER, text="…", published_at=0, fetched_at=0, reply_to=reply_to
    )  # fmt: skip


def analysis(area: str | None) -> Analysis:
    return Analysis(lang="zh", sentiment=NONE, emotion=NONE, area=area)


def test_a_located_post_is_filed_under_its_jurisdiction() -> None:
    assert Filing().file(post("a"), analysis("9901")).area == "9901"


def test_a_post_that_nobody_located_is_filed_under_its_source() -> None:
    assert Filing().file(post("a"), analysis(None)).area == "~board"


def test_an_answer_is_filed_with_the_letter_it_answers_wherever_it_was_located_itself() -> None:
    filing = Filing()
    filing.file(post("letter"), analysis("9901"))
    assert filing.file(post("answer", reply_to="letter"), analysis("9902")).area == "9901"


def test_an_answer_to_an_unknown_letter_is_filed_by_itself() -> None:
    assert Filing().file(post("answer", reply_to="gone"), analysis("9902")).area == "9902"
