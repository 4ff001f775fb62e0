"""The rule parts on real letters: how often they would wake somebody, and what they make of offices' replies."""

from __future__ import annotations

import gzip
import json
import os
import time
from pathlib import Path

import pytest

from answerable.clock import parse
from answerable.post import HarmClass
from bench.frozen import demanded
from nlp import accusations, harm, replies
from tests.nlp.reading import scan

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.data


def rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip("the labelled data is not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def alarms(texts: list[str], lang: str) -> int:
    found = (harm.find(scan(text, lang), lang == "zh") for text in texts)
    return sum(any(one.cls is HarmClass.DANGER for one in harms) for harms in found)


def test_ordinary_letters_of_a_city_wake_nobody_in_a_month() -> None:
    letters = rows("zh/tipdm_c/stream.jsonl.gz")
    assert alarms([letter["text"] for letter in letters], "zh") <= 1  # 2,109 letters, most of a year


def test_ordinary_reports_of_a_city_wake_less_than_one_a_month() -> None:
    reports = rows("en/newhaven_issues/dev.jsonl.gz")
    assert alarms([f"{report['title']}\n{report['text']}" for report in reports], "en") <= 22  # six years and more


def test_replies_that_give_reasons_are_told_from_receipts() -> None:
    labelled = [row for row in rows("zh/tipdm_c/replies.jsonl.gz") if row["reply_time"]]
    read = [replies.read(scan(row["reply"]), True, parse(row["reply_time"])) for row in labelled]
    right = sum(reply.explains == bool(int(row["label"])) for reply, row in zip(read, labelled, strict=True))
    assert right / len(labelled) >= 0.94


@pytest.mark.parametrize(
    "text",
    [
        "请政府修路。" * 1700,
        "请政府修路城管不作为着火了没有" * 700,
        "please fix the road police ignored us " * 260,
        "着火" * 5000,
    ],
)
def test_ten_thousand_characters_cost_no_more_than_their_length(text: str) -> None:
    started = time.process_time()
    seen = scan(text, "zh")
    demanded(seen, "zh")
    harm.find(seen, True)
    accusations.accused(seen, True)
    assert time.process_time() - started < 1.5
