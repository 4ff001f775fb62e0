"""Nobody's sentence anywhere (promise P7)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts.alert import Alert
from alerts.mail import compose_alert
from answerable.incident import DemandCount, SharedWord, Title
from tests.alerts.mail import example
from tests.alerts.mail.example import Locale
from tests.alerts.mail.reading import read

HAN = st.text("我家住在五楼已经好几天没有水了请问什么时候来", min_size=13, max_size=40)
WORD = st.sampled_from(["quartz", "violin", "hamster", "nebula", "zephyr", "cobalt", "lagoon"])
WORDS = st.lists(WORD, min_size=9, max_size=20)
SENTENCE = st.one_of(HAN, WORDS.map(" ".join))


def runs(sentence: str) -> list[str]:
    """Cut a sentence into every run that would be too long to show."""
    if " " in sentence:
        words = sentence.split()
        return [" ".join(words[n : n + 9]) for n in range(len(words) - 8)]
    return [sentence[n : n + 13] for n in range(len(sentence) - 12)]


def with_sentence(alert: Alert, sentence: str) -> Alert:
    """Plant one person's sentence wherever an update could hold words."""
    update = replace(
        alert.update,
        title=Title("3701-12", ("停水", sentence)),
        words=(SharedWord(sentence, 2, 1), SharedWord(sentence, 1, 1), SharedWord("停水", 9, 2)),
        demands=(DemandCount(sentence, "pay", sentence, 1, example.AT), *alert.update.demands),
        links_terms=(sentence,),
        moods=(("anger", 4),),
        accused=((sentence, 2),),
        held=sentence,
    )
    return replace(alert, update=update)


@pytest.mark.parametrize("locale", ["zh", "en"])
@settings(derandomize=True, max_examples=40, deadline=None)
@given(sentence=SENTENCE)
def test_one_persons_sentence_stands_nowhere(locale: Locale, sentence: str) -> None:
    alert = with_sentence(example.alert(locale), sentence)
    mail = read(compose_alert(alert, example.person(locale), example.NAMES, example.LINKS))
    for part in (mail.text, mail.html, str(mail.headers)):
        flat = re.sub(r"\s+", " ", part)
        dense = re.sub(r"\s+", "", part)
        assert [run for run in runs(sentence) if run in (flat if " " in run else dense)] == []


def test_a_word_that_three_share_is_shown_and_one_that_two_share_is_not() -> None:
    words = (SharedWord("tanker", 3, 1), SharedWord("stairwell", 2, 1))
    alert = replace(example.alert("en"), update=replace(example.update("en"), words=words))
    text = read(compose_alert(alert, example.person("en"), example.NAMES, example.LINKS)).text
    assert "“tanker” (3 residents by day, 1 kind of source)" in text
    assert "stairwell" not in text
