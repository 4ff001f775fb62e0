"""What rules that people use today would have said about a stream: keyword searches, each watched by a rule.

Each gets the same posts as the desk. The rules and their usual thresholds are those of bench/peers.py; keyword and
polarity alerts on each post that names a word of trouble and is judged negative by the shipped head.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from answerable.app.trial.sent import Said
from answerable.incident import Level
from bench.alert_streams import Stream
from bench.peers import PEERS, Peer
from crawlers.border import RawItem
from nlp.heads import Heads

__all__ = ["POLARITY", "WORDS", "said"]

POLARITY = "keyword and polarity"
WORDS = (
    "投诉", "举报", "强制", "违规", "违法", "拖欠", "乱收费", "污染", "噪音", "扰民", "停水", "停电", "质量", "补贴",
    "诈骗", "拆迁", "学校", "小区", "物业", "施工", "fire", "shooting", "killed", "injured", "dead", "attack",
    "accident", "crash", "strike", "protest", "flood", "storm", "police", "arrested",
)  # fmt: skip
_QUIET = 6  # units in which a rule that has spoken says nothing more on a word
_STEPS = 12  # of a unit
_WINDOWS = {"12 h, day, week (Meltwater)": 12}  # units that a rule looks at; others look at one
Posts = list[RawItem]


def said(stream: Stream) -> dict[str, list[Said]]:
    """Return what each rule says, in order of time."""
    ordered = sorted(stream.items, key=lambda item: (item.fetched_at, item.id))
    naming = {word: [item for item in ordered if word in f"{item.title} {item.text}".casefold()] for word in WORDS}
    found = {POLARITY: list(_negative(stream, ordered, naming))}
    for peer in PEERS[1:]:
        alerts = [alert for word, posts in naming.items() if posts for alert in _watched(peer, word, posts, stream)]
        found[peer.name] = sorted(alerts, key=lambda alert: (alert.at, alert.incident))
    return found


def _negative(stream: Stream, ordered: Posts, naming: dict[str, Posts]) -> Iterator[Said]:
    named = {item.id for posts in naming.values() for item in posts}
    chosen = [item for item in ordered if item.id in named]
    langs = [_lang(item) for item in chosen]
    answers = Heads.load().judge("sentiment", [f"{item.title}\n{item.text}" for item in chosen], langs)
    for item, answer in zip(chosen, answers or (), strict=True):
        if answer.label == "negative":
            yield Said(item.fetched_at, item.id, "open", Level.ORANGE, POLARITY, (item.id,))


def _lang(item: RawItem) -> str:
    return "zh" if any("一" <= sign <= "鿿" for sign in item.text) else "en"


def _watched(peer: Peer, word: str, posts: Sequence[RawItem], stream: Stream) -> Iterator[Said]:
    """Yield what a rule says of one word: it looks at each step that held a post."""
    first = min(item.fetched_at for item in stream.items)
    step = stream.unit // _STEPS
    slots = [(item.fetched_at - first) // step for item in posts]
    counts = np.bincount(slots, minlength=(slots[-1] // _STEPS + 2) * _STEPS).astype(np.int32)
    counts = counts[: len(counts) // _STEPS * _STEPS]
    figure, silent_until = peer.figure(counts), -1
    window = _WINDOWS.get(peer.name, 1) * _STEPS
    for slot, _ in groupby(slots):
        if slot < silent_until or figure[slot] < peer.usual:
            continue
        silent_until = slot + _QUIET * _STEPS
        seen = posts[bisect_left(slots, slot - window + 1) : bisect_right(slots, slot)]
        at = seen[-1].fetched_at
        yield Said(at, f"{word} {at}", "open", Level.ORANGE, peer.name, tuple(item.id for item in seen))
