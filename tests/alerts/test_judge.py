from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from alerts.alert import Alert, AlertKind
from alerts.case import Case
from alerts.judge import Bench, Verdict, follow
from answerable.incident import Between, Change, Components, Level, SharedWord, State, Title
from tests.alerts.givens import BURNING, CALM, DAY, HOT, HOUR, MORNING, WARM, bench, update

DANGER = Components(danger=(("gas", 1),), effective=1.0)


def test_what_nobody_may_see_is_kept_without_a_word() -> None:
    verdict = follow(None, update(shown=False, held="too few", components=BURNING), MORNING, bench())
    assert verdict == Verdict(Case(update=verdict.case.update))


def test_an_incident_that_is_shown_opens_a_thread_and_its_clocks() -> None:
    verdict = follow(None, update(components=BURNING), MORNING, bench())
    alert = verdict.alerts[0]
    assert (alert.kind, alert.level, alert.thread, alert.rule, alert.lead) == (
        AlertKind.OPEN, Level.RED, 1, "scorecard", "water",
    )  # fmt: skip
    assert alert.clock is not None
    assert alert.clock.due_at == MORNING + 5 * HOUR
    assert [clock.rule for clock in verdict.case.clocks] == ["authoritative-information", "press-conference"]
    assert [event.text for event in verdict.events] == ["opened"]


def test_a_rule_may_raise_above_the_scorecard_and_is_named() -> None:
    fast = Components(heat=3.0, growth=1.5, effective=5.0)
    alert = follow(None, update(components=fast), MORNING, bench(shipped=True)).alerts[0]
    assert (alert.rule, alert.level) == ("fast-spread", Level.ORANGE)
    assert [item.name for item in alert.why][:4] == [
        "rule.growth", "rule.authors", "rule.effective", "rule.heat",
    ]  # fmt: skip


def test_only_a_raised_level_starts_a_new_thread() -> None:
    opened = _follow(None, HOT)
    same = _follow(opened.case, HOT, 2)
    raised = _follow(same.case, BURNING, 3)
    assert [len(verdict.alerts) for verdict in (opened, same, raised)] == [1, 0, 1]
    alert = raised.alerts[0]
    assert (alert.kind, alert.previous, alert.level, alert.thread) == (
        AlertKind.RAISE, Level.ORANGE, Level.RED, 2,
    )  # fmt: skip


def test_a_doubling_is_news_with_both_figures() -> None:
    opened = _follow(None, HOT)
    alert = _follow(opened.case, HOT, 2, authors=Between(16, 16)).alerts[0]
    assert alert.kind is AlertKind.UPDATE
    assert [(item.value, item.baseline) for item in alert.why if item.name == "doubled"] == [(16, 8)]


def test_the_first_official_reply_is_news_and_the_next_ones_are_not() -> None:
    opened = _follow(None, HOT)
    replied = _follow(opened.case, HOT, 2, replies=1, answered_at=MORNING + HOUR)
    more = _follow(replied.case, HOT, 3, replies=9, answered_at=MORNING + 2 * HOUR)
    assert [alert.kind for alert in replied.alerts] == [AlertKind.UPDATE]
    assert more.alerts == ()


def test_a_level_falls_only_after_a_day_without_support_and_its_thread_keeps_it() -> None:
    opened = _follow(None, HOT)
    soon = _follow(opened.case, CALM, 2, at=MORNING + 20 * HOUR)
    later = _follow(soon.case, CALM, 3, at=MORNING + 25 * HOUR)
    again = _follow(later.case, HOT, 4, at=MORNING + 26 * HOUR)
    assert [verdict.case.level for verdict in (soon, later, again)] == [Level.ORANGE, Level.WATCH, Level.ORANGE]
    assert (soon.alerts, later.alerts, again.alerts) == ((), (), ())
    assert [change.level for change in again.case.levels] == [Level.ORANGE, Level.WATCH, Level.ORANGE]


def test_a_level_never_falls_while_posts_vanish() -> None:
    opened = _follow(None, HOT)
    gone = _follow(opened.case, CALM, 2, at=MORNING + 9 * DAY, vanished=2)
    assert gone.case.level is Level.ORANGE


def test_a_merger_is_told_to_those_who_knew_and_ends_the_case() -> None:
    opened = _follow(None, HOT)
    merged = _follow(opened.case, HOT, 2, change=Change.MERGED, merged_into="other77")
    assert [alert.kind for alert in merged.alerts] == [AlertKind.MERGE]
    assert (merged.case.state, merged.case.open) == (State.CLOSED, False)
    assert merged.events[-1].text == "merged into other77"
    assert _follow(None, HOT, change=Change.MERGED, merged_into="other77").alerts == ()


def test_silence_closes_with_a_mail_that_does_not_call_it_answered() -> None:
    opened = _follow(None, HOT)
    closed = _follow(opened.case, CALM, 2, at=MORNING + 14 * DAY, change=Change.CLOSED)
    assert [(alert.kind, alert.level) for alert in closed.alerts] == [(AlertKind.CLOSE, Level.ORANGE)]
    assert closed.events[-1].text == "quiet, unanswered by the desk"
    assert _follow(closed.case, CALM, 3, at=MORNING + 15 * DAY).alerts == ()


def test_one_voice_of_danger_goes_out_once_as_unconfirmed_with_place_and_kind_only() -> None:
    spoken = follow(None, _update(DANGER, shown=False, words=(SharedWord("气味", 3, 1),)), MORNING, bench())
    alert = spoken.alerts[0]
    assert (alert.unconfirmed, alert.level, alert.rule, alert.lead) == (True, Level.ORANGE, "danger", "water")
    assert [(item.name, item.value) for item in alert.why] == [("danger.gas", 1)]
    assert _silent_parts(alert) == [0, (), (), (), (), Between(0, 0), (), ()]
    assert alert.update.components == Components(danger=(("gas", 1),))
    assert follow(spoken.case, _update(DANGER, 2, shown=False), MORNING, bench()).alerts == ()


def test_one_voice_of_danger_from_nowhere_waits_until_a_place_is_named() -> None:
    nowhere: dict[str, Any] = {"shown": False, "area": "~board", "title": Title(None, ()), "districts": ()}
    silent = follow(None, _update(DANGER, **nowhere), MORNING, bench())
    assert silent.alerts == ()
    placed = follow(silent.case, _update(DANGER, 2, **nowhere | {"districts": (("4401-03", 1),)}), MORNING, bench())
    assert [alert.unconfirmed for alert in placed.alerts] == [True]


def test_two_voices_of_danger_from_nowhere_are_passed_on() -> None:
    two = Components(danger=(("gas", 2),))
    nowhere: dict[str, Any] = {"shown": False, "area": "~board", "title": Title(None, ()), "districts": ()}
    assert [alert.unconfirmed for alert in follow(None, _update(two, **nowhere), MORNING, bench()).alerts] == [True]


def test_a_silent_matter_that_is_spoken_of_again_is_told_again() -> None:
    opened = _follow(None, HOT)
    closed = _follow(opened.case, CALM, 2, at=MORNING + 14 * DAY, change=Change.CLOSED)
    late = MORNING + 20 * DAY
    again = _follow(closed.case, HOT, 3, at=late, change=Change.OPENED, reopened=((late, 0),))
    assert (again.case.state, [alert.kind for alert in again.alerts]) == (State.NEW, [AlertKind.OPEN])
    assert _follow(again.case, HOT, 4, at=late + HOUR, reopened=((late, 0),)).alerts == ()


def test_unconfirmed_danger_that_grows_into_an_incident_is_told_as_one() -> None:
    spoken = follow(None, _update(DANGER, shown=False), MORNING, bench())
    shown = follow(spoken.case, _update(Components(danger=(("gas", 5),)), 2), MORNING, bench())
    assert [(alert.kind, alert.level, alert.unconfirmed) for alert in shown.alerts] == [
        (AlertKind.OPEN, Level.RED, False),
    ]  # fmt: skip


def test_an_accused_office_leads_to_its_supervision_without_words_of_residents() -> None:
    accused = _update(HOT, accused=(("水务局", 6),), words=(SharedWord("停水", 5, 2),), links_terms=("停水",))
    alert = follow(None, accused, MORNING, bench()).alerts[0]
    assert (alert.supervision, alert.lead, alert.co_handlers) == (True, "city", ())
    assert (alert.update.words, alert.update.links_terms) == ((), ())


def test_once_accused_an_office_does_not_come_back_when_the_share_falls() -> None:
    opened = follow(None, _update(HOT, accused=(("water", 1),)), MORNING, bench())
    more = follow(opened.case, _update(HOT, 2, accused=(("water", 1),), posts=100), MORNING, bench())
    assert (more.case.lead, more.case.supervision) == ("city", True)


def test_an_accusation_takes_the_case_from_the_office_it_was_assigned_to() -> None:
    opened = _follow(None, HOT)
    assigned = replace(opened.case, lead="water", lead_now="water", with_now=("housing",))
    assert _follow(assigned, HOT, 2).case.lead == "water"
    accused = _follow(assigned, HOT, 3, accused=(("water", 5),))
    assert accused.case.lead == "city"


def test_a_false_alarm_reopens_when_twice_as_many_tell_of_it() -> None:
    opened = _follow(None, HOT)
    told = replace(opened.case.told, closed=True) if opened.case.told else None
    doubted = replace(opened.case, state=State.FALSE_ALARM, settled=8, told=told)
    same = _follow(doubted, HOT, 2, authors=Between(15, 15))
    grown = _follow(same.case, HOT, 3, authors=Between(16, 16))
    assert (same.case.state, same.alerts) == (State.FALSE_ALARM, ())
    assert (grown.case.state, [alert.kind for alert in grown.alerts]) == (State.NEW, [AlertKind.UPDATE])
    assert grown.events[0].text == "reopened: it grew"


def test_a_matter_from_before_the_cut_over_stays_without_a_mail() -> None:
    before = follow(None, _update(BURNING), MORNING, bench(cutover=MORNING + 1))
    assert (before.alerts, before.case.level) == ((), Level.RED)
    assert follow(before.case, _update(BURNING, 2), MORNING + DAY, bench(cutover=MORNING + 1)).alerts == ()


def test_tone_and_calls_to_gather_give_the_same_alert() -> None:
    polite = follow(None, _update(WARM), MORNING, bench(shipped=True))
    angry = follow(
        None, _update(WARM, moods=(("anger", 9),), words=(SharedWord("一起去", 5, 2),)), MORNING, bench(shipped=True)
    )
    assert (angry.case.level, angry.case.why) == (polite.case.level, polite.case.why)
    assert [alert.level for alert in angry.alerts] == [alert.level for alert in polite.alerts]


def _update(components: Components, revision: int = 1, **others: Any) -> Any:
    return update(revision=revision, components=components, **others)


def _follow(
    case: Case | None, components: Components, revision: int = 1, at: int = MORNING, desk: Bench | None = None,
    **others: Any,
) -> Verdict:  # fmt: skip
    told = update(
        revision=revision, at=at, components=components, **({"first_at": MORNING, "opened_at": MORNING} | others)
    )
    return follow(case, told, at, desk or bench())


def _silent_parts(alert: Alert) -> list[object]:
    told = alert.update
    return [
        told.posts, told.words, told.demands, told.hourly, told.title.matter, told.authors, told.sources, told.moods,
    ]  # fmt: skip
