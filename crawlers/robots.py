"""robots.txt per RFC 9309: groups by product token, longest match, wildcards, and what a missing file means."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import quote, unquote_to_bytes, urlsplit

from msgspec import Struct

__all__ = ["PARSED_BYTES", "Robots", "RobotsState", "parse", "product_token", "verdict"]

PARSED_BYTES = 512 * 1024
_LINE = re.compile(r"^\s*([A-Za-z][A-Za-z \-]*?)\s*:\s*(.*?)\s*$")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_RULES = {"allow": True, "disallow": False, "dissallow": False, "disalow": False}
_PLAIN = "/?&=:;@!$'()*+,~.-_%[]"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class RobotsState(StrEnum):
    """What a source's robots.txt says about it."""

    UNKNOWN = "unknown"
    ALLOWED = "allowed"
    DISALLOWED = "disallowed"
    UNREACHABLE = "unreachable"


class _Rule(Struct, frozen=True):
    allow: bool
    path: str


class Robots(Struct, frozen=True):
    """The rules that hold for one crawler on one host; `delay` is its Crawl-delay in seconds."""

    rules: tuple[_Rule, ...] = ()
    delay: float = 0.0
    reachable: bool = True

    def allows(self, url: str) -> bool:
        r"""Tell whether a URL may be fetched: the longest matching rule decides, Allow where two are as long.

        >>> parse("User-agent: *\nDisallow: /a\nAllow: /a/b", "Bot").allows("https://x.example/a/b/c")
        True
        """
        parts = urlsplit(url)
        path = _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if not self.reachable:
            return False
        if path == "/robots.txt":
            return True
        best = max(
            ((len(rule.path), rule.allow) for rule in self.rules if _matches(rule.path, path)), default=(0, True)
        )
        return best[1]


def product_token(user_agent: str) -> str:
    """Return the part of a user agent that robots.txt files name.

    >>> product_token("AnswerableBot/1.0 (+https://city.example)")
    'AnswerableBot'
    """
    found = _TOKEN.match(user_agent)
    return found[0] if found else ""


def verdict(status: int, body: str, token: str) -> Robots:
    """Return what an answer to GET /robots.txt means: 4xx = all allowed, 5xx or anything odd = nothing allowed."""
    if 200 <= status < 300:
        return parse(body, token)
    return Robots(reachable=400 <= status < 500)


def parse(text: str, token: str) -> Robots:
    """Read the rules for a product token: those of all groups that name it, else those for `*`.

    Only the first 512 KiB count. Unknown lines are passed over and do not end a group.
    """
    groups: dict[str, tuple[list[_Rule], list[float]]] = {}
    agents: list[str] = []
    in_rules = False
    for key, value in _lines(text):
        if key in ("user-agent", "useragent", "user agent"):
            agents = [*([] if in_rules else agents), _agent(value)]
            in_rules = False
            groups.setdefault(agents[-1], ([], []))
        elif key in _RULES:
            in_rules = True
            for agent in agents if value else ():
                groups[agent][0].append(_Rule(_RULES[key], _normal(value)))
        elif key == "crawl-delay":
            for agent in agents:
                groups[agent][1].extend(_seconds(value))
    rules, delays = groups.get(token.lower()) or groups.get("*") or ([], [])
    return Robots(tuple(rules), max(delays, default=0.0))


def _lines(text: str) -> list[tuple[str, str]]:
    kept = text.encode("utf-8", "replace")[:PARSED_BYTES].decode("utf-8", "ignore").removeprefix("\ufeff")
    found = (_LINE.match(line.partition("#")[0]) for line in re.split(r"\r\n|\r|\n", kept))
    return [(line[1].lower(), line[2]) for line in found if line]


def _agent(value: str) -> str:
    if value.startswith("*"):
        return "*"
    found = _TOKEN.match(value)
    return found[0].lower() if found else ""


def _seconds(value: str) -> list[float]:
    return [float(value)] if re.fullmatch(r"\d{1,7}(\.\d{1,6})?", value) else []


def _normal(path: str) -> str:
    """Bring percent-encoding to one form: what needs none is plain, all else is upper-case %XX.

    >>> _normal("/a%7eb/%e4%b8%AD/中%2F")
    '/a~b/%E4%B8%AD/%E4%B8%AD%2F'
    """
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", path)
    return "".join(
        _triplet(piece) if at % 2 else quote(piece, safe="/?&=:;@!$'()*+,~.-_%[]") for at, piece in enumerate(pieces)
    )


def _triplet(piece: str) -> str:
    byte = unquote_to_bytes(piece)
    return byte.decode("ascii") if byte[0] in _UNRESERVED else piece.upper()


def _matches(pattern: str, path: str) -> bool:
    """Match a rule's path from the start; `*` is any run, `$` at the end the end. Linear in both lengths.

    >>> _matches("/*.pdf$", "/a/b.pdf"), _matches("/*.pdf$", "/a/b.pdf?x"), _matches("/fish", "/fishing")
    (True, False, True)
    """
    anchored = pattern.endswith("$")
    head, *rest = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(head):
        return False
    at = len(head)
    if anchored and not rest:
        return at == len(path)
    for number, piece in enumerate(rest, 1):
        if anchored and number == len(rest):
            return len(path) - at >= len(piece) and path.endswith(piece)
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True
