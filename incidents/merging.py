"""Letting one group go into another: records, terms, people and counts move; nothing is counted twice."""

from __future__ import annotations

from incidents.counting import merge_counts
from incidents.memory import Memory
from incidents.records import Group, unpack

__all__ = ["absorb", "direction"]


def direction(one: Group, other: Group) -> tuple[Group, Group]:
    """Return (goes, stays): what people see stays, else the larger, else the older."""
    first, second = sorted((one, other), key=lambda g: (not g.shown, not g.revision, -g.posts, g.seq))
    return second, first


def absorb(memory: Memory, group: Group, into: Group) -> None:
    """Let `group` go into `into` for good; an author of a day that speaks in both counts once.

    What is left of `group` is a pointer, for late corrections and for the update that tells of the merge.
    """
    overlaps = _doubles(memory, group, into)
    for post in memory.members[group.id]:
        record = memory.records[post]
        if post in overlaps and record.first:
            record.first = False
            memory.sums.uncount(group.id, unpack(record.vector))
        record.group = into.id
        memory.touch(f"p/{post}")
        memory.head.moved.append(post)
    if group.live and not into.live:
        memory.relive(into)
    merge_counts(memory, group, into)
    if group.live:
        memory.sums.merge(group.id, into.id)
    elif into.live:
        _add_terms(memory, group.id, into.id)
    moved = memory.members.pop(group.id)
    memory.members[into.id] = sorted([*memory.members[into.id], *moved], key=lambda post: memory.records[post].seq)
    group.into, group.live = into.id, False
    memory.touched.pop(group.id, None)
    memory.retell.pop(group.id, None)
    memory.touch(f"g/{group.id}")
    memory.touch_group(into)
    if not group.revision:
        del memory.groups[group.id]


def _doubles(memory: Memory, group: Group, into: Group) -> frozenset[str]:
    """Return the posts of `group` whose author was counted in `into` on the same day."""
    found = []
    for post in memory.members[group.id]:
        live = memory.live.get(post)
        if live is not None and memory.people.has(into.id, "", live.day, live.token):
            found.append(post)
    return frozenset(found)


def _add_terms(memory: Memory, group: str, into: str) -> None:
    for post in memory.members[group]:
        record = memory.records[post]
        if record.vector:
            memory.sums.add(into, unpack(record.vector), record.first)
