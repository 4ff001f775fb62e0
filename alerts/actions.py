"""What people may do about an incident, from which state, and what the ledger then says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from alerts.case import OVER, Case, Running
from alerts.entry import Action
from alerts.recipients import Recipients
from alerts.routing import Routing
from answerable.errors import Refused
from answerable.incident import LedgerEvent, State

__all__ = ["NEXT", "Done", "act", "event"]

_ANY = frozenset(State) - {State.NEW}
NEXT: Mapping[State, frozenset[State]] = {
    State.NEW: _ANY,
    State.ACKNOWLEDGED: _ANY,
    State.WORKING: _ANY - {State.ACKNOWLEDGED},
    State.ASSIGNED: _ANY,
    State.RETURNED: _ANY,
    State.ANSWERED: frozenset((State.ANSWERED, State.WORKING, State.CLOSED)),
    State.CLOSED: frozenset((State.WORKING,)),
    State.FALSE_ALARM: frozenset((State.WORKING,)),
}
# That many use the same words says nothing about whether they are right.
_WORDING = re.compile(
    r"shared wording|same wording|copied text|copy.?paste|措辞相同|相同措辞|共同措辞|文字雷同|复制粘贴|雷同|模板"
)


class Done(Struct, frozen=True):
    """A case after an action, and the ledger's line about it."""

    case: Case
    event: LedgerEvent


def act(case: Case, action: Action, routing: Routing, recipients: Recipients, now: int) -> Done:
    """Do what a person asks; raise Refused where the version moved on, the state forbids it, or a rule does.

    Returned names the right office in the ledger; lead and clocks stay until an arbiter assigns.
    """
    _check_version(case, action)
    if action.to not in NEXT[case.state]:
        raise Refused(f"an incident that is {_words(case.state)} cannot become {_words(action.to)}")
    _check_content(case, action, routing)
    if action.to is State.FALSE_ALARM and case.supervision:
        doubters = (*(who for who in case.doubters if who != action.who), action.who)
        if not _agreed(doubters, case, recipients):
            proposed = replace(case, doubters=doubters, version=case.version + 1)
            text = f"proposes a false alarm, which takes a second person: {action.text}"
            return Done(proposed, event(proposed, action.who, now, before=case.state, text=text))
    after = _after(case, action, now)
    done = event(after, action.who, now, before=case.state, text=action.text)
    office = action.office if action.to is State.RETURNED else after.lead
    kept = sum(one.kept_at == now <= one.clock.due_at for one in after.clocks if one not in case.clocks)
    done = replace(done, link=action.link, promised=action.promised, due_at=action.due_at, office=office, kept=kept)
    return Done(after, done)


def event(case: Case, who: str, at: int, *, before: State, text: str = "") -> LedgerEvent:
    """Return the ledger's line about a case as it stands now."""
    return LedgerEvent(
        incident=case.update.incident, version=case.version, at=at, who=who, before=before, after=case.state,
        level=case.level, area=case.update.area, office=case.lead, text=text,
        waited_s=None if case.informed_at is None else at - case.informed_at,
    )  # fmt: skip


def _check_version(case: Case, action: Action) -> None:
    """Refuse an action on an older version; several may acknowledge, so that one step is exempt."""
    several = action.to is State.ACKNOWLEDGED and case.state in (State.NEW, State.ACKNOWLEDGED)
    if action.version != case.version and not several:
        raise Refused(
            f"somebody else was faster: the incident is {_words(case.state)} now (version {case.version}); "
            "look at it again and repeat"
        )


def _check_content(case: Case, action: Action, routing: Routing) -> None:
    match action.to:
        case State.ASSIGNED | State.RETURNED:
            _check_offices(case, action, routing)
        case State.ANSWERED if not action.text.strip() and not action.link:
            raise Refused("an answer needs its text, or a link to it")
        case State.CLOSED | State.FALSE_ALARM if not action.text.strip():
            raise Refused("closing needs a reason")
        case State.CLOSED | State.FALSE_ALARM if _WORDING.search(action.text.casefold()):
            raise Refused("shared wording is no reason: many people may say one thing in one way")
    if action.link and not re.match(r"https?://[^\s<>\"']+$", action.link):
        raise Refused("a link starts with https:// and has no spaces")


def _check_offices(case: Case, action: Action, routing: Routing) -> None:
    if not action.office:
        raise Refused("name the office whose job it is")
    for office in (action.office, *action.co_handlers):
        if office not in routing.offices:
            raise Refused(f"there is no office {office!r} in the recipients file")
        if office in case.accused:
            raise Refused("an office that is accused cannot handle the matter; assign it to its supervision")


def _after(case: Case, action: Action, now: int) -> Case:
    after = replace(case, state=action.to, version=case.version + 1, doubters=())
    match action.to:
        case State.WORKING if case.state in OVER:
            return replace(after, told=case.told and replace(case.told, closed=False), settled=0)
        case State.RETURNED:
            return replace(after, proposed=action.office)
        case State.ASSIGNED:
            return replace(
                after, proposed=None, lead=action.office, lead_now=action.office,
                co_handlers=action.co_handlers, with_now=action.co_handlers,
            )  # fmt: skip
        case State.ANSWERED:
            return replace(
                after, answered_at=now, answer=action.text or None, answer_link=action.link,
                clocks=tuple(_kept(running, now) for running in case.clocks),
            )  # fmt: skip
        case State.CLOSED | State.FALSE_ALARM:
            return replace(after, settled=case.update.authors.most)
        case _:
            return after


def _kept(running: Running, now: int) -> Running:
    return running if running.kept_at is not None else replace(running, kept_at=now)


def _agreed(doubters: tuple[str, ...], case: Case, recipients: Recipients) -> bool:
    """Tell whether two people doubt, at least one of them of no accused office."""
    offices = {person.id: set(person.offices) for person in recipients.people}
    free = [who for who in doubters if not offices.get(who, set()) & set(case.accused)]
    return len(doubters) > 1 and bool(free)


def _words(state: State) -> str:
    return state.value.replace("_", " ")
