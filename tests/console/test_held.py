"""What the gate holds back: counted for everybody, listed and found for those who read posts, nobody made out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from console.held import Count, counted, readable
from console.users import Role
from tests.console import city
from tests.console.browser import PASSWORD, Browser
from tests.console.conftest import Console


def test_groups_are_counted_by_area_and_reason_on_the_first_page(console: Console) -> None:
    page = console.visitor(Role.OFFICIAL).get("/").text

    assert "Groups of posts that are held back" in page
    assert 'Lanting City: nothing public at stake</th><td class="n">1</td>' in page
    assert 'Lanting City: too few people so far</th><td class="n">1</td>' in page
    assert "晚霞" not in page
    assert "/held" not in page


def test_counts_lead_to_the_list_where_the_role_includes_it(console: Console) -> None:
    visitor = console.visitor(Role.ANALYST)

    assert 'href="/held?area=5101&reason=nothing_public"' in visitor.get("/").text
    page = visitor.get("/held?area=5101&reason=nothing_public").text
    assert "1 group listed" in page
    assert "Shown here: Lanting City, nothing public at stake." in page
    assert "地铁" not in page


def test_the_list_tells_what_how_large_since_when_and_leads_to_the_posts(console: Console) -> None:
    page = console.visitor(Role.ANALYST).get("/held").text

    for said in (
        "3 groups listed", "Lanting City: 晚霞, 好看", "9–14", '<td class="n">16</td>', "20 Nov 10:40",
        'href="/search?group=2talk77"', "Dongping: 地铁, 装修",
    ):  # fmt: skip
        assert said in page, said
    assert "5few777" not in page


def test_few_people_are_not_counted_in_the_list(console: Console) -> None:
    page = console.visitor(Role.ANALYST).get("/held?reason=no_one_matter&area=5101").text

    assert page.count('<td class="n">fewer than 5</td>') == 2


def test_what_accuses_an_office_has_no_words_and_no_posts_and_is_hidden_from_that_office(console: Console) -> None:
    page = console.visitor(Role.ANALYST).get("/held").text
    assert "an office is accused" in page
    assert "group=4blame7" not in page

    console.users.create("clerk", Role.ANALYST, PASSWORD, ("housing",))
    clerk = Browser(console.app)
    clerk.sign_in("clerk")
    assert "2 groups listed" in clerk.get("/held").text


def test_the_list_is_paged_and_keeps_its_filters(console: Console) -> None:
    talk = city.held()[0]
    console.desk.groups = [replace(talk, group=f"2talk{number:03d}", posts=100 + number) for number in range(120)]
    visitor = console.visitor(Role.ANALYST)

    first, last = visitor.get("/held?area=5101").text, visitor.get("/held?area=5101&page=3").text

    assert "120 groups listed" in first
    assert (first.count("/search?group="), last.count("/search?group=")) == (50, 20)
    assert "/held?area=5101&amp;page=2" in first
    assert ("page=2" in last, "page=4" in last) == (True, False)
    for bad in ("page=0", "page=x", "author=1"):
        assert visitor.get(f"/held?{bad}").status_code == 400


def test_the_posts_of_a_group_are_counted_at_once_and_shown_for_a_reason(console: Console) -> None:
    visitor = console.visitor(Role.ANALYST)
    page = visitor.get("/search?group=2talk77").text
    assert "6 posts found" in page
    assert "停水已经三天" not in page

    visitor.fill(next(form for form in visitor.forms() if "reason" in form.names), ("reason", "is this one matter?"))
    visitor.follow()

    assert "6 posts found" in visitor.page.text
    assert [audit.query for audit in console.desk.audits] == ["group=2talk77"]


@pytest.mark.parametrize("group", ["5few777", "4blame7", "7kd2m4p", "nothing"])
def test_posts_of_few_people_of_accusations_and_of_what_is_not_held_back_are_not_read_by_group(
    console: Console, group: str
) -> None:
    visitor = console.visitor(Role.ANALYST)

    assert visitor.get(f"/search?group={group}").status_code == 404
    visitor.get("/search?q=停水")
    form = next(form for form in visitor.forms() if "reason" in form.names)
    asked = [*form.fields, ("group", group), ("reason", "a reason that is long enough")]
    assert visitor.post(form.action, asked).status_code == 404
    assert console.desk.audits == []


def test_the_list_in_chinese(make: Callable[..., Console]) -> None:
    page = make(locale="zh").visitor(Role.ANALYST).get("/held").text

    assert "共列出 3 组" in page
    assert "澜汀市：晚霞、好看" in page


def test_groups_are_counted_in_order_of_area_and_reason() -> None:
    held = city.held()
    assert counted([*held, held[0]]) == [
        Count("5101", "few_people", 1), Count("5101", "no_one_matter", 1), Count("5101", "nothing_public", 2),
        Count("5102", "no_one_matter", 1),
    ]  # fmt: skip
    assert [readable(held, one.group) for one in held] == [True, True, False, False]
