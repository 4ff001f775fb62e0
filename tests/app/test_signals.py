from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from answerable.app.commands.run import _listen_to_signals


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_for_the_end_and_interrupts_nothing(number: signal.Signals) -> None:
    stop = threading.Event()
    heard = _listen_to_signals(stop)
    os.kill(os.getpid(), number)
    assert stop.wait(10)
    assert heard == [number]


def test_ctrl_c_said_twice_ends_it_at_once() -> None:
    _listen_to_signals(threading.Event())
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
