"""What the framework may do (C10), and what a name may resolve to (C5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest
from scrapy.settings import Settings as ScrapySettings
from twisted.internet.address import IPv4Address
from twisted.internet.base import ReactorBase

from crawlers.addresses import Gate
from crawlers.engine import scrapy_settings
from crawlers.frames import Job
from crawlers.resolver import PublicResolver
from tests.crawlers.pages import AT, source


@pytest.fixture
def used() -> ScrapySettings:
    job = Job(
        source=source("https://letters.example/list"), timezone="Asia/Shanghai", user_agent="AnswerableBot",
        delay_s=5, timeout_s=30, max_bytes=10 << 20, private_hosts=[], keys="keys", now=AT, max_requests=200,
        max_seconds=60,
    )  # fmt: skip
    settings = ScrapySettings()
    settings.setdict(scrapy_settings(job))
    return settings


@pytest.mark.parametrize(
    "name",
    [
        "TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "LOG_ENABLED", "HTTPPROXY_ENABLED",
        "REFERER_ENABLED", "METAREFRESH_ENABLED", "RETRY_ENABLED", "HTTPCACHE_ENABLED", "STATS_DUMP",
    ],
)  # fmt: skip
def test_what_could_leak_or_let_in_is_off(used: ScrapySettings, name: str) -> None:
    assert used.getbool(name) is False
    assert name in ScrapySettings()


def test_certificates_are_verified_and_bodies_capped(used: ScrapySettings) -> None:
    assert used.getbool("DOWNLOAD_VERIFY_CERTIFICATES") is True
    assert used.getint("DOWNLOAD_MAXSIZE") == 10 << 20
    assert used.getfloat("DOWNLOAD_TIMEOUT") == 30
    assert used.getint("CONCURRENT_REQUESTS") == used.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1


def test_only_http_and_https_are_spoken(used: ScrapySettings) -> None:
    handlers = used.getwithbase("DOWNLOAD_HANDLERS")
    assert sorted(scheme for scheme, handler in handlers.items() if handler) == ["http", "https"]


def test_the_frameworks_own_robots_and_consoles_are_replaced(used: ScrapySettings) -> None:
    middlewares, extensions = used.getwithbase("DOWNLOADER_MIDDLEWARES"), used.getwithbase("EXTENSIONS")
    assert middlewares["scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware"] is None
    assert middlewares["crawlers.polite.MayAsk"] < middlewares["crawlers.polite.Pace"]
    assert extensions["scrapy.extensions.telnet.TelnetConsole"] is None
    assert extensions["scrapy.extensions.remote_control.RemoteControl"] is None


class Names:
    """Resolves every name to the same addresses, at once."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    def resolveHostName(self, receiver: Answers, host: str, port: int, kinds: Sequence[type] | None, how: str) -> str:
        receiver.resolutionBegan("resolution")
        for address in self.addresses:
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()
        return "resolution"


class Answers:
    """Collects what a resolver hands on."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.steps: list[str] = []

    def resolutionBegan(self, resolution: object) -> None:
        self.steps.append("began")

    def addressResolved(self, address: object) -> None:
        self.found.append(str(getattr(address, "host", "")))

    def resolutionComplete(self) -> None:
        self.steps.append("complete")


class Reactor:
    """Has names and nothing else."""

    def __init__(self, names: Names) -> None:
        self.nameResolver = names


@pytest.mark.parametrize(
    ("addresses", "excepted", "handed_on"),
    [
        (["93.184.215.14"], [], ["93.184.215.14"]),
        (["127.0.0.1"], [], []),
        (["93.184.215.14", "169.254.169.254"], [], []),
        ([], [], []),
        (["127.0.0.1"], ["board.local:8080"], ["127.0.0.1"]),
        (["127.0.0.1"], ["board.local:8081"], []),
    ],
)
def test_a_name_is_checked_at_every_resolution(
    addresses: list[str], excepted: list[str], handed_on: list[str]
) -> None:
    resolver = PublicResolver(cast("ReactorBase", Reactor(Names(*addresses))), Gate(excepted))
    answers = Answers()
    resolver.resolveHostName(answers, "board.local", 8080)
    assert answers.found == handed_on
    assert answers.steps == ["began", "complete"]
