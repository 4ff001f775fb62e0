"""The fold of one area as a whole: what it tells, and that it tells the same however it is cut."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.clock import DAY, HOUR
from answerable.incident import Change, encode
from answerable.post import Forget, Harm, HarmClass, Kind, Tick, post_id
from incidents.area import AreaFold, Input
from tests.incidents.town import (
    AREA,
    BUS,
    START,
    WATER,
    a_crowd,
    a_day,
    a_post,
    later,
    run,
    standing,
    updates,
)  # fmt: skip


def test_five_residents_on_one_matter_open_an_incident_and_four_do_not() -> None:
    few = run([*a_crowd(WATER, 4, START, 600), later(DAY)])
    enough = run([*a_crowd(WATER, 5, START, 600), later(DAY)])
    assert updates(few) == []
    opened = updates(enough)[0]
    assert (opened.change, opened.shown, opened.posts, opened.at) == (Change.OPENED, True, 5, START + 2400)
    assert set(opened.title.matter) <= set(WATER)
    assert len(opened.title.matter) == 3


def test_one_person_who_writes_all_day_is_no_incident() -> None:
    posts = [a_post(f"p{i}", WATER, START + i * 600, author="one") for i in range(40)]
    assert updates(run([*posts, later(2 * DAY)])) == []


def test_danger_told_by_one_person_is_told_at_once_and_stays_hidden() -> None:
    gas = Harm(HarmClass.DANGER, "gas")
    told = updates(run([a_post("g", ["燃气", "泄漏", "气味"], START, harm=[gas])]))
    assert [(u.change, u.shown, u.held, u.components.danger) for u in told] == [
        (Change.OPENED, False, "few_people", (("gas", 1),))
    ]


def test_people_double_an_incident_and_not_their_posts() -> None:
    again = [
        a_post(f"again{i}", [*WATER, f"又{i}"], START + 60 * (20 + i), author=f"token-c{i % 5}") for i in range(9)
    ]
    more = [a_post(f"more{i}", [*WATER, f"新{i}"], START + 60 * (40 + i)) for i in range(5)]
    told = updates(run([*a_crowd(WATER, 5, START, 60), *again, *more]))
    assert [(update.posts, update.authors.most) for update in told if update.posts > 5] == [(19, 10)]


def test_two_matters_stay_apart_and_every_post_has_a_last_membership() -> None:
    posts = [*a_crowd(WATER, 6, START, 600, "w"), *a_crowd(BUS, 6, START + 60, 600, "b")]
    posts.sort(key=lambda post: post.at)
    last = standing(run([*posts, later(DAY)]))
    assert len(last) == 12
    assert len({group for group, _, _ in last.values()}) == 2
    assert all(group == incident for group, incident, _ in last.values())


def test_an_official_answer_answers_the_demands_made_before_it() -> None:
    posts: list[Input] = [*a_crowd(WATER, 5, START, 600)]
    answer = a_post("re", [], START + 2 * HOUR, kind=Kind.OFFICIAL, reply_to=post_id("board.lanting", "c0"))
    answered = updates(run([*posts, answer]), Change.ANSWERED)
    assert len(answered) == 1
    assert (answered[0].replies, answered[0].answered_at) == (1, START + 2 * HOUR)
    assert answered[0].demands[0].answered_at == START + 2 * HOUR
    assert answered[0].authors.most == 5


def test_an_answer_that_arrives_before_its_letter_waits_for_it() -> None:
    answer = a_post("re", [], START, kind=Kind.OFFICIAL, reply_to=post_id("board.lanting", "c0"))
    told = updates(run([answer, *a_crowd(WATER, 5, START + 60, 600)]))
    assert told[-1].replies == 1


def test_deletion_takes_words_away_and_no_counts() -> None:
    posts = a_crowd(WATER, 5, START, 60)
    fold = AreaFold(AREA)
    before = updates(run(posts, fold))[-1]
    gone = [Forget(post.post.id, post.post.published_at, START + HOUR) for post in posts]
    after = updates(run([*gone, later(2 * HOUR)], fold))[-1]
    assert (after.posts, after.vanished, after.authors) == (5, 5, before.authors)
    assert after.components.effective >= before.components.effective
    assert after.shown
    assert after.words == ()
    assert not any(record.vector or record.signature for record in fold.memory.records.values())
    assert fold.memory.words == {}


def test_an_unanswered_demand_is_told_again_after_seven_and_thirty_days() -> None:
    letters = [a_post(f"l{i}", WATER, START + i * 2 * DAY, kind=Kind.LETTER, demand="恢复供水") for i in range(12)]
    told = updates(run([*letters, later(60 * DAY)]))
    ages = {m.indicators[0].score: m.at for m in reversed(told)}
    assert ages[3] == START + 30 * DAY
    assert told[0].token_days == 10


def test_a_silent_incident_turns_quiet_and_closes_on_time() -> None:
    told = updates(run([*a_crowd(WATER, 5, START, 60), later(30 * DAY)]))
    moments = {m.change: m.at for m in told}
    assert moments[Change.QUIET] == START + 300 + 72 * HOUR
    assert moments[Change.CLOSED] == START + 300 + 336 * HOUR


def test_revisions_rise_by_one() -> None:
    revisions: dict[str, list[int]] = {}
    for update in updates(run([*a_day(3, 400), later(30 * DAY)])):
        revisions.setdefault(update.incident, []).append(update.revision)
    assert revisions
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in revisions.values())


def told_bytes(records: list[Input], fold: AreaFold) -> list[bytes]:
    return [encode(message) for message in run(records, fold)]


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 50), cut=st.floats(0, 1))
def test_a_fold_restored_from_its_entries_goes_on_with_the_same_bytes(seed: int, cut: float) -> None:
    records = a_stream(seed)
    place = int(cut * len(records))
    whole, entries = AreaFold(AREA), {}
    first = told_bytes(records[:place], whole)
    for key, value in whole.changes().items():
        if value is not None:
            entries[key] = value
    restored = AreaFold.restored(AREA, entries)
    assert first is not None
    assert told_bytes(records[place:], restored) == told_bytes(records[place:], whole)
    assert restored.changes() == whole.changes()


@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=st.integers(0, 50))
def test_a_tick_over_an_hour_does_what_sixty_ticks_do(seed: int) -> None:
    records = a_stream(seed)
    fine: list[Input] = []
    at = START
    for record in records:
        while at < record.at:
            fine.append(Tick(at))
            at += 60 * 7
        fine.append(record)
    assert told_bytes(fine, AreaFold(AREA)) == told_bytes(records, AreaFold(AREA))


def a_stream(seed: int) -> list[Input]:
    """Return four days with deletions, answers and a long silence at the end."""
    posts = a_day(seed, 160, 4.0)
    records: list[Input] = []
    for number, record in enumerate(posts):
        records.append(record)
        if number % 17 == 5:
            gone = posts[number // 2]
            records.append(Forget(gone.post.id, gone.post.published_at, record.at))  # type: ignore[union-attr]
        if number % 23 == 7:
            target = posts[number - 3].post.id  # type: ignore[union-attr]
            records.append(
                a_post(
                    f"re{seed}-{number}", [], record.at, kind=Kind.OFFICIAL, reply_to=target, source="office.lanting"
                )
            )
    return [*records, later(5 * DAY), later(40 * DAY)]


def test_a_fold_restored_again_and_again_tells_the_same_bytes() -> None:
    chance = random.Random(6)  # noqa: S311
    records: list[Input] = [
        record
        for place, (matter, prefix) in enumerate(((WATER, "w"), (BUS, "b")))
        for record in a_crowd(matter, 181, START + place * 900, chance.randrange(200, 900), prefix)
    ]
    records.sort(key=lambda record: record.at)
    whole = told_bytes(records, AreaFold(AREA))
    for every in (2, 3):
        assert restored_again_and_again(records, every) == whole


def restored_again_and_again(records: list[Input], every: int) -> list[bytes]:
    """Fold records and go on with a fold restored from its entries after each `every` of them."""
    told, items, fold = list[bytes](), dict[str, bytes](), AreaFold(AREA)
    for number, record in enumerate(records):
        told += told_bytes([record], fold)
        if number % every == 0:
            changes = fold.changes()
            items = {key: value for key, value in items.items() if key not in changes}
            items |= {key: value for key, value in changes.items() if value is not None}
            fold = AreaFold.restored(AREA, dict(items))
    return told
