"""Flat arrays of signatures: what is found is what stands, whatever was there before."""

from __future__ import annotations

import random

from incidents.duplicates import Twins
from incidents.slots import Slots
from nlp.signature import bands, signature

WINDOW = 72 * 3600
WORDS = (
    "停水",
    "路灯",
    "河畔",
    "小区",
    "三天",
    "物业",
    "学校",
    "公交",
    "垃圾",
    "清运",
    "噪音",
    "夜里",
    "希望",
    "处理",
)


def letter(seed: int) -> bytes:
    draw = random.Random(seed)  # noqa: S311
    return signature("".join(draw.choice(WORDS) for _ in range(18)))


def filled(posts: range, step: int = 60) -> Twins:
    twins = Twins(WINDOW)
    for number in posts:
        twins.add(f"{number:05}", number * step, letter(number), number * step)
    return twins


def test_every_post_is_found_before_and_after_it_is_sorted_in() -> None:
    slots = Slots()
    for number in range(300):
        keys = bands(letter(number))
        slots.add(str(number), 0, 0, letter(number), keys)
        assert number in slots.sharing(keys).tolist()
    assert all(number in slots.sharing(bands(letter(number))).tolist() for number in range(300))


def test_of_a_crowd_the_newest_are_looked_at() -> None:
    slots, mark = Slots(), letter(1)
    for number in range(400):
        slots.add(str(number), 0, 0, mark, bands(mark))
    assert slots.sharing(bands(mark), 32).tolist() == list(range(368, 400))


def test_what_is_found_does_not_depend_on_what_was_let_go() -> None:
    long_lived, fresh = filled(range(9000)), filled(range(4800, 9000))
    gone = long_lived.expire(4799 * 60 + WINDOW)
    assert gone == [f"{number:05}" for number in range(4800)]
    assert long_lived.oldest == fresh.oldest == 4800 * 60
    for number in range(4700, 9000, 37):
        found = [twins.find(letter(number), number * 60) for twins in (long_lived, fresh)]
        assert found[0] == found[1] == (f"{number:05}" if number >= 4800 else None)


def test_a_forgotten_post_among_sorted_ones_is_found_by_nothing() -> None:
    twins = filled(range(300))
    for number in (5, 290):
        twins.forget(f"{number:05}", letter(number))
        assert twins.find(letter(number), number * 60) is None
    assert twins.find(letter(6), 360) == "00006"
