"""What no composed desk may have: a floating tag, root, a port that others reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["faults"]

_FIXED = re.compile(r"\S+(:\d+\.\d+\.\d+(-\S+)?|@sha256:[0-9a-f]{64})")


def faults(config: Any) -> list[str]:
    """Return what is wrong with a file as compose has read it, a line for each."""
    return [fault for name, service in config["services"].items() for fault in _faults(name, service)]


def _faults(name: str, service: Any) -> Iterator[str]:
    image, user = service.get("image", ""), str(service.get("user", ""))
    if not _FIXED.fullmatch(image):
        yield f"{name}: the tag of {image or 'nothing'} floats"
    if user.partition(":")[0] in ("", "0", "root"):
        yield f"{name}: runs as root"
    for port in service.get("ports", ()):
        if port.get("host_ip") != "127.0.0.1":
            yield f"{name}: port {port['target']} is published on {port.get('host_ip') or 'every address'}"
