"""What watchers of machines ask of every process: whether it lives, whether it is ready, its numbers."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from console.health import Health

__all__ = ["alive", "build", "numbers", "ready"]


def build(standstill: Callable[[], str], health: Callable[[], Health], metrics: Callable[[], bytes]) -> Starlette:
    """Build the three pages that a process without a desk has; none shows more than names and numbers.

    `standstill` says why the process should be started anew, "" while it moves, and asks no server.
    """

    def livez(request: Request) -> Response:
        return alive(standstill())

    def readyz(request: Request) -> Response:
        return ready(health())

    def counted(request: Request) -> Response:
        return numbers(metrics())

    pages = {"/livez": livez, "/readyz": readyz, "/metrics": counted}
    return Starlette(routes=[Route(path, page, methods=["GET"]) for path, page in pages.items()])


def alive(standstill: str) -> Response:
    """Tell that a process answers and moves: 200, or 503 with the reason."""
    return PlainTextResponse(f"{standstill or 'ok'}\n", 503 if standstill else 200)


def ready(health: Health) -> Response:
    """Tell whether everything works that is needed: 200 or 503, and which parts by name only."""
    parts = {part.name: part.ok for part in health.parts}
    body = msgspec.json.encode({"ready": health.ready, "parts": parts}, order="sorted")
    return Response(body + b"\n", 200 if health.ready else 503, media_type="application/json")


def numbers(text: bytes) -> Response:
    """Give counters in Prometheus' text format."""
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
