"""The words of a piece of HTML, as a reader sees them: blocks on lines of their own, no scripts."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["of_html", "of_node", "tidy"]

_DROPPED = re.compile(r"<(script|style|template|noscript|iframe|svg)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_BLOCK = re.compile(
    r"<(?:br|/?(?:p|div|li|ul|ol|tr|table|h[1-6]|section|article|blockquote|dd|dt|pre|header|footer))\b[^>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][^>]*>|<![^>]*>")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def of_html(markup: str) -> str:
    r"""Return the text of a fragment of HTML.

    >>> of_html("<p>停水&nbsp;三天</p><script>x()</script><p>求解决<br/>谢谢</p>")
    '停水 三天\n求解决\n谢谢'
    """
    if "<" in markup:
        markup = _BLOCK.sub("\n", _DROPPED.sub("", _COMMENT.sub("", _SPACES.sub(" ", markup.replace("\n", " ")))))
        markup = _TAG.sub("", markup)
    return tidy(html.unescape(markup))


def of_node(node: LexborNode) -> str:
    """Return the text of a node of a page."""
    return of_html(node.html or "")


def tidy(text: str) -> str:
    r"""Fold runs of blanks into one, and runs of empty lines into one break.

    >>> tidy(" a \u00a0 b \n\n\n c ")
    'a b\nc'
    """
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def parse(markup: str) -> LexborHTMLParser:
    """Parse a page; NUL characters, which end a text early, are dropped."""
    return LexborHTMLParser(markup.replace("\0", ""))
