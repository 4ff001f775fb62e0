from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.tokens import Phrase
from index.matching import condition
from index.store import Query
from index.wanted import LONGEST, Wanted, read


def phrases(*tokens: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(tuple(one.split())) for one in tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Wanted()),
        ("   ", Wanted()),
        ("water main", Wanted(phrases("water", "main"))),
        ("water water", Wanted(phrases("water"))),
        ('"water main"', Wanted(phrases("water main"))),
        ("小区停水", Wanted(phrases("小区", "停水"))),
        ('"小区停水"', Wanted(phrases("小区 区停 停水"))),
        ("water -main", Wanted(phrases("water"), phrases("main"))),
        ('-"water main"', Wanted((), phrases("water main"))),
        ("-e-mail", Wanted((), phrases("e mail"))),
        ("e-mail", Wanted(phrases("e", "mail"))),
        ('water"main pipe"', Wanted(phrases("water", "main pipe"))),
        ('water "main', Wanted(phrases("water", "main"))),
        ("- -- !", Wanted(nothing=True)),
        ('""', Wanted(nothing=True)),
    ],
)
def test_words_phrases_and_exclusions_are_read(text: str, expected: Wanted) -> None:
    assert read(text) == expected


@settings(max_examples=300, derandomize=True)
@given(st.text(max_size=LONGEST))
def test_any_text_is_read_and_becomes_parameters_only(text: str) -> None:
    found = condition(Query(text=text, area=text), texts=True)
    assert found.rows.count("?") == len(found.values)
    assert set(found.rows) <= set(condition(Query(text="a -b", area="c"), texts=True).rows + "NOT0")
