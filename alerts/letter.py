"""A mail as it came in: who wrote it, to which addresses, whether a machine did, and the words it may hold.

A stranger can send anything, so that nothing here trusts a header, a charset or a structure: what cannot be
read is refused. Attachments and forwarded mails are never looked into.
"""

from __future__ import annotations

import codecs
import email
import email.errors
import email.header
import re
from collections.abc import Iterator
from email.message import Message

from msgspec import Struct

from alerts.quoted import of_html
from answerable.errors import Refused

__all__ = ["LARGEST", "Letter", "open_letter"]

LARGEST = 10 << 20
_PARTS = 100
_BODY = 200_000  # letters of a part that are read: new words stand on top, and parsers take long over deep pages
_HEADER = 4000
# What the library's parser raises on mails that nobody's program wrote.
_UNREADABLE = (
    ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, email.errors.MessageError,
)  # fmt: skip
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,128}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})")
_QUOTED_NAME = re.compile(r'"[^"]*"')
_BULK = frozenset(("bulk", "junk", "list", "auto_reply"))
_MACHINES = ("X-Autoreply", "X-Auto-Reply", "X-Autorespond", "X-Failed-Recipients", "List-Id", "X-Incident-Id")
_AWAY = re.compile(
    r"\s*(?:自动(?:回复|答复)|自動回[复覆]|已读|退信|auto(?:matic)?[ -]?(?:reply|response)\b|out of (?:the )?office\b"
    r"|undeliver|delivery status|read:)",
    re.IGNORECASE,
)
_CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "ascii": "utf-8"}
_KNOWN = re.compile(
    r"utf-(?:8|16(?:-[lb]e)?)|gb18030|hz|big5hkscs|cp125[0-8]|iso8859-\d+|koi8-r|shift_jis|euc_(?:jp|kr)"
)


class Letter(Struct, frozen=True):
    """What a mail says of itself.

    `author` is the one address in From, "" where there is none or more than one. `to` are the addresses it was
    delivered to, likeliest first. `machine` tells that a program sent it: an automatic answer, a bounce, a list,
    or this desk itself. `bodies` are the texts that may hold an answer, plain ones first.
    """

    author: str
    to: tuple[str, ...]
    machine: bool
    bodies: tuple[str, ...]


def open_letter(content: bytes) -> Letter:
    r"""Read a mail; raise Refused where it is too large or no mail at all.

    >>> letter = open_letter(b"From: Lead <lead@water.example>\r\nTo: desk+a@lanting.example\r\n\r\nAcknowledge\r\n")
    >>> letter.author, letter.to, letter.machine
    ('lead@water.example', ('desk+a@lanting.example',), False)
    """
    if len(content) > LARGEST:
        raise Refused("this mail is too large; send your answer again without attachments")
    try:
        message = email.message_from_bytes(content)
        return Letter(_author(message), tuple(_to(message)), _is_machine(message), tuple(_bodies(message)))
    except _UNREADABLE:
        raise Refused("this mail cannot be read; send your answer again as plain text") from None


def _author(message: Message) -> str:
    """Return the address in From; names are dropped, for anybody can write an address into a name."""
    values = message.get_all("From", [])
    if len(values) != 1:
        return ""
    value = _QUOTED_NAME.sub("", " ".join(str(values[0])[:_HEADER].split()))
    name, bracket, rest = value.partition("<")
    if not bracket:
        name, rest = "", f"{value.strip()}>"
    address, _, after = rest.partition(">")
    alone = not after.strip() and "@" not in name and _ADDRESS.fullmatch(address.strip())
    return address.strip() if alone else ""


def _to(message: Message) -> Iterator[str]:
    for name in _TO:
        for value in message.get_all(name, []):
            yield from _ADDRESS.findall(str(value)[:_HEADER])


def _is_machine(message: Message) -> bool:
    submitted = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        submitted != "no"
        or precedence in _BULK
        or str(message.get("Return-Path", "?")).strip() in ("<>", "")
        or message.get_content_type() in ("multipart/report", "message/delivery-status")
        or any(name in message for name in _MACHINES)
        or _AWAY.match(_decoded(message.get("Subject", ""))) is not None
    )


def _decoded(value: str | email.header.Header) -> str:
    parts = email.header.decode_header(value[:_HEADER] if isinstance(value, str) else value)
    return "".join(part if isinstance(part, str) else _text(part, charset or "") for part, charset in parts)


def _bodies(message: Message) -> Iterator[str]:
    leaves = list(_leaves(message))
    for leaf in leaves:
        if leaf.get_content_type() == "text/plain":
            yield _plain(leaf)
    for leaf in leaves:
        if leaf.get_content_type() == "text/html":
            yield of_html(_content(leaf))


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the texts of a mail itself: no attachment, nothing of a mail inside it."""
    stack, seen = [message], 0
    while stack and seen < _PARTS:
        part, seen = stack.pop(), seen + 1
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            stack.extend(reversed([one for one in inside if isinstance(one, Message)]))
        elif part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
            yield part


def _plain(leaf: Message) -> str:
    """Return a plain text; lines that a program broke softly (RFC 3676) are one line again."""
    text = _content(leaf)
    if str(leaf.get_param("format", "")).lower() == "flowed":
        text = re.sub(r"(?<=[^\n-]) \r?\n(?=[^\s>])", " ", text)
    return text


def _content(leaf: Message) -> str:
    data = leaf.get_payload(decode=True)
    return _text(data, leaf.get_content_charset(""))[:_BODY] if isinstance(data, bytes) else ""


def _text(data: bytes, charset: str) -> str:
    """Decode a text; GB 2312 is read as what writers mean by it, an unknown name as what fits.

    >>> _text("知悉".encode("gbk"), "gb2312"), _text("知悉".encode(), "x-unknown"), _text("误报".encode("gbk"), "")
    ('知悉', '知悉', '误报')
    """
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        name = ""
    name = _CODECS.get(name, name)
    for tried in (name, "utf-8", "gb18030"):
        if _KNOWN.fullmatch(tried):
            try:
                return data.decode(tried)
            except ValueError:
                continue
    return data.decode("utf-8", "replace")
