"""Fit the light tagger of danger, and write nlp/lexicon/danger.tsv: `python -m bench.fit_danger`.

Positives and hard negatives are the halves of the frozen set that may be read, easy negatives are sentences of
letters and short reports (every second one), microblogs and invented complaints and cities.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from answerable.app.demo.city import pages
from bench.frozen import table
from bench.gram_fit import chatter, fitted, write
from bench.load import read
from bench.pairs import MATTERS, told
from nlp.clean import folded
from nlp.grams import LONGEST, prepared
from nlp.harm import is_danger, listed
from nlp.lexicon import Lexicon, shipped
from nlp.tagger import meanings, traits

_MOST, _KEPT, _STRENGTH, _CALM = 3000, 16_000, 0.5, 3.0
_RESIDENTS, _SEED = 14, 3


def _natural(han: bool) -> list[str]:
    """Return every second sentence of letters, or every second short report."""
    if han:
        texts = (row["text"] for row in read("zh/tipdm_c/stream"))
        parts: Iterable[str] = (part for text in texts for part in re.split("[。!?！？\n]", text))
    else:
        parts = (f"{row['title']}\n{row['text']}" for row in read("en/newhaven_issues/dev"))
    return [part for part in parts if 12 <= len(part) <= LONGEST[han]][::2][:_MOST]


def _matters(han: bool) -> list[str]:
    """Return invented complaints told calmly, angrily and with a call to gather: neither tone is danger."""
    posts = (
        post
        for matter in MATTERS
        for angry, gathers in ((False, False), (True, False), (False, True))
        for post in told(matter, _RESIDENTS, _SEED, angry=angry, gathers=gathers)
    )
    return sorted({post.body for post in posts if (not post.body.isascii()) is han})


def _city(han: bool) -> list[str]:
    """Return what the demo's city says but for its leaking gas: complaints, sorrow and news, no danger now."""
    texts = sorted({f"{page.title}\n{page.text}" for page in pages(0)})
    return [text for text in texts if "煤气" not in text and (not text.isascii()) is han]


def _told(han: bool) -> list[tuple[str, bool]]:
    """Return the invented texts with whether they tell of danger now."""
    return [
        (text, dangers != "-")
        for half in ("seen", "taught", "open")
        for lang, dangers, _, text in table("harm", half)
        if (lang == "zh") is han
    ]


def _fitted(han: bool) -> list[tuple[str, int]]:
    lexicon = Lexicon(shipped())

    def marks(text: str) -> dict[str, float]:
        scan = lexicon.scan(folded(text), han)
        heard = prepared(scan.text, han)
        return dict.fromkeys(traits(meanings(heard, han), heard, listed=is_danger(listed(scan, han))), 1.0)

    easy = _natural(han) + _matters(han) + _city(han) + chatter(han, _MOST)
    return fitted(_told(han), easy, marks, han, kept=_KEPT, strength=_STRENGTH, calm=_CALM)


if __name__ == "__main__":
    write("danger", _fitted)
