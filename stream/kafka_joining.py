"""A group's member that finds its share also where it is polled only now and then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from stream.kafka_library import KafkaConsumer

__all__ = ["Member"]


class _Task(Protocol):
    is_done: bool

    def add_callback(self, call: Callable[[object], object]) -> object: ...

    def add_errback(self, call: Callable[[BaseException], object]) -> object: ...


class _Answer:
    """A join's answer that counts as done only when it is asked for a second time."""

    def __init__(self, task: _Task) -> None:
        self.task = task
        self._seen = False

    @property
    def is_done(self) -> bool:
        seen, self._seen = self._seen, self.task.is_done
        return seen

    def add_callback(self, call: Callable[[object], object]) -> object:
        return self.task.add_callback(call)

    def add_errback(self, call: Callable[[BaseException], object]) -> object:
        return self.task.add_errback(call)


class Member(KafkaConsumer):  # type: ignore[misc] # the client ships no types
    """A consumer whose joining goes on between polls and is taken up by the next one.

    The library (3.0.12) loses an answer that comes between two polls: it joins again, or, where the join was for
    the sake of changed topics, believes that it need not join any more. A member polled without waiting then
    never gets its share, and disturbs the others.
    """

    @property
    def settled(self) -> bool:
        """Tell whether the group's partitions are shared out, so that offsets can be committed."""
        return bool(self._coordinator.stable())

    def poll(self, *arguments: object, **named: object) -> Any:
        """Poll as the library does, and keep the answer that is still on its way."""
        try:
            return super().poll(*arguments, **named)
        finally:
            coordinator = self._coordinator
            if coordinator._join_task is not None:
                coordinator.request_rejoin()
                if not isinstance(coordinator._join_task, _Answer):
                    coordinator._join_task = _Answer(coordinator._join_task)
