"""What every PostIndex promises of words: the same query finds the same posts on each of them."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.errors import Refused
from answerable.post import AnalysedPost
from answerable.tokens import Phrase, terms
from index.store import PostIndex, Query
from index.wanted import Wanted, read
from tests.contracts.posts import analysed


def found(index: PostIndex, text: str, source: str | None = None, limit: int = 20) -> list[str]:
    return [hit.id for hit in index.search(Query(text=text, source=source, limit=limit)).hits]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("小区停水三天", "停水"),
        ("请看停水通知书", "通知"),
        ("请看停水通知书", "知书"),
        ("自来水公司没有人来", "自来水"),
        ("没有水用", "水"),
        ("今晚停水", "水"),
        ("停水3天", "3天"),
        ("停水３天，打１２３４５", "12345"),
        ("停水3天", "停水 3"),
        ("wifi坏了", "WiFi"),
        ("They DON’T answer", "don't"),
        ("They don't answer", '"don’t answer"'),
        ("the snake_case sign", "snake_case"),
        ("Café Zürich closed", "cafe zurich"),
        ("cafe zurich closed", "CAFÉ ZÜRICH"),
        ("停\u200b水了", "停水"),
        ("停水了", "停\u200b水"),
        ("🔥停水🔥了", "停水"),
        ("停水", "停水 🔥"),
        ("पानी नहीं आ रहा", "पानी"),
        ("الماءُ مقطوع", "الماء"),
        ("수도가 끊겼어요", "수도"),
        ("水が止まった", "止ま"),
        ("No water on Pine Street", "street PINE"),
    ],
)
def test_a_post_is_found_by_a_word_however_it_is_written(index: PostIndex, text: str, query: str) -> None:
    index.put([analysed("p", text), analysed("other", "別の話 entirely different")])
    assert found(index, query) == ["p"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("小区停水三天", "停电"),
        ("小区停水三天", "停水 停电"),
        ("小区停了水", "停水"),
        ("don't", "don"),
        ("snake_case", "snake"),
        ("100 houses", "10"),
    ],
)
def test_a_post_is_not_found_by_a_word_that_it_does_not_hold(index: PostIndex, text: str, query: str) -> None:
    index.put([analysed("p", text)])
    assert found(index, query) == []


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ('"停水通知"', ["p1"]),
        ("停水 通知", ["p1", "p2"]),
        ("“停水通知”", ["p1"]),
        ("「停水通知」", ["p1"]),
        ('"停水通知', ["p1"]),
        ('"water main"', ["p3"]),
        ("water main", ["p3", "p4"]),
        ('"通知 3天"', ["p1"]),
        ('"3天"', ["p1"]),
        ('"知书"', []),
    ],
)
def test_a_phrase_stands_word_beside_word(index: PostIndex, query: str, ids: list[str]) -> None:
    index.put([analysed("p1", "停水通知 3天后来"), analysed("p2", "通知说要停水")])
    index.put([analysed("p3", "the water main broke"), analysed("p4", "main street has no water")])
    assert found(index, query) == ids


@pytest.mark.parametrize("last", ["天", "\U00020000"])
def test_a_phrase_may_end_in_a_character_that_begins_ever_so_many_words(index: PostIndex, last: str) -> None:
    index.put([analysed(f"p{n:03}", f"停水3{last}{chr(0x4E00 + n)}") for n in range(300)])
    assert len(found(index, f"停水 3{last}", limit=1000)) == len(found(index, last, limit=1000)) == 300


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("停水 -通知", ["p2"]),
        ("停水 －通知", ["p2"]),
        ("-通知", ["p2", "p3"]),
        ('停水 -"已经通知"', ["p2"]),
        ('停水 -"通知已经"', ["p1", "p2"]),
        ("-停水 -停电", []),
    ],
)
def test_a_minus_leaves_posts_out(index: PostIndex, query: str, ids: list[str]) -> None:
    index.put([analysed("p1", "停水已经通知"), analysed("p2", "停水没人管"), analysed("p3", "停电没人管")])
    assert found(index, query) == ids


def test_a_title_is_searched_like_the_text(index: PostIndex) -> None:
    index.put([analysed("p", "三天了", title="停水")])
    assert found(index, "停水 三天") == ["p"]


def test_what_holds_no_word_finds_nothing(index: PostIndex) -> None:
    index.put([analysed("p")])
    assert [found(index, query) for query in ("🔥", "!!!", '"', "-", "''")] == [[], [], [], [], []]
    assert found(index, "  ") == ["p"]


HOSTILE = [
    "'; DROP TABLE bodies; --", "NEAR(停水 通知, 2)", "terms:停水", "停水*", "停水 OR 停电", "停水 AND", "NOT 停水",
    "(停水", "^停水", '"""', '-"', "{a b}:c", "a:b", "+停水", "\\", "\x00停水", "\ud800停水", "停" * 1000, "a " * 500,
    "%_%", "`", "[停水]",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_is_anything_but_words(index: PostIndex, query: str) -> None:
    index.put([analysed("p", "停水 通知 or and not near")])
    assert index.search(Query(text=query)).total in (0, 1)
    index.search(Query(area=query, place=query, topic=query, source=query, kind=query, lang=query, incident=query))


def test_numbers_beyond_all_measure_are_numbers(index: PostIndex) -> None:
    index.put([analysed("p")])
    assert index.search(Query(since=-(10**30), until=10**30, limit=10**30)).total == 1
    assert index.search(Query(limit=-1, offset=-5)).hits == ()


def test_an_overlong_query_is_refused_in_words(index: PostIndex) -> None:
    with pytest.raises(Refused, match="the most is 1000"):
        index.search(Query(text="停" * 1001))


_LETTERS = st.text(alphabet="停水通知小区三天ab3 '’_-\"，é🔥\u200b", max_size=12)


def matches(wanted: Wanted, item: AnalysedPost) -> bool:
    held = terms(item.post.body)

    def holds(phrase: Phrase) -> bool:
        size = len(phrase.tokens)
        for start in range(len(held) - size + 1):
            stretch = held[start : start + size]
            if tuple(stretch) == phrase.tokens:
                return True
            same = tuple(stretch[:-1]) == phrase.tokens[:-1]
            if phrase.open and same and stretch[-1].startswith(phrase.tokens[-1]):
                return True
        return False

    required, excluded = map(holds, wanted.required), map(holds, wanted.excluded)
    return not wanted.nothing and all(required) and not any(excluded)


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(_LETTERS, min_size=1, max_size=5), queries=st.lists(_LETTERS, min_size=1, max_size=8))
def test_a_search_finds_what_a_look_at_every_post_finds(
    index: PostIndex, texts: list[str], queries: list[str]
) -> None:
    batch = random.Random("".join(texts)).getrandbits(64)  # noqa: S311 — a name for these posts, from their texts
    posts = [analysed(f"{batch}-{n}", text, source=str(batch)) for n, text in enumerate(texts)]
    index.put(posts)
    for query in queries:
        expected = [item.post.id for item in posts if matches(read(query), item)]
        assert found(index, query, source=str(batch)) == expected


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet="停水通知小区三天自来公司", min_size=1, max_size=20), st.data())
def test_every_stretch_of_chinese_is_found_in_quotes(index: PostIndex, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    index.put([analysed(text, f"看{text}，ok")])
    assert text in found(index, f'"{text[start:end]}"', limit=10_000)


def test_any_words_of_any_script_can_be_put_and_searched(index: PostIndex) -> None:
    rng = random.Random(7)  # noqa: S311 — no secret
    points = [chr(rng.randrange(0x20, 0x30000)) for _ in range(3000)]
    text = "".join(c for c in points if unicodedata.category(c) != "Cs")
    index.put([analysed("p", text)])
    for start in range(0, len(text) - 8, 50):
        index.search(Query(text=text[start : start + 8]))
    assert index.search(Query()).total == 1
