"""Official answers join the incident of the post they answer; offices are no residents."""

from __future__ import annotations

from answerable.post import AnalysedPost
from incidents import demands
from incidents.memory import Memory, Waiting
from incidents.records import Group, PostRecord

__all__ = ["take_answer", "waited_for"]

_MOST = 1000


def take_answer(memory: Memory, item: AnalysedPost) -> Group | None:
    """Take an office's answer; one that answers no known post waits for that post to arrive."""
    post = item.post
    target = post.reply_to or ""
    known = memory.records.get(target)
    if known is None:
        _wait(memory, target, item)
        return None
    group = memory.groups[known.group]
    published = min(post.published_at, memory.head.clock)
    record = PostRecord(
        id=post.id, seq=memory.head.seq, at=memory.head.clock, published_at=published, kind=post.kind,
        source=post.source, lang=item.analysis.lang, group=group.id, learned=0,
    )  # fmt: skip
    memory.records[post.id] = record
    memory.touch(f"p/{post.id}")
    memory.enlist(record)
    memory.arrived.append(record.id)
    _answered(memory, group, published)
    return group


def waited_for(memory: Memory, group: Group, post: str) -> None:
    """Apply answers that came before the post they answer."""
    waiting = memory.waiting.pop(post, None)
    if waiting is None:
        return
    memory.touch(f"o/{post}")
    for at in waiting.answers:
        _answered(memory, group, at)


def _answered(memory: Memory, group: Group, at: int) -> None:
    group.kinds["official"] = group.kinds.get("official", 0) + 1
    group.replies += 1
    group.answered_at = max(group.answered_at or at, at)
    demands.answer(group, at)
    memory.touch_group(group)


def _wait(memory: Memory, target: str, item: AnalysedPost) -> None:
    waiting = memory.waiting.setdefault(target, Waiting([], memory.head.clock))
    waiting.answers.append(min(item.post.published_at, memory.head.clock))
    memory.touch(f"o/{target}")
    if len(memory.waiting) > _MOST:
        oldest = min(memory.waiting, key=lambda post: (memory.waiting[post].since, post))
        del memory.waiting[oldest]
        memory.touch(f"o/{oldest}")
