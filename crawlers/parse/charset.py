"""From bytes to text: byte order mark, then header, then the page's own word, then UTF-8; never an exception."""

from __future__ import annotations

import codecs
import re

__all__ = ["decode"]

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHINESE = dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "chinese", "hz-gb-2312"), "gb18030")
_KNOWN = _CHINESE | {
    "utf-8": "utf-8", "utf8": "utf-8", "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932",
    "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "windows-1252": "cp1252",
    "iso-8859-15": "iso8859-15", "windows-1251": "cp1251", "koi8-r": "koi8-r", "windows-1256": "cp1256",
    "iso-8859-2": "iso8859-2", "windows-1250": "cp1250", "iso-8859-9": "cp1254", "windows-1254": "cp1254",
}  # fmt: skip
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:\-]+)", re.IGNORECASE)
_PAGE = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:\-]+)|^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:\-]+)",
    re.IGNORECASE,
)
_LOOKED_AT = 4096


def decode(body: bytes, content_type: str = "") -> str:
    """Return a page's text; what cannot be read becomes U+FFFD.

    The first of byte order mark, header and page that fits the bytes wins, then UTF-8, then gb18030. A
    header that says Latin-1 is often a server's default: it counts only where nothing else fits.

    >>> decode("停水".encode("gbk"), "text/html; charset=gb2312")
    '停水'
    >>> decode('<meta charset="utf-8">停水'.encode(), "text/html; charset=iso-8859-1")[-2:]
    '停水'
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    candidates = [codec for codec in (_from_header(content_type), _from_page(body)) if codec]
    weak = [codec for codec in candidates if codec == "cp1252"]
    strong = [codec for codec in candidates if codec != "cp1252"]
    for codec in (*strong, "utf-8"):
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    best = next((codec for codec in (*strong, *weak) if codec != "utf-8"), "")
    return body.decode(best, "replace") if best else _guess(body)


def _guess(body: bytes) -> str:
    """Read bytes that are no clean UTF-8, whatever was said: as gb18030 where that loses far less."""
    utf8, chinese = body.decode("utf-8", "replace"), body.decode("gb18030", "replace")
    return chinese if 4 * chinese.count("\ufffd") < utf8.count("\ufffd") else utf8


def _from_header(content_type: str) -> str | None:
    found = _HEADER.search(content_type)
    return _KNOWN.get(found[1].lower()) if found else None


def _from_page(body: bytes) -> str | None:
    found = _PAGE.search(body[:_LOOKED_AT])
    if not found:
        return None
    codec = _KNOWN.get((found[1] or found[2]).decode("ascii", "replace").lower())
    return "utf-8" if codec and codec.startswith("utf-16") else codec
