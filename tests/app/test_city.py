from __future__ import annotations

from collections import Counter
from pathlib import Path

import httpx

from answerable.app.demo.city import FOLDER, pages
from answerable.app.demo.site import Site, serve
from answerable.clock import HOUR
from crawlers.sources import read_sources
from nlp.gazetteer import Gazetteer

START = 1_795_000_000


def test_the_same_start_gives_the_same_pages() -> None:
    assert pages(START) == pages(START)


def test_every_page_lies_before_the_start_and_on_a_board_that_is_crawled(tmp_path: Path) -> None:
    listed = tmp_path / "sources.yaml"
    listed.write_text((FOLDER / "sources.yaml").read_text("utf-8").replace("PORT", "8000"), "utf-8")
    entries, sources = pages(START), {source.id for source in read_sources(listed)}
    assert all(entry.at <= START and (entry.reply is None or entry.reply[1] <= START) for entry in entries)
    assert {entry.board for entry in entries} == sources


def test_no_two_matter_posts_share_a_page_number_and_the_water_outage_speeds_up() -> None:
    entries = pages(START)
    assert max(Counter(entry.number for entry in entries).values()) == 1
    water = [entry.at for entry in entries if "停水" in entry.title]
    late = sum(at > START - 2 * HOUR for at in water)
    assert late > len(water) / 3


def test_the_gazetteer_knows_every_place_that_a_page_names_as_its_place() -> None:
    gazetteer = Gazetteer.load(FOLDER / "gazetteer.csv")
    names = {name for place in gazetteer.places.values() for name in (place.name, *place.aliases)}
    unknown = {entry.place for entry in pages(START) if entry.place and entry.place not in names}
    assert unknown <= {"柳湾县东篱镇"}


def test_the_site_answers_over_http_with_robots_lists_pages_and_an_unchanged_mark() -> None:
    site = Site.of(pages(START))
    with serve(lambda: site) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        assert "Disallow: /members/" in client.get("/robots.txt").text
        mark = client.get("/news.xml").headers["ETag"]
        assert client.get("/news.xml", headers={"If-None-Match": mark}).status_code == 304
        assert client.get("/letters/9").status_code == 404
