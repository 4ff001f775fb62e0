from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from answerable.app.filing import Filing, keyed
from answerable.post import Analysis, Forget, Kind, Post, Reading

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


class Index:
    """Knows areas, and notes what it was asked."""

    def __init__(self, areas: dict[str, str]) -> None:
        self.areas, self.asked = areas, list[Sequence[str]]()

    def __call__(self, posts: Sequence[str]) -> dict[str, str]:
        """Return the areas of those posts that are known."""
        self.asked.append(posts)
        return {key: area for key, area in self.areas.items() if key in posts}


def test_a_batch_asks_the_index_once_about_all_older_posts_and_never_about_its_own() -> None:
    index = Index({"z1": "9901", "z2": "9902"})
    filing = Filing(index)
    posts = [post("a", reply_to="z1"), post("b", reply_to="z2"), post("c", reply_to="b"), post("d")]
    filing.look_up(posts)
    assert [filing.file(one, analysis(None)).area for one in posts] == ["9901", "9902", "9902", "~board"]
    filing.look_up([post("e", reply_to="z1"), post("f", reply_to="e"), post("g")])
    assert len(index.asked) == 1


@pytest.mark.parametrize("revision", [1, 2])
def test_a_comment_read_again_by_another_process_stays_where_it_was_counted(revision: int) -> None:
    # Given a comment that was filed by itself, because nobody knew its letter yet,
    index = Index({"comment": "9902", "letter": "9901"})
    filing = Filing(index)
    if revision > 1:
        filing.file(post("letter"), analysis("9901"))  # and a process that knows the letter without asking,
    # when that one reads it again
    again = replace(post("comment", reply_to="letter"), revision=revision)
    filing.look_up([again])
    # then no second area hears of it.
    assert filing.file(again, analysis("9902")).area == "9902"


def test_an_offices_answer_read_again_goes_to_its_letter_once_that_is_known() -> None:
    filing = Filing(Index({"answer": "9902", "letter": "9901"}))
    answer = replace(post("answer", reply_to="letter"), kind=Kind.OFFICIAL)
    filing.look_up([answer])
    assert filing.file(answer, analysis("9902")).area == "9901"


def test_a_thread_has_one_key_and_an_edit_stays_in_order() -> None:
    records: list[Post | Forget] = [
        post("letter"),
        Forget("answer", 0, 0, edited=True),
        post("answer", reply_to="letter"),
        Forget("x", 0, 0),
    ]
    assert [message.key for message in keyed(records)] == ["letter", "letter", "letter", "x"]
