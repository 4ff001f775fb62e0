"""Whether there is something new to tell of an incident, and the update that tells it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from answerable.incident import Change, Components, IncidentUpdate, Indicator
from incidents import components, gate, hawkes, titles
from incidents.agenda import closes_at
from incidents.counting import REOPENED
from incidents.forecast import look_ahead
from incidents.indicators import breadth, indicators, recent_danger
from incidents.memory import Memory
from incidents.policy import Policy
from incidents.records import Group
from incidents.update import build

__all__ = ["tell", "tell_closed", "tell_corrected", "tell_merged", "urgent"]

_GREW_AGAIN = 3  # residents since it was closed that open an incident again
_GREW_ENOUGH = 1.2  # from so much growth on what was held back is looked at anew at once; else minutes later
_DANGER, _EFFECTIVE = 4, 5  # their places among the rungs
_LOUD = frozenset({Change.OPENED, Change.GREW, Change.ROSE, Change.DEMAND})  # what a desk may send a mail about


def urgent(memory: Memory, group: Group) -> bool:
    """Tell cheaply whether a post just taken in may have changed what must be told at once."""
    if not group.revision:
        grown = group.posts >= _GREW_ENOUGH * group.looked
        return (grown and gate.enough(group, memory.policy)) or _warns(group, memory.head.clock)
    if not group.shown and gate.enough(group, memory.policy) and group.held == gate.Held.FEW:
        return True
    if group.closed:
        return group.replies > group.replies_told or _reopens(group, memory.head.clock, memory.policy)
    return _doubled(group) or group.replies > group.replies_told or _climbs(group, memory.head.clock)


def _climbs(group: Group, now: int) -> bool:
    """Tell whether more tell of danger than were told of, where it may be told."""
    more = len(group.rungs) > _DANGER and _danger(group, now) > group.rungs[_DANGER]
    return more and (group.shown or gate.backed(group, now))


def _danger(group: Group, now: int) -> int:
    most = max((n for _, n in recent_danger(group, now)), default=0)
    return sum(1 for step in (1, 2, 3, 5, 8) if most >= step)


def tell(
    memory: Memory, group: Group, area: str, now: int, hourly: bool = False,
    alone: Callable[[], bool] = lambda: True,
) -> IncidentUpdate | None:  # fmt: skip
    """Return an update where something material changed; with `hourly` also where only posts were added.

    What would be loud is not told of a group that is not `alone`: that is one with another and has to go together.
    """
    held = gate.held(memory, group)
    if not group.revision and held is gate.Held.FEW and not _warns(group, now):
        return None
    if group.looked != group.posts:  # also where nothing is told: who restores the fold has looked as far
        group.looked = group.posts
        memory.touch(f"g/{group.id}")
    if not (group.shown or held is None or _stirs(group, now, memory.policy)):
        _note_held(memory, group, held)
        return None
    seen = components.recent(memory, group, now)
    found = components.components(memory, group, now, seen)
    if not (group.shown or held is None or gate.backed(group, now)):
        found = msgspec.structs.replace(found, danger=())
    marks = indicators(group, now)
    ladder = components.rungs(found, tuple(mark.score for mark in marks))
    change = _change(group, held, ladder, now, memory.policy, hourly)
    if change is None:
        _note_held(memory, group, held)
        return None
    if change in _LOUD and not alone():
        return None
    _remember(memory, group, change, held, ladder, now)
    return _ahead(memory, group, area, now, change, found, marks, seen)


def _reopens(group: Group, now: int, policy: Policy) -> bool:
    """Tell whether a closed incident grew again: three residents more, or danger; late posts of its past do not."""
    if now >= closes_at(group, policy):
        return False
    return group.closed and (group.residents >= group.settled + _GREW_AGAIN or bool(recent_danger(group, now)))


def _warns(group: Group, now: int) -> bool:
    """Tell whether danger is to be passed on of a group that nobody may see yet."""
    return bool(recent_danger(group, now)) and gate.backed(group, now)


def _change(
    group: Group, held: gate.Held | None, ladder: tuple[int, ...], now: int, policy: Policy, hourly: bool
) -> Change | None:
    """Return what changed most, None where nothing did that matters."""
    shows = group.shown or held is None
    if not group.revision or (shows and not group.shown) or _reopens(group, now, policy):
        return Change.OPENED
    if group.replies > group.replies_told:
        return Change.ANSWERED
    if group.closed:
        return Change.VANISHED if _vanished(group) else None
    if not shows:
        return Change.GREW if _doubled(group) else Change.ROSE
    if _asked(group) > group.demands_told:
        return Change.DEMAND
    if any(new > old for new, old in zip(ladder, group.rungs, strict=False)):
        return Change.ROSE
    if _doubled(group):
        return Change.GREW
    if _vanished(group):
        return Change.VANISHED
    if not group.quiet and now >= group.last_at + policy.quiet:
        return Change.QUIET
    proven = ladder[_EFFECTIVE] > group.weighed
    return Change.COUNTS if proven or (hourly and group.posts > group.counted) else None


def _stirs(group: Group, now: int, policy: Policy) -> bool:
    """Tell whether there is something to tell of a group that nobody sees: an answer, a doubling, danger."""
    if not group.revision or group.replies > group.replies_told:
        return True
    if group.closed:
        return _vanished(group) or _reopens(group, now, policy)
    return _doubled(group) or _climbs(group, now)


def _vanished(group: Group) -> bool:
    return group.vanished >= 2 * group.vanished_told + 1 or group.vanished < group.vanished_told


def _doubled(group: Group) -> bool:
    """Tell whether twice as many speak as when a doubling was told of last: what a desk counts, not posts."""
    return group.most >= 2 * max(1, group.told)


def _asked(group: Group) -> int:
    """Count demands that at least three residents make."""
    return sum(1 for tally in group.demands.values() if tally.residents >= titles.LEAST)


def _remember(
    memory: Memory, group: Group, change: Change, held: gate.Held | None, ladder: tuple[int, ...], now: int
) -> None:
    if change is Change.OPENED:
        group.opened_at = group.opened_at or now
        if group.closed:
            group.reopened = (*group.reopened, (now, group.answered_at or 0))[-REOPENED:]
        group.closed = False
    shown = group.shown or held is None
    if shown and not group.shown:
        group.shown, group.retell, group.opened_at, group.began = True, True, now, breadth(group)
        memory.retell[group.id] = None
    _note_held(memory, group, held)
    if change is Change.OPENED or _doubled(group):
        group.told = group.most
    group.counted, group.vanished_told, group.replies_told = group.posts, group.vanished, group.replies
    group.demands_told = _asked(group)
    group.quiet = group.quiet or change is Change.QUIET
    group.weighed = ladder[_EFFECTIVE]
    old = group.rungs if change is not Change.QUIET and len(group.rungs) == len(ladder) else (0,) * len(ladder)
    group.rungs = tuple(max(pair) for pair in zip(ladder, old, strict=True))
    memory.touch(f"g/{group.id}")


def _note_held(memory: Memory, group: Group, held: gate.Held | None) -> None:
    why = "" if group.shown or held is None else held.value
    if why != group.held:
        group.held = why
        memory.touch(f"g/{group.id}")


def tell_closed(memory: Memory, group: Group, area: str, now: int) -> IncidentUpdate:
    """Close an incident that has been silent long enough."""
    group.closed, group.rungs, group.settled = True, (), group.residents
    return _plain(memory, group, area, now, Change.CLOSED)


def tell_merged(memory: Memory, group: Group, area: str, now: int) -> IncidentUpdate | None:
    """Say that an incident went into another, where it was ever spoken of."""
    return _plain(memory, group, area, now, Change.MERGED) if group.revision else None


def tell_corrected(memory: Memory, group: Group, area: str, now: int) -> IncidentUpdate | None:
    """Say that a person corrected an incident, where it was ever spoken of; what holds it back is asked anew."""
    _note_held(memory, group, gate.held(memory, group))
    return _plain(memory, group, area, now, Change.CORRECTED) if group.revision else None


def _plain(memory: Memory, group: Group, area: str, now: int, change: Change) -> IncidentUpdate:
    seen = components.recent(memory, group, now)
    found = components.components(memory, group, now, seen)
    memory.touch(f"g/{group.id}")
    group.counted, group.vanished_told, group.replies_told = group.posts, group.vanished, group.replies
    return _ahead(memory, group, area, now, change, found, indicators(group, now), seen)


def _ahead(
    memory: Memory, group: Group, area: str, now: int, change: Change, found: Components,
    marks: tuple[Indicator, ...], seen: components.Recent,
) -> IncidentUpdate:  # fmt: skip
    """Look ahead, and write the update."""
    outlook = look_ahead(hawkes.fit(seen.times, now, seen.usual), sum(group.voices.values()))
    found = msgspec.structs.replace(found, doubling_h=outlook.doubling_h)
    return build(memory, group, area, now, change, found, marks, outlook.forecast)
