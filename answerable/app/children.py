"""Processes that work for this one: they start afresh, end when it ends however it ends, and leave Ctrl-C to it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.synchronize import Event
from typing import ParamSpec, TypeVar

from answerable.errors import Unavailable
from answerable.settings import Settings

__all__ = ["SELDOM", "Children", "count", "told"]

SELDOM = (100_000, 50, 1000)  # new objects, young rounds, middle rounds: who holds much for long makes few cycles

P = ParamSpec("P")
T = TypeVar("T")
_ended: Event | None = None  # in a child: set once nobody waits for what it does
_wrong: Exception | None = None  # in a child: why it could not begin


def count(settings: Settings) -> int:
    """Return how many processes share long work: `nlp.workers`, or one a core."""
    return settings.nlp.workers or os.cpu_count() or 1


class Children:
    """So many processes, each of which has called `begin` with what is given before it does any work.

    What `begin` raises is what its work raises.
    """

    def __init__(self, number: int, begin: Callable[P, None], *given: P.args, **named: P.kwargs) -> None:
        context = multiprocessing.get_context("spawn")
        self._ended = context.Event()
        self._pool = ProcessPoolExecutor(number, context, _start, (self._ended, begin, given, named))

    def ask(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> Future[T]:
        """Let one of them do some work."""
        with _without_ctrl_c():
            return self._pool.submit(_do, work, given, named)

    def close(self) -> None:
        """End them, once each has done what it does now, whatever else was asked; closing twice is allowed."""
        self._ended.set()
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say as Unavailable that a process was ended from outside; `what` is what it did, such as "reads posts"."""
    try:
        yield
    except BrokenProcessPool:
        raise Unavailable(f"a process that {what} was ended from outside, for lack of memory perhaps") from None


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Let processes that are started in the block inherit that Ctrl-C is not for them; this one hears of it after."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(ended: Event, begin: Callable[..., None], given: tuple[object, ...], named: dict[str, object]) -> None:
    global _ended, _wrong
    _ended = ended
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()
    gc.set_threshold(*SELDOM)
    try:
        begin(*given, **named)
    except Exception as error:
        _wrong = error  # raised here it would say no more to who waits than that a process has gone
    gc.freeze()  # models and word lists live as long as the process; looking through them again costs a seventh


def _do(work: Callable[..., T], given: tuple[object, ...], named: dict[str, object]) -> T:
    if _wrong is not None:
        raise _wrong
    if _ended is None or _ended.is_set():
        raise CancelledError
    return work(*given, **named)


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
