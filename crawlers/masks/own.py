"""The item's own author string, wherever it stands: plain, respelled, or in one of the usual encodings."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

from crawlers.masks.fold import Span, flatten

__all__ = ["find", "is_nobody"]

_SEPARATORS = re.compile(r"[\W_]+")
_PREFIX = re.compile(r"^(?:@|/?u(?:ser)?/|by |作者[::]|发帖人[::])", re.IGNORECASE)
_BETWEEN, _MOST_BETWEEN = 2, 16
_NOBODY = re.compile(
    r"(?:匿名(?:用户|网友|人士|者)?|(?:热心)?(?:网友|市民|居民|村民|群众|业主|用户|游客|访客|家长|住户|网民)|来信人|诉求人|无名氏|佚名|隐藏|保密"
    r"|anonym(?:ous)?(?: user)?|guest|visitor|(?:a )?(?:concerned )?(?:resident|citizen|neighbou?r)|user|unknown"
    r"|none|null|n/?a|nobody|deleted|\[deleted\]|-+|\?+|\*+)",
    re.IGNORECASE,
)


def is_nobody(author: str) -> bool:
    """Tell whether an author field names nobody in particular.

    >>> is_nobody("热心市民"), is_nobody("河畔老李")
    (True, False)
    """
    return not author.strip() or _NOBODY.fullmatch(author.strip()) is not None


def find(text: str, author: str) -> Iterator[Span]:
    r"""Yield each place in folded text where the author's string stands, whatever its spelling.

    >>> list(find("河畔老李说，river-Li 走了", "River_Li"))
    [(6, 14)]
    >>> list(find("see /?q=%E6%B2%B3%e7%95%94", "河畔"))
    [(8, 26)]
    """
    plain = _lower(text)
    name = _lower(flatten(_PREFIX.sub("", author.strip())))
    core = _SEPARATORS.sub("", name)
    if not core:
        yield from _all(plain, name)
        return
    squeezed = _SEPARATORS.sub("", plain) if all(char in plain for char in core) else ""
    for spelling in dict.fromkeys((core, _SEPARATORS.sub("", "".join(reversed(name.replace(",", " ").split()))))):
        if spelling in squeezed:
            yield from (found.span() for found in _spelled(spelling, _widest(name)).finditer(plain))
    for needle in _encoded(author.strip(), plain):
        if needle != name:
            yield from _all(plain, needle)


def _lower(text: str) -> str:
    """Lower the case without moving an offset."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _widest(name: str) -> int:
    """Return how many signs may stand between two letters of a name: two, or as many as the name itself has.

    >>> _widest("river_li"), _widest("gull & sons")
    (2, 3)
    """
    return min(_MOST_BETWEEN, max([_BETWEEN, *map(len, _SEPARATORS.findall(name))]))


def _spelled(core: str, between: int) -> re.Pattern[str]:
    """Match the letters of a name with anything or nothing between them; short words only where they stand alone."""
    body = rf"[\W_]{{0,{between}}}".join(re.escape(char) for char in core)
    if core.isdigit():
        return re.compile(rf"(?<!\d){body}(?!\d)")
    if core.isascii() and (len(core) < 4 or (core.isalpha() and len(core) < 8)):
        return re.compile(rf"(?<![a-z0-9]){body}(?![a-z0-9])")
    if len(core) == 1:
        return re.compile(rf"(?<!\w){body}(?!\w)")
    return re.compile(body)


def _encoded(author: str, text: str) -> Iterator[str]:
    """List what the author's string looks like in URLs, JSON, HTML and base64, as far as the text can hold it.

    All in lower case, as the text is.
    """
    raw = author.encode("utf-8", "replace")
    yield author.lower()
    if "&" in text:
        yield html.escape(author).lower()
        yield "".join(f"&#{ord(char)};" for char in author)
        yield "".join(f"&#x{ord(char):x};" for char in author)
    if "%" in text or "+" in text:
        yield from dict.fromkeys(form.lower() for form in (quote(raw, safe=""), quote(raw), quote_plus(raw)))
    if "\\u" in text:
        yield json.dumps(author)[1:-1].lower()
    if len(raw) < 4 or not _unbroken(len(raw)).search(text):
        return
    for shift in range(3):
        inner = base64.b64encode(b"\0" * shift + raw).decode()
        start = (0, 2, 3)[shift]
        whole = inner[start : len(inner.rstrip("=")) - (1 if inner.endswith("=") else 0)].lower()
        yield whole
        yield whole.replace("+", "-").replace("/", "_")


@lru_cache(maxsize=256)
def _unbroken(size: int) -> re.Pattern[str]:
    """Match a run of signs of base64 that is long enough for so many bytes: no form of them is shorter."""
    return re.compile(rf"[a-z0-9+/_-]{{{size}}}")


def _all(text: str, needle: str) -> Iterator[Span]:
    at = text.find(needle) if needle else -1
    while at >= 0:
        yield at, at + len(needle)
        at = text.find(needle, at + len(needle))
