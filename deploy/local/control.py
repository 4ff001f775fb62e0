"""What the verbs of the command line do."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import NoReturn

from deploy.local import state, tools
from deploy.local.errors import NotStarted
from deploy.local.node import Node
from deploy.local.server import Server

Told = tuple[list[str], int]


def start() -> Told:
    """Start broker and node where they do not run, and tell their addresses."""
    with state.locked():
        chosen = state.choose()
        servers: tuple[Server, ...] = (chosen.broker(), chosen.node())
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda server: server.start(), servers))
    return _told(chosen), 0


def start_secured() -> Node:
    """Start the node with security on where it does not run, and return it."""
    with state.locked():
        node = state.choose().secured()
        node.start()
    return node


def secured() -> Told:
    """Start the node with security on where it does not run, and tell its address."""
    return [start_secured().address], 0


def stop() -> Told:
    """Stop every server that this checkout started, those of broken-off tests included."""
    return _stop_all_but(frozenset())


def status() -> Told:
    """Tell the addresses; 1 where broker or node do not run."""
    chosen = state.load()
    if chosen is None or not (chosen.broker().healthy() and chosen.node().healthy()):
        return ["not running; to start: make engines"], 1
    return _told(chosen), 0


def forget() -> Told:
    """Stop the servers and delete their data; the next start chooses new ports."""
    stop()
    with state.locked():
        state.forget()
    return ["forgotten"], 0


def around(command: Sequence[str]) -> int:
    """Run a command while the engines run, stop afterwards what was started for it, and return the command's code.

    Where CI is set the engines must start. Elsewhere nothing is installed for it: without Java, or without a network
    at the first start, one line says so, and the command runs without engines.
    """
    before = _running()
    signal.signal(signal.SIGTERM, _leave)
    try:
        why = _start_for(command)
        if why:
            return _call(command, {}, f"The engines do not run, so what needs them is skipped: {why}")
        return _call(command, {"ANSWERABLE_ENGINES": "1"})
    finally:
        _stop_all_but(before)


def _start_for(command: Sequence[str]) -> str:
    if os.environ.get("CI"):
        start()
        return ""
    if lacking := tools.missing():
        return f"no {', '.join(lacking)} here. To run it too: make engines {command[0]}"
    try:
        start()
    except NotStarted as why:
        return str(why)
    return ""


def _call(command: Sequence[str], more: dict[str, str], first: str = "") -> int:
    if first:
        os.write(2, f"{first}\n".encode())
    return subprocess.run(list(command), env=os.environ | more, check=False).returncode  # noqa: S603 — what the caller asked


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(143)


def _shared(chosen: state.State) -> tuple[Server, ...]:
    return chosen.broker(), chosen.node(), chosen.secured()


def _running() -> frozenset[int]:
    chosen = state.load()
    return frozenset(pid for server in _shared(chosen) if (pid := server.pid)) if chosen else frozenset()


def _stop_all_but(kept: frozenset[int]) -> Told:
    with state.locked():
        chosen = state.load()
        if chosen is None:
            return ["no engines were started here"], 0
        for server in _shared(chosen):
            if server.pid not in kept:
                server.stop()
        for folder in () if kept else tuple(chosen.scratch().glob("*")):
            Node(folder, 0).remove()
    return ["stopped"], 0


def _told(chosen: state.State) -> list[str]:
    secured = chosen.secured()
    lines = [f"kafka\t{chosen.broker().address}", f"elastic\t{chosen.node().address}"]
    return [*lines, f"secured\t{secured.address}"] if secured.pid is not None else lines


VERBS: dict[str, Callable[[], Told]] = {
    "start": start,
    "secured": secured,
    "stop": stop,
    "status": status,
    "forget": forget,
}
