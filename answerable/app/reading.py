"""Many posts, several processes: analyses come back in the order in which the posts went in."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing.connection import wait

from answerable.app import wiring
from answerable.errors import Unavailable
from answerable.post import Analysis, Post
from answerable.settings import Settings
from nlp.analyser import Analyser

__all__ = ["CHUNK", "chunked", "read_all"]

CHUNK = 256
_AHEAD = 16  # chunks a process may be ahead of who takes them, so that it reads on while that one works
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
        analyser = wiring.analyser(settings)
        for chunk in chain(first, chunks):
            yield list(zip(chunk, analyser.analyse(chunk), strict=True))
        return
    wiring.register(settings)  # what is wrong with a file is told here, not by a process that dies of it
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _start, (settings,))
    try:
        yield from _together(pool, chain(first, chunks), _AHEAD * workers)
    except BrokenProcessPool:
        raise Unavailable("a process that reads posts was ended from outside, for lack of memory perhaps") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _together(
    pool: ProcessPoolExecutor, chunks: Iterable[list[Post]], most: int
) -> Iterator[list[tuple[Post, Analysis]]]:
    """Keep at most `most` chunks waiting."""
    waiting: deque[tuple[list[Post], Future[list[Analysis]]]] = deque()
    for chunk in chunks:
        with _without_ctrl_c():
            waiting.append((chunk, pool.submit(_read, chunk)))
        if len(waiting) > most:
            yield _done(*waiting.popleft())
    while waiting:
        yield _done(*waiting.popleft())


def chunked(items: Iterable[Post], size: int) -> Iterator[list[Post]]:
    """Cut a stream into lists of `size`, the last one shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Let processes that are started in the block inherit that Ctrl-C is not for them; this one hears of it after."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
