"""Who should do what: requests, questions and complaints turned into acts from closed word lists.

Rules read what a cue asks (nlp/cued.py). A short text is heard as a whole besides: one that sounds like chatter
(nlp/asks.py) asks for nothing, and of the others nlp/wanted.py says whether they ask and for what, with what the
rules found as one reason among others. An act is worded by the lists alone: never a word of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from math import inf

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from answerable.post import Demand
from nlp import asks
from nlp.acts import THINGS, VERBS, Thing, wording
from nlp.asked import View
from nlp.cued import Found, read
from nlp.grams import prepared
from nlp.lexicon import Scan, Tag
from nlp.wanted import acts

__all__ = ["Request", "request", "told"]

_MOST = 5
_TELLING = ("explain", "rescue", "investigate")  # acts that say enough without a thing
_MUTED = -300  # hundredths of a logit (nlp/asks.py) below which a short text asks nothing, unless it names an office
_SOUNDS = -100  # and above which one may ask without a cue
_ASKS = {True: 2.0, False: 3.5}  # logits of nlp/asks.py and the head together, above which one asks without a cue
_NAMED = {True: 0.0, False: 1.0}  # how much less is enough where a thing is named
_CUED = -1.25  # logit of the head above which one asks that has a cue
_OWN = re.compile("我们?自己[装修买弄做换搭建清]")  # who does it himself asks nobody
_WHOLE = 0.9  # share of a text above which its sentences with a cue are as good as the whole
_ASKING = 0.7  # how much they weigh beside it

_RANK = {verb: rank for rank, verb in enumerate(VERBS)}


class Request(Struct, frozen=True):
    """What rules found in a text that may ask, by a cue where `cued`; it does if it sounds `least` so much like it.

    None: it is not heard as a whole, and what rules found is what it asks.
    """

    scan: Scan
    lang: str
    found: Sequence[Found]
    least: float | None = None
    cued: bool = True

    def parts(self) -> list[str]:
        """Return what is to be heard by Heads.sounds: the whole text, then its sentences with a cue beside others."""
        if self.least is None:
            return []
        text = self.scan.text
        spans = sorted({self.scan.sentence(item.start) for item in self.found}) if self.cued else []
        asking = " ".join(text[start:end] for start, end in spans)
        parts = [text, asking] if asking and len(asking) < _WHOLE * len(text) else [text]
        return [prepared(part, self.lang == "zh") for part in parts]


def request(scan: Scan, lang: str, *, danger: bool = False) -> Request | None:
    """Return what a post asks as far as rules can tell, None where it asks nothing.

    Where a post tells of `danger` now, rules alone decide: a collapse near a school asks for no better school.
    """
    if not any(scan.raw(tag) for tag in (Tag.VERB, Tag.CUE, Tag.OBJECT)):
        return None
    han = lang == "zh"
    found, heard = read(View(scan, han), verbs=True), asks.logit(scan, han)
    if heard is None:
        return Request(scan, lang, found) if found else None
    if heard < _MUTED:
        kept = found if scan.raw(Tag.BODY) else [item for item in found if item.verb.id == "rescue"]
        return Request(scan, lang, kept) if kept else None
    if found:
        return Request(scan, lang, found, None if danger else -inf if heard > 0 else _CUED)
    if danger or heard < _SOUNDS or _OWN.search(scan.text):
        return None
    guessed = read(View(scan, han, asking=True), verbs=han)
    least = _ASKS[han] - heard / 100 - (_NAMED[han] if guessed else 0)
    return Request(scan, lang, guessed, least, cued=False)


def told(
    asked: Request, sounds: Sequence[NDArray[np.float64]], office: Callable[[str], str] = str
) -> tuple[Demand, ...]:
    """Return what is demanded, in order, at most five; `office` turns a body word into an office's id.

    `sounds` is how the parts of a request sound, as Heads.sounds reads them.
    """
    items = _by_rule(asked.found) if asked.least is None else _by_sound(asked, asked.least, sounds)
    demands = (_demand(asked.scan, item, asked.lang, office) for item in items)
    return tuple(sorted(demands, key=lambda demand: (demand.start, demand.end)))[:_MOST]


def _by_rule(found: Sequence[Found]) -> Collection[Found]:
    specific = [item for item in found if item.thing is not None or item.verb.id in _TELLING]
    chosen: dict[tuple[str, str], Found] = {}
    for item in specific or found:
        key = (item.verb.category, item.thing.zh if item.thing else item.verb.id)
        chosen[key] = _merged(chosen[key], item) if key in chosen else item
    return chosen.values()


def _by_sound(asked: Request, least: float, sounds: Sequence[NDArray[np.float64]]) -> Iterator[Found]:
    scan, found, sound = asked.scan, asked.found, sounds[0]
    if max(one[0] for one in sounds) < least:
        return
    if len(sounds) > 1:
        sound = (1 - _ASKING) * sound + _ASKING * sounds[1]
    pairs = [(item.verb, item.thing) for item in found]
    for verb, thing in acts(scan, asked.lang == "zh", sound, pairs, cued=asked.cued):
        like = [item for item in found if item.verb is verb or (thing is not None and item.thing is thing)]
        like.sort(key=lambda item: (item.thing is not thing, item.verb is not verb))
        start, end = (like[0].start, like[0].end) if like else _place(scan, thing)
        yield Found(verb, thing, start, end, next((item.to for item in like if item.to), None))


def _place(scan: Scan, thing: Thing | None) -> tuple[int, int]:
    """Return the sentence that names a thing, the whole text where none does."""
    named = [start for start, _, name in scan.raw(Tag.OBJECT) if THINGS[name] is thing]
    first, last = scan.sentence(named[0]) if named else (0, len(scan.text))
    while first < last and scan.text[first].isspace():
        first += 1
    return first, last


def _merged(first: Found, again: Found) -> Found:
    """Make one of two demands of one kind for one thing: the act that the lists name first, where the first stood."""
    verb = min(first.verb, again.verb, key=lambda verb: _RANK[verb.id])
    return Found(verb, first.thing, first.start, first.end, first.to or again.to)


def _demand(scan: Scan, item: Found, lang: str, office: Callable[[str], str]) -> Demand:
    start, end = scan.folded.span(item.start, item.end)
    return Demand(
        wording(item.verb, item.thing, lang), item.verb.category, start, end, office(item.to) if item.to else None
    )
