"""What the scorecard weighs, computed from an incident's counts and its posts of the last day."""

from __future__ import annotations

from msgspec import Struct

from answerable.clock import DAY, HOUR
from answerable.incident import Components
from incidents import growth
from incidents.amplification import Voice, Weighed, weigh
from incidents.baseline import FLOOR, Baseline
from incidents.indicators import breadth, recent_danger
from incidents.memory import Memory
from incidents.records import Group
from incidents.series import window

__all__ = ["Recent", "components", "main_topic", "recent", "rungs"]

_SPAN = DAY
_MOST = 800


class Recent(Struct, frozen=True):
    """An incident's last day: its voices weighed, when distinct authors spoke, and what is usual.

    `hours` holds the usual posts of the present clock hour and of the three before.
    """

    weighed: Weighed
    times: tuple[int, ...]
    hours: tuple[float, ...]

    @property
    def usual(self) -> float:
        """Posts that are usual in the present hour."""
        return self.hours[0]


def recent(memory: Memory, group: Group, now: int) -> Recent:
    """Look at the posts that lie within a day before `now` by their own time, at most the last 800."""
    voices, times = [], []
    for post in reversed(memory.members.get(group.id, [])[-_MOST:]):
        record = memory.records[post]
        if record.at <= now - 2 * _SPAN:
            break
        if record.published_at <= now - _SPAN:
            continue
        live = memory.live.get(post)
        if live is None or "" not in live.facets:
            continue
        wording = record.twin or (post if post in memory.twins.members else "")
        voices.append(Voice(record.published_at, live.token, wording))
        if record.first and not record.twin:
            times.append(record.published_at)
    return Recent(weigh(voices, now), tuple(sorted(times)), _usual(memory, group, now))


def _usual(memory: Memory, group: Group, now: int) -> tuple[float, ...]:
    """Return what is usual for this matter: its own past before the last day, shaped by the hour."""
    before = now - _SPAN
    heard = window(group.voices, 0, before)
    hours = max(0, before - group.first_at) / HOUR
    level = max((heard + 0.5) / (hours + 24), FLOOR)
    return tuple(level * share for share in _baseline(memory, group).shape(now))


def _baseline(memory: Memory, group: Group) -> Baseline:
    """Return the baseline of the group's topic in the area, or the whole area's while the topic has no past."""
    return memory.usual.get(main_topic(group)) or memory.usual.get("") or Baseline()


def main_topic(group: Group) -> str:
    """Return the first-level topic most posts are about, "" without any."""
    if group.topic:
        return group.topic.split(".")[0]
    best = min(group.topics.items(), key=lambda vote: (-vote[1], vote[0]), default=("", 0))
    return best[0].split(".")[0]


def components(memory: Memory, group: Group, now: int, seen: Recent) -> Components:
    """Weigh an incident now; `surge` is the whole topic in the area, weighed like the incident's own posts."""
    total = sum(group.voices.values())
    before = total - window(group.voices, now - 6 * HOUR, now + HOUR)
    usual_day = max(1.0, 24 * seen.usual)
    baseline = _baseline(memory, group)
    kinds, _, districts = breadth(group)
    return Components(
        heat=round(seen.weighed.effective / usual_day, 2),
        usual=round(usual_day, 2),
        growth=round(growth.doublings(before, total), 2),
        breadth=kinds + max(0, districts - 1),
        tail=round(growth.strength(seen.times, seen.hours, now), 2),
        effective=round(seen.weighed.effective, 2),
        shared_wording=round(seen.weighed.shared_wording, 2),
        synchrony=round(seen.weighed.synchrony, 2),
        spoke=(seen.weighed.posts, seen.weighed.authors) if seen.weighed.authors >= memory.policy.k_authors else None,
        amplified=seen.weighed.amplified,
        danger=recent_danger(group, now),
        service=tuple(sorted(group.service.items(), key=lambda pair: (-pair[1], pair[0]))),
        surge=round(baseline.surge(now), 2),
        baseline_days=baseline.days(now),
    )


def rungs(found: Components, marks: tuple[int, ...]) -> tuple[int, ...]:
    """Return how high each component stands on its ladder; an update is due when one climbs.

    >>> rungs(Components(heat=5.0, growth=1.2), ())
    (3, 1, 0, 1, 0, 0)
    """
    return (
        _rung(found.heat, (2, 3, 5, 8, 13, 21, 34, 55, 89)),
        _rung(found.growth, (1, 2, 3, 4, 5)),
        growth.rung(found.tail),
        min(found.breadth, 8),
        _rung(max((n for _, n in found.danger), default=0), (1, 2, 3, 5, 8)),
        _rung(found.effective, (5, 8, 13, 21, 34, 55, 89, 144)),
        *marks,
    )


def _rung(value: float, steps: tuple[float, ...]) -> int:
    return sum(1 for step in steps if value >= step)
