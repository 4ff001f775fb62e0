"""Mentions of accounts: @name, u/name, accounts of messengers, and the heads of quotations in forums."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.masks.fold import Hints, Span

__all__ = ["find"]

_AT = re.compile(r"@(?<![A-Za-z0-9._%+\-]@)[\w·\-](?:[\w·.\-]{0,38}[\w\-])?(?:@[A-Za-z0-9.\-]{3,80})?")
_SLASH = re.compile(r"(?<![A-Za-z0-9_./:])/?u(?:ser)?/([A-Za-z0-9_\-]{2,40})")
_MESSENGERS = (
    "微信", "薇信", "威信", "weixin", "wechat", "vx", "wx", "qq", "ig", "q号", "加q", "扣扣", "企鹅号", "telegram",
    "whatsapp", "line id", "lineid", "skype", "kakao", "抖音", "快手", "小红书", "微博", "推特", "instagram",
    "twitter", "facebook",
)  # fmt: skip
_ACCOUNT = re.compile(
    r"(?:微信|薇信|威信|weixin|wechat|(?<![A-Za-z])(?:vx|wx|qq|ig)(?![A-Za-z])|[Qq]号|加[Qq](?![A-Za-z])|扣扣|企鹅号|telegram|whatsapp"
    r"|line ?id|skype|kakao(?:talk)?|抖音|快手|小红书|微博|推特|instagram|twitter|facebook)"
    r"(?P<sure>\s{0,2}(?:账?号|id|user(?:name)?|handle|群号?)?\s{0,2}(?:是|为|is|[:=])?\s{0,2})"
    r"(?P<name>[A-Za-z0-9_][A-Za-z0-9_.\-]{3,38}[A-Za-z0-9_])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(?P<name>[^\s，。,:;!?()（）「」“”\"]{1,30})\s{1,2}发表于\s{0,2}\d{4}[-年]")
_WROTE = re.compile(r"(?<![\w])(?P<name>[A-Za-z0-9_][\w.\-]{2,30}) (?:wrote|posted|schrieb|a écrit):", re.IGNORECASE)
_POSTED = re.compile(
    r"(?:originally posted by|quote from:?|posted by|submitted by|in reply to)\s{1,2}(?P<name>[\w.\-]{2,40})",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:用户名|网名|昵称|账号|帐号|网友ID|用户ID|发帖人|楼主|username|nickname|user id|handle)"
    r"\s{0,2}[:=]\s{0,2}(?P<name>[\w·.\-]{2,40})",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"he|she|they|who|you|some(?:one|body)|council|city|mayor|one|also|just|then|and", re.IGNORECASE)
_LONGEST_HAN = 14
_LONG_HAN = re.compile(rf"@[\u3400-\u9fff]{{{_LONGEST_HAN + 1},}}")
_HINTED = (
    (Hints("发表于"), _QUOTED),
    (Hints("posted by", "quote", "submitted by", "in reply to"), _POSTED),
    (
        Hints("用户", "网名", "昵称", "账号", "帐号", "发帖人", "楼主", "username", "nickname", "user id", "handle"),
        _LABEL,
    ),
    (Hints(" wrote:", " posted:", " schrieb:", " a écrit:"), _WROTE),
    (Hints(*_MESSENGERS), _ACCOUNT),
)


def find(text: str) -> Iterator[Span]:
    """Yield the span of each mention in folded text.

    >>> list(find("请@河畔老李 转给u/some_one")), list(find("5pm @ the corner"))
    ([(1, 6), (9, 19)], [])
    """
    if "@" in text:
        yield from (_short(found) for found in _AT.finditer(text))
    if "u/" in text or "user/" in text:
        yield from (found.span() for found in _SLASH.finditer(text))
    for hints, pattern in _HINTED:
        if hints.within(text):
            yield from (found.span("name") for found in pattern.finditer(text) if _is_account(found))


def _short(found: re.Match[str]) -> Span:
    """Cut a run of Han that goes on into the sentence to the longest name that platforms allow."""
    start, end = found.span()
    return (start, start + 1 + _LONGEST_HAN) if _LONG_HAN.fullmatch(found[0]) else (start, end)


def _is_account(found: re.Match[str]) -> bool:
    """Tell an account from a word: it was announced by a colon or 号, or it holds a digit or an underscore."""
    if found.re is not _ACCOUNT:
        return not _NOBODY.fullmatch(found["name"])
    return bool(found["sure"].strip()) or any(char.isdigit() or char == "_" for char in found["name"])
