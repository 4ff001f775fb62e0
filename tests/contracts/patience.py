"""What a server does in its own time is waited for: the contracts are about what is given, not how soon."""

from __future__ import annotations

import time
from weakref import WeakSet

from stream.log import Batch, Subscription
from stream.subscription import SqliteSubscription

__all__ = ["drained", "quiet", "settled"]

_JOIN_S, _QUIET_S, _SHARE_S = 10.0, 0.3, 1.4  # to join a group; until nothing more comes; to share out partitions
_joined: WeakSet[Subscription] = WeakSet()


def quiet(subscription: Subscription) -> float:
    """Return for how many seconds a poll has to be empty before nothing comes any more."""
    if isinstance(subscription, SqliteSubscription):
        return 0.0
    return _QUIET_S if subscription in _joined else _JOIN_S


def drained(subscription: Subscription, limit: int = 100, commit: bool = False) -> list[Batch]:
    """Poll until nothing comes any more; return the batches that hold messages."""
    found: list[Batch] = []
    while batches := subscription.poll(limit, quiet(subscription)):
        _joined.add(subscription)
        for batch in batches:
            if batch.messages:
                found.append(batch)
                if commit:
                    subscription.commit(batch.partition, batch.next)
    return found


def settled(*members: Subscription) -> list[list[Batch]]:
    """Let the members of a group share out the partitions; return what each was told meanwhile."""
    told: list[list[Batch]] = [[] for _ in members]
    embedded = all(isinstance(member, SqliteSubscription) for member in members)
    begun, rounds = time.monotonic(), 0
    while rounds < 3 if embedded else time.monotonic() - begun < _SHARE_S:
        rounds += 1
        for member, heard in zip(members, told, strict=True):
            moves = member.poll(0, 0.0 if embedded else 0.05)
            if moves:
                begun = time.monotonic()
                _joined.add(member)
            heard += moves
    return told
