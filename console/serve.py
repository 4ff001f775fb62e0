"""Serving the web desk: one thread, one socket that is bound before anybody is told its port."""

from __future__ import annotations

import socket
import threading

import uvicorn
from starlette.applications import Starlette

from answerable.errors import Unavailable

__all__ = ["Serving", "serve"]

_LONGEST_HEAD = 32 * 1024


class _Server(uvicorn.Server):
    """A server that leaves when its event is set."""

    def __init__(self, config: uvicorn.Config, stop: threading.Event) -> None:
        super().__init__(config)
        self._stop = stop

    async def on_tick(self, counter: int) -> bool:
        """Say, ten times a second, whether to leave."""
        return self._stop.is_set() or await super().on_tick(counter)


class Serving:
    """A served application: begins at once, ends when `stop_event` is set or `stop()` is called.

    `section` is the one of the settings that names host and port. Raise Unavailable where the port is taken.
    """

    def __init__(
        self, app: Starlette, host: str, port: int, stop_event: threading.Event, section: str = "console"
    ) -> None:
        self._stop = stop_event
        self._socket = _bound(host, port, section)
        self.port: int = self._socket.getsockname()[1]
        # Access logs would keep addresses and the tokens of mail links; there are none.
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, proxy_headers=False, lifespan="off",
            ws="none", http="h11", loop="asyncio", h11_max_incomplete_event_size=_LONGEST_HEAD,
            limit_concurrency=200, timeout_keep_alive=5, timeout_graceful_shutdown=5,
        )  # fmt: skip
        server = _Server(config, stop_event)
        self._thread = threading.Thread(target=self._run, args=(server,), name=section)
        self._thread.start()

    def stop(self) -> None:
        """Let open answers end, then leave; returns when the port is free."""
        self._stop.set()
        self._thread.join()

    def _run(self, server: _Server) -> None:
        with self._socket:
            server.run(sockets=[self._socket])


def serve(app: Starlette, host: str, port: int, stop_event: threading.Event) -> int:
    """Serve in a thread of its own until `stop_event` is set; return the bound port (`port` 0 = any free one).

    Raise Unavailable where the port is taken. The thread ends by itself within a second of the event.
    """
    return Serving(app, host, port, stop_event).port


def _bound(host: str, port: int, section: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        repair = f"end what listens there, or choose another {section}.port"
        raise Unavailable(f"{section}.port: {host}:{port} cannot be had: {error.strerror}; {repair}") from None
    return bound
