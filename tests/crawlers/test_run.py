"""Whole visits to a rude site, each with a real child process."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from answerable.errors import Unavailable
from answerable.post import Forget, Kind, Post, encode
from answerable.settings import Settings, load
from crawlers.robots import RobotsState
from crawlers.run import CrawlReport, crawl
from crawlers.sources import Adapter
from tests.crawlers.pages import AT, letter, letters_page, source
from tests.crawlers.test_feed import RSS
from tests.fakes.rude_site import Answer, RudeSite, bomb, html


@pytest.fixture
def site() -> Iterator[RudeSite]:
    with RudeSite() as one:
        yield one


class Desk:
    """Visits a site and keeps what it appended."""

    def __init__(self, site: RudeSite, folder: Path) -> None:
        self.site, self.state = site, folder / "state"
        self.state.mkdir()
        self.appended: list[Post | Forget] = []
        self.at = AT
        self.delay, self.timeout = 0.01, 10.0
        self.private = [site.host]

    def settings(self) -> Settings:
        settings = load(None, {})
        manners = msgspec.structs.replace(
            settings.crawl, delay_s=self.delay, timeout_s=self.timeout, max_bytes=200_000, private_hosts=self.private
        )
        return msgspec.structs.replace(settings, crawl=manners)

    def visit(self, path: str = "/list", adapter: Adapter = Adapter.LIST_DETAIL, **changes: object) -> CrawlReport:
        return self.visit_with(self.appended.extend, source(self.site.url(path), adapter, **changes))

    def visit_with(self, sink: Callable[[Sequence[Post | Forget]], None], what: object) -> CrawlReport:
        return crawl(what, self.settings(), self.state, sink, lambda: self.at)  # type: ignore[arg-type]

    def take(self) -> list[Post | Forget]:
        taken, self.appended = self.appended, []
        self.site.hits.clear()
        return taken


@pytest.fixture
def desk(site: RudeSite, tmp_path: Path) -> Desk:
    return Desk(site, tmp_path)


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def forms(handle: str) -> list[bytes]:
    raw = handle.encode()
    return [raw, quote(handle, safe="").encode(), json.dumps(handle)[1:-1].encode(), base64.b64encode(raw)]


def test_a_board_is_read_once_then_asked_conditionally_and_its_changes_are_told(site: RudeSite, desk: Desk) -> None:
    # Given a board of two pages, whose letters name their writers everywhere
    canary = "河畔canary_77"
    site.pages["/list"] = html(letters_page("/letter/1", "/letter/2?uid=9", following="/list2"), ("ETag", '"l1"'))
    site.pages["/list2"] = html(letters_page("/letter/3"))
    site.pages["/letter/1"] = html(letter("1", f"我叫王小河，{canary} 说停水", canary), ("ETag", '"1"'))
    site.pages["/letter/2?uid=9"] = html(
        letter("2", "路灯坏了", canary), ("Last-Modified", "Sun, 01 Mar 2026 08:00:00 GMT")
    )
    site.pages["/letter/3"] = html(letter("3", "井盖没了", canary))

    # When it is visited
    report = desk.visit()

    # Then each letter is appended once, and nothing of a writer stands anywhere
    first = desk.take()
    assert [post.text.split("\n")[0] for post in first if isinstance(post, Post)] == [
        f"我叫***，{'*' * len(canary)} 说停水", "路灯坏了", "井盖没了",
    ]  # fmt: skip
    assert (report.new, report.requests, report.robots, report.errors) == (3, 6, RobotsState.ALLOWED, {})
    assert report.newest_published == 1772411400
    kept = on_disk(desk.state) + b"".join(encode(post) for post in first)
    assert [form for form in forms(canary) if form in kept] == []
    assert len({post.author for post in first if isinstance(post, Post)}) == 1

    # When nothing changed, then one conditional request is all, and no letter comes twice
    desk.at += 600
    report = desk.visit()
    assert (report.requests, report.not_modified, report.new, desk.take()) == (1, 1, 0, [])

    # When, six hours later, one letter was edited, one counted more views and one is gone
    desk.at += 7 * 3600
    site.pages["/letter/1"] = html(letter("1", "来水了", canary), ("ETag", '"1b"'))
    site.pages["/letter/2?uid=9"] = html(letter("2", "路灯坏了", canary, views=40))
    site.pages["/letter/3"] = Answer(b"gone", 410)
    report = desk.visit()

    # Then the edit is Forget and Post, the views a higher revision, the loss a Forget
    records = desk.take()
    kinds = sorted((type(one).__name__, getattr(one, "revision", 0)) for one in records)
    assert kinds == [("Forget", 0), ("Forget", 0), ("Post", 2), ("Post", 2)]
    assert (report.changed, report.gone) == (2, 1)


def test_nothing_counts_as_seen_before_the_append_was_acknowledged(site: RudeSite, desk: Desk) -> None:
    site.pages["/list"] = html(letters_page("/letter/1"), ("ETag", '"l1"'))
    site.pages["/letter/1"] = html(letter("1"), ("ETag", '"1"'))

    def full_disk(_: Sequence[Post | Forget]) -> None:
        raise Unavailable("disk full")

    with pytest.raises(Unavailable, match="disk full"):
        desk.visit_with(full_disk, source(site.url("/list")))
    assert desk.visit().new == 1


def test_a_child_that_is_killed_is_reported_and_the_rest_comes_next_time(site: RudeSite, desk: Desk) -> None:
    site.pages["/list"] = html(letters_page("/letter/1", "/letter/2"), ("ETag", '"l1"'))
    site.pages["/letter/1"] = html(letter("1"))

    def kill() -> Answer:
        tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
        for child in " ".join(task.read_text() for task in tasks).split():
            if b"crawlers.child" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(int(child), signal.SIGKILL)
        return html("")

    site.pages["/letter/2"] = kill
    report = desk.visit()
    assert (report.stopped, report.errors) == ("the child ended early", {"child exit -9": 1})
    site.pages["/letter/2"] = html(letter("2"))
    desk.visit()
    assert len({post.id for post in desk.take()}) == 2


def test_a_desk_that_ends_waits_for_no_site(site: RudeSite, desk: Desk) -> None:
    stop, answer = threading.Event(), threading.Event()
    site.pages["/list"] = html(letters_page("/letter/1"))

    def ending() -> Answer:
        stop.set()
        answer.wait(20)
        return html(letter("1"))

    site.pages["/letter/1"] = ending
    begin = time.monotonic()
    report = crawl(source(site.url("/list")), desk.settings(), desk.state, desk.appended.extend, lambda: AT, stop)
    answer.set()
    assert time.monotonic() - begin < 15
    assert (report.stopped, desk.appended) == ("the child ended early", [])
    assert desk.visit().new == 1


@pytest.mark.parametrize(
    ("robots", "state"),
    [
        (html("User-agent: *\nDisallow: /list"), RobotsState.DISALLOWED),
        (html("", status=503), RobotsState.UNREACHABLE),
    ],
)
def test_what_robots_txt_bars_or_hides_is_not_asked(
    site: RudeSite, desk: Desk, robots: Answer, state: RobotsState
) -> None:
    site.pages["/robots.txt"] = robots
    site.pages["/list"] = html(letters_page("/letter/1"))
    report = desk.visit()
    assert (report.robots, site.paths(), report.requests) == (state, [], 1)


def test_bombs_drips_wrong_charsets_and_drifted_layouts_cost_little_and_are_counted(
    site: RudeSite, desk: Desk
) -> None:
    names = ("good", "gzip", "nested", "huge", "slow", "gbk", "drifted", "error")
    site.pages["/list"] = html(letters_page(*(f"/letter/{name}" for name in names)), ("ETag", '"l1"'))
    site.pages["/letter/good"] = html(letter("1"))
    site.pages["/letter/gzip"] = bomb(50_000_000)
    site.pages["/letter/nested"] = bomb(50_000_000, layers=2)
    site.pages["/letter/huge"] = Answer(b"x" * 300_000)
    site.pages["/letter/slow"] = Answer(b"x" * 50, drip=0.2)
    site.pages["/letter/gbk"] = Answer(
        letter("2").encode("gb18030"), headers=(("Content-Type", "text/html; charset=utf-8"),)
    )
    site.pages["/letter/drifted"] = html("<html><body>河畔老李：全新改版</body></html>")
    site.pages["/letter/error"] = html("", status=500)
    desk.timeout = 3.0
    started = time.monotonic()
    report = desk.visit()
    assert time.monotonic() - started < 30
    assert 0 < report.peak_mb < 300
    assert [post.title for post in desk.take() if isinstance(post, Post)] == ["反映停水", "反映停水"]
    assert report.unparsed == {"detail without id": 1}
    assert report.errors == {
        "body too large": 1, "body too large when unpacked": 2, "http 500": 1, "timeout": 1,
    }  # fmt: skip

    # And the list is asked anew, because not all it led to was read
    desk.visit()
    assert [hit.headers.get("If-None-Match") for hit in site.hits if hit.path == "/list"] == [None]


def test_requests_stay_apart_and_a_short_retry_after_is_obeyed(site: RudeSite, desk: Desk) -> None:
    answers = [html("", ("Retry-After", "1"), status=429), html(letter("1"))]
    site.pages["/list"] = html(letters_page("/letter/1", "/letter/2"))
    site.pages["/letter/1"] = lambda: answers.pop(0)
    site.pages["/letter/2"] = html(letter("2"))
    desk.delay = 0.3
    report = desk.visit()
    assert (report.new, report.blocked) == (2, 1)
    times = [hit.at for hit in site.hits]
    assert min(late - early for early, late in pairwise(times)) >= 0.29
    again = [hit.at for hit in site.hits if hit.path == "/letter/1"]
    assert again[1] - again[0] >= 0.95


def test_three_refusals_end_the_visit_and_the_source_rests(site: RudeSite, desk: Desk) -> None:
    site.pages["/list"] = html(letters_page(*(f"/letter/{n}" for n in range(9))))
    site.pages.update({f"/letter/{n}": html("", status=403) for n in range(9)})
    report = desk.visit()
    assert (report.stopped, report.blocked, len(site.paths("/letter"))) == ("http 403", 3, 3)
    assert report.retry_at is not None
    desk.take()
    assert (desk.visit().stopped, site.hits) == ("resting", [])
    desk.at = report.retry_at + 1
    assert desk.visit().requests > 0


def test_no_hop_leads_to_a_private_address_or_away_from_the_source(site: RudeSite, desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        port = canary.getsockname()[1]
        away = (
            f"http://127.0.0.1:{port}/",
            f"http://localhost:{port}/",
            f"http://[::ffff:127.0.0.1]:{port}/",
            f"http://2130706433:{port}/",
        )
        site.pages["/list"] = html(letters_page(*away, *(f"/hop/{n}" for n in range(len(away))), "/hop/file"))
        for n, target in enumerate(away):
            site.pages[f"/hop/{n}"] = html("", ("Location", f"{target}hop"), status=302)
        site.pages["/hop/file"] = html("", ("Location", "file:///etc/passwd"), status=302)
        report = desk.visit()
        assert (report.blocked, len(site.paths("/hop"))) == (8, 5)

        # And a source that is private without being excepted is not asked at all
        desk.private = []
        lonely = source(f"http://localhost:{port}/list")
        report = desk.visit_with(desk.appended.extend, lonely)
        assert report.errors == {"robots.txt CannotResolveHostError": 1}
        canary.settimeout(0.1)
        with pytest.raises(TimeoutError):
            canary.accept()


def test_a_trap_of_endless_pages_is_left_after_two_hundred_requests(site: RudeSite, desk: Desk) -> None:
    class Trap(dict[str, Answer | Callable[[], Answer]]):
        def get(self, path: str, default: object = None) -> Answer:
            if path == "/robots.txt":
                return Answer(b"", 404)
            links = [f"{path}/{n}?sid={len(site.hits)}" for n in range(6)]
            return html(letters_page(*links, following=f"{path}/next"))

    site.pages = Trap()
    desk.delay = 0.0
    report = desk.visit(pages=50)
    assert report.requests == len(site.hits) == 200
    assert report.stopped == "enough requests"


def test_a_feed_is_read_and_asked_conditionally(site: RudeSite, desk: Desk) -> None:
    site.pages["/rss"] = Answer(RSS.encode("gb18030"), headers=(("Content-Type", "text/xml"), ("ETag", '"f1"')))
    report = desk.visit("/rss", Adapter.FEED, kind=Kind.NEWS, selectors=None)
    assert (report.new, report.unparsed) == (2, {"entry without id": 1, "entry without published": 1})
    assert [post.title for post in desk.take() if isinstance(post, Post)] == ["临河区停水", ""]
    desk.at += 900
    assert desk.visit("/rss", Adapter.FEED, kind=Kind.NEWS, selectors=None).not_modified == 1


def test_an_error_of_ours_is_reported_by_its_class_alone(site: RudeSite, desk: Desk) -> None:
    site.pages["/list"] = html(letters_page("/letter/1"))
    assert desk.visit(selectors=None).errors == {"ValueError": 1}


def certificate(folder: Path) -> Path:
    """Write a key and a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "site.pem"
    path.write_bytes(plain + signed.public_bytes(Encoding.PEM))
    return path


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    with RudeSite(context) as site:
        site.pages["/list"] = html(letters_page("/letter/1"))
        report = Desk(site, tmp_path).visit()
        assert (report.robots, site.hits) == (RobotsState.UNREACHABLE, [])
        assert len(report.errors) == 1
