"""Many things, several processes: what each chunk gives comes back in the order in which the chunks went in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import chain, islice
from typing import TypeVar, cast

from answerable.app import wiring
from answerable.app.children import Children, count, told
from answerable.settings import Settings

__all__ = ["CHUNK", "FEW", "Reader", "chunked", "read_all"]

T = TypeVar("T")
U = TypeVar("U")
Reader = Callable[[Settings], Callable[[list[T]], U]]  # made once in each process, from what can be pickled

CHUNK = 256
FEW = 1500  # starting a process costs more than reading or folding so many posts
_AHEAD = 16  # chunks a process may be ahead of who takes them, so that it reads on while that one works
_work: Callable[[list[object]], object] | None = None


def read_all(items: Iterable[T], reader: Reader[T, U], settings: Settings) -> Iterator[U]:
    """Yield what a reader makes of each chunk of at most CHUNK items, in order.

    The processes are `nlp.workers`, or one a core; for a few items this process reads alone.
    """
    chunks = chunked(items, CHUNK)
    first = list(islice(chunks, FEW // CHUNK + 1))
    workers = count(settings)
    if workers == 1 or len(first) <= FEW // CHUNK:
        yield from map(reader(settings), chain(first, chunks))
        return
    wiring.register(settings)  # what is wrong with a file is told here, not by a process that dies of it
    children = Children(workers, _begin, reader, settings)
    try:
        with told("reads posts"):
            yield from _together(children, chain(first, chunks), _AHEAD * workers)
    finally:
        children.close()


def chunked(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut a stream into lists of `size`, the last one shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _together(children: Children, chunks: Iterable[list[T]], most: int) -> Iterator[U]:
    """Keep at most `most` chunks waiting."""
    waiting: deque[Future[U]] = deque()
    for chunk in chunks:
        waiting.append(cast("Future[U]", children.ask(_read, chunk)))
        if len(waiting) > most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _begin(reader: Reader[T, U], settings: Settings) -> None:
    """Load once in a process what its reader needs."""
    global _work
    _work = cast("Callable[[list[object]], object]", reader(settings))


def _read(chunk: list[T]) -> object:
    if _work is None:
        raise RuntimeError("a worker reads before it was started")
    return _work(cast("list[object]", chunk))
