"""Hashed n-grams: what is counted, and that a batch changes nothing."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.features import BLOCK, BUCKETS, CAP, Scheme, hash_texts, normalise, pieces, scheme_of
from nlp.rolling import slices, text_hash


def buckets(text: str, scheme: Scheme = Scheme.SPACED) -> Counter[int]:
    return Counter(hash_texts([text], scheme).bucket.tolist())


def grams(text: str, scheme: Scheme = Scheme.SPACED) -> Counter[int]:
    return Counter({bucket: n for bucket, n in buckets(text, scheme).items() if bucket < BLOCK})


TEXTS = st.lists(st.text(max_size=60), min_size=1, max_size=6)


@settings(derandomize=True, max_examples=60)
@given(TEXTS, st.sampled_from(Scheme))
def test_a_text_gives_the_same_buckets_alone_and_in_any_batch(texts: list[str], scheme: Scheme) -> None:
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    batch = hash_texts(clean, scheme)
    for i, text in enumerate(clean):
        alone = hash_texts([text], scheme)
        assert sorted(batch.bucket[batch.post == i].tolist()) == sorted(alone.bucket.tolist())


@settings(derandomize=True, max_examples=60)
@given(TEXTS)
def test_every_bucket_lies_in_the_two_blocks(texts: list[str]) -> None:
    found = hash_texts([text.encode("utf-8", "replace").decode() for text in texts], Scheme.SPACED)
    assert found.bucket.max() < BUCKETS
    assert found.post.max() < len(texts)


def test_an_empty_text_still_says_how_it_is_written() -> None:
    assert sum(buckets("", Scheme.HAN).values()) == 5


def test_width_and_case_and_digits_make_no_difference_to_letters() -> None:
    assert grams("ＲＯＡＤ 12") == grams("road 97")


def test_invisible_signs_make_no_difference_to_letters() -> None:
    assert grams("wa\u200bter\ufeff") == grams("water")


def test_a_run_of_a_sign_counts_as_three() -> None:
    assert grams("noooooo") == grams("nooo")
    assert grams("noo") != grams("nooo")


def test_links_and_mentions_read_alike_whatever_they_name() -> None:
    assert normalise("@anyone see https://a.example/1 and www.b.example") == "@ see http and http"


def test_only_the_first_signs_of_a_long_text_count() -> None:
    assert buckets("a" * CAP) == buckets("a" * CAP + " and what follows")


def words(text: str) -> int:
    return sum(n for bucket, n in buckets(text).items() if bucket >= BLOCK)


def test_a_negated_word_is_counted_as_such_until_the_next_stop() -> None:
    plain, one_more_sign = words("so water came back"), 2  # the sign, and its pair with what stands before it
    assert words("no water came back") == plain + 3
    assert words("no, water came back") == plain + one_more_sign
    assert words("wasn't water came back on") == words("wasnt water came back on") + 3


def test_pieces_join_to_the_normalised_text() -> None:
    text = "澜汀市临河街道停水3天了，请尽快恢复！"
    assert "".join(pieces(text)) == normalise(text)


def test_pieces_from_a_caller_change_nothing() -> None:
    text = "临河街道路灯不亮 @某人 http://a.example"
    own, shared = hash_texts([text], Scheme.HAN), hash_texts([text], Scheme.HAN, [pieces(text)])
    assert sorted(own.bucket.tolist()) == sorted(shared.bucket.tolist())


def test_script_decides_where_the_language_is_not_known() -> None:
    assert scheme_of("路灯不亮了", None) is Scheme.HAN
    assert scheme_of("the lamp is out", None) is Scheme.SPACED


@settings(derandomize=True, max_examples=60)
@given(st.text(min_size=1, max_size=40), st.data())
def test_the_hash_of_a_slice_is_the_hash_of_its_text(text: str, data: st.DataObject) -> None:
    clean = text.encode("utf-8", "replace").decode()
    end = data.draw(st.integers(1, len(clean)))
    start = data.draw(st.integers(0, end - 1))
    code = np.array([ord(sign) for sign in clean], np.uint32)
    assert int(slices(code, np.array([start]), np.array([end]))[0]) == text_hash(clean[start:end])
