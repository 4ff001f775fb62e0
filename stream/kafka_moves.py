"""Which partitions came to a member of a group and went from it, until that is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from stream.kafka_library import ConsumerRebalanceListener, TopicPartition

__all__ = ["Moves"]


class Moves(ConsumerRebalanceListener):  # type: ignore[misc] # the client ships no types
    """Notes what the client reports while it is polled; `pause` is called at once for what arrives.

    >>> moves = Moves(lambda partitions: None)
    >>> moves.on_partitions_assigned([TopicPartition("t", 1), TopicPartition("t", 0)])
    >>> moves.on_partitions_revoked([TopicPartition("t", 1)])
    >>> moves.arrived, moves.gone
    ([0], [])

    What arrived and went before anybody heard of it is not told; what went and came back is both.
    """

    def __init__(self, pause: Callable[[list[int]], None]) -> None:
        self._pause = pause
        self.arrived: list[int] = []
        self.gone: list[int] = []

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Note partitions that came."""
        came = sorted(place.partition for place in assigned)
        self._pause(came)
        self.arrived += came

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Note partitions that went, also those that were lost with the membership."""
        went = sorted(place.partition for place in revoked)
        self.gone += [partition for partition in went if partition not in self.arrived]
        self.arrived = [partition for partition in self.arrived if partition not in went]
