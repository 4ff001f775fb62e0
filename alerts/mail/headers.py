"""Headers of our own making: nothing that is put into one can begin another.

Names and words end up in headers, so every value is cleaned first, also of encoded words (RFC 2047)
that a reader's program would turn into line breaks. Longer or non-ASCII values are written as encoded
words in Base64, folded (RFC 5322, 2.2.3).
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from answerable.errors import Rejected

__all__ = ["Headers", "address", "date", "harmless", "message_id", "subject"]

Headers = list[tuple[str, str]]

_SUBJECT_MOST = 60
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&*+/=_~-]{1,128}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})")
_PLAIN = re.compile(r"[A-Za-z0-9 .,:;!()\[\]#/+_<>@'&-]*")
_CHUNK = 42  # bytes a word: 56 letters of Base64, 68 columns with their frame
_ENCODED_WORD = re.compile(r"=\s*\?")


def harmless(text: str) -> str:
    r"""Return text on one line without control or direction marks, and with no beginning of an encoded word.

    >>> harmless("water\r\nBcc: all"), harmless("=?utf-8?q?=0D=0ABcc?=")
    ('water Bcc: all', '= ?utf-8?q?=0D=0ABcc?=')
    """
    line = " ".join("".join(c if c.isspace() or unicodedata.category(c)[0] != "C" else "" for c in text).split())
    return _ENCODED_WORD.sub("= ?", line)


def encoded(text: str) -> str:
    """Write a value as a header carries it: plain where it is plain ASCII, else as encoded words.

    >>> encoded("[RED] Lanting: water"), encoded("停水")
    ('[RED] Lanting: water', '=?utf-8?b?5YGc5rC0?=')
    """
    value = harmless(text)
    if _PLAIN.fullmatch(value) and len(value) <= 66:
        return value
    words, chunk = [], b""
    for letter in value:
        data = letter.encode()
        if len(chunk) + len(data) > _CHUNK:
            words.append(chunk)
            chunk = b""
        chunk += data
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in [*words, chunk])


def address(mail: str, name: str = "") -> str:
    """Write a mailbox; raise Rejected where the address is none, for it can never be delivered.

    >>> address("desk@lanting.example", "Answerable")
    'Answerable <desk@lanting.example>'
    """
    if not _ADDRESS.fullmatch(mail):
        raise Rejected(
            "an address of a recipient or the sender is no mail address: correct it, run `answerable check`"
        )
    if not name:
        return mail
    value = encoded(name)
    shown = value if value.startswith("=?") or re.fullmatch(r"[A-Za-z0-9 ]+", value) else f'"{value}"'
    return f"{shown} <{mail}>"


def subject(tag: str, place: str, matter: str, tail: str) -> str:
    """Write `[RED] place: matter (#id)` in at most 60 characters; the matter gives way first, then the place.

    >>> subject("[RED]", "Linhe Street", "water supply, tanker, elderly, notices", " (#k3x9b2d)")
    '[RED] Linhe Street: water supply, tanker, elderl… (#k3x9b2d)'
    """
    room = _SUBJECT_MOST - len(tag) - 1 - len(tail)
    place = _cut(harmless(place), room // 2)
    matter = _cut(harmless(matter), room - len(place) - 2)
    return f"{tag} {place}: {matter}{tail}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def message_id(domain: str, *parts: object) -> str:
    """Return the one Message-ID that follows from its parts.

    >>> message_id("lanting.example", "k3x9b2d", 7, "lead")
    '<7ecd2a76e380a5fe9fdf34aea68d142c@lanting.example>'
    """
    digest = hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=16).hexdigest()
    return f"<{digest}@{harmless(domain)}>"


def date(at: int, zone: ZoneInfo) -> str:
    """Write a Date header.

    >>> date(1772352000, ZoneInfo("Asia/Shanghai"))
    'Sun, 01 Mar 2026 16:00:00 +0800'
    """
    return format_datetime(datetime.fromtimestamp(at, zone))
