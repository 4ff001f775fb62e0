"""Ports that nobody uses, below those that the machine hands out to outgoing connections."""

from __future__ import annotations

import random
import socket

from deploy.local.errors import NotStarted
from deploy.local.server import LOOPBACK

_RANGE = range(
    20_000, 32_000
)  # a stopped server's port must not go to somebody's outgoing connection before its restart


def free_ports(count: int) -> list[int]:
    """Return different loopback ports on which nobody listens now."""
    found: list[int] = []
    for port in random.SystemRandom().sample(_RANGE, 1000):
        if len(found) == count:
            return found
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            found.append(port)
    raise NotStarted("no free port between 20000 and 32000")
