"""The words that a person wrote in an answer: nothing of the mail it answers, no signature, no phone's advertising.

Words of residents stand in the mails of this desk, never in an answer that it keeps: at the first sign of a
quotation the reading ends.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser

from alerts.mail.catalogue import phrases

__all__ = ["of_html", "own_words"]

_HEADINGS = ("asks", "words", "known", "why", "job", "check", "act", "because")
_BADGE = re.compile(r"\s*[○●▲■] ?\S{1,20} · ")
_RULE = re.compile(
    r"\s*(?:_{5,}|[-—=*]{2,}\s*(?:.{0,20}(?:原始|邮件|郵件|原文|original|forwarded|message|mail).{0,20})[-—=*]{2,})\s*$"
    r"|\s*(?:begin forwarded message|原始邮件|原邮件|邮件原文)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"[\s*|]*(?:From|发件人|寄件人|寄件者)[\s*]*(?:[:：|]|$)", re.IGNORECASE)
_OTHER = re.compile(
    r"[\s*|]*(?:Sent|Date|To|Subject|发送时间|发送日期|日期|收件人|主题)[\s*]*(?:[:：|]|$)", re.IGNORECASE
)
_WROTE = re.compile(r"(?:\bwrote|写道|寫道)\s*[:：]\s*$", re.IGNORECASE)
_WHEN = re.compile(r"\b20\d\d|\d{1,4}[-/.年月]\d{1,2}")
_SIGNED = re.compile(
    r"\s*(?:--\s*$|—{1,2}\s*$|\|[\s|]*$|(?:发自|来自|从|從)我的|发自.{0,30}(?:iphone|ipad|手机|手機|邮箱|客户端)"
    r"|由.{1,20}(?:手机|邮箱|客户端)发送\s*$|获取\s*outlook|get outlook for"
    r"|sent (?:from|via|with|using) (?:my|outlook|mail|gmail|yahoo|proton|samsung|huawei|xiaomi)\b"
    r"|(?:(?:best|kind|warm)\s+)?(?:regards|wishes)[,，.]?\s*$|(?:many )?thanks[,!.]?\s*$"
    r"|此致\s*$|敬礼|(?:顺)?祝好?[，,：]?\s*$|谢谢[！!。.，,]?\s*$)",
    re.IGNORECASE,
)
_QUOTES = (
    "blockquote, .gmail_quote, .yahoo_quoted, .moz-cite-prefix, .qmbox, #isReplyContent, "
    "#mail-editor-reference-message-container"
)
_CUTS = "#divRplyFwdMsg, #appendonsend, .OutlookMessageHeader"
_DROPPED = "style, script, template, .gmail_signature"
# Put around what is left out, since a node that is taken away takes others with it.
_QUOTE, _DROP, _BACK, _END = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS = re.compile(f"([{_QUOTE}{_DROP}{_BACK}])")
_PRIVATE = dict.fromkeys(map(ord, f"\0{_QUOTE}{_DROP}{_BACK}{_END}"))
_BLOCK = re.compile(r"<(?:br|hr|/?(?:p|div|li|ul|ol|tr|table|h[1-6]|section|blockquote|pre))\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^>]*>|<![^>]*>")


def own_words(text: str) -> list[str]:
    r"""Return the lines a person wrote, above the quotation or, where nothing stands there, below it.

    >>> own_words("知悉\n\n在 2026年3月2日，上午9:00，澜汀市 <desk@lanting.example> 写道：\n> 停水")
    ['知悉']
    >>> own_words("On Mar 2, 2026, Lanting City wrote:\n> no water\n\nAcknowledge\n-- \nLead")
    ['Acknowledge']
    """
    lines = text.replace("\0", "").splitlines()
    above = _until_end(lines)
    return above or _until_end(_below(lines))


def of_html(markup: str) -> str:
    r"""Return the text of an HTML mail, a line a block; each quotation is one line that begins with ">".

    >>> of_html("<div>知悉</div><blockquote>停水</blockquote>").split()
    ['知悉', '>']
    """
    tree = LexborHTMLParser(markup.translate(_PRIVATE))
    for selector, begin, end in ((_DROPPED, _DROP, _BACK), (_QUOTES, _QUOTE, _BACK), (_CUTS, _END, "")):
        for node in tree.css(selector):
            node.insert_before(begin)
            node.insert_after(end)
    body = tree.body.html if tree.body is not None else ""
    kept = "".join(_outside(" ".join((body or "").split())))
    return html.unescape(_TAG.sub("", _BLOCK.sub("\n", kept)).replace(_END, f"\n{'_' * 9}\n"))


def _outside(markup: str) -> Iterator[str]:
    """Yield what stands outside of quotations and dropped parts, a line ">" for each quotation."""
    depth = 0
    for piece in _MARKS.split(markup):
        if piece == _QUOTE and depth == 0:
            yield "<br>&gt;<br>"
        depth += (piece in (_QUOTE, _DROP)) - (piece == _BACK)
        if depth == 0 and piece != _BACK:
            yield piece


def _until_end(lines: list[str]) -> list[str]:
    """Return the lines before a quotation or a signature, none of them empty."""
    end = next((at for at, line in enumerate(lines) if _SIGNED.match(line) or _quotes(lines, at)), len(lines))
    own = lines[:end]
    if end < len(lines) and _WROTE.search(lines[end]):
        own = own[: len(own) - _wrapped(lines, end)]
    return [line for line in own if line.strip()]


def _quotes(lines: list[str], at: int) -> bool:
    """Tell whether a quotation, or this desk's own mail without a mark, begins at a line."""
    line = lines[at]
    return bool(
        line.lstrip().startswith(">")
        or _RULE.match(line)
        or _heads(lines, at)
        or _BADGE.match(line)
        or line.strip() in _ours()
        or (_WROTE.search(line) and _wrapped(lines, at) >= 0)
    )


def _heads(lines: list[str], at: int) -> bool:
    """Tell whether a block such as "From: … Sent: …" begins at a line."""
    line = lines[at]
    return bool(_FROM.match(line)) and ("@" in line or any(map(_OTHER.match, lines[at + 1 : at + 3])))


def _wrapped(lines: list[str], at: int) -> int:
    """Return how many lines above "… wrote:" belong to it, -1 where it is none: it has a date or an address."""
    told = ""
    for above in range(4):
        if at - above < 0 or not lines[at - above].strip():
            break
        told = f"{lines[at - above]} {told}"
        if _WHEN.search(told):
            return above
    return 0 if "@" in lines[at] else -1


def _below(lines: list[str]) -> list[str]:
    """Return what stands below a quotation that is marked line by line; nothing where its end cannot be seen."""
    first = next((at for at, line in enumerate(lines) if line.lstrip().startswith(">")), len(lines))
    if any(_RULE.match(lines[at]) or _heads(lines, at) for at in range(first)):
        return []
    rest = lines[first:]
    return rest[len(list(takewhile(lambda line: not line.strip() or line.lstrip().startswith(">"), rest))) :]


@cache
def _ours() -> frozenset[str]:
    """Return the headings of this desk's mails, in every language."""
    return frozenset(phrases(locale)(f"heading.{name}") for locale in ("zh", "en") for name in _HEADINGS)
