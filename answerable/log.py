"""Structured logs on stderr: what happened, what follows, what to do. Never a post's text, never an author."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

__all__ = ["get", "setup"]


def setup(*, as_json: bool, debug: bool = False) -> None:
    """Send log events to stderr, as JSON lines for machines or as plain lines for people."""
    plain, lines = structlog.dev.ConsoleRenderer(colors=False), structlog.processors.JSONRenderer(sort_keys=True)
    shown: Any = lines if as_json else plain
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if debug else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def get(room: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of a room."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(room=room)
    return logger
