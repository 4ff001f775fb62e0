"""The ways to the dead letters of a desk: what looks at them disturbs no writer, what changes them is the writer's.

With the embedded log that is the desk that runs, reached through its door, or this process where none runs. With
a log on a server it is whoever asks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager

from msgspec import Struct

from answerable.app import deadletters, files, wiring
from answerable.app.deadletters import Asked, Do, Outcome
from answerable.app.door import hand_letters, only_one
from answerable.app.pointed import message_of
from answerable.errors import Unavailable
from answerable.settings import Settings
from stream.deadletter import DeadLetter
from stream.log import Recorded
from stream.view import SqliteLogView

__all__ = ["Sight", "Watch", "hand_in", "sight"]

_CHUNK = 500
_LOOK_S = 0.25


class Sight(Struct, frozen=True):
    """The log and its dead letters, for reading."""

    log: Recorded
    letters: Callable[[], list[DeadLetter]]


@contextmanager
def sight(settings: Settings) -> Iterator[Sight]:
    """Look at the log that the settings name; raise Unavailable where it cannot be reached."""
    if settings.stream.engine == "embedded":
        with closing(SqliteLogView(files.data_dir(settings) / "log.db")) as view:
            yield Sight(view, view.all)
    else:
        streams = wiring.streams(settings)
        with closing(streams.log):
            yield Sight(streams.log, streams.deadletters.all)


def hand_in(settings: Settings, asked: Asked) -> tuple[list[Outcome], bool]:
    """Have it done, a few hundred letters at a time; tell also whether anybody handles messages while it is done."""
    chunks = [asked.letters[place : place + _CHUNK] for place in range(0, len(asked.letters), _CHUNK)]
    with _way_in(settings) as (ask, running):
        return [outcome for chunk in chunks for outcome in ask(Asked(asked.what, chunk))], running


@contextmanager
def _way_in(settings: Settings) -> Iterator[tuple[Callable[[Asked], Sequence[Outcome]], bool]]:
    """Find whoever may write: the running desk, or this process where none runs or the log is on a server."""
    folder, embedded = files.data_dir(settings), settings.stream.engine == "embedded"
    with ExitStack() as held:
        if embedded:
            try:
                hand_letters(folder, Asked(Do.DROP, ()))
            except Unavailable as reason:
                try:
                    held.enter_context(only_one(folder))
                except Unavailable:
                    raise reason from None
            else:
                yield lambda asked: hand_letters(folder, asked), True
                return
        streams = wiring.streams(settings)
        held.enter_context(closing(streams.log))
        yield lambda asked: deadletters.do(streams.log, streams.deadletters, asked), not embedded


class Watch:
    """Sees which of some letters' messages are set aside again once they were replayed; made before they are."""

    def __init__(self, seen: Sight, letters: Sequence[DeadLetter]) -> None:
        self._seen = seen
        self._before = set(seen.letters())
        self._messages = {(letter.topic, letter.stage, message_of(letter, seen.log)) for letter in letters}

    def again(self, seconds: float) -> list[DeadLetter]:
        """Return the letters of what was set aside again; waits until every stage has caught up, or so long."""
        until = time.monotonic() + seconds
        while self._waiting() and time.monotonic() < until:
            time.sleep(_LOOK_S)
        fresh = [letter for letter in self._seen.letters() if letter not in self._before]
        return [one for one in fresh if (one.topic, one.stage, message_of(one, self._seen.log)) in self._messages]

    def _waiting(self) -> bool:
        stages = sorted({(topic, stage) for topic, stage, _ in self._messages})
        return any(self._seen.log.backlog(topic, stage) for topic, stage in stages)
