from __future__ import annotations

import pytest

from nlp.clean import folded
from nlp.grams import LONGEST, SCALE
from nlp.tagger import hears


def sounds(text: str, han: bool) -> int:
    """Return the logit in hundredths; a text that is too long says no."""
    heard = hears(text, han, listed=False)
    return -10 * SCALE if heard is None else heard.logit


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("孩子掉进水里了，快来人", "公园里的花开了，真好看"),
        ("A man is lying on the tracks and he isn't moving", "The new benches on the track are lovely"),
    ],
)
def test_a_cry_sounds_more_like_danger_than_a_walk(worse: str, better: str) -> None:
    assert sounds(folded(worse).text, not worse.isascii()) > 0 > sounds(folded(better).text, not better.isascii())


@pytest.mark.parametrize("han", [True, False])
def test_a_long_text_says_nothing(han: bool) -> None:
    assert sounds("救命 help " * 60, han) < -500
    assert len("救命 help " * 60) > LONGEST[han]


def test_space_around_words_is_all_that_matters_of_space() -> None:
    assert sounds("fire  on the\nroof", False) == sounds(" fire on the roof ", False)


@pytest.mark.parametrize("text", ["the mill is on fire", "河边出事了"])
def test_what_a_list_tells_is_one_trait_of_the_sum(text: str) -> None:
    han = not text.isascii()
    told, untold = (hears(folded(text).text, han, listed=listed) for listed in (True, False))
    assert told is not None
    assert untold is not None
    assert told.logit > untold.logit
