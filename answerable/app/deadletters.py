"""What can be done about dead letters: hand in again what they point at, or let them go.

A message is handed in again by appending it once more to the partition it lies in; its letter is let go after that.
Every group of the topic meets the message twice, and passes over what it took in before: folds and index know posts
by (id, revision), desk and index know incidents by (id, revision) and the ledger's events by their version, and a
post that was forgotten is forgotten once. So whoever is killed in between may do the same again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Protocol

import msgspec
from msgspec import Struct, structs

from answerable.app.pointed import message_of, read
from answerable.errors import DecodeError, Refused
from answerable.post import AnalysedPost, Forget, Post
from stream.deadletter import DeadLetter, DeadLetterBox
from stream.log import Log, Message, Recorded
from stream.marks import mark

__all__ = ["Asked", "Do", "Outcome", "Plan", "chosen", "do", "name", "planned"]

_READ = 2000


class Do(StrEnum):
    """What is asked for."""

    REPLAY = "replay"
    DROP = "drop"


class Outcome(StrEnum):
    """What became of a letter; what has expired or cannot be read stays where it is."""

    REPLAYED = "replayed"
    DROPPED = "dropped"
    FORGOTTEN = "forgotten"  # its post was deleted or edited since, so that only the letter goes
    GONE = "gone"  # somebody else replayed or dropped it just now
    EXPIRED = "expired"
    UNREADABLE = "unreadable"


class Asked(Struct, frozen=True):
    """What whoever writes the log is asked to do, with which letters."""

    what: Do
    letters: tuple[DeadLetter, ...]


class _Log(Log, Recorded, Protocol):
    pass


class Plan(Struct, frozen=True):
    """What will become of the letters of one message, and that message where it can be read; `post` if it has one."""

    letters: tuple[DeadLetter, ...]
    outcome: Outcome
    message: Message | None = None
    post: Post | None = None


def name(letter: DeadLetter) -> str:
    """Return what people call a letter: topic, partition, offset and stage.

    >>> name(DeadLetter("posts.analysed", 7, 1234, "index", "ValueError", 3, 60))
    'posts.analysed/7/1234/index'
    """
    return f"{letter.topic}/{letter.partition}/{letter.offset}/{letter.stage}"


def chosen(letters: Iterable[DeadLetter], names: Sequence[str] = (), stage: str | None = None) -> list[DeadLetter]:
    """Return the letters of these names, or all of them, of one stage where it is given; Refused at a wrong name."""
    there = {name(letter): letter for letter in letters}
    for missing in (one for one in names if one not in there):
        raise Refused(f"there is no dead letter {missing!r}; `answerable deadletter list` names those there are")
    found = [there[one] for one in dict.fromkeys(names)] if names else list(there.values())
    return [letter for letter in found if stage in (None, letter.stage)]


def planned(letters: Iterable[DeadLetter], log: Recorded) -> list[Plan]:
    """Say for each message what a replay of its letters would do, in the order of their places."""
    plans = [_plan(tuple(group), log) for _, group in groupby(sorted(letters), key=_place)]
    return [plan for _, group in groupby(plans, key=_partition) for plan in _without_forgotten(list(group), log)]


def do(log: _Log, box: DeadLetterBox, asked: Asked) -> tuple[Outcome, ...]:
    """Do what is asked; return what became of each letter, in the order given. Raises Unavailable."""
    there = {name(letter) for letter in box.all()}
    letters = [letter for letter in asked.letters if name(letter) in there]
    done: dict[str, Outcome] = {}
    plans = planned(letters, log) if asked.what is Do.REPLAY else [Plan((one,), Outcome.DROPPED) for one in letters]
    for plan in plans:
        first = plan.letters[0]
        if plan.outcome is Outcome.REPLAYED and plan.message is not None:
            log.append(first.topic, [plan.message], first.partition)
            mark("dead letter replayed")
        if plan.outcome not in (Outcome.EXPIRED, Outcome.UNREADABLE):
            for letter in plan.letters:
                box.drop(letter)
        done |= {name(letter): plan.outcome for letter in plan.letters}
    return tuple(done.get(name(letter), Outcome.GONE) for letter in asked.letters)


def _place(letter: DeadLetter) -> tuple[str, int, int]:
    return letter.topic, letter.partition, letter.offset


def _partition(plan: Plan) -> tuple[str, int]:
    return plan.letters[0].topic, plan.letters[0].partition


def _plan(letters: tuple[DeadLetter, ...], log: Recorded) -> Plan:
    message = message_of(letters[0], log)
    if message is None:
        return Plan(letters, Outcome.EXPIRED)
    try:
        said = read(letters[0].topic, message)
    except DecodeError:
        return Plan(letters, Outcome.UNREADABLE)
    post = said.post if isinstance(said, AnalysedPost) else said if isinstance(said, Post) else None
    return Plan(letters, Outcome.REPLAYED, message, post)


def _without_forgotten(plans: list[Plan], log: Recorded) -> Iterator[Plan]:
    """Yield the plans of one partition; a post that was forgotten after it was set aside must not come back.

    A Forget lies behind its post in the same partition, and is kept for longer.
    """
    posts = [plan for plan in plans if plan.post is not None]
    forgets: dict[str, int] = {}
    for post, before in _forgets(posts[0].letters[0], log) if posts else ():
        forgets[post] = max(before, forgets.get(post, 0))
    for plan in plans:
        before = forgets.get(plan.post.id, 0) if plan.post is not None else 0
        gone = plan.post is not None and plan.post.seen_at < before
        yield structs.replace(plan, outcome=Outcome.FORGOTTEN) if gone else plan


def _forgets(start: DeadLetter, log: Recorded) -> Iterator[tuple[str, int]]:
    """Yield (post, before when it was seen) for each Forget from a place on."""
    offset = start.offset
    while messages := log.read(start.topic, start.partition, offset, _READ):
        for message in messages:
            try:
                found = _glances.decode(message.value)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                continue  # it was set aside itself
            if found.type == _FORGET:
                yield found.id, found.at if found.edited else _FOR_EVER
        offset += len(messages)


class _Glance(Struct):
    """The fields of a Forget, skipping all else: a partition holds millions of posts."""

    type: str = ""
    id: str = ""
    at: int = 0
    edited: bool = False


_glances = msgspec.msgpack.Decoder(_Glance)
_FORGET = Forget.__struct_config__.tag
_FOR_EVER = 2**62
