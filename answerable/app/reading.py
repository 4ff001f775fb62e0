"""Many posts, several processes: analyses come back in the order in which the posts went in."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing.connection import wait

from answerable.app import wiring
from answerable.post import Analysis, Post
from answerable.settings import Settings
from nlp.analyser import Analyser

__all__ = ["CHUNK", "chunked", "read_all"]

CHUNK = 256
_FEW = 1500  # starting a process costs more than reading so many posts
_analyser: Analyser | None = None


def read_all(posts: Iterable[Post], settings: Settings) -> Iterator[list[tuple[Post, Analysis]]]:
    """Yield the posts with their analyses, in order, in chunks of at most CHUNK.

    The processes are `nlp.workers`, or one a core; for a few posts this process reads alone.
    """
    chunks = chunked(posts, CHUNK)
    first = list(islice(chunks, _FEW // CHUNK + 1))
    workers = settings.nlp.workers or os.cpu_count() or 1
    if workers == 1 or len(first) <= _FEW // CHUNK:
        yield from _alone([*first], chunks, wiring.analyser(settings))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start, (settings,)) as pool:
        waiting: deque[tuple[list[Post], Future[list[Analysis]]]] = deque()
        for source in (iter(first), chunks):
            for chunk in source:
                waiting.append((chunk, pool.submit(_read, chunk)))
                if len(waiting) > 4 * workers:
                    yield _done(*waiting.popleft())
        while waiting:
            yield _done(*waiting.popleft())


def chunked(items: Iterable[Post], size: int) -> Iterator[list[Post]]:
    """Cut a stream into lists of `size`, the last one shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _alone(
    first: list[list[Post]], rest: Iterator[list[Post]], analyser: Analyser
) -> Iterator[list[tuple[Post, Analysis]]]:
    for source in (iter(first), rest):
        for chunk in source:
            yield list(zip(chunk, analyser.analyse(chunk), strict=True))


def _done(chunk: list[Post], future: Future[list[Analysis]]) -> list[tuple[Post, Analysis]]:
    return list(zip(chunk, future.result(), strict=True))


def _start(settings: Settings) -> None:
    """Load the models once in a worker, and end with the parent however the parent ends."""
    global _analyser
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()
    _analyser = wiring.analyser(settings)
    gc.freeze()  # models and word lists live as long as the process; looking through them again costs a seventh


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _read(posts: list[Post]) -> list[Analysis]:
    if _analyser is None:
        raise RuntimeError("a worker reads before it was started")
    return _analyser.analyse(posts)
