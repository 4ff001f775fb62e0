"""Taking in one analysed post: is it known, is it a copy, which group does it join."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from sys import intern

from answerable.clock import HOUR
from answerable.incident import incident_id
from answerable.post import AnalysedPost, PlaceMention, Post, Term
from incidents import counting, titles
from incidents.answers import waited_for
from incidents.memory import Memory
from incidents.places import apart, elsewhere, settled
from incidents.policy import SLOW
from incidents.records import Group, PostRecord, Vector, pack
from incidents.thresholds import threshold

__all__ = ["take"]

_DECAY = 36 * HOUR
_SHARED = 3


def take(
    memory: Memory, item: AnalysedPost, area: str, district_of: Callable[[str, str], str | None]
) -> Group | None:
    """Take a post in; return the group it joined, None where nothing new was said."""
    post = item.post
    known = memory.records.get(post.id)
    if known is not None:
        return _again(memory, known, item)
    vector, words = memory.idf.vector(item.analysis.terms, item.analysis.lang)
    at = memory.head.clock
    record = PostRecord(
        id=post.id, seq=memory.head.seq, at=at, published_at=min(at, post.published_at), kind=post.kind,
        source=intern(post.source), lang=intern(item.analysis.lang), group="", learned=memory.head.seq,
        revision=post.revision, reach=_reach(post), vector=pack(vector), signature=item.analysis.signature,
        seen=min(at, post.seen_at),
    )  # fmt: skip
    _find_twin(memory, record, item.analysis.places)
    lies_in = partial(_districts, area=area, district_of=district_of)
    group = _choose(memory, record, vector, post, area, lies_in(settled(item.analysis.places, {})))
    places = settled(item.analysis.places, group.places)
    record.group = group.id
    memory.records[post.id] = record
    memory.touch(f"p/{post.id}")
    counting.count(memory, group, record, item, places, lies_in(places))
    _learn(memory, record, vector, words)
    memory.enlist(record)
    memory.arrived.append(record.id)
    memory.touch_group(group)
    waited_for(memory, group, post.id)
    return group


def _districts(places: Iterable[str], area: str, district_of: Callable[[str, str], str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for place in places if (found := district_of(place, area))))


def _reach(post: Post) -> int:
    return post.counts.replies + post.counts.reposts


def _again(memory: Memory, known: PostRecord, item: AnalysedPost) -> Group | None:
    """Take a known post with a higher revision: its counters grew, or it is the edited form of a forgotten one."""
    if item.post.revision <= known.revision:
        return None
    group = memory.groups[known.group]
    known.revision = item.post.revision
    group.reach += max(0, _reach(item.post) - known.reach)
    known.reach = max(known.reach, _reach(item.post))
    memory.touch(f"p/{known.id}")
    memory.touch_group(group)
    if known.gone:
        known.gone = False
        group.vanished -= 1
        vector, words = memory.idf.vector(item.analysis.terms, item.analysis.lang)
        known.vector, known.learned, known.seen = pack(vector), memory.head.seq, item.post.seen_at
        _learn(memory, known, vector, words)
    return group


def _find_twin(memory: Memory, record: PostRecord, mentions: Sequence[PlaceMention]) -> None:
    """Unite the post with the near-duplicates of the last 72 hours; one form filled in for two places is no copy."""
    twin = memory.twins.find(record.signature, record.published_at)
    memory.twins.add(record.id, record.published_at, record.signature, record.at)
    if twin is None:
        return
    other = memory.records[twin]
    named = memory.groups[other.group].places
    if record.signature != other.signature and apart(settled(mentions, named), named):
        return
    root = other.twin or twin
    keep, changed = memory.twins.unite(root, record.id)
    for post in changed:
        _point(memory, record if post == record.id else memory.records[post], keep)


def _point(memory: Memory, record: PostRecord, root: str) -> None:
    record.twin = root if root != record.id else ""
    memory.touch(f"p/{record.id}")
    if record.group:
        memory.head.moved.append(record.id)


def _choose(
    memory: Memory, record: PostRecord, vector: Vector, post: Post, area: str, districts: tuple[str, ...]
) -> Group:
    """Return the group of the post answered, copied or repeated; else the nearest; else a new one."""
    twins = memory.twins.members.get(record.twin or record.id, ())
    for other in (post.reply_to, post.repost_of, *twins):
        known = memory.records.get(other) if other and other != record.id else None
        if known is not None:
            group = memory.groups[known.group]
            if not group.live:
                memory.relive(group)
            return group
    least = threshold(record.lang, record.kind).join
    near = memory.sums.nearest(vector, _decay(memory, record, districts), least)
    if near is not None:
        return memory.groups[near[0]]
    return _open(memory, record, area)


def _decay(memory: Memory, record: PostRecord, districts: tuple[str, ...]) -> Callable[[str], float]:
    """Return how much less near a group is: for its age, or, with letters, calls and reports, for being elsewhere."""
    groups, at = memory.groups, record.published_at
    if record.kind in SLOW:
        named = dict.fromkeys(districts, 1)
        return lambda group: elsewhere(named, groups[group].districts)
    return lambda group: math.exp(-max(0, at - groups[group].last_at) / _DECAY)


def _open(memory: Memory, record: PostRecord, area: str) -> Group:
    group = Group(
        id=incident_id(area, record.id), first_post=record.id, seq=record.seq, changed=record.seq,
        first_at=record.published_at, last_at=record.published_at, kind=record.kind, lang=record.lang,
    )  # fmt: skip
    memory.groups[group.id] = group
    return group


def _learn(memory: Memory, record: PostRecord, vector: Vector, words: dict[int, Term]) -> None:
    """Let a post's terms weigh in its group and, later, in the idf; keep words that three posts hold."""
    if not vector:
        return
    memory.sums.add(record.group, vector, record.first)
    memory.idf.remember(term for term, _ in vector)
    for term, _ in vector:
        if term not in memory.words and memory.idf.count(term) >= _SHARED and titles.sayable(words[term]):
            memory.words[term] = words[term].shown or words[term].text
            memory.touch(f"w/{term:x}")
