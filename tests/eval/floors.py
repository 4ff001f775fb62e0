"""The floors of floors.toml, and the data that they were measured on, where those lie beside the checkout."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bench.load import DATA

__all__ = ["ON_DATA", "floors"]

ON_DATA = [
    pytest.mark.data,
    pytest.mark.skipif(
        not DATA.is_dir() and "CI" not in os.environ, reason="the labelled data are not beside the checkout"
    ),
]


def floors(part: str) -> dict[str, Any]:
    """Return a part's section."""
    section: dict[str, Any] = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))[part]
    return section
