"""Acts that a cue asks for: a verb under it, the thing that the verb takes, and the body that is to do it.

A verb asks for something when a cue governs it (please, 要求, when will, 为什么不) or when it opens its clause: the
act is that verb with the object it takes. What is negated, done already, or asked of residents is no demand.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

from nlp.acts import THINGS, USUAL, Thing, Verb, bare, takers
from nlp.asked import PLEAS, View, last_before
from nlp.lexicon import Hit, Tag, outside

__all__ = ["Found", "read"]

_FAR, _EARLIER = 1000, 6  # distance of a thing named in an earlier sentence, and how many of those are tried
# things that say where it is rather than what it is, beside others
_VAGUE = frozenset(("service", "road", "river", "park", "project", "house"))
_ALONE = frozenset(
    (
        "answer",
        "explain",
        "handle",
        "patrol",
        "pay",
        "refund",
        "regulate",
        "solve",
        "stop",
    )
)  # verbs that rather stand alone than take a thing from an earlier sentence
_REQUESTS = ("ask", "why")
_ABOUT_WORDS = frozenset(
    ("looking for", "seeking", "hope", "hoping", "希望", "期待", "期待着", "when is", "when are", "when do")
)
_NO_ZH = re.compile(
    r"(?:不|没|未|没有|无人|没人|拒绝|拒不|不予|不肯|无法|不给|不能|从未|迟迟未|一直未|不愿|不让|未能|不得|难以|没能)"
    r"(?:得到|能|去|来|人|有人|有|有效|及时|彻底|真正|进行|予以|给予|被|能够|给|做|好好)?$"
)
_NO_EN = re.compile(
    r"(?:\bnot|\bnever|n't|\bnobody|\bno one|\brefuses? to|\brefused to|\bwithout)\s(?:been\s|be\s)?$"
)
_OPENING = re.compile(
    r"(?:^|[。!?;\n,、:()【】《》…]|[.-]\s|\d[.)])[\s\"'“”!)]*(?:and |then |also |so |just |并|再|也|同时|另外)?$"
)

_DONE_ZH = re.compile(r"(?:已|已经|曾|曾经|刚|多次|答应|承诺|声称|说|表示|称|协商|正在)$")
_DONE_EN = re.compile(r"(?:\balready|\bhave just|\bjust|\bwas|\bwere|\bgot)\s$")
_PAST_PARTICIPLE = re.compile(r"(?<!op)(?<!id)(?<!ght)(?:ed|en|paved|cut|put|built|swept|paid|mown)$")
_TAKE = re.compile(r"(?:^|[。!?;\n,])(?:就|快|赶紧|赶快|尽快)?把[^。!?;,\n]{1,16}$")
_PLEADS = re.compile(rf"[^。!?;,\n]{{0,8}}?(?:{'|'.join(PLEAS)})(?=[了啦嘛呀啊吧~!。?;,\s\W]|$)")
_SELF = re.compile(r"(?:我|我们|咱|咱们|你|他|她|他们|应该|大概|可能|不会|是不是|算|就)(?:自己)?(?:就|先|再|来|去)?$")
_BE_BEFORE = re.compile(r"\b(?:be|been|being|is|are|get|gets)\s$")


class _Ask(Struct, frozen=True):
    """A verb under a cue: where the demand begins, and the cue's kind ("" where the verb opens its clause)."""

    start: int
    kind: str


class Found(Struct, frozen=True):
    """A demand in folded positions; `bare` where nothing specific is asked."""

    verb: Verb
    thing: Thing | None
    start: int
    end: int
    to: str | None


def read(view: View, *, verbs: bool) -> list[Found]:
    """Return what is asked in a text, by its verbs where they are to be read, else by the things at hand."""
    return (list(_all(view)) if verbs else []) or list(_unnamed(view))


def _all(view: View) -> Iterator[Found]:
    verbs: dict[tuple[int, int], list[str]] = {}
    for start, end, verb in outside(view.scan.raw(Tag.VERB), view.bodies):
        if verb != "none":
            verbs.setdefault((start, end), []).append(verb)
    for (start, end), names in verbs.items():
        sentence = view.scan.sentence(start)
        ask = _asks(view, start, end, sentence[0])
        if ask is not None and not _inside(view, start, end):
            found = _fill(tuple(names), _objects(view, ask, start, end, sentence), ask, end, view.han)
            if found is not None:
                act, thing, last = found
                yield Found(act, thing, ask.start, last, _addressee(view, ask, start))


def _unnamed(view: View) -> Iterator[Found]:
    """Yield what a request most likely asks where no list has its verb: what is mostly asked of the thing at hand."""
    for cue in view.cues:
        if cue.value not in _REQUESTS or view.text[cue.start : cue.end] in _ABOUT_WORDS:
            continue
        first, last = view.scan.sentence(cue.start)
        here = [one for one in view.objects if first <= one[0] < last]
        for start, end, name in (*here, *reversed([one for one in view.objects if one[0] < first][-3:])):
            verb = USUAL.get(THINGS[name].cls)
            if verb is not None and name not in _VAGUE and not view.is_name(start, end):
                last_at = max(cue.end, end) if start >= first else cue.end
                yield Found(verb, THINGS[name], cue.start, last_at, None)
                return


def _inside(view: View, start: int, end: int) -> bool:
    """Tell whether a verb is only a part of the name of a thing."""
    index = bisect_right(view.object_starts, start) - 1
    if index < 0:
        return False
    first, last, _ = view.objects[index]
    return end <= last and last - first > end - start


def _asks(view: View, start: int, end: int, sentence: int) -> _Ask | None:
    """Say what makes a verb a demand: the nearest cue before it in its sentence, or that it opens its clause."""
    cue = view.cue_at(start) or last_before(view.cues, view.cue_starts, start)
    if cue is None or cue.start < start - (50 if view.han else 120):
        cue, ask = None, _opens(view, start, end)
    else:
        ask = _Ask(cue.start, cue.value)
    if ask is None:
        return None
    if ask.start < sentence:
        ask, cue = _opens(view, start, end), None
    if ask is None:
        return None
    before = view.text[max(sentence, start - 14) : start]
    if (_NO_ZH if view.han else _NO_EN).search(before) and ask.kind not in ("why", "question"):
        return None
    if (_DONE_ZH if view.han else _DONE_EN).search(before) or (view.text[end : end + 1] == "了" and not cue):
        return None
    return ask


def _opens(view: View, start: int, end: int) -> _Ask | None:
    """Tell whether a verb (or the adverb before it) opens its clause, which makes it an imperative."""
    if view.han and end - start == 1:
        return None
    if view.han and (take := _TAKE.search(view.text, max(0, start - 22), start)):
        return _Ask(take.start() + (view.text[take.start()] in "。!?;\n,"), "")
    if view.pleads and _PLEADS.match(view.text, end) and not _SELF.search(view.text, max(0, start - 8), start):
        return _Ask(start, "")
    adverb = last_before(view.adverbs, view.adverb_starts, start)
    if adverb is not None and start - adverb.end > 12:
        adverb = None
    at = adverb.start if adverb else start
    if not _OPENING.search(view.text[max(0, at - 8) : at]):
        return None
    verb = view.text[start:end]
    if not view.han and (_PAST_PARTICIPLE.search(verb) or verb.endswith(("ing", "s", "al"))):
        return None
    return _Ask(at, "")


def _objects(view: View, ask: _Ask, start: int, end: int, sentence: tuple[int, int]) -> Iterator[tuple[int, Hit]]:
    """Yield things by distance: after the verb, before it in the sentence, then (_FAR) in earlier sentences."""
    after, back, penalty = (16, 34, 6) if view.han else (60, 110, 25)
    passive = not view.han and bool(_BE_BEFORE.search(view.text[max(0, start - 8) : start]) or ask.kind == "need")
    first = bisect_left(view.object_starts, max(sentence[0], start - back))
    last = bisect_right(view.object_starts, min(sentence[1], _reach(view, end, end + after)))
    near: list[tuple[int, Hit]] = []
    for one in view.objects[first:last]:
        at, until, _ = one
        if until <= start:
            subject = passive and at >= ask.start
            distance = (at - ask.start) // 8 if subject else start - until + penalty
        elif until <= sentence[1]:
            distance = max(0, at - end) + (penalty if passive else 0)
        else:
            continue
        if one[2] in _VAGUE and at != end:
            distance += back
        if not view.is_name(at, until):
            near.append((distance, Hit._make(one)))
    near.sort(key=_by_distance)
    yield from near
    for hit in _earlier(view, first):
        yield _FAR, hit


def _earlier(view: View, before: int) -> Iterator[Hit]:
    """Yield things of earlier sentences, the nearest sentence first; in each the first thing is what it is about.

    From further back than one sentence a thing is taken only where the text speaks of it again: else it belongs to
    another matter.
    """
    last, near = before, True
    while last > max(0, before - _EARLIER):
        start = view.scan.sentence(view.objects[last - 1][0])[0]
        first = max(before - _EARLIER, bisect_left(view.object_starts, start), 0)
        for one in view.objects[first:last]:
            if (near or view.told[one[2]] > 1) and not view.is_name(one[0], one[1]):
                yield Hit._make(one)
        last, near = first, False


def _by_distance(item: tuple[int, Hit]) -> tuple[int, int]:
    return item[0], item[1].start


def _reach(view: View, end: int, limit: int) -> int:
    """Shorten how far ahead a thing may begin: not past a comma right after the verb, nor past the next verb."""
    if view.text[end : end + 1] in (",", "、"):
        return end
    index = bisect_right(view.verb_starts, end)
    if view.han or index >= len(view.verb_starts):
        return limit
    return min(limit, view.verb_starts[index])


def _fill(
    names: tuple[str, ...], objects: Iterable[tuple[int, Hit]], ask: _Ask, end: int, han: bool
) -> tuple[Verb, Thing | None, int] | None:
    """Give a verb its nearest fitting thing; failing that, let it stand alone where the lists allow that."""
    short = han and end - ask.start <= 1
    by_class = takers(names)
    for distance, hit in objects:
        thing = THINGS[hit.value]
        verb = by_class.get(thing.cls)
        if verb is None or (short and distance > 3):
            continue
        if distance >= _FAR and verb.id in _ALONE:
            break
        return verb, thing, max(end, hit.end) if distance < _FAR else end
    alone = bare(names, han)
    return None if alone is None else (alone, None, end)


def _addressee(view: View, ask: _Ask, verb: int) -> str | None:
    """Return the body that is asked: between cue and verb, or just before the cue as its subject."""
    reach = ask.start - (12 if view.han else 30)
    bodies = view.bodies_in(reach, verb)
    between = [body for body in bodies if ask.start <= body.start and body.end <= verb]
    if between:
        return between[0].value
    if ask.kind not in ("need", "question", "why"):
        return None
    reach = max(view.scan.clause(ask.start)[0], reach)
    subjects = [body for body in bodies if reach <= body.start and body.end <= ask.start]
    return subjects[-1].value if subjects else None
