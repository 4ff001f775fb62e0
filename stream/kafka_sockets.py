"""Sockets that are closed where nobody could be reached."""

from __future__ import annotations

import socket

from stream.kafka_library import KafkaNetSocket

__all__ = ["DIRECT"]

DIRECT = "direct://"  # as a client's proxy: no proxy, but the sockets below


class _Direct(KafkaNetSocket):  # type: ignore[misc] # the client ships no types
    """Connects as the library does, which leaves a socket open for each time that a server was away."""

    SCHEMES = ("direct",)

    async def sock_connect(
        self, net: object, sock: socket.socket, sockaddr: object, timeout_at: float | None = None
    ) -> object:
        try:
            return await super().sock_connect(net, sock, sockaddr, timeout_at=timeout_at)
        except BaseException:
            sock.close()
            raise
