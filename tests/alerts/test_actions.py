from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from alerts.actions import NEXT, act
from alerts.case import Case, Running
from alerts.entry import Action
from answerable.errors import Refused
from answerable.incident import State
from tests.alerts.givens import CLOCKS, HOUR, MORNING, RECIPIENTS, case, routing, told, update

CONTENT: dict[State, dict[str, Any]] = {
    State.ASSIGNED: {"office": "housing", "co_handlers": ("water",)},
    State.RETURNED: {"office": "housing"},
    State.ANSWERED: {"text": "Water returns on Friday", "link": "https://lanting.example/water"},
    State.CLOSED: {"text": "repaired"},
    State.FALSE_ALARM: {"text": "a drill"},
}
ACCUSED: dict[str, Any] = {"accused": ("water",), "lead": "city"}


def test_nothing_can_be_removed() -> None:
    assert {state.value for state in State} == {
        "new", "acknowledged", "working", "assigned", "returned", "answered", "closed", "false_alarm",
    }  # fmt: skip


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
def test_every_step_is_either_done_or_refused_with_words(before: State, after: State) -> None:
    given = case(state=before)
    if after in NEXT[before]:
        done = _act(given, after)
        assert (done.event.before, done.event.after, done.case.state) == (before, after, after)
        assert done.case.version == done.event.version == given.version + 1
    else:
        with pytest.raises(Refused, match="cannot become"):
            _act(given, after)


def test_the_ledger_keeps_who_when_before_after_and_what_was_said() -> None:
    event = act(
        case(), _action(State.ANSWERED, promised="new pipes", due_at=MORNING + HOUR), routing(), RECIPIENTS, MORNING
    ).event
    assert (event.who, event.at, event.text) == ("lead", MORNING, "Water returns on Friday")
    assert (event.link, event.promised, event.due_at) == (
        "https://lanting.example/water",
        "new pipes",
        MORNING + HOUR,
    )


def test_an_older_version_is_refused_so_that_nobody_overwrites_another() -> None:
    with pytest.raises(Refused, match="somebody else was faster"):
        _act(case(state=State.WORKING, version=4), State.ASSIGNED, version=3)


def test_several_may_acknowledge_each_with_an_older_version() -> None:
    once = _act(case(), State.ACKNOWLEDGED).case
    twice = _act(once, State.ACKNOWLEDGED, version=1, who="boss")
    assert (twice.case.state, twice.event.who) == (State.ACKNOWLEDGED, "boss")


def test_assigning_names_a_lead_and_those_who_help() -> None:
    done = _act(case(lead="water"), State.ASSIGNED)
    assert (done.case.lead, done.case.co_handlers, done.event.office) == ("housing", ("water",), "housing")


def test_returning_names_the_right_office_while_lead_and_clocks_stay() -> None:
    running = Running("answer", CLOCKS.start(CLOCKS.rules[2], MORNING, MORNING, "zh"), ())
    done = _act(case(lead="water", clocks=(running,)), State.RETURNED)
    assert (done.case.lead, done.case.proposed, done.event.office) == ("water", "housing", "housing")
    assert done.case.clocks == (running,)


def test_an_answer_stops_the_clocks() -> None:
    running = Running("answer", CLOCKS.start(CLOCKS.rules[2], MORNING, MORNING, "zh"), ())
    done = act(case(clocks=(running,)), _action(State.ANSWERED), routing(), RECIPIENTS, MORNING + HOUR)
    assert done.case.clocks[0].kept_at == MORNING + HOUR
    assert (done.case.answered_at, done.case.answer_link) == (MORNING + HOUR, "https://lanting.example/water")


@pytest.mark.parametrize(
    ("to", "content", "message"),
    [
        (State.ASSIGNED, {"office": None}, "name the office"),
        (State.ASSIGNED, {"office": "nobody"}, "there is no office 'nobody'"),
        (State.ASSIGNED, {"co_handlers": ("nobody",)}, "there is no office 'nobody'"),
        (State.RETURNED, {"office": None}, "name the office"),
        (State.ANSWERED, {"text": " ", "link": None}, "needs its text, or a link"),
        (State.ANSWERED, {"link": "javascript:alert(1)"}, "starts with https"),
        (State.ANSWERED, {"link": "https://lanting.example/a b"}, "no spaces"),
        (State.CLOSED, {"text": ""}, "needs a reason"),
        (State.FALSE_ALARM, {"text": ""}, "needs a reason"),
        (State.FALSE_ALARM, {"text": "Shared wording, a petition"}, "shared wording is no reason"),
        (State.CLOSED, {"text": "措辞相同，复制粘贴"}, "shared wording is no reason"),
    ],
)
def test_a_step_without_what_it_needs_is_refused(to: State, content: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        _act(case(), to, **content)


def test_an_accused_office_gets_nothing_assigned() -> None:
    with pytest.raises(Refused, match="accused"):
        _act(case(**ACCUSED), State.ASSIGNED, office="water", co_handlers=())
    with pytest.raises(Refused, match="accused"):
        _act(case(**ACCUSED), State.ASSIGNED, office="housing")


def test_where_an_office_is_accused_a_false_alarm_takes_two_people() -> None:
    first = _act(case(**ACCUSED), State.FALSE_ALARM, who="boss")
    assert first.case.state is State.NEW
    assert "second person" in first.event.text
    again = _act(first.case, State.FALSE_ALARM, who="boss")
    assert again.case.state is State.NEW
    assert _act(again.case, State.FALSE_ALARM, who="builder").case.state is State.FALSE_ALARM


def test_the_accused_office_alone_cannot_mark_a_false_alarm_not_even_by_two_of_its_people() -> None:
    both = case(**ACCUSED, doubters=("lead",))
    own = act(both, _action(State.FALSE_ALARM, who="lead"), routing(), RECIPIENTS, MORNING)
    assert own.case.state is State.NEW
    assert _act(own.case, State.FALSE_ALARM, who="boss").case.state is State.FALSE_ALARM


def test_closing_remembers_how_many_there_were_and_going_on_forgets_it() -> None:
    closed = _act(case(told=told(closed=True)), State.CLOSED).case
    assert closed.settled == 8
    going_on = _act(closed, State.WORKING).case
    assert going_on.settled == 0
    assert going_on.told is not None
    assert not going_on.told.closed


def _act(given: Case, to: State, **content: Any) -> Any:
    content.setdefault("version", given.version)
    return act(given, _action(to, **content), routing(), RECIPIENTS, MORNING)


def _action(to: State, **content: Any) -> Action:
    told_: dict[str, Any] = {"incident": update().incident, "version": 1, "to": to, "who": "lead"}
    return Action(**(told_ | CONTENT.get(to, {}) | content))
