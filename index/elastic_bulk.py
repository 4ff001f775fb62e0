"""Writes in bulk: lines, requests of bounded size, and a verdict on every single line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto

import msgspec
from msgspec import Struct

from answerable.errors import Rejected, Unavailable
from index.elastic_node import TRIES, Cause, Node, NotThere, TooLarge, may_pass

__all__ = ["Change", "Done", "Outcome", "classify", "delete", "keep", "write"]

_MOST_BYTES, _MOST_LINES = 5_000_000, 1000
_FILTER = "items.*.status,items.*._version,items.*.error.type"
_encoder = msgspec.json.Encoder()


class Change(Struct, frozen=True):
    """One line of a bulk request as the bytes that travel, the name for errors, and whether it deletes."""

    id: str
    data: bytes
    deletes: bool = False


class Outcome(Enum):
    """What became of one line."""

    DONE = auto()
    NEWER = auto()  # the same or something newer is there
    AGAIN = auto()  # may succeed at the next try
    NEVER = auto()


class Done(Struct, frozen=True):
    """The outcome of one line, the document's version where it was written, the class of the error where not."""

    outcome: Outcome
    version: int = 0
    kind: str = ""


class _Result(Struct, frozen=True):
    status: int
    version: int = msgspec.field(default=0, name="_version")
    error: Cause | None = None


class _Answer(Struct, frozen=True):
    items: list[dict[str, _Result]]


class _Head(Struct, frozen=True, omit_defaults=True):
    index: str = msgspec.field(name="_index")
    id: str = msgspec.field(name="_id")
    version: int | None = None
    version_type: str | None = None
    if_seq_no: int | None = None
    if_primary_term: int | None = None


def keep(
    index: str, id: str, document: Struct, *, version: int | None = None, seen: tuple[int, int] | None = None
) -> Change:
    """Write a document: over lower versions only, over what was seen (sequence number, term), or if absent."""
    if version is not None:
        verb, head = "index", _Head(index, id, version=version, version_type="external")
    elif seen is not None:
        verb, head = "index", _Head(index, id, if_seq_no=seen[0], if_primary_term=seen[1])
    else:
        verb, head = "create", _Head(index, id)
    return Change(id, b'{"%s":%s}\n%s\n' % (verb.encode(), _encoder.encode(head), _encoder.encode(document)))


def delete(index: str, id: str, *, version: int | None = None, seen: tuple[int, int] | None = None) -> Change:
    """Delete a document: lower versions only, or just what was seen."""
    if version is not None:
        head = _Head(index, id, version=version, version_type="external")
    else:
        head = _Head(index, id, if_seq_no=seen[0] if seen else None, if_primary_term=seen[1] if seen else None)
    return Change(id, b'{"delete":%s}\n' % _encoder.encode(head), deletes=True)


def classify(status: int, kind: str, *, deletes: bool = False) -> Outcome:
    """Say what became of a line from its status and the class of its error.

    An index that is not there, or a refused login, is no post's fault: it may be there at the next try.

    >>> classify(201, ""), classify(409, "version_conflict_engine_exception")
    (<Outcome.DONE: 1>, <Outcome.NEWER: 2>)
    >>> classify(429, "es_rejected_execution_exception"), classify(400, "document_parsing_exception")
    (<Outcome.AGAIN: 3>, <Outcome.NEVER: 4>)
    """
    if 200 <= status < 300 or (deletes and status == 404):
        return Outcome.DONE
    if status == 409:
        return Outcome.NEWER
    if may_pass(status, kind) or status in (401, 403) or kind == "index_not_found_exception":
        return Outcome.AGAIN
    return Outcome.NEVER


def write(node: Node, changes: Iterable[Change]) -> list[Done]:
    """Send changes in order and return what became of each.

    What may succeed later is sent again until three tries in a row brought nothing; then Unavailable. What
    can never be written is Rejected, naming ids alone, after everything else was written.
    """
    done: list[Done] = []
    refused: list[str] = []
    for part in _parts(changes):
        for change, result in zip(part, _send(node, part), strict=True):
            done.append(result)
            if result.outcome is Outcome.NEVER:
                refused.append(change.id)
    if refused:
        raise Rejected(f"Elasticsearch can never take {', '.join(sorted(set(refused))[:10])}")
    return done


def _send(node: Node, part: Sequence[Change]) -> list[Done]:
    """Send one request, then what did not succeed again, for as long as more of it succeeds."""
    done: dict[int, Done] = {}
    waiting, vain = list(range(len(part))), 0
    while vain < TRIES:
        answers = _post(node, [part[place] for place in waiting])
        done.update(zip(waiting, answers, strict=True))
        left = [place for place in waiting if done[place].outcome is Outcome.AGAIN]
        if not left:
            return [done[place] for place in range(len(part))]
        vain = vain + 1 if len(left) == len(waiting) else 0
        waiting = left
        node.rest(vain)
    why = done[waiting[0]].kind
    raise Unavailable(f"Elasticsearch at {node.url} does not take {len(waiting)} of {len(part)} documents now: {why}")


def _post(node: Node, part: Sequence[Change]) -> list[Done]:
    """Send one request; halve it where the server finds it too large."""
    try:
        body = b"".join(change.data for change in part)
        answer = node.ask("POST", "/_bulk", _Answer, body, filter_path=_FILTER, timeout=node.half)
    except TooLarge:
        if len(part) == 1:
            return [Done(Outcome.NEVER)]
        middle = len(part) // 2
        return _post(node, part[:middle]) + _post(node, part[middle:])
    except NotThere as error:
        raise Unavailable(f"Elasticsearch at {node.url}: {error}") from None
    if len(answer.items) != len(part):
        raise Unavailable(f"the answer from {node.url} tells of {len(answer.items)} of {len(part)} documents")
    return [_judge(change, item) for change, item in zip(part, answer.items, strict=True)]


def _judge(change: Change, item: dict[str, _Result]) -> Done:
    (result,) = item.values()
    kind = result.error.type if result.error else ""
    return Done(classify(result.status, kind, deletes=change.deletes), result.version, kind)


def _parts(changes: Iterable[Change]) -> Iterator[list[Change]]:
    part: list[Change] = []
    size = 0
    for change in changes:
        if part and (len(part) >= _MOST_LINES or size + len(change.data) > _MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(change)
        size += len(change.data)
    if part:
        yield part
