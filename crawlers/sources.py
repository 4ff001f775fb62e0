"""sources.yaml: which public sources are read, on what basis, how often, and how their pages are laid out."""

from __future__ import annotations

import datetime
import re
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml
from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from answerable.errors import SettingsError
from answerable.post import Kind
from answerable.strict import nearest, read_yaml

__all__ = [
    "Adapter",
    "Arrival",
    "Basis",
    "Every",
    "Selector",
    "Selectors",
    "Source",
    "WebAddress",
    "Zone",
    "read_sources",
]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class Adapter(StrEnum):
    """How a source is read."""

    FEED = "feed"
    LIST_DETAIL = "list_detail"


class Basis(StrEnum):
    """Why a source may be read."""

    FEED = "feed"
    API = "API"
    PERMISSION = "permission"
    PUBLIC_PAGE = "public page"


class Arrival(StrEnum):
    """Whether posts appear one by one, or a day's worth at once."""

    STREAM = "stream"
    BATCH = "batch"


class Every(int):
    """An interval in seconds, written 90s, 15m, 2h or 1d.

    >>> Every("15m")
    900
    """

    def __new__(cls, text: object) -> Every:
        """Read an interval; raise ValueError that shows how to write one."""
        found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", text) if isinstance(text, str) else None
        if found is None:
            raise ValueError("no interval: write a number and s, m, h or d, such as 15m")
        return super().__new__(cls, int(found[1]) * _UNITS[found[2]])


class WebAddress(str):
    """An address that may be asked for: http or https, a host, no password."""

    def __new__(cls, text: str) -> WebAddress:
        """Check an address; raise ValueError that says what is wrong."""
        try:
            parts = urlsplit(text)
            valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except (ValueError, AttributeError):
            valid = False
        if not valid:
            raise ValueError("no web address: write https://host/path")
        if parts.username is not None:
            raise ValueError("an address with a user name: sources are public, remove it")
        return super().__new__(cls, text)


class Zone(str):
    """A time zone by its IANA name, for pages that show times without an offset."""

    def __new__(cls, text: str) -> Zone:
        """Check a name; raise ValueError where no zone is called so."""
        try:
            ZoneInfo(text)
        except (ValueError, OSError, TypeError, KeyError):
            raise ValueError("no time zone: write a name such as Asia/Shanghai") from None
        return super().__new__(cls, text)


class Selector(str):
    """A CSS selector for an element's text, or with @attribute behind it for that attribute."""

    def __new__(cls, text: object) -> Selector:
        """Check a selector; raise ValueError where it is no CSS."""
        css = text.rpartition("@")[0] or text if isinstance(text, str) else ""
        try:
            LexborHTMLParser("<p></p>").css(css or "!")
        except (SelectolaxError, ValueError):
            raise ValueError("no CSS selector: write one such as div.date, or a.more@href") from None
        return super().__new__(cls, text)

    @property
    def css(self) -> str:
        """The selector itself."""
        return self.rpartition("@")[0] or str(self)

    @property
    def attribute(self) -> str:
        """The attribute asked for, or "" for the text."""
        return self.rpartition("@")[2] if "@" in self else ""


class Selectors(Struct, frozen=True, forbid_unknown_fields=True):
    """Where things stand on a list page (`link`, `next`) and on a detail page (all others).

    Without `id` the native id is taken from the page's address. `reply` and `official` name the boxes
    of replies and of an office's answers; what begins with their name is looked for inside a box.
    """

    link: Selector
    text: Selector
    published: Selector
    next: Selector | None = None
    id: Selector | None = None
    title: Selector | None = None
    author: Selector | None = None
    place: Selector | None = None
    likes: Selector | None = None
    replies: Selector | None = None
    reposts: Selector | None = None
    views: Selector | None = None
    reply: Selector | None = None
    reply_id: Selector | None = None
    reply_text: Selector | None = None
    reply_author: Selector | None = None
    reply_published: Selector | None = None
    official: Selector | None = None
    official_id: Selector | None = None
    official_text: Selector | None = None
    official_published: Selector | None = None


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One public source. `area` is the gazetteer id of its home; `pages` how many list pages are turned."""

    id: str
    adapter: Adapter
    url: WebAddress
    kind: Kind
    basis: Basis
    terms_checked: datetime.date
    contact: str
    every: Every = Every("15m")
    area: str | None = None
    arrival: Arrival = Arrival.STREAM
    lang: str | None = None
    timezone: Zone | None = None
    pages: int = 3
    selectors: Selectors | None = None


def read_sources(path: Path) -> tuple[Source, ...]:
    """Read sources.yaml; raise SettingsError that names file, line, key and the repair."""
    try:
        sources = read_yaml(path, list[Source])
    except SettingsError as error:
        raise _mended(error) from None
    seen: dict[str, int] = {}
    for at, source in enumerate(sources):
        problem = _problem(source, seen)
        if problem:
            key, what, repair = problem
            raise SettingsError(what, file=str(path), line=_line(path, at, key), key=f"[{at}].{key}", repair=repair)
        seen[source.id] = at
    return tuple(sources)


def _problem(source: Source, seen: dict[str, int]) -> tuple[str, str, str] | None:
    """Return key, what and repair of the first thing that is wrong with a source by itself or beside others."""
    if not _ID.fullmatch(source.id):
        return "id", "no id", "write small letters, digits, dots and dashes"
    if source.id in seen:
        return "id", f"{source.id} stands at [{seen[source.id]}] already", "give each source an id of its own"
    if not source.contact.strip():
        return "contact", "is empty", "say whom to ask about this source"
    if not 1 <= source.pages <= 50:
        return "pages", "is out of range", "write 1 to 50"
    if source.adapter is Adapter.LIST_DETAIL and source.selectors is None:
        return "adapter", "list_detail needs selectors", "add selectors: {link: …, text: …, published: …}"
    return None


_ENUMS = {"adapter": Adapter, "basis": Basis, "arrival": Arrival, "kind": Kind}


def _mended(error: SettingsError) -> SettingsError:
    """Add the valid words to an error about a word that is not one of them."""
    key = error.key.rpartition(".")[2]
    wrong = re.match(r"invalid enum value '(.*)'", error.what)
    if wrong and key in _ENUMS:
        words = [word.value for word in _ENUMS[key]]
        what, repair = f"unknown {key}", nearest(wrong[1], words)
        return SettingsError(what, file=error.file, line=error.line, key=error.key, repair=repair)
    missing = re.match(r"object missing required field `(.*)`", error.what)
    if missing:
        what, repair = f"{missing[1]} is missing", f"add {missing[1]}: …"
        return SettingsError(what, file=error.file, line=error.line, key=error.key, repair=repair)
    if error.what == "unknown key" and ".selectors." in error.key:
        repair = nearest(key, Selectors.__struct_fields__)
        return SettingsError(error.what, file=error.file, line=error.line, key=error.key, repair=repair)
    what, _, repair = error.what.partition(": ")
    return SettingsError(what, file=error.file, line=error.line, key=error.key, repair=repair or error.repair)


def _line(path: Path, at: int, key: str) -> int | None:
    """Find the line of a source's key."""
    node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.SequenceNode) or not isinstance(node.value[at], yaml.MappingNode):
        return None
    lines: list[int] = [name.start_mark.line + 1 for name, _ in node.value[at].value if name.value == key]
    return lines[0] if lines else int(node.value[at].start_mark.line) + 1
