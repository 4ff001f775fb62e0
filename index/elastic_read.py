"""Documents by id, as they are now: such reads wait for no refresh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import msgspec
from msgspec import Raw, Struct

from answerable.errors import Rejected, Unavailable
from index.elastic_node import Cause, Node, NotThere

__all__ = ["Found", "Key", "get_all", "read", "versions"]

_MOST = 2000  # documents a request
_FILTER = "docs.found,docs._version,docs._seq_no,docs._primary_term,docs._source,docs.error.type"
T = TypeVar("T")
Key = tuple[str, str]  # index, id


class Found(Struct, Generic[T], frozen=True):
    """A document, its version and what a later write may insist on: its sequence number and term."""

    document: T
    version: int
    seen: tuple[int, int]


class _Got(Struct, frozen=True):
    found: bool = False
    version: int = msgspec.field(default=0, name="_version")
    seq_no: int = msgspec.field(default=0, name="_seq_no")
    term: int = msgspec.field(default=0, name="_primary_term")
    source: Raw = msgspec.field(default=Raw(b"null"), name="_source")
    error: Cause | None = None


class _Answer(Struct, frozen=True):
    docs: list[_Got]


class _Asked(Struct, frozen=True):
    index: str = msgspec.field(name="_index")
    id: str = msgspec.field(name="_id")


def get_all(node: Node, keys: Sequence[Key], document: type[T], *, required: bool = False) -> dict[Key, Found[T]]:
    """Return those documents that are there; an index that is not there holds none, or is NotThere if `required`."""
    found: dict[Key, Found[T]] = {}
    for key, got in _got(node, keys, required=required):
        if got.found:
            found[key] = Found(read(got.source, document, key[1]), got.version, (got.seq_no, got.term))
    return found


def versions(node: Node, keys: Sequence[Key]) -> list[int]:
    """Return the version of each document, 0 where there is none."""
    return [got.version if got.found else 0 for _, got in _got(node, keys, sources=False)]


def _got(
    node: Node, keys: Sequence[Key], *, required: bool = False, sources: bool = True
) -> Iterator[tuple[Key, _Got]]:
    source = "true" if sources else "false"
    for start in range(0, len(keys), _MOST):
        part = keys[start : start + _MOST]
        body = {"docs": [_Asked(*key) for key in part]}
        answer = node.ask("POST", "/_mget", _Answer, body, filter_path=_FILTER, _source=source)
        if len(answer.docs) != len(part):
            raise Unavailable(f"the answer from {node.url} tells of {len(answer.docs)} of {len(part)} documents")
        for key, got in zip(part, answer.docs, strict=True):
            if got.error is not None and got.error.type == "index_not_found_exception":
                if required:
                    raise NotThere(key[0])
            elif got.error is not None:
                raise Unavailable(f"Elasticsearch at {node.url} cannot read now: {got.error.type}")
            yield key, got


def read(source: Raw, document: type[T], id: str) -> T:
    """Read a document's source; raise Rejected, naming its id, where another hand or version wrote it."""
    try:
        return msgspec.json.decode(source, type=document)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Rejected(f"the document {id} is none of this version") from None
