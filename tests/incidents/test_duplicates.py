"""Near-duplicates: what is found, what is not, and who represents."""

from __future__ import annotations

import random

import msgspec

from incidents.area import AreaFold
from incidents.duplicates import Twins
from incidents.records import PostRecord
from nlp.signature import signature
from tests.incidents.town import AREA, START, WATER, a_post, later, run, standing

WINDOW = 72 * 3600
LETTER = (
    "澜汀市东区河畔小区从昨天夜里开始停水，物业说不清楚什么时候恢复，"
    "家里老人孩子都等着用水，请供水公司尽快处理并公布时间"
)
OTHER = "公交车的班次太少，早高峰等了四十分钟，希望公交公司增加车辆，方便大家上班上学"


def sign(text: str) -> bytes:
    return signature(text, "zh")


def test_an_exact_copy_is_found_however_short() -> None:
    twins = Twins(WINDOW)
    twins.add("a", 0, sign("停水了"), 0)
    assert twins.find(sign("停水了"), 60) == "a"
    assert twins.find(sign("停电了"), 60) is None


def test_a_copy_with_a_few_edits_is_found_and_another_letter_is_not() -> None:
    twins = Twins(WINDOW)
    twins.add("a", 0, sign(LETTER), 0)
    assert twins.find(sign("转发：" + LETTER.replace("老人孩子", "老人小孩")), 60) == "a"
    assert twins.find(sign(OTHER), 60) is None


def test_copies_more_than_three_days_apart_are_two_letters() -> None:
    twins = Twins(WINDOW)
    twins.add("a", 0, sign(LETTER), 0)
    assert twins.find(sign(LETTER), WINDOW + 1) is None
    assert twins.expire(WINDOW) == ["a"]
    assert twins.find(sign(LETTER), 60) is None


def test_a_forgotten_post_is_not_found_any_more() -> None:
    twins = Twins(WINDOW)
    twins.add("a", 0, sign(LETTER), 0)
    twins.add("b", 0, sign(LETTER), 0)
    twins.forget("b", sign(LETTER))
    assert twins.find(sign(LETTER), 60) == "a"
    twins.forget("a", sign(LETTER))
    assert twins.find(sign(LETTER), 60) is None


def test_the_oldest_is_the_oldest_that_was_not_forgotten() -> None:
    twins = Twins(WINDOW)
    twins.add("a", 0, sign(LETTER), 0)
    twins.add("b", 60, sign(OTHER), 60)
    twins.forget("a", sign(LETTER))
    assert twins.oldest == 60
    twins.forget("b", sign(OTHER))
    assert twins.oldest is None


def test_a_signature_leaves_the_stored_record_after_three_days() -> None:
    fold, stored = AreaFold(AREA), dict[str, bytes | None]()
    post = a_post("a", WATER, START)
    for record in (post, later(WINDOW - 600), later(WINDOW + 600)):
        fold.fold(record)
        stored |= fold.changes()
    kept = stored[f"p/{post.post.id}"]
    assert kept is not None
    assert msgspec.msgpack.decode(kept, type=PostRecord).signature == b""


def test_the_smallest_id_represents_whatever_the_order() -> None:
    for seed in range(5):
        posts = [a_post(f"copy{i}", WATER, START + i * 60, text=LETTER) for i in range(6)]
        random.Random(seed).shuffle(posts)  # noqa: S311
        last = standing(run([*posts, later(7200)]))
        smallest = min(post.post.id for post in posts)
        assert {post: twin for post, (_, _, twin) in last.items()} == {
            post.post.id: None if post.post.id == smallest else smallest for post in posts
        }


def test_one_form_filled_in_for_two_places_is_two_letters() -> None:
    east = a_post("east", WATER, START, text=LETTER)
    west = a_post("west", WATER, START + 60, text=LETTER.replace("河畔小区", "桥南小区"), place="lt-west")
    typo = a_post("typo", WATER, START + 90, text=LETTER.replace("夜里", "夜裡"), place=None)
    last = standing(run([east, west, typo, later(7200)]))
    assert last[west.post.id][2] is None
    assert {last[post.post.id][2] for post in (east, typo)} == {None, min(east.post.id, typo.post.id)}


def test_planted_copies_are_found_and_others_hardly_ever_joined() -> None:
    chance = random.Random(7)  # noqa: S311
    letters = ["".join(chance.choice(LETTER) for _ in range(60)) + str(i) for i in range(300)]
    twins = Twins(WINDOW)
    for number, letter in enumerate(letters):
        assert twins.find(sign(letter), 0) is None
        twins.add(f"{number:03}", 0, sign(letter), 0)
    found = 0
    for number, letter in enumerate(letters):
        place = chance.randrange(60)
        found += twins.find(sign(letter[:place] + "，" + letter[place + 1 :]), 0) == f"{number:03}"
    assert found >= 0.98 * len(letters)
