from __future__ import annotations

import msgspec
from msgspec.structs import replace

from answerable.clock import DAY, HOUR
from answerable.demand import Answer, DemandCount
from answerable.post import Demand, Kind, Reply
from incidents import demands
from incidents.area import AreaFold
from incidents.records import Group, Tally
from tests.incidents.town import AREA, START, WATER, a_crowd, a_post, later, run, updates

REPAIR = Demand("修复", "repair", 0, 2)


def test_an_answer_holds_for_what_was_asked_before_it_also_where_that_is_heard_of_later() -> None:
    group = _asked(START)
    _answer(group, START + DAY)
    demands.count(group, Demand("解释", "explain", 0, 2), START + HOUR, new=True)
    assert [one.answered_at for one in demands.listed(group)] == [START + DAY] * 2
    assert demands.unanswered_since(group) is None


def test_a_demand_that_three_residents_make_again_after_its_answer_is_open_from_the_first_of_them() -> None:
    group = _asked(START)
    _answer(group, START + DAY)
    for n in (1, 2):
        demands.count(group, REPAIR, START + DAY + n * HOUR, new=True)
    assert demands.unanswered_since(group) is None
    demands.count(group, REPAIR, START + DAY + 3 * HOUR, new=True)
    assert demands.unanswered_since(group) == START + DAY + HOUR
    assert demands.listed(group) == (
        DemandCount("修复", "repair", None, 4, START, START + DAY, 3, START + DAY + HOUR, Answer.OTHER),
    )  # fmt: skip


def test_a_second_answer_covers_those_who_asked_again() -> None:
    group = _asked(START)
    _answer(group, START + DAY)
    for n in range(4):
        demands.count(group, REPAIR, START + 2 * DAY + n * HOUR, new=True)
    _answer(group, START + 3 * DAY)
    assert demands.unanswered_since(group) is None
    assert demands.listed(group)[0].again == 0


def test_the_same_resident_of_a_day_asks_again_once() -> None:
    group = _asked(START)
    _answer(group, START + DAY)
    for n in range(5):
        demands.count(group, REPAIR, START + 2 * DAY + n * HOUR, new=n == 0)
    assert demands.asked_again(group) == 1


def test_a_merged_demand_is_answered_where_both_were() -> None:
    one, other = _asked(START), _asked(START + HOUR)
    _answer(one, START + DAY)
    _answer(other, START + 2 * DAY)
    demands.merge(other, one, {})
    assert [(one.residents, one.answered_at) for one in demands.listed(one)] == [(2, START + 2 * DAY)]


def test_a_merged_demand_that_nobody_answered_for_some_stays_open() -> None:
    one, other = _asked(START), _asked(START + HOUR)
    _answer(one, START + DAY)
    demands.merge(other, one, {})
    assert demands.unanswered_since(one) == START


def test_what_others_asked_after_the_answer_counts_as_asked_again_when_groups_merge() -> None:
    for turned in (False, True):
        answered, later_ones = _asked(START), _asked(START + 2 * DAY)
        _answer(answered, START + DAY)
        for n in (1, 2):
            demands.count(later_ones, REPAIR, START + 2 * DAY + n * HOUR, new=True)
        into, gone = (later_ones, answered) if turned else (answered, later_ones)
        demands.merge(gone, into, {})
        assert demands.unanswered_since(into) == START + 2 * DAY, turned
        assert demands.listed(into)[0].again == 3, turned


def test_the_fold_tells_that_residents_ask_again_after_a_reply() -> None:
    posts = a_crowd(WATER, 6, START, HOUR)
    reply = a_post(
        "reply", WATER, START + 8 * HOUR, kind=Kind.OFFICIAL, source="board.lanting", reply_to=posts[0].post.id
    )
    more = a_crowd(WATER, 4, START + 30 * HOUR, HOUR, prefix="m")
    told = updates(run([*posts, reply, later(9 * HOUR), *more, later(36 * HOUR)], AreaFold(AREA)))
    answered = [update for update in told if update.at <= START + 9 * HOUR][-1].demands[0]
    again = told[-1].demands[0]
    assert (answered.answered_at, answered.waits_since) == (START + 8 * HOUR, None)
    assert (again.again, again.waits_since) == (4, START + 30 * HOUR)
    assert {mark.name.value: mark.score for mark in told[-1].indicators}["handling_difficulty"] == 1


def test_an_answer_is_told_with_what_it_says_and_the_date_it_promises() -> None:
    group = _asked(START)
    demands.answer(group, START + DAY, demands.sort_of(Reply(promise=True)), START + 9 * DAY)
    told = demands.listed(group)[0]
    assert (told.answer, told.due_at, told.waits_since) == (Answer.PROMISE, START + 9 * DAY, None)


def test_a_referral_leaves_a_demand_open_until_somebody_answers() -> None:
    group = _asked(START)
    demands.answer(group, START + DAY, Answer.REFERRAL)
    referred = demands.listed(group)[0]
    assert (referred.answer, referred.answered_at, referred.waits_since) == (Answer.REFERRAL, None, START)
    demands.count(group, Demand("解释", "explain", 0, 2), START + HOUR, new=True)
    assert all(one.answered_at is None for one in demands.listed(group))
    demands.answer(group, START + 2 * DAY, Answer.REFUSAL)
    assert {(one.answer, one.waits_since) for one in demands.listed(group)} == {(Answer.REFUSAL, None)}


def test_a_reply_that_came_before_its_post_keeps_what_it_says() -> None:
    posts = a_crowd(WATER, 6, START, HOUR)
    reply = a_post(
        "reply", WATER, START - HOUR, kind=Kind.OFFICIAL, source="board.lanting", reply_to=posts[5].post.id
    )  # fmt: skip
    promised = Reply(promise=True, due_at=START + 9 * DAY)
    reply = replace(
        reply, post=replace(reply.post, published_at=START + 8 * HOUR, seen_at=START),
        analysis=replace(reply.analysis, reply=promised),
    )  # fmt: skip
    told = updates(run([reply, *posts, later(9 * HOUR)], AreaFold(AREA)))[-1].demands[0]
    assert (told.answer, told.due_at) == (Answer.PROMISE, START + 9 * DAY)


def test_what_was_stored_before_demands_could_be_asked_again_is_still_read() -> None:
    told = msgspec.msgpack.encode(["修复", "repair", None, 9, START, START + DAY])
    demand, tally = msgspec.msgpack.decode(told, type=DemandCount), msgspec.msgpack.decode(told, type=Tally)
    assert (demand.again, demand.again_at, demand.answer, demand.waits_since) == (0, None, None, None)
    assert demands.open_since(tally) is None
    group = msgspec.to_builtins(_asked(START))[: Group.__struct_fields__.index("began")]
    kept = msgspec.convert(msgspec.msgpack.decode(msgspec.msgpack.encode(group)), Group)
    assert (kept.reopened, kept.settled, demands.unanswered_since(kept)) == ((), 0, START)


def _asked(at: int) -> Group:
    group = Group(
        id="bcdfghj", first_post="p", seq=1, changed=1, first_at=at, last_at=at, kind=Kind.LETTER, lang="zh"
    )
    demands.count(group, REPAIR, at, new=True)
    return group


def _answer(group: Group, at: int) -> None:
    demands.answer(group, at)


def test_of_two_answered_tallies_the_later_answer_holds_for_who_asked_before_it() -> None:
    one, other = _asked(START), _asked(START)
    one.demands = {"repair": Tally("修复", "repair", None, 5, 10, 100, 3, 200, Answer.PROMISE, 500)}
    other.demands = {"repair": Tally("修复", "repair", None, 4, 20, 900, 0, 0, Answer.REFUSAL, 0)}
    demands.merge(other, one, {})
    (merged,) = one.demands.values()
    assert (merged.answered_at, merged.answer, merged.due_at) == (900, Answer.REFUSAL, 0)
    assert (merged.again, merged.again_at, merged.residents) == (0, 0, 9)
