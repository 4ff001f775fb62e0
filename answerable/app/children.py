"""Processes that work for this one: they start afresh, end when it ends however it ends, and leave Ctrl-C to it.

Each has a pipe of its own, so that one which is killed, even in the middle of an answer, is noticed at once.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar, cast

from answerable.errors import Unavailable
from answerable.settings import Settings

__all__ = ["SELDOM", "Children", "count", "told"]

SELDOM = (100_000, 50, 1000)  # new objects, young rounds, middle rounds: who holds much for long makes few cycles

P = ParamSpec("P")
T = TypeVar("T")
_Call = tuple[Callable[..., object], tuple[object, ...], dict[str, object]]


class _Gone(Exception):
    """A process ended and had not been told to."""


def count(settings: Settings) -> int:
    """Return how many processes share long work: `nlp.workers`, or one a core."""
    return settings.nlp.workers or os.cpu_count() or 1


class Children:
    """So many processes, each of which has called `begin` with what is given before it does any work.

    What `begin` raises is what its work raises.
    """

    def __init__(self, number: int, begin: Callable[P, None], *given: P.args, **named: P.kwargs) -> None:
        self._children = [_Child((begin, given, named)) for _ in range(number)]
        self._idle = SimpleQueue[_Child]()
        for child in self._children:
            self._idle.put(child)
        self._threads = ThreadPoolExecutor(number)  # one waits for each

    def ask(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> Future[T]:
        """Let one of them do some work."""
        return cast("Future[T]", self._threads.submit(self._do, (work, given, named)))

    def close(self) -> None:
        """End them at once, whatever they do; closing twice is allowed."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.end()
        self._threads.shutdown()

    def _do(self, call: _Call) -> object:
        child = self._idle.get()
        try:
            return child.do(call)
        finally:
            self._idle.put(child)


class _Child:
    """A process that does one thing after the other."""

    def __init__(self, begin: _Call) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, end = context.Pipe()
        self._process = context.Process(target=_serve, args=(end, begin), daemon=True)
        resource_tracker.ensure_running()  # its own start would let Ctrl-C through again
        with _without_ctrl_c():
            self._process.start()
        end.close()

    def do(self, call: _Call) -> object:
        """Return what it returns, raise what it raises, or _Gone."""
        try:
            self._line.send(call)
            well, found = self._line.recv()
        except (EOFError, OSError):
            raise _Gone from None
        if well:
            return found
        raise found

    def end(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.join()


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say as Unavailable that a process was ended from outside; `what` is what it did, such as "reads posts"."""
    try:
        yield
    except _Gone:
        raise Unavailable(f"a process that {what} was ended from outside, for lack of memory perhaps") from None


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Let processes that are started in the block inherit that Ctrl-C is not for them; this one hears of it after."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(line: Connection[Any, Any], begin: _Call) -> None:
    """Be a child: begin, then answer until the other end is closed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()
    gc.set_threshold(*SELDOM)
    begun = _answer(begin)
    gc.freeze()  # models and word lists live as long as the process; looking through them again costs a seventh
    while True:
        try:
            call = line.recv()
        except EOFError:
            return
        line.send(_answer(call) if begun[0] else begun)


def _answer(call: _Call) -> tuple[bool, object]:
    """Return whether it went well, and what it returned or raised."""
    work, given, named = call
    try:
        return True, work(*given, **named)
    except Exception as error:
        error.add_note(traceback.format_exc())
        return False, error


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
