"""People's corrections: they stand in the log, so that a replay repeats them."""

from __future__ import annotations

from answerable.incident import incident_id
from answerable.post import Correction, CorrectionKind
from incidents import series
from incidents.memory import Memory
from incidents.merging import absorb
from incidents.records import Group, PostRecord, unpack

__all__ = ["correct"]


def correct(memory: Memory, correction: Correction) -> list[Group]:
    """Apply a correction; return the groups it changed, one merged away first; none where it was applied before.

    Merge lets the incident go into the one named by `value`. Split takes the posts named by `value` out
    into a group of their own, and the two never merge again by themselves; votes and people counted stay
    with the old one.
    """
    group = find(memory, correction.incident)
    if group is None:
        return []
    value = correction.value
    match correction.kind:
        case CorrectionKind.MERGE:
            into = find(memory, value)
            if into is None or into is group:
                return []
            absorb(memory, group, into)
            return [group, into]
        case CorrectionKind.SPLIT:
            return _split(memory, group, correction)
        case CorrectionKind.PLACE | CorrectionKind.OFFICE | CorrectionKind.TOPIC | CorrectionKind.TITLE:
            if getattr(group, correction.kind.value) == value:
                return []
            setattr(group, correction.kind.value, value)
    memory.touch_group(group)
    return [group]


def find(memory: Memory, name: str) -> Group | None:
    """Return the group an id leads to, through every merge."""
    group = memory.groups.get(name)
    while group is not None and group.into:
        group = memory.groups.get(group.into)
    return group


def _split(memory: Memory, group: Group, correction: Correction) -> list[Group]:
    named = [post.strip() for post in correction.value.split(",")]
    taken = [memory.records[post] for post in named if post in memory.records]
    taken = sorted((r for r in taken if r.group == group.id), key=lambda r: (r.published_at, r.id))
    if not taken or len(taken) == len(memory.members[group.id]):
        return []
    first = taken[0]
    new = Group(
        id=incident_id(correction.area, f"{first.id}/{memory.head.seq}"), first_post=first.id, seq=memory.head.seq,
        changed=memory.head.seq, first_at=first.published_at, last_at=first.published_at, kind=first.kind,
        lang=first.lang, live=group.live, topics=dict(group.topics), offices=dict(group.offices),
    )  # fmt: skip
    memory.groups[new.id], memory.members[new.id] = new, []
    for record in taken:
        _move(memory, record, group, new)
    new.apart, group.apart = (group.id,), tuple(sorted({*group.apart, new.id}))
    memory.touch_group(group)
    memory.touch_group(new)
    return [group, new]


def _move(memory: Memory, record: PostRecord, group: Group, new: Group) -> None:
    live = memory.live.get(record.id)
    if live is not None:
        for facet in live.facets:
            memory.people.drop(group.id, facet, live.day, live.token)
            memory.people.add(new.id, facet, live.day, live.token)
    vector = unpack(record.vector)
    if vector and group.live:
        memory.sums.take(group.id, vector, record.first)
        memory.sums.add(new.id, vector, record.first)
    memory.members[group.id].remove(record.id)
    memory.members[new.id].append(record.id)
    record.group = new.id
    memory.touch(f"p/{record.id}")
    memory.head.moved.append(record.id)
    group.posts -= 1
    new.posts += 1
    new.matter += 1
    new.last_at = max(new.last_at, record.published_at)
    for votes, value in ((new.kinds, record.kind.value), (new.sources, record.source), (new.langs, record.lang)):
        votes[value] = votes.get(value, 0) + 1
    if record.first:
        day = record.published_at // 86400
        least, most = new.days.get(day, (0, 0))
        new.days[day] = least + 1, most + 1
    series.count(new, record.published_at, record.first and not record.twin)
