"""What a deletion takes away: terms and signature, never a count; and what age takes away."""

from __future__ import annotations

from collections import deque

from answerable.post import Forget
from incidents.memory import Memory
from incidents.policy import up
from incidents.records import Group, PostRecord, unpack

__all__ = ["due", "expire", "forget", "forget_token", "shrink"]


def forget(memory: Memory, asked: Forget) -> Group | None:
    """Drop what a deleted post said; its group shows one more as vanished and loses nothing else.

    Nothing happens the second time, nor where an edited post came in its new form already.
    """
    record = memory.records.get(asked.id)
    if record is None or record.gone or (asked.edited and record.seen >= asked.at):
        return None
    group = memory.groups[record.group]
    _drop_terms(memory, record)
    record.gone = True
    _drop_signature(memory, record)
    _new_representative(memory, record)
    group.vanished += 1
    memory.touch(f"p/{record.id}")
    memory.touch_group(group)
    return group


def _drop_terms(memory: Memory, record: PostRecord) -> None:
    vector = unpack(record.vector)
    record.vector = b""
    if not vector:
        return
    memory.sums.take(record.group, vector, record.first)
    for term in memory.idf.drop((term for term, _ in vector), record.learned <= memory.head.frozen):
        if memory.words.pop(term, None) is not None:
            memory.touch(f"w/{term:x}")


def _drop_signature(memory: Memory, record: PostRecord) -> None:
    if record.signature:
        memory.twins.forget(record.id, record.signature)
        record.signature = b""


def _new_representative(memory: Memory, record: PostRecord) -> None:
    """Let the smallest copy that still stands represent, where the representative is gone."""
    members = memory.twins.members.pop(record.id, [])
    left = [post for post in members if post in memory.records and not memory.records[post].gone]
    if not left:
        return
    root = min(left)
    memory.twins.members[root] = left
    for post in left:
        copy = memory.records[post]
        copy.twin = "" if post == root else root
        memory.touch(f"p/{post}")
        memory.head.moved.append(post)


def due(memory: Memory) -> int | None:
    """Return the boundary on which the next token, signature or record leaves the state."""
    policy = memory.policy
    orders = (memory.tokens, policy.token_age), (memory.fast, policy.fast_age), (memory.slow, policy.slow_age)
    ends = [_first(memory, order) + age for order, age in orders if order]
    oldest = memory.twins.oldest
    return min(map(up, ends if oldest is None else [*ends, oldest + policy.twin_age]), default=None)


def _first(memory: Memory, order: deque[str]) -> int:
    """Return when the first post of an order arrived."""
    return memory.records[order[0]].at


def expire(memory: Memory, now: int) -> None:
    """Let tokens, signatures and records go that are older than their policy."""
    policy = memory.policy
    while memory.tokens and _first(memory, memory.tokens) + policy.token_age <= now:
        forget_token(memory, memory.tokens[0])
    for post in memory.twins.expire(now):
        if post in memory.records:
            memory.records[post].signature = b""
            memory.touch(f"p/{post}")
    for order, age in ((memory.fast, policy.fast_age), (memory.slow, policy.slow_age)):
        while order and _first(memory, order) + age <= now:
            _drop_record(memory, order.popleft())


def shrink(memory: Memory) -> None:
    """Let the oldest records go where an area holds more than its policy allows."""
    while len(memory.records) > memory.policy.records:
        heads = [order for order in (memory.fast, memory.slow) if order]
        _drop_record(memory, min(heads, key=lambda order: (_first(memory, order), order[0])).popleft())


def forget_token(memory: Memory, post: str) -> None:
    """Let an author's token go; what it was counted under stays counted."""
    live = memory.live.pop(post, None)
    if live is None:
        return
    memory.tokens.remove(post)  # it stands at or near the front
    group = memory.records[post].group
    for facet in live.facets:
        memory.people.drop(group, facet, live.day, live.token)
    memory.touch(f"a/{post}")


def _drop_record(memory: Memory, post: str) -> None:
    record = memory.records[post]
    _drop_terms(memory, record)
    _drop_signature(memory, record)
    forget_token(memory, post)
    del memory.records[post]
    memory.touch(f"p/{post}")
    members = memory.members[record.group]
    members.remove(post)
    copies = memory.twins.members.get(record.twin or post)
    if copies and post in copies:
        copies.remove(post)
    group = memory.groups[record.group]
    if not members and (group.closed or not group.revision):
        memory.sums.retire(group.id)
        del memory.groups[group.id], memory.members[group.id]
        memory.touched.pop(group.id, None)
        memory.touch(f"g/{group.id}")
