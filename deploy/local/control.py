"""What the verbs of the command line do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from deploy.local import state, tools
from deploy.local.node import Node
from deploy.local.server import Server

Told = tuple[list[str], int]


def start() -> Told:
    """Start broker and node where they do not run, and tell their addresses."""
    with state.locked():
        if not running():
            tools.ensure("java", "openssl")  # before anything is laid out
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
    return stop_all_but(frozenset())


def running() -> frozenset[int]:
    """Return the process ids of the shared engines."""
    chosen = state.load()
    return frozenset(pid for server in _shared(chosen) if (pid := server.pid)) if chosen else frozenset()


def stop_all_but(kept: frozenset[int]) -> Told:
    """Stop the shared engines but some; where none is kept, also what broken-off tests left."""
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


def _shared(chosen: state.State) -> tuple[Server, ...]:
    return chosen.broker(), chosen.node(), chosen.secured()


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
