"""What is wrong with the settings of the servers that can keep log and index, before anybody asks them."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from answerable.app.check.finding import shown
from answerable.sections import Secret
from answerable.settings import Settings

__all__ = ["ADDRESS", "servers"]

ADDRESS = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:/\[\]@]+):(\d{1,5})")
_TOPIC = re.compile(r"[A-Za-z0-9._-]{0,100}")  # a topic's name is this and ours, at most 249 characters
_INDEX = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_FROM_FILE = "name a file with it, of mode 0600, as password_file"
_Finding = tuple[str, str, str]  # key, what, repair


def servers(settings: Settings) -> Iterator[_Finding]:
    """Yield key, fault and repair of all that cannot be meant in [kafka] and [elastic], used or not.

    >>> from answerable.settings import load
    >>> list(servers(load(environ={"ANSWERABLE_ELASTIC__PREFIX": "_desk"})))
    [('elastic.prefix', "'_desk' cannot begin an index's name", 'write lower-case letters and digits, such as desk')]
    """
    yield from _kafka(settings)
    yield from _kafka_login(settings)
    yield from _elastic(settings)
    yield from _elastic_login(settings)


def _kafka(settings: Settings) -> Iterator[_Finding]:
    kafka = settings.kafka
    if not kafka.bootstrap:
        yield "kafka.bootstrap", "is empty", 'write at least one, such as ["kafka.example:9092"]'
    for pair in kafka.bootstrap:
        found = ADDRESS.fullmatch(pair)
        if found is None or not 1 <= int(found[2]) <= 65535:
            yield "kafka.bootstrap", f"{pair!r} is no host with its port", "write them like kafka.example:9092"
    if not _TOPIC.fullmatch(kafka.prefix):
        what, repair = f"{kafka.prefix!r} cannot begin a topic's name", "write letters, digits, dots, - and _ alone"
        yield "kafka.prefix", what, repair


def _kafka_login(settings: Settings) -> Iterator[_Finding]:
    kafka = settings.kafka
    given = "kafka.user" if kafka.user else _written("kafka.password", kafka.password, kafka.password_file)
    if kafka.security not in ("sasl", "sasl_tls"):
        if given:
            what = f"is of no use: security = {_quoted(kafka.security)} logs nobody in"
            yield given, what, 'write security = "sasl_tls", or remove user and password'
    elif not kafka.user:
        what = f"{_quoted(kafka.security)} logs in, and kafka.user is empty"
        yield "kafka.security", what, "write user and password_file"
    elif not kafka.password.reveal():
        yield "kafka.user", "has no password", _FROM_FILE
    if kafka.ca_file and kafka.security not in ("tls", "sasl_tls"):
        what = f"is of no use: security = {_quoted(kafka.security)} checks no certificate"
        yield "kafka.ca_file", what, 'write security = "tls" or "sasl_tls", or remove it'
    yield from _authority("kafka.ca_file", kafka.ca_file)


def _elastic(settings: Settings) -> Iterator[_Finding]:
    elastic, parts = settings.elastic, _parts(settings.elastic.url)
    if parts is None:
        what = f"{elastic.url!r} is no address with its port" if "@" not in elastic.url else "is no address"
        yield "elastic.url", what, "write it like https://elastic.example:9200"
    elif parts.username is not None or parts.password is not None:  # not told further: it holds a password
        yield "elastic.url", "holds a user name", "write it as elastic.user, and the password in password_file"
    elif parts.path not in ("", "/") or parts.query or parts.fragment:
        what, repair = f"{elastic.url!r} is more than a server's address", f"write {parts.scheme}://{parts.netloc}"
        yield "elastic.url", what, repair
    if not _INDEX.fullmatch(elastic.prefix):
        what = f"{elastic.prefix!r} cannot begin an index's name"
        yield "elastic.prefix", what, "write lower-case letters and digits, such as desk"


def _parts(url: str) -> SplitResult | None:
    """Return the parts of a server's address; None where there are not all of scheme, host and port."""
    try:
        parts = urlsplit(url)
        complete = parts.scheme in ("http", "https") and bool(parts.hostname) and bool(parts.port)
    except ValueError:
        return None
    return parts if complete and url.isascii() and " " not in url else None


def _elastic_login(settings: Settings) -> Iterator[_Finding]:
    elastic = settings.elastic
    password = _written("elastic.password", elastic.password, elastic.password_file)
    key = _written("elastic.api_key", elastic.api_key, elastic.api_key_file)
    if key and (elastic.user or password):
        yield key, "is given beside a user or password", "keep one of the two"
    elif elastic.user and not password:
        yield "elastic.user", "has no password", _FROM_FILE
    elif password and not elastic.user:
        yield password, "is of no use without elastic.user", "write the user's name, or remove it"
    if elastic.ca_file and elastic.url.startswith("http:"):
        yield "elastic.ca_file", "is of no use: elastic.url begins with http://", "write https://, or remove it"
    yield from _authority("elastic.ca_file", elastic.ca_file)


def _written(key: str, secret: Secret, file: str) -> str:
    """Return the key that gives a secret, "" where none does."""
    return "" if not secret.reveal() else f"{key}_file" if file else key


def _quoted(word: str) -> str:
    return f'"{word}"'


def _authority(key: str, path: str) -> Iterator[_Finding]:
    """Look whether a file of certificates can be used."""
    if not path:
        return
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        yield key, f"{shown(path)} holds no certificate", "name a file of certificates in PEM form"
    except OSError as error:
        yield key, f"{shown(path)} cannot be read: {error.strerror}", "check the path"
