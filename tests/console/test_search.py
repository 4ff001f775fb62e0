"""Search: counts first, texts for a reason, nothing by author, nothing of a supervised matter."""

from __future__ import annotations

import pytest

from console.users import Role
from tests.console import city
from tests.console.browser import Browser
from tests.console.conftest import Console

QUERY = "/search?q=停水"


def _read(console: Console, path: str = QUERY, reason: str = "prepare the answer") -> Browser:
    visitor = console.visitor(Role.ANALYST)
    visitor.get(path)
    visitor.fill(next(form for form in visitor.forms() if "reason" in form.names), ("reason", reason))
    visitor.follow()
    return visitor


@pytest.mark.parametrize("field", ["author", "user", "handle", "who", "id", "limit", "offset", "sort", "Q"])
def test_every_field_outside_the_list_is_no_query(console: Console, field: str) -> None:
    visitor = console.visitor(Role.ANALYST)

    assert visitor.get(f"/search?{field}=1").status_code == 400
    assert visitor.get(f"{QUERY}&{field}=").status_code == 400
    assert console.desk.audits == []


@pytest.mark.parametrize(
    "bad", ["page=0", "page=x", "page=501", "page=²", "kind=king", "since=soon", "until=2026-13-01"]
)
def test_a_value_that_cannot_be_is_no_query(console: Console, bad: str) -> None:
    assert console.visitor(Role.ANALYST).get(f"{QUERY}&{bad}").status_code == 400


def test_counts_are_shown_at_once_and_no_text_before_a_reason(console: Console) -> None:
    page = console.visitor(Role.ANALYST).get(QUERY).text

    assert "15 posts found" in page
    assert "Water supply" in page
    assert "停水已经三天" not in page
    assert "letters.lanting.example" not in page
    assert console.desk.audits == []


def test_few_posts_are_not_counted_before_a_reason(console: Console) -> None:
    page = console.visitor(Role.ANALYST).get("/search?q=water").text

    assert "fewer than 5 posts found" in page
    assert "forum.lanting</th>" not in page


def test_texts_are_shown_for_a_reason_and_each_page_read_is_audited(console: Console) -> None:
    visitor = _read(console, "/search?source=letters.lanting")
    visitor.get("/search?source=letters.lanting&page=2")

    assert "停水已经三天" in visitor.page.text
    assert [(a.who, a.at, a.reason, a.query) for a in console.desk.audits] == [
        ("analyst", city.NOW, "prepare the answer", "source=letters.lanting"),
        ("analyst", city.NOW, "prepare the answer", "source=letters.lanting&page=2"),
    ]


def test_a_reason_holds_for_its_query_and_this_session_only(console: Console) -> None:
    visitor = _read(console)

    assert "Reason for reading" in visitor.get("/search?q=补偿").text
    assert "Reason for reading" in console.visitor(Role.ANALYST).get(QUERY).text


@pytest.mark.parametrize("reason", ["", "why", "x" * 401])
def test_an_empty_reason_shows_nothing(console: Console, reason: str) -> None:
    visitor = console.visitor(Role.ANALYST)
    visitor.get(QUERY)

    page = visitor.fill(next(form for form in visitor.forms() if "reason" in form.names), ("reason", reason))

    assert page.status_code == 422
    assert "somebody else will understand" in page.text
    assert "停水已经三天" not in visitor.get(QUERY).text


def test_no_text_is_shown_where_the_audit_cannot_be_written(console: Console) -> None:
    visitor = _read(console)
    console.desk.away = True

    page = visitor.get(QUERY)

    assert page.status_code == 503
    assert "停水已经三天" not in page.text


def test_an_index_that_is_away_leaves_the_rest_of_the_desk_standing(console: Console) -> None:
    console.index.away = True
    visitor = console.visitor(Role.ANALYST)

    page = visitor.get(QUERY)

    assert page.status_code == 503
    assert "Alerts still go out" in page.text
    assert visitor.get("/").status_code == 200


def test_posts_of_a_supervised_matter_show_neither_words_nor_links(console: Console) -> None:
    page = _read(console, "/search?incident=8hj4f6g").page.text

    assert "15 posts found" in page
    assert "its words stay closed" in page
    assert "补偿标准" not in page
    assert "letters.lanting.example" not in page


def test_words_and_addresses_of_posts_cannot_become_code(console: Console) -> None:
    page = _read(console, "/search?source=forum.lanting").page.text

    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "<img" not in page
    assert "javascript:" not in page
    assert "water &amp; power" in page


def test_a_day_is_counted_to_its_end_in_the_time_zone_of_the_desk(console: Console) -> None:
    visitor = console.visitor(Role.ANALYST)

    page = visitor.get("/search?since=2026-11-23&until=2026-11-23").text

    # From local midnight to 10:40: the odd post of the forum, and one each hour for ten hours.
    assert "11 posts found" in page


def test_a_link_to_a_search_carries_the_query_and_no_reason(console: Console) -> None:
    visitor = _read(console, "/search?q=停水&kind=letter")

    assert visitor.page.request.url.query == b"q=%E5%81%9C%E6%B0%B4&kind=letter"
    assert 'name="q" type="search" maxlength="400" value="停水"' in visitor.page.text
