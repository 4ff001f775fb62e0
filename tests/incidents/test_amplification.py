"""How many people a burst is worth: floods, petitions, and people."""

from __future__ import annotations

import random

import pytest

from answerable.clock import DAY, HOUR
from incidents.amplification import Voice, weigh
from tests.incidents.town import START, WATER, a_crowd, a_post, later, run, updates


def test_a_thousand_posts_by_twenty_accounts_weigh_less_than_five_people() -> None:
    flood = [Voice(i * 3, f"a{i % 20}", "") for i in range(1000)]
    assert weigh(flood).effective < 5


@pytest.mark.parametrize("minutes", [1, 4, 30])
def test_twenty_accounts_that_keep_talking_are_never_worth_a_crowd_not_even_at_first(minutes: int) -> None:
    chance = random.Random(minutes)  # noqa: S311 — seeded
    flood = [Voice(i * minutes * 3, f"a{chance.randrange(20)}", "root" if i % 2 else "") for i in range(300)]
    assert max(weigh(flood[:n]).effective for n in range(1, 300)) < 3


def test_people_who_speak_once_are_a_crowd_from_the_fifteenth_on_or_after_fifty_minutes() -> None:
    at_once = [Voice(i * 20, f"a{i}", "") for i in range(15)]
    slowly = [Voice(i * 600, f"a{i}", "") for i in range(6)]
    assert [weigh(at_once[:n]).effective for n in (4, 14, 15)] == [2, 2, 15]
    assert [weigh(slowly[:n]).effective for n in (5, 6)] == [2, 6]


def test_few_who_fell_silent_count_in_full_once_they_could_have_been_heard_twice() -> None:
    told = updates(run([*a_crowd(WATER, 10, START, 60), later(5 * HOUR)]))
    assert [(update.at - START, update.components.effective) for update in told][-1] == (55 * 60, 10)
    assert {update.components.effective for update in told[:-1]} == {2}


def test_people_beside_a_few_loud_ones_count_less_those_who_are_loud() -> None:
    people = [Voice(i * 600, f"p{i}", "") for i in range(14)]
    loud = [Voice(i * 300, f"x{i % 5}", "") for i in range(26)]
    assert weigh(people).effective == 14
    assert weigh([*people, *loud]).effective == 9


def test_a_second_smaller_burst_is_told_again_once_its_people_count() -> None:
    first = a_crowd(WATER, 14, START, 20)
    second = a_crowd(WATER, 12, START + 30 * HOUR, 60, "d")
    told = updates(run([*first, *second, later(40 * HOUR)]))
    assert told[-1].components.spoke == (12, 12)
    assert told[-1].components.effective == 12


def test_people_weigh_what_they_are() -> None:
    crowd = [Voice(i * 60, f"a{i}", "") for i in range(50)]
    assert weigh(crowd).effective == 50


def test_a_petition_copied_by_forty_is_told_as_shared_wording_and_weighs_as_one_letter_and_a_few() -> None:
    petition = [Voice(i * 1200, f"a{i}", "root") for i in range(40)]
    weighed = weigh(petition)
    assert weighed.shared_wording == 1
    assert 5 < weighed.effective < 8


def test_copies_made_in_step_weigh_less_than_copies_made_over_a_day() -> None:
    slowly = [Voice(i * 1200, f"a{i}", "root") for i in range(40)]
    at_once = [Voice(i, f"a{i}", "root") for i in range(40)]
    assert weigh(at_once).effective < 0.5 * weigh(slowly).effective


def test_a_flood_in_an_incident_does_not_hide_the_people_in_it() -> None:
    people = [Voice(i * 600, f"p{i}", "") for i in range(30)]
    flood = [Voice(i * 60, f"f{i % 3}", "") for i in range(150)]
    assert weigh([*people, *flood]).effective > 8


def test_a_flood_beside_a_real_matter_does_not_delay_it() -> None:
    flood = [
        a_post(f"f{i}", ["广告", "优惠", "下单", f"款{i % 7}"], START + i * 8, author=f"x{i % 20}")
        for i in range(900)
    ]
    water = a_crowd(WATER, 5, START, 900)
    both = sorted([*flood, *water], key=lambda post: post.at)
    alone = next(u for u in updates(run([*water, later(DAY)])) if u.shown)
    told = [u for u in updates(run([*both, later(DAY)])) if u.first_post == alone.first_post and u.shown]
    assert told[0].at <= alone.at + 300
    assert told[0].at < START + 2 * HOUR


def test_a_flood_by_twenty_accounts_raises_neither_heat_nor_effective_authors() -> None:
    flood = [a_post(f"f{i}", [*WATER, f"款{i}"], START + i * 8, author=f"x{i % 20}") for i in range(1000)]
    last = updates(run([*flood, later(2 * HOUR + 300)]))[-1]
    assert last.components.effective < 5
    assert last.authors.least == 20


def test_floods_are_flagged_and_crowds_and_honest_petitions_are_not() -> None:
    pressing = [Voice(i * 60, f"a{i % 20}", "") for i in range(1000)]
    in_step = [Voice(i * 3, f"a{i}", "root") for i in range(200)]
    petition = [Voice(i * 400, f"a{i}", "root") for i in range(200)]
    crowd = [Voice(i * 10, f"a{i}", "") for i in range(300)]
    assert [weigh(voices).amplified for voices in (pressing, in_step, petition, crowd, [])] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_an_update_says_what_the_flag_stands_on() -> None:
    flood = [a_post(f"f{i}", [*WATER, f"款{i}"], START + i * 8, author=f"x{i % 20}") for i in range(400)]
    last = updates(run([*flood, later(2 * HOUR)]))[-1].components
    assert (last.amplified, last.spoke) == (True, (400, 20))
    assert last.synchrony == 0.85
    calm = updates(run([*a_crowd(WATER, 12, START, 600), later(3 * HOUR)]))[-1].components
    assert (calm.amplified, calm.synchrony, calm.spoke) == (False, 0.0, (12, 12))
