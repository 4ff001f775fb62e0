"""Which offices a person names, by id, name or alias, in the words one writes around them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from alerts.recipients import Office

__all__ = ["Named", "named"]

_BEFORE = (
    r"(?:\s|应该?|请|建议|转|移交|改派|派|由|归|属于?|是|交|到|至|给|为"
    r"|(?:please|it'?s|it is|that'?s|this is|should be|should go|goes?|belongs?|ask|try|for|to|with|by|the)\s)*?"
)
_AND = re.compile(r"\s*(?:[、,，;；&+]|和|及|与|以及|(?<=\s)and(?=\s))\s*", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*$|\s*[,，.。;；:：!！、(（)）…—-]|\s*(?:来?(?:办理|处理|负责|牵头|主办|承办|接办|跟进|管)|的?(?:职责|管辖|业务))"
    r"|\s+(?:please|will|should|has|is|as|because|since|thanks?)\b",
    re.IGNORECASE,
)


class Named(Struct, frozen=True):
    """The ids of the offices that a line names, in order, and what the line says besides."""

    offices: tuple[str, ...]
    rest: str


def named(line: str, offices: Iterable[Office]) -> Named | None:
    """Read a line that begins with offices; None where it does not, or where another one stands further on.

    >>> water = Office(id="water", name={"zh": "市水务局", "en": "Water Bureau"}, aliases=["水务局"])
    >>> city = Office(id="city", name={"en": "City Office"})
    >>> named("应由水务局办理", [water, city]), named("to the City Office, Water Bureau: today", [water, city])
    (Named(offices=('water',), rest=''), Named(offices=('city', 'water'), rest='today'))
    >>> named("临河县水务局", [water]), named("City Office, not the Water Bureau", [water, city])
    (None, None)
    """
    names = _names(offices)
    if not names:
        return None
    every = "|".join(map(_bounded, sorted(names, key=lambda name: (-len(name), name))))
    one = re.compile(every, re.IGNORECASE)
    first = re.match(f"{_BEFORE}({every})", line, re.IGNORECASE)
    at, found = first.start(1) if first else len(line), list[str]()
    while match := one.match(line, at):
        found.append(names[match[0].casefold()])
        at = match.end()
        between = _AND.match(line, at)
        if between is None or not one.match(line, between.end()):
            break
        at = between.end()
    rest = line[at:]
    if not found or "" in found or not _AFTER.match(rest) or one.search(rest):
        return None
    followed = re.sub(r"^\s*(?:来?(?:办理|处理|负责|牵头|主办|承办)|的?(?:职责|管辖|业务))", "", rest)
    return Named(tuple(dict.fromkeys(found)), followed.strip(" \t,，.。;；:：!！、…—-"))


def _names(offices: Iterable[Office]) -> dict[str, str]:
    """Map each name to its office; one that two offices share to ""."""
    found: dict[str, str] = {}
    for office in offices:
        for name in {word.strip().casefold() for word in (office.id, *office.name.values(), *office.aliases)} - {""}:
            found[name] = office.id if found.get(name, office.id) == office.id else ""
    return found


def _bounded(name: str) -> str:
    """Return a pattern of a name; Latin letters at its ends are no part of a longer word."""
    begin = r"(?<![A-Za-z0-9])" if re.match(r"[A-Za-z0-9]", name) else ""
    end = r"(?![A-Za-z0-9-])" if re.search(r"[A-Za-z0-9]$", name) else ""
    return f"{begin}{re.escape(name)}{end}"
