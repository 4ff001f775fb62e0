"""When an incident is next due by the clock alone: it closes, waits too long, or is known for many people."""

from __future__ import annotations

import heapq

from incidents.amplification import SEEN
from incidents.demands import unanswered_since
from incidents.indicators import AGES
from incidents.policy import SLOW, Policy, after, up
from incidents.records import Group

__all__ = ["Agenda", "closes_at", "due_of"]


def closes_at(group: Group, policy: Policy) -> int:
    """Return when an incident closes for want of posts; letters come slowly, so they wait longer."""
    return group.last_at + policy.close * (policy.slow_factor if group.kind in SLOW else 1)


def due_of(group: Group, policy: Policy, now: int) -> int | None:
    """Return the first boundary after `now` on which time alone changes an incident, None where none does."""
    if not group.revision or group.closed or group.into:
        return None
    moments = [closes_at(group, policy)]
    if group.shown and not group.quiet:
        moments.append(group.last_at + policy.quiet)
    since = unanswered_since(group)
    coming = [up(at) for at in moments]
    coming = [max(at, after(now)) for at in coming]
    if since is not None:
        coming += [up(since + age) for age in AGES if up(since + age) > now]
    if group.shown:
        coming += [at for at in (up(group.opened_at + SEEN), up(group.last_at + SEEN)) if at > now]
    return min(coming)


class Agenda:
    """Groups in order of their next due boundary."""

    def __init__(self) -> None:
        self._due: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []

    def plan(self, group: Group, policy: Policy, now: int) -> None:
        """Note when a group is due next."""
        due = due_of(group, policy, now)
        if due is None:
            self._due.pop(group.id, None)
        elif self._due.get(group.id) != due:
            self._due[group.id] = due
            heapq.heappush(self._heap, (due, group.id))

    @property
    def due(self) -> int | None:
        """The next due boundary."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take(self, now: int) -> list[str]:
        """Return the groups that are due, in order of their ids."""
        found = []
        while (due := self.due) is not None and due <= now:
            name = heapq.heappop(self._heap)[1]
            del self._due[name]
            found.append(name)
        return sorted(found)
