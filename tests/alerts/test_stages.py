from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from alerts.alert import Alert, AlertKind
from alerts.case import Told
from alerts.due import CLOCK, UNACKNOWLEDGED
from alerts.stages import Hold, Notice, Pipeline, Silence, build, is_urgent, pass_all
from answerable.clock import parse
from answerable.incident import Components, Evidence, Level, State
from tests.alerts.givens import MORNING, PEOPLE, alert, told, update

NIGHT = parse("2026-03-02T23:30:00+08:00")
RED = alert(Level.RED)
DANGEROUS = alert(Level.ORANGE, update=update(components=Components(danger=(("gas", 2),))))
GROWN = told(residents=16)


class Remembered:
    def __init__(self, said: Told | None = None, sent: int = 0, silences: Sequence[Silence] = ()) -> None:
        self._said, self._sent, self._silences = said, sent, silences

    def told(self, incident: str, person: str) -> Told | None:
        return self._said

    def sent_today(self, person: str, at: int) -> int:
        return self._sent

    def silences(self) -> Sequence[Silence]:
        return self._silences


def test_red_goes_at_once() -> None:
    assert _decided(RED) == _notice(RED)


def test_orange_waits_for_company() -> None:
    decided = _decided(alert())
    assert decided is not None
    assert (decided.held, decided.due_at) == (None, MORNING + 300)


@pytest.mark.parametrize("level", [Level.WATCH, Level.YELLOW])
def test_yellow_and_watch_wait_for_the_digest(level: Level) -> None:
    assert _held(_decided(alert(level))) is Hold.CADENCE


def test_danger_that_two_tell_of_waits_for_nothing() -> None:
    assert _decided(DANGEROUS) == _notice(DANGEROUS)
    assert _sent(DANGEROUS, NIGHT, Remembered(sent=99)) == _notice(DANGEROUS)


def test_nobody_is_told_twice() -> None:
    assert _decided(RED, Remembered(told(Level.RED))) is None
    assert _decided(alert(), Remembered(told()), GROWN) is not None


@pytest.mark.parametrize("rule", [CLOCK, UNACKNOWLEDGED])
def test_reminders_repeat_on_purpose(rule: str) -> None:
    assert _decided(alert(rule=rule, kind=AlertKind.UPDATE), Remembered(told())) is not None


def test_unconfirmed_danger_reaches_those_on_duty_at_any_hour() -> None:
    unconfirmed = alert(unconfirmed=True)
    assert _decided(unconfirmed, Remembered(told())) == _notice(unconfirmed)
    assert _sent(unconfirmed, NIGHT) == _notice(unconfirmed)


def test_what_was_merged_or_doubted_says_nothing_but_that() -> None:
    merged = update(merged_into="other77")
    assert _decided(alert(Level.RED, update=merged)) is None
    assert _decided(alert(Level.RED, state=State.FALSE_ALARM)) is None
    assert _decided(alert(kind=AlertKind.MERGE, update=merged), Remembered(told()), told(merged=True)) is not None


@pytest.mark.parametrize("about", ["bcdfghj", "urban.water", "4401"])
def test_a_silence_holds_for_the_digest_until_it_ends(about: str) -> None:
    silence = Silence(about, MORNING + 1, "lead", "known works")
    assert _held(_decided(RED, Remembered(silences=[silence]))) is Hold.SILENCED
    assert _held(_decided(RED, Remembered(silences=[replace(silence, until=MORNING)]))) is None
    assert _held(_decided(RED, Remembered(silences=[replace(silence, about="else")]))) is None


def test_danger_is_never_silenced() -> None:
    silence = Silence("bcdfghj", MORNING + 1, "lead", "known works")
    assert _held(_decided(DANGEROUS, Remembered(silences=[silence]))) is None


def test_at_night_only_red_and_danger_wake_people() -> None:
    assert _held(_sent(alert(), NIGHT)) is Hold.QUIET
    assert _sent(RED, NIGHT) == _notice(RED)
    assert _held(_sent(alert(Level.RED, kind=AlertKind.CLOSE), NIGHT)) is Hold.QUIET


def test_a_persons_own_quiet_hours_come_before_the_desks() -> None:
    awake = replace(_notice(alert()), person=replace(PEOPLE[0], quiet="13:00-14:00"))
    assert _held(pass_all(_pipeline().send, awake, NIGHT)) is None


def test_beyond_the_cap_the_digest_takes_over_except_for_red() -> None:
    assert _held(_sent(alert(), MORNING, Remembered(sent=5))) is None
    assert _held(_sent(alert(), MORNING, Remembered(sent=6))) is Hold.CAP
    assert _held(_sent(RED, MORNING, Remembered(sent=6))) is None


@pytest.mark.parametrize("kind", [AlertKind.MERGE, AlertKind.CLOSE, AlertKind.DIGEST])
def test_the_end_of_a_red_incident_is_not_urgent(kind: AlertKind) -> None:
    assert not is_urgent(alert(Level.RED, kind=kind))


def _pipeline(memory: Remembered | None = None) -> Pipeline:
    return build(
        memory or Remembered(), ZoneInfo("Asia/Shanghai"), group_seconds=300, quiet="22:00-07:00", daily_cap=6
    )


def _notice(of: Alert, said: Told | None = None) -> Notice:
    return Notice(of, PEOPLE[0], said or told(of.level), MORNING)


def _decided(of: Alert, memory: Remembered | None = None, said: Told | None = None) -> Notice | None:
    return pass_all(_pipeline(memory).decide, _notice(of, said), MORNING)


def _sent(of: Alert, now: int, memory: Remembered | None = None) -> Notice | None:
    return pass_all(_pipeline(memory).send, _notice(of), now)


def _held(notice: Notice | None) -> Hold | None:
    assert notice is not None
    return notice.held


@pytest.mark.parametrize(
    ("rule", "why", "held"),
    [
        ("scorecard", ("points.unanswered_hours", "points.breadth"), Hold.CADENCE),
        ("long-unanswered", ("rule.unanswered", "points.unanswered_hours"), Hold.CADENCE),
        ("scorecard", ("points.unanswered_hours", "points.growth"), None),
        ("wide", ("rule.districts", "points.unanswered_hours"), None),
        (UNACKNOWLEDGED, ("unacknowledged_hours",), None),
    ],
)
def test_what_waiting_alone_made_orange_is_told_in_the_digest(
    rule: str, why: tuple[str, ...], held: Hold | None
) -> None:
    notice = _decided(alert(Level.ORANGE, rule=rule, why=tuple(Evidence(name, 5.0) for name in why)))
    assert notice is not None
    assert notice.held is held
