"""What a scan says about demands: cues, things and bodies, sorted for look-ups by position."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from nlp.cues import governs
from nlp.lexicon import Hit, Scan, Tag, outside

__all__ = ["PLEAS", "View", "last_before"]

PLEAS = ("吧", "呗", "行不", "好不好", "好吗", "行吗", "成吗", "可好", "求求")  # what ends a plea in Chinese
_NAME_BEFORE = re.compile(r"(?:[A-Z][\w']+|\d(?:st|nd|rd|th))\s$")


class View:
    """What a scan says about demands, sorted for look-ups by position."""

    def __init__(self, scan: Scan, han: bool, *, asking: bool = False) -> None:
        """Sort what a scan found; a text that is `asking` asks in each of its sentences."""
        self.scan, self.text, self.han = scan, scan.text, han
        cues = [cue for cue in scan.hits(Tag.CUE) if cue.value != "none" and governs(scan.text, cue)]
        self.cues = [cue for cue in cues if cue.value != "imperative"]
        if asking:
            self.cues = sorted([*self.cues, *(Hit(start, start, "ask") for start in scan.sentences())])
        self.adverbs = [cue for cue in cues if cue.value == "imperative"]
        self.cue_starts = [cue.start for cue in self.cues]
        self.adverb_starts = [cue.start for cue in self.adverbs]
        self.bodies = scan.hits(Tag.BODY)
        self.objects = outside(scan.raw(Tag.OBJECT), self.bodies)
        self.object_starts = [start for start, _, _ in self.objects]
        self.pleads = han and any(plea in scan.text for plea in PLEAS)
        self.told = Counter(name for _, _, name in self.objects)
        self.verb_starts = [] if han else [start for start, _, verb in scan.raw(Tag.VERB) if verb != "none"]

    def cue_at(self, start: int) -> Hit | None:
        """Return the cue that a verb is itself a part of (need a, 盼答复), None where there is none."""
        index = bisect_right(self.cue_starts, start) - 1
        return self.cues[index] if index >= 0 and self.cues[index].end > start else None

    def bodies_in(self, start: int, end: int) -> Sequence[Hit]:
        """Return the bodies that begin within a stretch."""
        return self.bodies[bisect_left(self.bodies, (start,)) : bisect_right(self.bodies, (end,))]

    def is_name(self, at: int, until: int) -> bool:
        """Tell whether a Latin thing is the end of a name, as in Mill Lane."""
        if self.han:
            return False
        folded = self.scan.folded
        start, end = folded.span(at, until)
        body = folded.body
        return body[start].isupper() and body[start:end].istitle() and bool(_NAME_BEFORE.search(body[:start][-24:]))


def last_before(hits: Sequence[Hit], starts: Sequence[int], before: int) -> Hit | None:
    """Return the last hit that ends before a position."""
    index = bisect_right(starts, before) - 1
    while index >= 0 and hits[index].end > before:
        index -= 1
    return hits[index] if index >= 0 else None
