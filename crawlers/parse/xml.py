"""XML from strangers: no document type, no entities but the five, limits on depth and size."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

__all__ = ["Element", "Refused", "read"]

_DEPTH, _ELEMENTS = 60, 200_000


class Refused(Exception):
    """This is no XML that can be read safely; the text says why, without content."""


class Element:
    """An element: local name, attributes by local name, text, children."""

    __slots__ = ("attributes", "children", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.parts: list[str] = []

    @property
    def text(self) -> str:
        """Its own text and that of all below it, in order of closing."""
        return "".join(self.parts)

    def all(self, *names: str) -> Iterator[Element]:
        """Yield the children of one of these names, in order."""
        return (child for child in self.children if child.name in names)

    def first(self, *names: str) -> str:
        """Return the text of the first child that has any, trying the names in order."""
        found = (child.text.strip() for name in names for child in self.all(name))
        return next((text for text in found if text), "")


class _Builder:
    """Builds the tree while expat reads."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= _DEPTH or self._count > _ELEMENTS:
            raise Refused("XML too deep or too large")
        element = Element(_local(name), {_local(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self._open.append(element)

    def end(self, _: str) -> None:
        done = self._open.pop()
        if self._open and self._open[-1].name in ("div", "content", "summary", "p", "span", "title"):
            self._open[-1].parts.append(f"{done.text}\n" if done.name in ("p", "div", "li", "br") else done.text)

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(text)

    def refuse(self, *_: object) -> None:
        raise Refused("XML with a document type is refused")


def read(text: str) -> Element:
    """Return the root of an XML text; raise Refused where it is none, or is not safe.

    >>> read("<a><b c='1'>x</b></a>").first("b")
    'x'
    >>> read("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    Traceback (most recent call last):
        ...
    crawlers.parse.xml.Refused: XML with a document type is refused
    """
    builder = _Builder()
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = builder.refuse
    try:
        parser.Parse(text.strip().encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise Refused(f"no well-formed XML at line {error.lineno}") from None
    if builder.root is None:
        raise Refused("XML without an element")
    return builder.root


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
