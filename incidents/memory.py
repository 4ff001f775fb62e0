"""All that one area's fold holds, and which small entries of it changed since they were last stored.

The entries are the truth: everything else (term sums, inverted index, signatures, tokens by group, order of
expiry) is a pure function of them, so that a fold restored from them goes on with the same bytes.
"""

from __future__ import annotations

from collections import deque

import msgspec
from msgspec import Struct

from incidents.baseline import Baseline
from incidents.duplicates import Twins
from incidents.groups import Groups
from incidents.idf import Idf
from incidents.people import People
from incidents.policy import SLOW, Policy, up
from incidents.records import Group, Live, PostRecord, unpack

__all__ = ["Head", "Memory", "Waiting"]


class Head(Struct, array_like=True):
    """The area's clock and counters.

    `seq` numbers its records; those up to `settled` were evaluated and their memberships told, those up to
    `frozen` weigh in the idf. `fresh_fast` and `fresh_slow` count posts since groups were last compared,
    letters up to record `merged_slow`, at `merged_slow_at`. `moved` are posts whose membership changed since.
    """

    clock: int = 0
    seq: int = 0
    settled: int = 0
    frozen: int = 0
    fresh_fast: int = 0
    fresh_slow: int = 0
    merged_slow: int = 0
    merged_slow_at: int = 0
    moved: list[str] = []


class Waiting(Struct, array_like=True):
    """Official answers to a post that has not arrived: times, since when the first waits, records, what they say.

    `said` are (sort of answer, promised date or 0), one an answer.
    """

    answers: list[int]
    since: int
    posts: list[PostRecord] = []
    said: list[tuple[str, int]] = []


class Memory:
    """One area's records, groups and indexes; `touch` marks an entry as changed."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.head = Head()
        self.records: dict[str, PostRecord] = {}
        self.groups: dict[str, Group] = {}
        self.live: dict[str, Live] = {}
        self.usual: dict[str, Baseline] = {}
        self.words: dict[int, str] = {}
        self.waiting: dict[str, Waiting] = {}
        self.members: dict[str, list[str]] = {}
        self.arrived: list[str] = []
        self.touched: dict[str, None] = {}
        self.retell: dict[str, None] = {}
        self.idf, self.sums, self.people = Idf(), Groups(), People()
        self.twins = Twins(policy.twin_age)
        self.tokens: deque[str] = deque()
        self.fast: deque[str] = deque()
        self.slow: deque[str] = deque()
        self._dirty: dict[str, None] = {}

    def touch(self, key: str) -> None:
        """Mark an entry as changed (or gone)."""
        self._dirty[key] = None

    def touch_group(self, group: Group) -> None:
        """Mark a group as changed by the present record, to be looked at on the next boundary."""
        group.changed = self.head.seq
        self.touched[group.id] = None
        self._dirty[f"g/{group.id}"] = None

    def changes(self) -> dict[str, bytes | None]:
        """Return the entries that changed since the last call, None for those that are gone."""
        self._dirty["h"] = None
        found = {key: self._encode(key) for key in sorted(self._dirty)}
        self._dirty = {}
        return found

    def unkept(self) -> None:
        """Let go of which entries changed: they are never to be stored."""
        self._dirty = {}

    def _encode(self, key: str) -> bytes | None:
        family, _, name = key.partition("/")
        value: object = None
        match family:
            case "h":
                value = self.head
            case "p":
                value = self.records.get(name)
            case "g":
                value = self.groups.get(name)
            case "a":
                value = self.live.get(name)
            case "b":
                value = self.usual.get(name)
            case "w":
                value = self.words.get(int(name, 16))
            case "o":
                value = self.waiting.get(name)
        return None if value is None else _encoder.encode(value)

    def restore(self, items: dict[str, bytes]) -> None:
        """Take over stored entries and rebuild what follows from them."""
        for key, data in items.items():
            self._decode(key, data)
        self.groups = {group.id: group for group in sorted(self.groups.values(), key=lambda g: g.seq)}
        self.records = {record.id: record for record in sorted(self.records.values(), key=lambda r: r.seq)}
        for record in self.records.values():
            self._reindex(record)
        groups = [group for group in self.groups.values() if not group.into]
        for group in groups:
            if group.closed and not group.settled:  # closed before it was noted how many had spoken
                group.settled = group.residents
        self.touched = {g.id: None for g in groups if g.changed > self.head.settled or g.waits}
        self.retell = {g.id: None for g in groups if g.retell}

    def _decode(self, key: str, data: bytes) -> None:
        family, _, name = key.partition("/")
        match family:
            case "h":
                self.head = msgspec.msgpack.decode(data, type=Head)
            case "p":
                self.records[name] = _records.decode(data)
            case "g":
                self.groups[name] = _groups.decode(data)
            case "a":
                self.live[name] = _lives.decode(data)
            case "b":
                self.usual[name] = msgspec.msgpack.decode(data, type=Baseline)
            case "w":
                self.words[int(name, 16)] = msgspec.msgpack.decode(data, type=str)
            case "o":
                self.waiting[name] = msgspec.msgpack.decode(data, type=Waiting)

    def _reindex(self, record: PostRecord) -> None:
        self.enlist(record)
        if record.seq > self.head.settled:
            self.arrived.append(record.id)
        if record.twin:
            self.twins.members.setdefault(record.twin, [record.twin]).append(record.id)
        vector = unpack(record.vector)
        if vector and not record.gone:
            self.idf.remember((term for term, _ in vector), record.learned <= self.head.frozen)
            if self.groups[record.group].live:
                self.sums.add(record.group, vector, record.first)
        if record.signature and up(record.at + self.policy.twin_age) > self.head.clock:
            self.twins.add(record.id, record.published_at, record.signature, record.at)
        live = self.live.get(record.id)
        if live is not None:
            self.tokens.append(record.id)
            for facet in live.facets:
                self.people.add(record.group, facet, live.day, live.token)

    def enlist(self, record: PostRecord) -> None:
        """Note a post among its group's members and in the order in which records expire."""
        self.members.setdefault(record.group, []).append(record.id)
        (self.slow if record.kind in SLOW else self.fast).append(record.id)

    def relive(self, group: Group) -> None:
        """Let a group take posts again, with the terms of those still remembered."""
        group.live = True
        for post in self.members[group.id]:
            record = self.records[post]
            if record.vector and not record.gone:
                self.sums.add(group.id, unpack(record.vector), record.first)
        self.touch(f"g/{group.id}")

    def retire(self, group: Group) -> None:
        """Let a group take no more posts by their terms."""
        group.live = False
        self.sums.retire(group.id)
        self.touch(f"g/{group.id}")


_encoder = msgspec.msgpack.Encoder()
_records = msgspec.msgpack.Decoder(PostRecord)
_groups = msgspec.msgpack.Decoder(Group)
_lives = msgspec.msgpack.Decoder(Live)
