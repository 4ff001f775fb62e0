from __future__ import annotations

import pytest

from nlp.asks import logit
from nlp.clean import folded
from nlp.grams import LONGEST
from nlp.lexicon import Lexicon, Scan, shipped
from nlp.tagger import hears

LEXICON = Lexicon(shipped())


def scan(text: str) -> Scan:
    """Scan a text as its script says."""
    return LEXICON.scan(folded(text), not text.isascii())


@pytest.mark.parametrize(
    ("asks", "tells"),
    [
        ("小区后门那条路连盏灯都没有，给装一盏吧", "今天的晚霞真好看，跟朋友去吃了火锅，开心"),
        ("Someone with a ladder and a new bulb for the lamp by the school, please", "lol what a game last night"),
    ],
)
def test_a_request_sounds_more_like_one_than_chatter(asks: str, tells: str) -> None:
    request, chatter = (logit(scan(text), not text.isascii()) for text in (asks, tells))
    assert request is not None
    assert chatter is not None
    assert request > 0 > chatter


@pytest.mark.parametrize("han", [True, False])
def test_a_long_text_is_not_heard_as_a_whole(han: bool) -> None:
    text = "修" * (LONGEST[True] + 1) if han else "x" * (LONGEST[False] + 1)
    assert logit(LEXICON.scan(folded(text), han), han) is None


@pytest.mark.parametrize("text", ["还差一盏灯", "Nobody came to mend the bench", "煤气泄漏，请立即处理"])
def test_how_loudly_it_is_said_changes_nothing(text: str) -> None:
    han = not text.isascii()
    stops = ("。", "！", "！！") if han else (".", "!", "!!!")
    assert len({logit(scan(text + stop), han) for stop in stops}) == 1
    assert len({hears(folded(text + stop).text, han, listed=False) for stop in stops}) == 1
