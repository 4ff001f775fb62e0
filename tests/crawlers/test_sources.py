"""strict, and each mistake is told with file, line, key and repair."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from answerable.errors import SettingsError
from crawlers.sources import Adapter, Arrival, Basis, read_sources

GOOD = """\
- id: linhe-letters
  adapter: list_detail
  url: "https://letters.example/list"
  area: "3701"
  kind: letter
  basis: public page
  terms_checked: 2026-11-01
  contact: press@letters.example
  every: 15m
  arrival: stream
  selectors: {link: "ul a", text: ".body", published: ".date@title"}
- {id: news, adapter: feed, url: "https://news.example/rss", kind: news, basis: feed, terms_checked: 2026-11-01,
   contact: desk@news.example, every: 1h, arrival: batch, timezone: Europe/Berlin}
"""


def read(tmp_path: Path, text: str) -> str:
    """Write the text, read it back, and return the error it makes."""
    path = tmp_path / "sources.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        read_sources(path)
    return str(caught.value).removeprefix(f"{path}:")


def test_good_sources_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(GOOD, "utf-8")
    letters, news = read_sources(path)
    assert (letters.adapter, letters.basis, letters.every) == (Adapter.LIST_DETAIL, Basis.PUBLIC_PAGE, 900)
    assert letters.terms_checked == datetime.date(2026, 11, 1)
    assert letters.selectors is not None
    assert (letters.selectors.published.css, letters.selectors.published.attribute) == (".date", "title")
    assert (news.every, news.arrival, news.timezone) == (3600, Arrival.BATCH, "Europe/Berlin")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("  basis: public page\n", "", "1: [0]: basis is missing; add basis: …"),
        ("  terms_checked: 2026-11-01\n", "", "1: [0]: terms_checked is missing; add terms_checked: …"),
        ("  contact: press@letters.example\n", "", "1: [0]: contact is missing; add contact: …"),
        ("press@letters.example", "''", "8: [0].contact: is empty; say whom to ask about this source"),
        (
            "basis: public page", "basis: publc page",
            "6: [0].basis: unknown basis; did you mean 'public page'?",
        ),
        ("list_detail", "scraper", "2: [0].adapter: unknown adapter; valid here: feed, list_detail"),
        ("kind: letter", "kind: leter", "5: [0].kind: unknown kind; did you mean 'letter'?"),
        (
            "arrival: stream", "arrival: drip",
            "10: [0].arrival: unknown arrival; valid here: batch, stream",
        ),
        (
            "every: 15m", "every: 15",
            "9: [0].every: no interval; write a number and s, m, h or d, such as 15m",
        ),
        (
            "every: 15m", "every: 0m",
            "9: [0].every: no interval; write a number and s, m, h or d, such as 15m",
        ),
        ("https://letters", "ftp://letters", "3: [0].url: no web address; write https://host/path"),
        (
            "https://letters", "https://me:pw@letters",
            "3: [0].url: an address with a user name; sources are public, remove it",
        ),
        (
            "2026-11-01\n  contact", "soon\n  contact",
            "7: [0].terms_checked: invalid RFC3339 encoded date; correct the value",
        ),
        (
            "ul a", "ul[[",
            "11: [0].selectors.link: no CSS selector; write one such as div.date, or a.more@href",
        ),
        ("link:", "lnk:", "11: [0].selectors.lnk: unknown key; did you mean 'link'?"),
        ("  area:", "  aera:", "4: [0].aera: unknown key; did you mean 'area'?"),
        (
            "id: news", "id: linhe-letters",
            "12: [1].id: linhe-letters stands at [0] already; give each source an id of its own",
        ),
        ("id: news", "id: News!", "12: [1].id: no id; write small letters, digits, dots and dashes"),
        (
            "Europe/Berlin", "Berlin",
            "13: [1].timezone: no time zone; write a name such as Asia/Shanghai",
        ),
        (
            "adapter: feed", "adapter: list_detail",
            "12: [1].adapter: list_detail needs selectors; add selectors: {link: …, text: …, published: …}",
        ),
        ("every: 1h", "pages: 90", "13: [1].pages: is out of range; write 1 to 50"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_line_key_and_repair(tmp_path: Path, old: str, new: str, error: str) -> None:
    assert old in GOOD
    assert read(tmp_path, GOOD.replace(old, new)) == error
