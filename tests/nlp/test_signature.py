from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.clean import folded
from nlp.signature import BANDS, KEY, LEAST, SIZE, bands, enough, estimate, of_folded, signature
from tests.nlp.reading import asking

WORDS = [
    *(
        "临河",
        "街道",
        "小区",
        "停水",
        "三天",
        "居民",
        "自来水",
        "公司",
        "电话",
        "没人",
        "接听",
        "老人",
        "孩子",
        "超市",
    ),
    *(
        "矿泉水",
        "卖光",
        "希望",
        "尽快",
        "恢复",
        "供水",
        "水管",
        "爆裂",
        "抢修",
        "通知",
        "物业",
        "路灯",
        "学校",
        "公交",
    ),
]


def letter(seed: int, length: int = 40) -> str:
    draw = random.Random(seed)  # noqa: S311
    return "".join(draw.choice(WORDS) for _ in range(length))


def edited(text: str, seed: int, edits: int) -> str:
    draw = random.Random(seed)  # noqa: S311
    letters = list(text)
    for _ in range(edits):
        letters[draw.randrange(len(letters))] = draw.choice("的了在吗呢啊")
    return "".join(letters)


def shared(one: bytes, two: bytes) -> bool:
    return bool(set(bands(one).tolist()) & set(bands(two).tolist()))


def test_a_copy_with_few_edits_is_found_by_a_band_and_estimated_alike() -> None:
    found = 0
    for seed in range(200):
        text = letter(seed)
        one, two = signature(text), signature(edited(text, seed, 1 + seed % 3))
        found += shared(one, two) and estimate(one, two) >= 0.7
    assert found >= 196


def test_unrelated_letters_are_never_taken_for_copies() -> None:
    marks = [signature(letter(seed, 30)) for seed in range(200)]
    false = sum(estimate(a, b) >= 0.7 for i, a in enumerate(marks) for b in marks[:i])
    assert false == 0


def test_prefixes_separators_width_case_and_look_alikes_do_not_matter() -> None:
    plain = "Trash has not been collected on Mill Lane for two weeks"
    for copy in (
        "RT @someone: " + plain, plain.upper(), plain.replace(" ", " — "), plain.replace("a", "а"),
        "Ｔ" + plain[1:] + "!!!", plain.replace("o", "0"), plain[:9] + "\u200b" + plain[9:],
    ):  # fmt: skip
        assert estimate(signature(plain), signature(copy)) == 1.0
    assert (
        estimate(signature("转发微博 临河小区已经停水三天没有人管"), signature("临河小区已经停水三天没有人管")) == 1.0
    )


def test_short_texts_are_compared_exactly_only() -> None:
    one, two = signature("停水三天了"), signature("停水四天了")
    assert len(one) == 8
    assert estimate(one, one) == 1.0
    assert estimate(one, two) == 0.0
    assert not shared(one, two)


def test_texts_without_letters_have_no_signature_and_resemble_nothing() -> None:
    assert signature("！！！😀") == b""
    assert estimate(b"", b"") == 0.0
    assert bands(b"").size == 0


def test_a_signature_is_small_and_does_not_depend_on_its_batch() -> None:
    texts = [folded(text).text for _, text in asking()]
    together = of_folded(texts)
    assert together == [of_folded([text])[0] for text in texts]
    assert 8 < max(map(len, together)) <= SIZE == 136


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_a_signature_that_equals_itself(text: str) -> None:
    mark = signature(text)
    assert len(mark) <= SIZE
    assert len(mark) % 2 == 0
    assert estimate(mark, mark) == (1.0 if mark else 0.0)
    assert len(bands(mark)) in (0, 1, 17)
    assert LEAST == 12


def test_copies_with_a_painted_over_name_before_them_are_equal() -> None:
    plain = "河畔小区的路灯坏了半个月没有人来修"
    for prefix in ("RT @****: ", "转发//@****:", "【转】", "回复@***：", "//@**://@***:"):
        assert estimate(signature(plain), signature(prefix + plain)) == 1.0


def test_a_signature_of_an_older_make_has_its_exact_key_alone() -> None:
    older = signature("河畔小区的路灯坏了半个月没有人来修")[:KEY] + bytes(256)
    assert len(bands(older)) == 1
    assert estimate(older, signature("河畔小区的路灯坏了半个月没有人来修")) == 1.0
    assert estimate(older, signature("河畔小区的路灯坏了一个月没有人来修")) == 0.0


def test_two_keys_of_a_signature_are_never_the_same_number() -> None:
    for seed in range(50):
        assert len(set(bands(signature(letter(seed))).tolist())) == 1 + BANDS


def test_the_longer_a_text_the_more_alike_a_copy_has_to_be() -> None:
    asked = [enough(shingles) for shingles in range(65)]
    assert asked == sorted(asked)
