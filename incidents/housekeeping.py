"""What time alone makes due: expiry, freezing, merging, telling, memberships; each on its own boundary."""

from __future__ import annotations

from answerable.clock import DAY, HOUR
from answerable.incident import IncidentUpdate, Membership
from incidents import forgetting, gate, merge, merging, telling
from incidents.agenda import Agenda, closes_at
from incidents.memory import Memory
from incidents.policy import SLOW, Policy, after, up
from incidents.records import Group

__all__ = ["Housekeeping"]

_CHUNK = 1000
_SLOW_POSTS = 200
_SLOW_AGE = 30 * DAY
_PATIENCE = HOUR // 2


class Housekeeping:
    """Advances an area's clock; `due` is the next boundary with work, so that idle time costs nothing."""

    def __init__(self, area: str, memory: Memory, agenda: Agenda) -> None:
        self._area, self._memory, self._agenda = area, memory, agenda
        self._uncounted: dict[str, None] = {}
        self.due: int | None = None

    def resume(self) -> None:
        """Plan anew from a restored memory."""
        for group in self._memory.groups.values():
            self._plan(group)
        self.replan()

    def replan(self) -> None:
        """Find the next due boundary after something changed."""
        memory, head = self._memory, self._memory.head
        clock, every = head.clock, memory.policy.merge_every
        dues = [forgetting.due(memory), self._agenda.due]
        if memory.touched or memory.arrived or head.moved or memory.retell:
            dues.append(after(clock))
        if memory.idf.pending or self._uncounted:
            dues.append(after(clock, HOUR))
        if head.fresh_fast or head.fresh_slow >= _SLOW_POSTS:
            dues.append(after(clock, every))
        if head.fresh_slow:
            dues.append(max(after(clock, every), up(head.merged_slow_at + _SLOW_AGE, every)))
        self.due = min((due for due in dues if due is not None), default=None)

    def advance(self, at: int) -> list[IncidentUpdate | Membership]:
        """Do everything that is due up to an instant, each at its own time, and move the clock there."""
        told: list[IncidentUpdate | Membership] = []
        while self.due is not None and self.due <= at:
            self._memory.head.clock = self.due
            told += self._boundary(self.due)
            self.replan()
        self._memory.head.clock = max(self._memory.head.clock, at)
        return told

    def look(self, group: Group, now: int) -> list[IncidentUpdate | Membership]:
        """Tell of a group at once where the record just taken in asks for it."""
        if telling.urgent(self._memory, group):
            return self._tell(group, now)
        self._plan(group)
        return []

    def _tell(self, group: Group, now: int, hourly: bool = False) -> list[IncidentUpdate | Membership]:
        """Tell what is new of a group; letters, and danger, that are one with another go with it first."""
        memory, found = self._memory, list[Group]()

        def alone() -> bool:
            if group.kind not in SLOW and not group.danger:
                return not _may_merge(memory, group, now)
            found.extend(filter(None, [merge.near(memory, group)]))
            return not found

        update = telling.tell(memory, group, self._area, now, hourly, alone)
        if not found:
            self._plan(group)
            return [update] if update else []
        gone, into = merging.direction(group, found[0])
        merging.absorb(memory, gone, into)
        return [*self.tell_gone([gone], now), *self._tell(into, now, hourly)]

    def _boundary(self, now: int) -> list[IncidentUpdate | Membership]:
        memory = self._memory
        forgetting.expire(memory, now)
        if now % HOUR == 0 and memory.idf.pending:
            memory.idf.freeze()
            memory.head.frozen = memory.head.seq
        told: list[IncidentUpdate | Membership] = []
        if now % memory.policy.merge_every == 0:
            told += self._merge(now)
            memory.touched |= {group.id: None for group in memory.groups.values() if _waited(group, memory.policy)}
        hourly = now % HOUR == 0
        names = {*memory.touched, *self._agenda.take(now), *(self._uncounted if hourly else ())}
        memory.touched = {}
        for name in sorted(names):
            group = memory.groups.get(name)
            if group is not None and not group.into:
                told += self._settle(group, now, hourly)
        # what a merger touched just now was looked at; a restored fold would not look again either
        memory.touched = {name: None for name in memory.touched if memory.groups[name].waits}
        told += self._memberships(now)
        memory.head.settled = memory.head.seq
        return told

    def _settle(self, group: Group, now: int, hourly: bool) -> list[IncidentUpdate | Membership]:
        memory = self._memory
        if _can_wait(group, now):
            memory.touched[group.id] = None
            return []
        if not group.revision or group.closed or now < closes_at(group, memory.policy):
            return self._tell(group, now, hourly)
        update = telling.tell_closed(memory, group, self._area, now)
        self._plan(group)
        return [update]

    def _plan(self, group: Group) -> None:
        self._agenda.plan(group, self._memory.policy, self._memory.head.clock)
        if group.shown and not group.closed and not group.into and group.posts > group.counted:
            self._uncounted[group.id] = None
        else:
            self._uncounted.pop(group.id, None)

    def _merge(self, now: int) -> list[IncidentUpdate | Membership]:
        memory, head = self._memory, self._memory.head
        gone: list[Group] = []
        if head.fresh_fast:
            head.fresh_fast = 0
            merge.retire_idle(memory, now)
            gone += merge.merge_live(memory, False, 0)
        if head.fresh_slow >= _SLOW_POSTS or (head.fresh_slow and now >= head.merged_slow_at + _SLOW_AGE):
            head.fresh_slow, head.merged_slow_at = 0, now
            gone += merge.merge_live(memory, True, head.merged_slow)
            head.merged_slow = head.seq
        return self.tell_gone(gone, now)

    def tell_gone(self, gone: list[Group], now: int) -> list[IncidentUpdate | Membership]:
        """Tell of groups that went into others, as far as anybody heard of them."""
        told: list[IncidentUpdate | Membership] = []
        for group in gone:
            update = telling.tell_merged(self._memory, group, self._area, now)
            self._plan(group)
            group.shed()
            if update:
                told.append(update)
        return told

    def tell_corrected(self, groups: list[Group], now: int) -> list[IncidentUpdate | Membership]:
        """Tell of groups that a person corrected; one that was merged away is told as merged."""
        told = self.tell_gone([group for group in groups if group.into], now)
        for group in [group for group in groups if not group.into]:
            update = telling.tell_corrected(self._memory, group, self._area, now)
            self._plan(group)
            if update:
                told.append(update)
        return told

    def _memberships(self, now: int) -> list[IncidentUpdate | Membership]:
        """Tell of every post whose group, incident or representative changed, in order of arrival."""
        memory = self._memory
        posts = dict.fromkeys([*memory.arrived, *memory.head.moved])
        for group in [memory.groups[name] for name in memory.retell]:
            posts.update(dict.fromkeys(memory.members.get(group.id, ())))
            group.retell = False
            memory.touch(f"g/{group.id}")
        memory.arrived, memory.head.moved, memory.retell = [], [], {}
        records = sorted((memory.records[post] for post in posts if post in memory.records), key=lambda r: r.seq)
        rows = []
        for record in records:
            group = memory.groups[record.group]
            rows.append((record.id, group.id, group.id if group.shown else None, record.twin or None))
        return [Membership(self._area, now, tuple(rows[i : i + _CHUNK])) for i in range(0, len(rows), _CHUNK)]


def _may_merge(memory: Memory, group: Group, now: int) -> bool:
    """Tell whether a young group is to wait for the moment, hours away, at which it may go into an incident.

    Danger does not wait but goes at once; nor does what stood apart when groups were compared last.
    """
    young = now < after(group.first_at, memory.policy.merge_every)
    return young and not group.shown and merge.near(memory, group) is not None


def _waited(group: Group, policy: Policy) -> bool:
    """Tell whether many speak in a group of which nothing was shown."""
    return not (group.shown or group.into or group.kind in SLOW) and gate.enough(group, policy)


def _can_wait(group: Group, now: int) -> bool:
    """Tell whether a group that grew by less than a quarter can wait: half an hour, or one where nobody sees it."""
    few = group.looked < group.posts < group.looked * 1.25
    return bool(group.revision) and few and now % (_PATIENCE if group.shown else HOUR) != 0
