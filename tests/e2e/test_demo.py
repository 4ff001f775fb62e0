"""The demo: one command crawls a city that does not exist, mails its offices, and every page answers."""

from __future__ import annotations

import email.message
import re
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from answerable.app.demo.city import FOLDER, pages
from answerable.clock import HOUR
from answerable.incident import Level
from answerable.settings import Settings, load
from tests.e2e import corpus
from tests.e2e.conftest import Made
from tests.e2e.desk import Clock, mails, settle, standing, taken
from tests.e2e.running import answerable
from tests.e2e.scan import Scan

Message = email.message.EmailMessage
OFFICES = {
    person["mail"]: set(person["offices"])
    for person in yaml.safe_load((FOLDER / "recipients.yaml").read_text("utf-8"))["people"]
}
ALARMS = ("[橙]", "[红]", "[ORANGE]", "[RED]")
LINK = re.compile(r"https?://[^\s\"'<>)]+")
QUOTED = re.compile(r"“[^”]+”（\d+ 人")
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(scope="module")
def shown(once: Made) -> Path:
    """Return the folder of a demo that has ended: d/ as the demo left it, what it said beside it."""

    def fill(folder: Path) -> None:
        done = answerable("demo", "--once", "--dir", folder / "d")
        (folder / "said").write_text(done.out.decode() + done.err, "utf-8")
        assert done.code == 0, done.err

    return once("demo", fill)


@pytest.fixture(scope="module")
def sent(shown: Path) -> list[Message]:
    parser: BytesParser[Message] = BytesParser(policy=policy.default)
    return [parser.parsebytes(path.read_bytes()) for path in sorted((shown / "d/mail").iterdir())]


def text(mail: Message, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    return "" if part is None else str(part.get_content())


def about(mails: list[Message], word: str) -> list[Message]:
    """Return the mails on every incident that some subject names by a word."""
    ids = {mail["X-Incident-Id"] for mail in mails if word in mail["Subject"]}
    return [mail for mail in mails if mail["X-Incident-Id"] in ids]


def to(mails: list[Message]) -> set[str]:
    return {mail["To"] for mail in mails}


def sentences() -> list[str]:
    """Return everything that residents say in the city, cut where a place is filled in."""
    everyday = yaml.safe_load((FOLDER / "everyday.yaml").read_text("utf-8"))
    said = [part for lang in everyday.values() for item in lang for part in item]
    for matter in yaml.safe_load((FOLDER / "matters.yaml").read_text("utf-8")):
        said += [part for key in ("titles", "openers", "facts", "demands") for part in matter[key]]
    return [piece for part in said for piece in re.split(r"\{\w+\}", part)]


def runs(text: str) -> set[str]:
    """Return every run of 13 Han characters and of 9 words, whatever stands between them."""
    han, words = "".join(HAN.findall(text)), re.findall(r"[a-z']+", text.lower())
    return {han[at : at + 13] for at in range(len(han) - 12)} | {
        " ".join(words[at : at + 9]) for at in range(len(words) - 8)
    }


def test_it_ends_by_itself_and_says_what_it_found(shown: Path, sent: list[Message]) -> None:
    said = (shown / "said").read_text("utf-8")
    posts = sum(2 if entry.reply else 1 for entry in pages(0))
    assert f"{posts} posts crawled, 7 incidents, {len(sent)} mails" in said
    assert "Traceback" not in said
    assert "set aside" not in said
    assert load(shown / "d/answerable.toml", {}).general.name == "澜汀市 · Lanting City"


def test_every_mail_can_be_read_by_any_mail_program(sent: list[Message]) -> None:
    assert len(sent) >= 5
    for mail in sent:
        assert not [defect for part in mail.walk() for defect in part.defects]
        assert mail["To"] in OFFICES or mail["To"].endswith("@lanting.example")
        assert mail["Date"].datetime.tzinfo is not None
        assert len(text(mail)) > 400
        html = LexborHTMLParser(text(mail, "html"))
        assert html.body is not None
        assert len(html.body.text()) > 400
        assert mail["Reply-To"].startswith("desk+")
    assert len({mail["Message-ID"] for mail in sent}) == len(sent)


def test_the_water_matter_alarms_the_water_bureau(sent: list[Message]) -> None:
    water = about(sent, "停水")
    assert "water@lanting.example" in to(water)
    water = [mail for mail in water if mail["To"] == "water@lanting.example"]
    first = water[0]["Subject"]
    assert first.startswith(ALARMS)
    assert "临江街道" in first
    assert "恢复供水" in text(water[-1])


def test_an_accusation_goes_to_the_supervision_and_tells_no_words_and_no_posts(sent: list[Message]) -> None:
    accusing = about(sent, "城管")
    assert to(accusing) == {"chief@lanting.example"}
    for mail in accusing:
        for kind in ("plain", "html"):
            links = set(LINK.findall(text(mail, kind)))
            paths = {re.sub(r"^http://127\.0\.0\.1:\d+", "", link).split("/")[1] for link in links}
            assert paths <= {"act", "incidents", "settings", "transparency"}
        assert "此处不附用词与原文链接" in text(mail)
        assert QUOTED.search(text(mail)) is None
    water = [mail for mail in about(sent, "停水") if mail["To"] == "water@lanting.example"]
    assert water
    assert all(QUOTED.search(text(mail)) for mail in water)


def test_what_one_person_tells_of_danger_is_place_and_kind_and_unconfirmed(sent: list[Message]) -> None:
    gas = about(sent, "燃气")
    assert len(gas) == 1
    assert "柳湾县" in gas[0]["Subject"]
    assert "未经证实" in gas[0]["Subject"]
    for kind in ("plain", "html"):
        for told in ("煤气味", "刺鼻", "头晕", "两个人", "抢修", "老街", "1 人", "论坛", "条帖文"):
            assert told not in text(gas[0], kind)


def test_the_ferry_matter_reaches_the_transport_office_in_english(sent: list[Message]) -> None:
    ferry = about(sent, "Willow Bay")
    assert to(ferry) == {"transport@lanting.example"}
    assert ferry[0]["Subject"].startswith(ALARMS)
    assert "Residents ask: " in text(ferry[0])
    assert "residents" in text(ferry[0], "html")


def test_no_mail_carries_a_residents_sentence(sent: list[Message]) -> None:
    theirs = {run for sentence in sentences() for run in runs(sentence)}
    assert len(theirs) > 500
    for mail in sent:
        html = LexborHTMLParser(text(mail, "html"))
        read = html.body.text(separator=" ") if html.body is not None else ""
        assert runs(text(mail)) & theirs == set()
        assert runs(read) & theirs == set()


def test_mails_are_in_the_readers_language_and_never_sent_twice(sent: list[Message]) -> None:
    for mail in sent:
        greeting = "Why you get this" if mail["To"] == "transport@lanting.example" else "为何收到此信"
        assert greeting in text(mail)
    assert len({(mail["To"], mail["X-Incident-Id"], text(mail)) for mail in sent}) == len(sent)


def test_every_page_is_kept_whole(shown: Path) -> None:
    kept = {path.stem: path.read_text("utf-8") for path in (shown / "d/pages").iterdir()}
    incidents = {name for name in kept if name.startswith("incident-")}
    fixed = {"sign-in", "situation", "incidents", "held", "search", "settings", "users", "transparency"}
    assert kept.keys() == fixed | incidents
    assert len(incidents) == 7
    for name, page in kept.items():
        html = LexborHTMLParser(page)
        main = html.css_first("main")
        assert page.startswith("<!doctype html>"), name
        assert main is not None, name
        assert len(main.text().strip()) > 40, name
        assert html.css_first("title") is not None, name
    listed = {f"incident-{node.attributes['href']}" for node in LexborHTMLParser(kept["incidents"]).css("a[href]")}
    assert {f"incident-/incidents/{name.removeprefix('incident-')}" for name in incidents} <= listed


def test_nothing_done_at_the_desk_is_later_than_the_page_that_tells_it(shown: Path) -> None:
    told = 0
    for path in sorted((shown / "d/pages").glob("incident-*.html")):
        page = LexborHTMLParser(path.read_text("utf-8"))
        now, *_ = [time.attributes["datetime"] or "" for time in page.css("time")]
        done = [time.attributes["datetime"] or "" for time in page.css(".ledger time")]
        told += len(done)
        assert [at for at in done if at > now] == []
    assert told >= 3


def test_no_author_of_the_city_stands_in_any_file(shown: Path) -> None:
    authors = {entry.author for entry in pages(0)} - {"澜汀晚报"}
    assert len(authors) > 250
    assert Scan(authors).folder(shown) == {}


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    done = answerable("demo", "--once", "--dir", tmp_path)
    assert done.code == 3
    assert "is not empty; name a new folder with --dir" in done.err


@pytest.mark.parametrize("hours", [0, 5, 10, 15, 20])
def test_at_whatever_hour_it_starts_the_same_offices_hear(settings: Settings, hours: int) -> None:
    clock = Clock(corpus.START + hours * HOUR)
    with standing(settings, clock) as box:
        taken(box, corpus.city(clock.at))
        settle(box, clock)
        alarming = {e.lead for e in box.stores.desk.entries() if e.level.rank >= Level.ORANGE.rank}
        accusing = {e.update.incident for e in box.stores.desk.entries() if e.supervision}
        sent = mails(box.folder)
    told = {mail.to for mail in sent}
    assert {"water-bureau", "transport-bureau", "city-office"} <= alarming
    assert {"water@lanting.example", "transport@lanting.example", "chief@lanting.example"} <= told
    assert accusing
    assert not [m for m in sent if m.to == "streets@lanting.example" and m.message["X-Incident-Id"] in accusing]
