"""What is wrong with settings that were read: values out of range, unreadable forms, no legal basis."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from babel import localedata

from alerts.hours import read_quiet, read_time
from alerts.mail.headers import address
from answerable.app.servers import ADDRESS, servers
from answerable.errors import Rejected, SettingsError
from answerable.settings import Settings
from crawlers.robots import product_token
from crawlers.sources import WebAddress, Zone

__all__ = ["lawful", "problems", "sound"]

_Finding = tuple[str, str, str]  # key, what, repair
_MIB = 1024 * 1024

# The greatest times of retention are promises (PRIVACY.md), not tastes; so is the cap on what a page may weigh.
_RANGES: tuple[tuple[str, float, float], ...] = (
    ("crawl.delay_s", 0, 3600),
    ("crawl.timeout_s", 0.1, 600),
    ("crawl.max_bytes", 1024, 10 * _MIB),
    ("stream.partitions", 1, 1024),
    ("kafka.replicas", 1, 9),
    ("kafka.session_s", 6, 1800),  # what a broker allows unless it is told otherwise
    ("kafka.timeout_s", 1, 600),
    ("elastic.replicas", 0, 9),
    ("elastic.timeout_s", 1, 600),
    ("kibana.timeout_s", 1, 600),
    ("nlp.workers", 0, 256),
    ("nlp.doubt", 0, 1),
    ("incidents.k_authors", 2, 1000),
    ("incidents.k_token_days", 2, 10000),
    ("incidents.quiet_hours", 1, 8760),
    ("incidents.close_hours", 1, 8760),
    ("incidents.records", 1000, 10_000_000),
    ("alerts.group_minutes", 0, 60),
    ("alerts.daily_cap", 1, 1000),
    ("alerts.repeat_hours", 0.1, 720),
    ("alerts.outbox_days", 1, 30),
    ("smtp.port", 1, 65535),
    ("smtp.timeout_s", 0.1, 600),
    ("console.port", 0, 65535),
    ("console.idle_minutes", 1, 1440),
    ("watch.port", 0, 65535),
    ("retention.text_days", 1, 30),
    ("retention.facts_days", 1, 731),
)
_LINES = (
    "general.data_dir", "general.area_level", "files.taxonomy", "files.clocks", "crawl.user_agent", "smtp.host",
    "smtp.sender", "console.host", "console.base_url", "watch.host",
)  # fmt: skip
_LINES_OR_NOTHING = (
    "general.name", "legal.legal_basis", "legal.dpia_reference", "legal.contact", "files.sources", "files.rules",
    "files.recipients", "files.gazetteer", "files.calendar", "smtp.user", "kafka.user", "elastic.user", "kibana.user",
)  # fmt: skip
_AT_LEAST = (
    ("incidents.close_hours", "incidents.quiet_hours"),
    ("incidents.k_token_days", "incidents.k_authors"),
    ("retention.facts_days", "retention.text_days"),
)
_LEGAL = {
    "legal_basis": "name the law, mandate or decision that lets this desk read public posts",
    "dpia_reference": "name the data protection impact assessment and where it is kept",
    "contact": "give a mail address or page where residents can ask about this desk",
}


def problems(settings: Settings) -> list[SettingsError]:
    """Return all that keeps a desk from starting outside the demo; none is only the first."""
    return [*lawful(settings), *sound(settings)]


def lawful(settings: Settings) -> list[SettingsError]:
    """Return what is missing of the legal basis: without it nothing starts outside the demo.

    >>> from answerable.settings import load
    >>> [error.key for error in lawful(load(environ={"ANSWERABLE_LEGAL__CONTACT": "desk@lanting.example"}))]
    ['legal.legal_basis', 'legal.dpia_reference']
    """
    empty = [key for key in _LEGAL if not getattr(settings.legal, key).strip()]
    return [_error(settings, (f"legal.{key}", "is empty", _LEGAL[key])) for key in empty]


def sound(settings: Settings) -> list[SettingsError]:
    """Return every value that is of the right type and still cannot be meant.

    >>> from answerable.settings import load
    >>> print(*sound(load(environ={"ANSWERABLE_SMTP__PORT": "70000"})))
    ANSWERABLE_SMTP__PORT: smtp.port: 70000 is out of range; write 1 to 65535
    """
    parts = (_ranges, _lines, _relations, _general, _crawl, servers, _alerts, _addresses)
    found: dict[str, _Finding] = {}
    for finding in (finding for part in parts for finding in part(settings)):
        found.setdefault(finding[0], finding)  # the first thing that is wrong with a key says enough
    return [_error(settings, finding) for finding in found.values()]


def _error(settings: Settings, finding: _Finding) -> SettingsError:
    key, what, repair = finding
    return SettingsError(what, file=settings.origin.get(key, ""), key=key, repair=repair)


def _value(settings: Settings, key: str) -> Any:
    section, _, name = key.partition(".")
    return getattr(getattr(settings, section), name)


def _ranges(settings: Settings) -> Iterator[_Finding]:
    for key, least, most in _RANGES:
        value = _value(settings, key)
        if not least <= value <= most:
            yield key, f"{value} is out of range", f"write {least:g} to {most:.0f}"


def _lines(settings: Settings) -> Iterator[_Finding]:
    for key in (*_LINES, *_LINES_OR_NOTHING):
        value: str = _value(settings, key)
        if key in _LINES and not value.strip():
            yield key, "is empty", "write a value, or remove the key to get the default"
        elif not value.isprintable():
            yield key, "holds a line break or control character", "write it on one line"


def _relations(settings: Settings) -> Iterator[_Finding]:
    for key, other in _AT_LEAST:
        value, least = _value(settings, key), _value(settings, other)
        if value < least:
            yield key, f"{value} is less than {other} ({least})", f"write at least {least}"


def _general(settings: Settings) -> Iterator[_Finding]:
    yield from _readable("general.timezone", settings.general.timezone, Zone)
    if settings.nlp.tier == "full" and not settings.nlp.models:
        yield "nlp.models", "is empty, and the full tier needs one", "name one of `answerable models list`"
    if not settings.nlp.languages:
        yield "nlp.languages", "is empty", "write at least one code, such as zh"
    for code in settings.nlp.languages:
        if not (re.fullmatch(r"[a-z]{2,3}", code) and localedata.exists(code)):
            yield "nlp.languages", f"{code!r} is no language", "write ISO 639 codes such as zh, en or ja"


def _crawl(settings: Settings) -> Iterator[_Finding]:
    if not product_token(settings.crawl.user_agent):
        yield "crawl.user_agent", "has no name that robots.txt files could address", "write one such as AnswerableBot"
    for pair in settings.crawl.private_hosts:
        found = ADDRESS.fullmatch(pair)
        if found is None or not 1 <= int(found[2]) <= 65535:
            yield "crawl.private_hosts", f"{pair!r} is no host with its port", "write them like intranet.example:8080"


def _alerts(settings: Settings) -> Iterator[_Finding]:
    alerts = settings.alerts
    if not alerts.digest:
        yield "alerts.digest", "is empty, so what is held back would never be listed", 'write ["08:30"]'
    for time in alerts.digest:
        yield from _readable("alerts.digest", time, read_time)
    yield from _readable("alerts.quiet", alerts.quiet, read_quiet)


def _addresses(settings: Settings) -> Iterator[_Finding]:
    for key in ("alerts.heartbeat_url", "console.base_url", "kibana.url"):
        url: str = _value(settings, key)
        if url:
            yield from _readable(key, url, WebAddress)
    if re.search(r"[?#\s]", settings.console.base_url):
        yield "console.base_url", "is more than a page's address", "write https://host/path without ? and #"
    yield from _mail_login(settings)
    try:
        address(settings.smtp.sender)
    except Rejected:
        yield "smtp.sender", f"{settings.smtp.sender!r} is no mail address", "write name@example.org"


def _mail_login(settings: Settings) -> Iterator[_Finding]:
    smtp = settings.smtp
    if smtp.user and not smtp.password.reveal():
        yield "smtp.user", "has no password", "name a file with it, of mode 0600, as password_file"
    elif smtp.password.reveal() and not smtp.user:
        key = "smtp.password_file" if smtp.password_file else "smtp.password"
        yield key, "is of no use without smtp.user", "write the user's name, or remove it"


def _readable(key: str, text: str, read: Callable[[str], object]) -> Iterator[_Finding]:
    """Yield what a reader says about a text that it refuses: the fault, then the repair."""
    try:
        read(text)
    except ValueError as error:
        what, repair = re.split(r"; |: ", str(error), maxsplit=1)
        yield key, what if what.startswith("'") else f"{text!r} is {what}", repair
