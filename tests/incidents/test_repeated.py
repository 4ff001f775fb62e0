"""A log that is written again holds records twice: what is told is the same, whatever came again and when."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from answerable.clock import DAY, HOUR
from answerable.incident import Change, encode
from answerable.post import AnalysedPost, Correction, CorrectionKind, Forget, Kind, Tick, post_id
from incidents.area import AreaFold, Input
from incidents.memory import Waiting
from tests.incidents.town import AREA, BUS, START, WATER, a_crowd, a_day, a_post, later, run, standing, updates

FIRST = post_id("board.lanting", "c0")


def a_correction(kind: CorrectionKind, value: str, at: int, incident: str) -> Correction:
    return Correction(incident=incident, area=AREA, kind=kind, value=value, who="lead", why="seen", at=at)


def edited(item: AnalysedPost, at: int) -> list[Input]:
    """Return what the border sends for an edited post: Forget, then its new form."""
    again = replace(item.post, revision=item.post.revision + 1, seen_at=at, text="另一句话")
    return [Forget(item.post.id, item.post.published_at, at, edited=True), replace(item, post=again)]


def a_stream(seed: int) -> list[Input]:
    """Return three days with copies, deletions, edits, more counts, answers to known posts and to later ones."""
    posts = [record for record in a_day(seed, 90, 3.0) if isinstance(record, AnalysedPost)]
    records: list[Input] = []
    for number, record in enumerate(posts):
        earlier = posts[number // 2]
        records.append(record)
        match number % 12:  # a post is earlier for two numbers, and what was deleted never comes back
            case 4:
                records.append(Forget(earlier.post.id, earlier.post.published_at, record.at))
            case 7:
                records += edited(earlier, record.at + 1)
            case 10:
                records.append(replace(earlier, post=replace(earlier.post, revision=9, seen_at=record.at)))
        if number % 23 == 7:
            for name, target in (("re", posts[number - 3]), ("before", posts[min(number + 5, 89)])):
                records.append(
                    a_post(f"{name}{seed}-{number}", [], record.at, kind=Kind.OFFICIAL, reply_to=target.post.id)
                )
    return [*records, later(4 * DAY), later(20 * DAY)]


def corrections(records: list[Input]) -> list[Input]:
    """Return titles and merges for the first incidents of a stream."""
    opened = list(dict.fromkeys(update.incident for update in updates(run(records), Change.OPENED)))
    found: list[Input] = []
    for number, incident in enumerate(opened[:4]):
        at = START + 3 * DAY + number * HOUR
        found.append(a_correction(CorrectionKind.TITLE, f"标题{number}", at, incident))
        found.append(a_correction(CorrectionKind.MERGE, opened[-1], at + 60, incident))
    return found


def told(records: list[Input]) -> list[bytes]:
    return [encode(message) for message in run(records)]


@settings(max_examples=4, deadline=None, derandomize=True)
@given(seed=st.integers(0, 50))
def test_every_record_twice_tells_what_each_tells_once(seed: int) -> None:
    records = a_stream(seed)
    records[-2:-2] = corrections(records)
    assert told([record for record in records for _ in range(2)]) == told(records)


@settings(max_examples=4, deadline=None, derandomize=True)
@given(seed=st.integers(0, 50), size=st.integers(2, 40))
def test_batches_that_were_appended_again_tell_what_each_tells_once(seed: int, size: int) -> None:
    records = a_stream(seed)
    again: list[Input] = []
    for first in range(0, len(records), size):
        batch = records[first : first + size]
        again += [*batch, *batch]
    assert told(again) == told(records)


@settings(max_examples=4, deadline=None, derandomize=True)
@given(seed=st.integers(0, 50))
def test_a_record_that_comes_again_days_later_tells_nothing(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    records = a_stream(seed)
    late = list(records)
    for place in sorted(chance.sample(range(len(records) - 2), 30), reverse=True):
        late.insert(chance.randrange(place, len(records) - 2) + 1, records[place])
    assert told(late) == told(records)


def test_a_fold_restored_between_a_record_and_its_copy_knows_it() -> None:
    records = a_stream(11)[:60]
    fold, entries = AreaFold(AREA), dict[str, bytes]()
    for record in records:
        run([record], fold)
        for key, value in fold.changes().items():
            if value is None:
                entries.pop(key, None)
            else:
                entries[key] = value
        fold = AreaFold.restored(AREA, entries)
        assert run([record], fold) == []


def test_a_post_deleted_twice_vanished_once() -> None:
    posts = a_crowd(WATER, 5, START, 60)
    gone = Forget(FIRST, START, START + HOUR)
    after = updates(run([*posts, gone, gone, later(2 * HOUR)]))[-1]
    assert (after.posts, after.vanished) == (5, 1)


def test_an_edited_post_stands_however_often_its_edit_comes() -> None:
    posts = a_crowd(WATER, 5, START, 60)
    fold = AreaFold(AREA)
    run([*posts, *edited(posts[0], START + HOUR) * 3, later(2 * HOUR)], fold)
    record = fold.memory.records[FIRST]
    assert (record.gone, record.revision, fold.memory.groups[record.group].vanished) == (False, 2, 0)
    assert record.vector


def test_a_deletion_after_an_edit_is_a_deletion() -> None:
    posts = a_crowd(WATER, 5, START, 60)
    fold = AreaFold(AREA)
    run([*posts, *edited(posts[0], START + HOUR), Forget(FIRST, START, START + HOUR)], fold)
    record = fold.memory.records[FIRST]
    assert (record.gone, record.vector, fold.memory.groups[record.group].vanished) == (True, b"", 1)


def test_an_edit_that_comes_after_the_new_form_takes_nothing_away() -> None:
    posts = a_crowd(WATER, 5, START, 60)
    forget, new = edited(posts[0], START + HOUR)
    fold = AreaFold(AREA)
    run([*posts[1:], new, forget], fold)
    assert fold.memory.records[FIRST].vector


@pytest.mark.parametrize("first", [True, False])
def test_an_answer_that_comes_twice_is_one_reply(first: bool) -> None:
    answer: Input = a_post("re", [], START + HOUR, kind=Kind.OFFICIAL, reply_to=FIRST)
    posts: list[Input] = [*a_crowd(WATER, 5, START, 60)]
    records = [answer, answer, *posts, answer] if first else [*posts, answer, answer]
    heard = run([*records, later(DAY)])
    assert updates(heard)[-1].replies == 1
    assert standing(heard)[post_id("board.lanting", "re")] == standing(heard)[FIRST]


def test_an_answer_that_is_edited_is_still_one_reply_and_nothing_that_vanished() -> None:
    answer = a_post("re", [], START + HOUR, kind=Kind.OFFICIAL, reply_to=FIRST)
    heard = run([*a_crowd(WATER, 5, START, 60), answer, *edited(answer, START + 2 * HOUR) * 2, later(DAY)])
    assert (updates(heard)[-1].replies, updates(heard)[-1].vanished) == (1, 0)


def test_answers_that_an_older_version_let_wait_are_still_counted() -> None:
    fold = AreaFold(AREA)
    fold.memory.waiting[FIRST] = Waiting([START], START)
    assert updates(run(a_crowd(WATER, 5, START, 60), fold))[-1].replies == 1


def test_a_merge_that_comes_twice_merges_once() -> None:
    posts = [*a_crowd(WATER, 6, START, 60, "w"), *a_crowd(BUS, 6, START + 7, 60, "b")]
    posts.sort(key=lambda post: post.at)
    one, other = (update.incident for update in updates(run(posts), Change.OPENED))
    merge = a_correction(CorrectionKind.MERGE, other, START + HOUR, one)
    fold = AreaFold(AREA)
    heard = updates(run([*posts, merge], fold))
    assert (heard[-1].posts, [u.incident for u in heard if u.change is Change.MERGED]) == (12, [one])
    assert run([merge], fold) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (CorrectionKind.SPLIT, ",".join(post_id("board.lanting", f"c{n}") for n in (0, 1))),
        (CorrectionKind.PLACE, "lt-west"),
        (CorrectionKind.OFFICE, "bus-office"),
        (CorrectionKind.TOPIC, "urban.bus"),
        (CorrectionKind.TITLE, "停水"),
    ],
)
def test_a_correction_that_comes_twice_tells_nothing_new(kind: CorrectionKind, value: str) -> None:
    posts = a_crowd(WATER, 8, START, 60)
    fold = AreaFold(AREA)
    incident = updates(run(posts, fold))[0].incident
    correction = a_correction(kind, value, START + HOUR, incident)
    assert updates(run([correction], fold), Change.CORRECTED)
    assert run([correction], fold) == []


def test_a_tick_that_comes_again_or_late_moves_nothing() -> None:
    fold = AreaFold(AREA)
    run([*a_crowd(WATER, 6, START, 60), later(DAY)], fold)
    assert run([later(DAY), Tick(START), later(HOUR)], fold) == []
    assert fold.memory.head.clock == START + DAY
