"""The desk's judgement on one incident: pure functions from a case and what happened to a case and what to say."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from alerts.actions import event
from alerts.alert import Alert, AlertKind
from alerts.case import OVER, Case, News, Running, Told, needs_update
from alerts.clocks import Clocks
from alerts.conditions import View
from alerts.entry import LevelChange
from alerts.known import complete
from alerts.levels import danger_authors, evidence, score, unanswered_since
from alerts.names import is_nowhere
from alerts.pressing import noted, without
from alerts.routing import Routing
from alerts.rules import Rule, fire
from alerts.veil import place_and_kind, without_extracts
from answerable.clock import DAY
from answerable.incident import Change, Evidence, IncidentUpdate, LedgerEvent, Level, State

__all__ = ["DANGER", "SCORECARD", "Bench", "Verdict", "answered", "draft", "follow", "reconsider"]

SCORECARD, DANGER = "scorecard", "danger"
_HOLD = DAY
_ALARM = Level.ORANGE
_VANISHED = 0.1
_KINDS = {
    News.FIRST: AlertKind.OPEN,
    News.RAISED: AlertKind.RAISE,
    News.DOUBLED: AlertKind.UPDATE,
    News.ANSWERED: AlertKind.UPDATE,
    News.MERGED: AlertKind.MERGE,
    News.CLOSED: AlertKind.CLOSE,
}


class Bench(Struct, frozen=True):
    """What every judgement needs; matters opened before `cutover` are kept without a word."""

    rules: Sequence[Rule]
    routing: Routing
    clocks: Clocks
    locale: str
    cutover: int = 0


class Verdict(Struct, frozen=True):
    """A case after what happened, what to say (numbers are given later), and what the ledger keeps."""

    case: Case
    alerts: tuple[Alert, ...] = ()
    events: tuple[LedgerEvent, ...] = ()


def follow(case: Case | None, update: IncidentUpdate, at: int, bench: Bench) -> Verdict:
    """Take in an incident's update.

    What nobody may see and tells of no danger is only kept, as open while the fold has it open; its level is set once
    it is shown.
    """
    known = Case(update=update) if case is None else replace(case, update=update)
    known = replace(known, pressed=noted(known.pressed, update))
    if not update.shown and not update.components.danger and not known.visible:
        again = replace(known, state=State.NEW) if known.state in OVER else known
        return _ended(Verdict(known), at) if _is_over(update) else Verdict(again)
    verdict = _reopened(_placed(_levelled(known, at, bench), bench), at)
    if _is_over(update):
        verdict = _ended(verdict, at)
    return _spoken(verdict, at, bench)


def reconsider(case: Case, at: int, bench: Bench) -> Verdict:
    """Ask again about a case of which nothing new came: time alone may raise its level."""
    return _spoken(Verdict(_levelled(case, at, bench)), at, bench)


def answered(case: Case, at: int, bench: Bench) -> Verdict:
    """Say what a person's action makes worth saying: an answer."""
    return _spoken(Verdict(case), at, bench)


def draft(case: Case, at: int, kind: AlertKind, rule: str, why: tuple[Evidence, ...]) -> Alert:
    """Return an alert about a case as it stands; the words of residents are left out where an office is accused."""
    told = case.told
    level = told.level if told is not None else case.level
    update = complete(case)
    clock = min((run.clock for run in case.clocks if run.kept_at is None), key=lambda c: c.due_at, default=None)
    return Alert(
        number=0, at=at, incident=case.update.incident, kind=kind, level=level, previous=None,
        thread=max(case.thread, 1), rule=rule, why=why,
        update=without_extracts(update) if case.supervision else update,
        state=case.state, version=case.version, lead=case.lead, co_handlers=case.co_handlers, clock=clock,
        supervision=case.supervision, joined=case.joined[0] if case.joined else None,
        answer=case.answer, answer_link=case.answer_link,
    )  # fmt: skip


def _is_over(update: IncidentUpdate) -> bool:
    return update.merged_into is not None or update.change is Change.CLOSED


def _levelled(case: Case, at: int, bench: Bench) -> Case:
    """Set level and reasons anew; a level falls only after a day without support, and never while posts vanish."""
    update, areas = case.update, case.regions
    waiting, people = unanswered_since(update, case.answered_at), without(update, case.pressed)
    scored = score(people, at, waiting, areas)
    fired = fire(bench.rules, View(people, at, waiting, areas))
    level, why, rule, route = scored.level, scored.why, SCORECARD, "lead"
    if fired is not None:
        why = (*fired.why, *why)
        if fired.rule.level.rank >= level.rank:
            level, rule, route = fired.rule.level, fired.rule.id, fired.rule.route
    case = replace(case, judged_at=at)
    if level.rank >= case.level.rank:
        case = replace(case, supported_at=at)
    elif at - case.supported_at < _HOLD or update.vanished > _VANISHED * update.posts:
        return case
    if level is not case.level or not case.levels:
        case = replace(case, levels=(*case.levels, LevelChange(at, level, why)), supported_at=at)
    return replace(case, level=level, why=why, rule=rule, route=route)


def _placed(case: Case, bench: Bench) -> Case:
    """Say whose job it is, unless a person did; an accused office loses it in any case."""
    route = bench.routing.route(case.update)
    accused = route.accused or case.accused
    if case.lead_now is not None and case.lead_now not in accused:
        rest = tuple(office for office in case.with_now if office not in accused)
        return replace(case, lead=case.lead_now, co_handlers=rest, accused=accused)
    if accused and not route.accused:
        return replace(case, lead=bench.routing.supervisor(accused[0], accused), co_handlers=(), accused=accused)
    return replace(case, lead=route.lead, co_handlers=route.co_handlers, accused=accused)


def _reopened(case: Case, at: int) -> Verdict:
    """Open a case again: one that a person closed, once twice as many tell of it; a silent one, once it is spoken of.

    What is spoken of again after its silence is news, as if it had never been told.
    """
    grown = case.update.authors.most >= 2 * case.settled > 0
    again = not case.settled and case.update.change is Change.OPENED and bool(case.update.reopened)
    if case.state not in OVER or not (grown or again) or case.update.merged_into is not None:
        return Verdict(case)
    told = replace(case.told, closed=False, residents=case.settled) if case.told and grown else None
    answer = max(case.answered_at or 0, case.update.answered_at or 0)
    opened = replace(
        case, state=State.NEW, version=case.version + 1, told=told, settled=0, doubters=(),
        reopened=(*case.reopened, (at, answer)),
    )  # fmt: skip
    return Verdict(opened, (), (event(opened, "desk", at, before=case.state, text="reopened: it grew"),))


def _ended(verdict: Verdict, at: int) -> Verdict:
    """Close a case that was merged or fell silent; it stays on the ledger whether it was answered."""
    case = verdict.case
    if case.state in OVER:
        return verdict
    merged = case.update.merged_into
    text = f"merged into {merged}" if merged else "quiet" if case.answered_at else "quiet, unanswered by the desk"
    closed = replace(case, state=State.CLOSED, version=case.version + 1)
    if not case.visible:
        return Verdict(closed, verdict.alerts, verdict.events)
    return Verdict(closed, verdict.alerts, (*verdict.events, event(closed, "desk", at, before=case.state, text=text)))


def _spoken(verdict: Verdict, at: int, bench: Bench) -> Verdict:
    case = verdict.case
    if case.update.opened_at < bench.cutover and case.told is None:
        return verdict
    case, warning = _warned(case, at)
    if not case.shown:
        return Verdict(case, (*verdict.alerts, *warning), verdict.events)
    now = _telling(case)
    news = needs_update(case.told, now)
    if news is None or (case.state is State.FALSE_ALARM and news is not News.CLOSED):
        return Verdict(case, (*verdict.alerts, *warning), verdict.events)
    spoken, events = _noted(case, news, now, at, bench)
    why = (*spoken.why, *_residents(case)) if news is News.DOUBLED else spoken.why
    alert = draft(spoken, at, _KINDS[news], spoken.rule, why)
    if news is News.RAISED and case.told is not None:
        alert = replace(alert, previous=case.told.level)
    return Verdict(spoken, (*verdict.alerts, *warning, alert), (*verdict.events, *events))


def _telling(case: Case) -> Told:
    """Return what would be said of a case now; a thread keeps its level, also when the matter calms down."""
    before = case.told.level if case.told is not None else case.level
    merged = case.update.merged_into is not None
    return Told(
        level=max(case.level, before, key=lambda level: level.rank),
        residents=case.update.authors.most,
        answered=case.answered_at is not None or case.update.answered_at is not None,
        merged=merged,
        closed=case.state in OVER and not merged,
    )


def _noted(case: Case, news: News, now: Told, at: int, bench: Bench) -> tuple[Case, tuple[LedgerEvent, ...]]:
    """Write down that something is said: threads, clocks, and the ledger's line on opening and raising."""
    case = replace(case, told=now, told_at=at)
    if news not in (News.FIRST, News.RAISED):
        return case, ()
    informed = case.informed_at if case.informed_at is not None else at
    case = _clocked(replace(case, thread=case.thread + 1, informed_at=informed), at, bench)
    text = "opened" if news is News.FIRST else f"raised to {now.level.value}"
    return case, (event(case, "desk", at, before=case.state, text=text),)


def _clocked(case: Case, at: int, bench: Bench) -> Case:
    """Start the clocks that fit and do not run yet; one that came with a raised level starts at that moment."""
    running = {clock.rule for clock in case.clocks}
    clocks = list(case.clocks)
    for rule in bench.clocks.propose(case.update, case.level):
        if rule.id not in running and case.answered_at is None:
            clock = bench.clocks.start(rule, case.update.first_at, at, bench.locale)
            clocks.append(Running(rule.id, clock, bench.clocks.reminders(rule, at)))
    return replace(case, clocks=tuple(clocks))


def _warned(case: Case, at: int) -> tuple[Case, tuple[Alert, ...]]:
    """Tell those on duty, once, of danger that too few people report to be shown: place and kind only.

    One voice that names no place, from a source without a home, waits until somebody names one or a second tells.
    """
    authors = danger_authors(case.update)
    if case.warned or not case.open or authors == 0 or (case.shown and authors > 1):
        return case, ()
    if authors == 1 and not _is_placed(case.update):
        return case, ()
    warned = replace(case, warned=True)
    why = tuple(evidence(f"danger.{kind}", 1) for kind, _ in case.update.components.danger)
    alert = draft(replace(warned, told=None), at, AlertKind.OPEN, DANGER, why)
    return warned, (
        replace(alert, level=_ALARM, unconfirmed=True, update=place_and_kind(case.update), joined=None, clock=None),
    )


def _is_placed(update: IncidentUpdate) -> bool:
    """Tell whether anybody could be sent: a place is named, or the post came from a source with a home."""
    return update.title.place is not None or bool(update.districts) or not is_nowhere(update.area)


def _residents(case: Case) -> tuple[Evidence, ...]:
    before = case.told.residents if case.told is not None else 0
    return (evidence("doubled", case.update.authors.most, before),)
