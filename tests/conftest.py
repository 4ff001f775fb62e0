"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """Let no test leave the log on what it captured: a verb that runs in this process sets it up."""
    yield
    structlog.reset_defaults()
