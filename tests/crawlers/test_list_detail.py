"""List pages and detail pages by selectors, and what happens when a layout drifts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.post import Counts, Kind
from crawlers.border import RawItem
from crawlers.parse.found import Unparsed
from crawlers.parse.list_detail import parse_detail, parse_list
from tests.crawlers.pages import AT, LETTER, LETTERS, LIST, letter, page, selectors


def test_a_list_gives_its_links_in_order_and_the_next_page() -> None:
    listing = parse_list(page(LIST, "https://letters.example/list"), LETTERS)
    assert listing.links == ("https://letters.example/letter/1", "https://letters.example/letter/2")
    assert (listing.next, listing.unparsed) == ("https://letters.example/list?page=2", None)


def test_links_that_differ_by_a_session_are_one_link() -> None:
    text = '<ul class="letters"><a href="/t?id=1&sid=77">a</a><a href="/t;jsessionid=9?id=1">b</a></ul>'
    assert parse_list(page(text), LETTERS).links == ("https://letters.example/t?id=1",)


def test_a_list_without_links_is_told_not_kept() -> None:
    listing = parse_list(page("<html><body>改版了 河畔老李</body></html>"), LETTERS)
    assert listing.unparsed == Unparsed("https://letters.example/letter/1", "list without link")


def test_a_detail_page_gives_the_item_its_replies_and_the_official_answer() -> None:
    item, reply, answer = parse_detail(page(LETTER), LETTERS)
    assert item == RawItem(
        id="1203", source="letters", kind=Kind.LETTER, title="反映停水", text="阳光里小区停水三天\n请尽快处理",
        author="河畔老李", url="https://letters.example/letter/1", published_at=1772411400, fetched_at=AT,
        lang="zh", place="临河区", counts=Counts(views=12),
    )  # fmt: skip
    assert isinstance(reply, RawItem)
    assert isinstance(answer, RawItem)
    assert (reply.kind, reply.text, reply.author, reply.reply_to) == (Kind.COMMENT, "我家也停水", "小鱼77", "1203")
    assert (answer.kind, answer.author, answer.reply_to) == (Kind.OFFICIAL, None, "1203")
    assert answer.text == "已派人抢修，今晚恢复供水。"
    assert len({item.id, reply.id, answer.id}) == 3


def test_without_an_id_selector_the_address_names_the_item() -> None:
    plain = selectors(link="a", text=".body", published=".at")
    (item,) = parse_detail(page(letter(), "https://letters.example/view.jsp?id=88&x=1"), plain)
    assert isinstance(item, RawItem)
    assert item.id == "88"


@pytest.mark.parametrize(
    ("cut", "what"),
    [("no", "detail without id"), ("body", "detail without text"), ("at", "detail without published")],
)
def test_a_layout_that_drifted_is_told_by_what_is_missing(cut: str, what: str) -> None:
    drifted = letter().replace(f'class="{cut}"', 'class="new"')
    assert list(parse_detail(page(drifted), LETTERS)) == [Unparsed("https://letters.example/letter/1", what)]


def test_an_answer_without_a_date_is_told_and_the_letter_stays() -> None:
    found = list(parse_detail(page(letter(more='<div class="answer"><p>已处理</p></div>')), LETTERS))
    assert [type(one) for one in found] == [RawItem, Unparsed]
    assert isinstance(found[1], Unparsed)
    assert found[1].what == "official without published"


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(max_size=200), st.integers(0, len(LETTER)))
def test_no_page_breaks_the_parsing(noise: str, cut: int) -> None:
    broken = page(LETTER[:cut] + noise + LETTER[cut:])
    parse_list(broken, LETTERS)
    assert all(isinstance(one, RawItem | Unparsed) for one in parse_detail(broken, LETTERS))
