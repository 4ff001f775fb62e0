"""The topics, in the order in which a post passes through them."""

from __future__ import annotations

__all__ = [
    "DEADLETTERS",
    "INCIDENTS",
    "LEDGER",
    "MEMBERSHIPS",
    "POSTS_ANALYSED",
    "POSTS_RAW",
    "PULSES",
    "TOMBSTONES",
    "partition_of",
    "state_of",
]

import xxhash

POSTS_RAW = "posts.raw"
POSTS_ANALYSED = "posts.analysed"
INCIDENTS = "incidents"
MEMBERSHIPS = "memberships"
LEDGER = "ledger"
PULSES = "pulses"  # how the processes are
TOMBSTONES = "tombstones"  # keyed hashes of forgotten posts, kept for ever
DEADLETTERS = "deadletters"  # pointers, where the log is on a server


def partition_of(key: str, partitions: int) -> int:
    """Return the partition of a key, the same on every machine and in every run.

    >>> partition_of("3701", 1)
    0
    """
    return xxhash.xxh3_64_intdigest(key.encode()) % partitions


def state_of(group: str) -> str:
    """Return the topic that keeps a group's state, where the log is on a server."""
    return f"state.{group}"
