"""Dead letters in a topic of their own: pointers that are put and dropped, folded from the beginning."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from stream.deadletter import DeadLetter
from stream.kafka import KafkaLog
from stream.log import Message
from stream.topics import DEADLETTERS

__all__ = ["KafkaDeadLetters"]


class _Put(Struct, frozen=True, tag="put"):
    letter: DeadLetter


class _Drop(Struct, frozen=True, tag="drop"):
    letter: DeadLetter


_decoder = msgspec.json.Decoder(_Put | _Drop)


class KafkaDeadLetters:
    """A DeadLetterBox on the log's own cluster, shared by every process; the topic forgets after 30 days."""

    def __init__(self, log: KafkaLog) -> None:
        self._log = log

    def put(self, letter: DeadLetter) -> None:
        """Keep a dead letter; the same place and stage again replaces it."""
        self._log.append(DEADLETTERS, [Message(letter.topic, msgspec.json.encode(_Put(letter)))])

    def all(self) -> list[DeadLetter]:
        """Return every dead letter, by topic, partition, offset and stage."""
        kept: dict[tuple[str, int, int, str], DeadLetter] = {}
        (offset, end), *_ = self._log.ends(DEADLETTERS)
        while page := self._log.page(DEADLETTERS, 0, offset, end):
            for _, message in page:
                match _decoder.decode(message.value):
                    case _Put(letter):
                        kept[_place(letter)] = letter
                    case _Drop(letter):
                        kept.pop(_place(letter), None)
            offset = page[-1][0] + 1
        return [kept[place] for place in sorted(kept)]

    def drop(self, letter: DeadLetter) -> bool:
        """Forget a dead letter; tell whether it was there."""
        if not any(_place(kept) == _place(letter) for kept in self.all()):
            return False
        self._log.append(DEADLETTERS, [Message(letter.topic, msgspec.json.encode(_Drop(letter)))])
        return True


def _place(letter: DeadLetter) -> tuple[str, int, int, str]:
    return letter.topic, letter.partition, letter.offset, letter.stage
