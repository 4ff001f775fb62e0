"""Many posts, several processes: analyses come back in the order in which the posts went in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from itertools import chain, islice

from answerable.app import wiring
from answerable.app.children import Children, count, told
from answerable.post import Analysis, Post
from answerable.settings import Settings
from nlp.analyser import Analyser

__all__ = ["CHUNK", "FEW", "chunked", "read_all"]

CHUNK = 256
FEW = 1500  # starting a process costs more than reading or folding so many posts
_AHEAD = 16  # chunks a process may be ahead of who takes them, so that it reads on while that one works
_analyser: Analyser | None = None


def read_all(posts: Iterable[Post], settings: Settings) -> Iterator[list[tuple[Post, Analysis]]]:
    """Yield the posts with their analyses, in order, in chunks of at most CHUNK.

    The processes are `nlp.workers`, or one a core; for a few posts this process reads alone.
    """
    chunks = chunked(posts, CHUNK)
    first = list(islice(chunks, FEW // CHUNK + 1))
    workers = count(settings)
    if workers == 1 or len(first) <= FEW // CHUNK:
        analyser = wiring.analyser(settings)
        for chunk in chain(first, chunks):
            yield list(zip(chunk, analyser.analyse(chunk), strict=True))
        return
    wiring.register(settings)  # what is wrong with a file is told here, not by a process that dies of it
    children = Children(workers, _begin, settings)
    try:
        with told("reads posts"):
            yield from _together(children, chain(first, chunks), _AHEAD * workers)
    finally:
        children.close()


def _together(children: Children, chunks: Iterable[list[Post]], most: int) -> Iterator[list[tuple[Post, Analysis]]]:
    """Keep at most `most` chunks waiting."""
    waiting: deque[tuple[list[Post], Future[list[Analysis]]]] = deque()
    for chunk in chunks:
        waiting.append((chunk, children.ask(_read, chunk)))
        if len(waiting) > most:
            yield _done(*waiting.popleft())
    while waiting:
        yield _done(*waiting.popleft())


def chunked(items: Iterable[Post], size: int) -> Iterator[list[Post]]:
    """Cut a stream into lists of `size`, the last one shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _done(chunk: list[Post], future: Future[list[Analysis]]) -> list[tuple[Post, Analysis]]:
    return list(zip(chunk, future.result(), strict=True))


def _begin(settings: Settings) -> None:
    """Load the models once in a process."""
    global _analyser
    _analyser = wiring.analyser(settings)


def _read(posts: list[Post]) -> list[Analysis]:
    if _analyser is None:
        raise RuntimeError("a worker reads before it was started")
    return _analyser.analyse(posts)
