"""What everybody needs of a page: landmarks, labels, captions, one headline, and enough contrast."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest

from console.users import Role
from console.views import STYLE
from tests.console.conftest import Console

PATHS = (
    "/", "/incidents", "/incidents/7kd2m4p", "/incidents/4cd7k9w", "/incidents/5tr6y8z", "/search",
    "/search?q=停水", "/settings", "/users", "/transparency", "/nothing",
)  # fmt: skip
_VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "path"})


class _Outline(HTMLParser):
    """Reads a page as a screen reader would: tags, ids, labels, captions, headings."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def _outlines(console: Console) -> Iterator[tuple[str, _Outline, str]]:
    visitor = console.visitor(Role.ADMIN)
    for path in PATHS:
        page = visitor.get(path).text
        outline = _Outline()
        outline.feed(page)
        yield path, outline, page
    page = console.visitor(None).get("/sign-in").text
    outline = _Outline()
    outline.feed(page)
    yield "/sign-in", outline, page


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_every_page_has_landmarks_one_headline_and_a_way_past_the_menu(
    make: Callable[..., Console], locale: str
) -> None:
    for path, outline, page in _outlines(make(locale=locale)):
        assert outline.open == [], path
        assert [len(outline.all(tag)) for tag in ("main", "header", "footer", "title")] == [1, 1, 1, 1], path
        assert outline.headings.count(1) == 1, path
        assert all(b - a <= 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False)), path
        assert 'class="skip" href="#content"' in page
        assert outline.all("html")[0]["lang"] == ("zh-Hans" if locale == "zh" else "en")
        ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
        assert len(ids) == len(set(ids)), path


def test_every_field_has_a_label_and_every_table_a_caption(console: Console) -> None:
    for path, outline, page in _outlines(console):
        labelled = {attrs.get("for") for attrs in outline.all("label")}
        for tag in ("input", "select", "textarea"):
            for attrs in outline.all(tag):
                if attrs.get("type") not in ("hidden", "checkbox"):
                    assert attrs.get("id") in labelled, (path, attrs)
        assert page.count("<table") == page.count("<caption"), path
        assert all("scope" in attrs for attrs in outline.all("th")), path
        for attrs in outline.all("svg"):
            assert attrs.get("role") != "img" or attrs.get("aria-label"), path


def test_every_button_and_link_says_what_it_does(console: Console) -> None:
    for path, _outline, page in _outlines(console):
        for inner in re.findall(r"<(?:a|button)\b[^>]*>(.*?)</(?:a|button)>", page, re.DOTALL):
            assert re.sub(r"<[^>]+>", "", inner).strip(), path


def _tokens(dark: bool) -> dict[str, str]:
    style = STYLE.decode()
    light, night = style.split("@media (prefers-color-scheme: dark)")[:2]
    found = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", light))
    return {**found, **dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", night.split("* {")[0]))} if dark else found


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_ink_reads_on_every_paper(dark: bool) -> None:
    tokens = _tokens(dark)

    for paper in ("paper", "card", "wash"):
        for ink in ("ink", "soft", "link", "red", "orange", "yellow", "watch", "good"):
            assert _contrast(tokens[ink], tokens[paper]) >= 4.5, (ink, paper)
        assert _contrast(tokens["edge"], tokens[paper]) >= 3.0, paper
