"""Real engines for tests: the broker and the node that `make engines` started, and servers that a test may break.

A test that asks for an engine is skipped on a machine where none runs, and fails where continuous integration (CI) or
ANSWERABLE_ENGINES=1 says that they are wanted.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from deploy.local import Broker, Node, control, state
from deploy.local.ports import free_ports

_REPAIR = "start them with: make engines (needs a JDK of version 17 or newer, Maven and openssl)"


@dataclasses.dataclass(frozen=True)
class Secured:
    """An engine with TLS and passwords: a bootstrap address or a URL, its authority's file, everybody's password.

    The broker knows the user `desk`; the node knows `admin` (all), `writer` (all indices) and `reader` (facts alone).
    """

    address: str
    ca_file: Path
    password: str


def kafka() -> str:
    """Return the shared broker's bootstrap address, "127.0.0.1:PORT"."""
    return _running().broker().address


def kafka_secured() -> Secured:
    """Return the shared broker's other listener: TLS, SCRAM-SHA-256."""
    broker = _running().broker()
    return Secured(f"127.0.0.1:{broker.secure_port}", broker.ca_file, broker.password)


def elastic() -> str:
    """Return the shared node's URL, "http://127.0.0.1:PORT"."""
    return _running().node().address


def secured() -> Secured:
    """Return the node with security on, which starts at the first call (20 s) and then stays."""
    node = _with_security()
    return Secured(node.address, node.ca_file, node.password)


def prefix() -> str:
    """Return a random start for the names of one test's topics and indices, such as "t3f9c2a".

    >>> prefix() != prefix()
    True
    """
    return f"t{secrets.token_hex(5)}"


@contextlib.contextmanager
def throwaway_broker(
    advertised_port: int | None = None, properties: Mapping[str, str] | None = None
) -> Iterator[Broker]:
    """Start a broker of one's own (5 s), to be killed, frozen, stopped and restarted; it is gone afterwards."""
    broker = Broker(_folder("kafka"), free_ports(1)[0], advertised_port, properties=properties)
    try:
        broker.start()
        yield broker
    finally:
        broker.remove()


@contextlib.contextmanager
def throwaway_node(heap_mb: int = 512) -> Iterator[Node]:
    """Start a node of one's own (20 s), to be killed, frozen, stopped and restarted; it is gone afterwards."""
    node = Node(_folder("elastic"), free_ports(1)[0], heap_mb=heap_mb)
    try:
        node.start()
        yield node
    finally:
        node.remove()


def _folder(kind: str) -> Path:
    return _running().scratch() / f"{kind}-{secrets.token_hex(5)}"


def _running() -> state.State:
    found = _found()
    if found is None and (os.environ.get("CI") or os.environ.get("ANSWERABLE_ENGINES") == "1"):
        pytest.fail(f"no engines run here; {_REPAIR}")
    if found is None:
        pytest.skip(f"no engines run here; {_REPAIR}")
    return found


@functools.cache
def _found() -> state.State | None:
    """Look once a process."""
    chosen = state.load()
    return chosen if chosen is not None and chosen.broker().healthy() and chosen.node().healthy() else None


@functools.cache
def _with_security() -> Node:
    _running()
    return control.start_secured()
