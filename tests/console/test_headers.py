"""Every answer is dressed: pages, files, refusals, and what breaks."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from starlette.responses import Response

from console.asked import Asked
from console.doors import Doors
from console.gate import BODY_LIMIT
from console.page import Page
from console.routes import PAGES
from console.users import Role
from tests.console import city
from tests.console.browser import Browser
from tests.console.conftest import Console


def _break(doors: Doors, asked: Asked) -> Response:
    raise RuntimeError("words of a resident")


_BROKEN = (*PAGES, Page("GET", "/broken", frozenset({None, *Role}), _break))


def _assert_dressed(answer: httpx.Response) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store" or answer.request.url.path == "/desk.css"
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", answer.text, re.IGNORECASE)


def test_every_page_carries_strict_headers_and_nothing_inline(console: Console) -> None:
    for visitor in (console.visitor(Role.ADMIN), console.visitor(None)):
        for page in PAGES:
            for entry in city.entries():
                _assert_dressed(visitor.send(page.method, page.path.replace("{id}", entry.update.incident), b""))
                if "{id}" not in page.path:
                    break


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/incidents/zzzzzzz", 404),
        ("DELETE", "/incidents", 405),
        ("POST", "/", 405),
        ("POST", "/sign-in", 415),
        ("GET", "/search?author=somebody", 400),
        ("GET", "/broken", 500),
    ],
)
def test_refusals_are_dressed_too(make: Callable[..., Console], method: str, path: str, status: int) -> None:
    visitor = make(pages=_BROKEN).visitor(Role.ANALYST)

    answer = visitor.send(method, path, b"")

    assert answer.status_code == status
    _assert_dressed(answer)
    assert answer.headers["content-type"].startswith("text/html")


def test_what_breaks_tells_the_reader_no_words_of_the_inside(make: Callable[..., Console]) -> None:
    answer = Browser(make(pages=_BROKEN, locale="zh").app).get("/broken")

    assert "words of a resident" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "我们这边出了错" in answer.text


def test_a_body_beyond_the_limit_is_refused_before_it_is_read_to_its_end(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)

    answer = visitor.post("/incidents/7kd2m4p/act", [("text", "x" * BODY_LIMIT)])

    assert answer.status_code == 413
    _assert_dressed(answer)


def test_a_query_of_a_thousand_fields_is_no_query(console: Console) -> None:
    answer = console.visitor(Role.ANALYST).get("/search?" + "&".join(["q=1"] * 1000))

    assert answer.status_code == 400
    _assert_dressed(answer)


def test_the_style_sheet_may_be_kept_and_is_named_by_its_content(console: Console) -> None:
    page = console.browser.get("/sign-in").text
    found = re.search(r'href="(/desk\.css\?[0-9a-f]{12})"', page)
    assert found is not None

    answer = console.browser.get(found[1])

    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
