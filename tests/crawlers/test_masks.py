"""What the border paints over, and what it leaves alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.masks import mask
from tests.crawlers.labelled import cases

MASKED = (
    ("打１３８－００１３－８０００", "打*************"),
    ("电话一三八零零一三八零零零", "电话***********"),
    ("电话138****8000", "电话***********"),
    ("tel 0531 8888 1234", "tel **************"),
    ("+44 20 7946 0958 please", "**************** please"),
    ("call 555-0134 now", "call ******** now"),
    ("客服400-123-4567", "客服************"),
    ("身份证 110101 19900307 123x", "身份证 ********************"),
    ("15位的110101900307123", "15位的***************"),
    ("鲁a·12345", "********"),
    ("皖AD12345停了三天", "********停了三天"),
    ("我住12栋3单元502室", "我住**********"),
    ("3#-2-501漏水", "********漏水"),
    ("十二号楼东单元", "*******"),
    ("A座1203", "******"),
    ("Flat B, 12 Elm Street", "******, 12 Elm Street"),
    ("No. 5, Elm Street, Apt 3B", "*****, Elm Street, ******"),
    ("mon appartement 12B", "mon ***************"),
    ("住在柳塘路12号", "住在柳塘路***"),
    ("王家村3组12号停电", "王家村*****停电"),
    ("我叫欧阳小河，", "我叫****，"),
    ("我叫阿依·买买提，", "我叫******，"),
    ("免贵姓李，住城东", "免贵姓*，住城东"),
    ("我的名字叫王小河", "我的名字叫***"),
    ("my name is ada brook and i am tired", "my name is ********* and i am tired"),
    ("je m'appelle Élise Morel", "je m'appelle ***********"),
    ("제 이름은 김하나입니다", "제 이름은 ***입니다"),
    ("私の名前は川口花です", "私の名前は***です"),
    ("me@mail.example.org", "*******************"),
    ("river.li[at]mail.example.com", "****************************"),
    ("网友A1 发表于 2026-03-01", "**** 发表于 2026-03-01"),
    ("//@河畔老李:转发", "//*****:转发"),
    ("https://forum.example/space-uid-77.html", "https://forum.example/space-uid-**.html"),
    ("see https://me:pw@host.example/", "see https://******************/"),
    ("1\u200b3\u200b8\u200b0\u200b0\u200b1\u200b3\u200b8\u200b0\u200b0\u200b0 快打", f"{'*' * 21} 快打"),
)
LEFT = (
    "停水3天，打12345、110、95598都没用",
    "2026-03-01 16:05:33 的通知",
    "1986.2-1991.11任职",
    "建了3栋楼，12座桥，120户，2室1厅",
    "第3单元测验",
    "市医院会议室、教室、办公室",
    "我是业主，我是学生家长，我是高中生",
    "我叫了物业，我叫他来",
    "I'm Tired of waiting, I'm from the east side",
    "5pm @ the corner, 3 @ 5 dollars",
    "国办发〔2016〕80号",
    "tax is 0.53188881234 percent",
    "commit 3e4492e02f3669480206d02341ad",
    "https://city.example/news/2026/0301/c12.html?page=2",
    "#停水# 12路公交 3号线",
    "Room for 3 more people in a unit of the plant",
)


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_what_is_personal_is_painted_over_one_star_a_code_point(text: str, expected: str) -> None:
    assert mask(text, None) == expected


@pytest.mark.parametrize("text", LEFT)
def test_what_is_not_personal_stays(text: str) -> None:
    assert mask(text, None) == text


def test_over_a_thousand_labelled_sentences_recall_and_precision_hold() -> None:
    hit = missed = wrong = 0
    texts: set[str] = set()
    for case in cases(seed=7, rounds=24):
        texts.add(case.text)
        painted = [new != old for new, old in zip(mask(case.text, None), case.text, strict=True)]
        for was, should in zip(painted, case.marked, strict=True):
            hit, missed, wrong = hit + (was and should), missed + (should and not was), wrong + (was and not should)
    assert len(texts) >= 1000
    assert hit / (hit + missed) >= 0.98
    assert hit / (hit + wrong) >= 0.90


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=300), st.none() | st.text(max_size=20))
def test_any_text_keeps_its_length_and_its_unmasked_characters(text: str, author: str | None) -> None:
    painted = mask(text, author)
    assert len(painted) == len(text)
    assert all(new in (old, "*") for new, old in zip(painted, text, strict=True))


@pytest.mark.parametrize(
    "piece", ["1", "我叫", "@", "a@", "3栋", "12-", "https://x.example/", "No. 5 ", "姓", "0 ", "u/", "我是"]
)
def test_masks_take_linear_time(piece: str) -> None:
    long = piece * (60_000 // len(piece))
    assert len(mask(long, "河畔老李")) == len(long)
