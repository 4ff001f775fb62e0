"""Official answers join the incident of the post they answer; offices are no residents."""

from __future__ import annotations

from itertools import zip_longest

from answerable.demand import Answer
from answerable.post import AnalysedPost
from incidents import demands
from incidents.memory import Memory, Waiting
from incidents.records import Group, PostRecord

__all__ = ["take_answer", "waited_for"]

_MOST = 1000


def take_answer(memory: Memory, item: AnalysedPost) -> Group | None:
    """Take an office's answer; one that answers no known post waits for that post to arrive.

    An answer that comes again is the same answer, also in another revision.
    """
    post = item.post
    known = memory.records.get(post.id)
    if known is not None:
        return _again(memory, known, post.revision, post.seen_at)
    record = PostRecord(
        id=post.id, seq=memory.head.seq, at=memory.head.clock, published_at=min(post.published_at, memory.head.clock),
        kind=post.kind, source=post.source, lang=item.analysis.lang, group="", learned=0, revision=post.revision,
        seen=post.seen_at,
    )  # fmt: skip
    target = post.reply_to or ""
    said = demands.sort_of(item.analysis.reply), _promised(item)
    answered = memory.records.get(target)
    if answered is None:
        _wait(memory, target, record, said)
        return None
    group = memory.groups[answered.group]
    _join(memory, group, record)
    _answered(memory, group, record.published_at, *said)
    return group


def waited_for(memory: Memory, group: Group, post: str) -> None:
    """Apply answers that came before the post they answer; they arrive right after it."""
    waiting = memory.waiting.pop(post, None)
    if waiting is None:
        return
    memory.touch(f"o/{post}")
    for record in waiting.posts:
        memory.head.seq += 1
        record.seq, record.at = memory.head.seq, memory.head.clock
        _join(memory, group, record)
    for at, said in zip_longest(waiting.answers, waiting.said):
        _answered(memory, group, at, *(said or (Answer.OTHER, 0)))


def _again(memory: Memory, known: PostRecord, revision: int, seen: int) -> Group | None:
    """Take a known answer with a higher revision: it stands again where its earlier form was forgotten."""
    if revision <= known.revision:
        return None
    known.revision, known.seen = revision, seen
    memory.touch(f"p/{known.id}")
    if not known.gone:
        return None
    known.gone = False
    group = memory.groups[known.group]
    group.vanished -= 1
    memory.touch_group(group)
    return group


def _join(memory: Memory, group: Group, record: PostRecord) -> None:
    record.group = group.id
    memory.records[record.id] = record
    memory.touch(f"p/{record.id}")
    memory.enlist(record)
    memory.arrived.append(record.id)


def _promised(item: AnalysedPost) -> int:
    return (item.analysis.reply.due_at or 0) if item.analysis.reply is not None else 0


def _answered(memory: Memory, group: Group, at: int, what: str, due_at: int) -> None:
    group.kinds["official"] = group.kinds.get("official", 0) + 1
    group.replies += 1
    group.answered_at = max(group.answered_at or at, at)
    demands.answer(group, at, Answer(what), due_at)
    memory.touch_group(group)


def _wait(memory: Memory, target: str, record: PostRecord, said: tuple[str, int]) -> None:
    waiting = memory.waiting.setdefault(target, Waiting([], memory.head.clock))
    if any(other.id == record.id for other in waiting.posts):
        return
    waiting.answers.append(record.published_at)
    waiting.said.append(said)
    waiting.posts.append(record)
    memory.touch(f"o/{target}")
    if len(memory.waiting) > _MOST:
        oldest = min(memory.waiting, key=lambda post: (memory.waiting[post].since, post))
        del memory.waiting[oldest]
        memory.touch(f"o/{oldest}")
