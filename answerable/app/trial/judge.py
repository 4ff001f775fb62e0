"""What was sent, held against what people know happened: precision, recall, lead, mails an incident."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median, median_low

from msgspec import Struct

from answerable.app.trial.sent import Said, Sent
from answerable.clock import HOUR

__all__ = ["Known", "Matter", "OfRule", "Tally", "Verdict", "about", "firsts", "judge", "known", "tally"]

_DIGEST = "digest"
_NO_FIRST = ("merge", "close", "digest")
_SHARE = 0.5


class OfRule(Struct, frozen=True):
    """What one rule said: alerts, and the incidents whose first alert it gave; `right` of them, where labels tell."""

    alerts: int
    incidents: int
    right: int | None = None


class Tally(Struct, frozen=True):
    """Counts of what was sent: alerts by kind and level, per rule, incidents, mails about one of them, digests."""

    alerts: int
    incidents: int
    mails: int
    digests: int
    kinds: dict[str, dict[str, int]]
    rules: dict[str, OfRule]
    mails_per_incident: float | None


class Known(Struct, frozen=True):
    """A labelled matter: its first post, the beginning of its busiest hour, and when half of its posts were there."""

    posts: int
    first_at: int
    peak_at: int
    half_at: int


class Matter(Struct, frozen=True):
    """A labelled matter and its first alert, None where there was none; hours of lead, negative where after."""

    posts: int
    alerted_at: int | None = None
    incidents: int = 0
    hours_after_first_post: float | None = None
    hours_before_peak: float | None = None
    hours_before_half: float | None = None


class Verdict(Struct, frozen=True):
    """How alerts fit the labels; a figure is None where there is nothing to take it from.

    `precision` is the share of alerted incidents that are about a labelled matter: at least half of the posts they
    stood on at their first alert carry its label. `recall` is the share of matters with such an alert, `recall_of_k`
    of those with at least `k` posts. Leads are medians of the matters found.
    `wrong` counts the alerted incidents about none.
    """

    precision: float | None
    recall: float | None
    recall_of_k: float | None
    k: int
    hours_after_first_post: float | None
    hours_before_peak: float | None
    hours_before_half: float | None
    right: int
    wrong: int
    matters: dict[str, Matter]


def known(labels: Mapping[str, str], published: Iterable[tuple[str, int]]) -> dict[str, Known]:
    """Return the labelled matters of some posts, given as (id, published_at).

    >>> known({"1": "a", "2": "a"}, [("1", 7200), ("2", 3600), ("3", 0)])
    {'a': Known(posts=2, first_at=3600, peak_at=3600, half_at=3600)}
    """
    times: dict[str, list[int]] = {}
    for post, at in published:
        if post in labels:
            times.setdefault(labels[post], []).append(at)
    return {
        name: Known(len(found), min(found), _peak(found), median_low(found)) for name, found in sorted(times.items())
    }


def _peak(times: Iterable[int]) -> int:
    """Return the beginning of the hour that holds most, the first of equals."""
    hours = Counter(at // HOUR for at in times)
    return min(hours, key=lambda hour: (-hours[hour], hour)) * HOUR


def about(posts: Sequence[str], labels: Mapping[str, str]) -> str | None:
    """Return the matter that at least half of some posts are about.

    >>> about(["1", "2"], {"1": "a"}), about(["1", "2", "3"], {"1": "a"})
    ('a', None)
    """
    votes = Counter(labels[post] for post in posts if post in labels)
    best = min(votes, key=lambda label: (-votes[label], label), default=None)
    return best if best is not None and votes[best] >= _SHARE * len(posts) else None


def firsts(alerts: Iterable[Said]) -> list[Said]:
    """Return the first alert about each incident, in order; mergers, endings and digests are no first word."""
    found: dict[str, Said] = {}
    for said in alerts:
        if said.kind not in _NO_FIRST:
            found.setdefault(said.incident, said)
    return list(found.values())


def tally(sent: Sent, labels: Mapping[str, str] | None = None) -> Tally:
    """Count what was sent."""
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for said in sent.alerts:
        kinds[said.kind][said.level.value] += 1
    first = firsts(sent.alerts)
    digests = sum(_DIGEST in name.split("-") for name in sent.mails)
    mails = len(sent.mails) - digests
    return Tally(
        len(sent.alerts), len(first), mails, digests,
        {kind: dict(sorted(levels.items())) for kind, levels in sorted(kinds.items())},
        {rule: _of(rule, sent, first, labels) for rule in sorted({said.rule for said in sent.alerts})},
        round(mails / len(first), 2) if first else None,
    )  # fmt: skip


def _of(rule: str, sent: Sent, first: Sequence[Said], labels: Mapping[str, str] | None) -> OfRule:
    own = [said for said in first if said.rule == rule]
    right = None if labels is None else sum(about(said.posts, labels) is not None for said in own)
    return OfRule(sum(said.rule == rule for said in sent.alerts), len(own), right)


def judge(first: Sequence[Said], labels: Mapping[str, str], matters: Mapping[str, Known], k: int) -> Verdict:
    """Judge first alerts by labels; `k` posts are what a matter needs before anybody is to see it."""
    hits: dict[str, list[int]] = {}
    wrong = 0
    for said in first:
        matter = about(said.posts, labels)
        if matter is None or matter not in matters:
            wrong += 1
        else:
            hits.setdefault(matter, []).append(said.at)
    found = {name: _matter(one, hits.get(name, [])) for name, one in matters.items()}
    large = [one for one in found.values() if one.posts >= k]
    told = [one for one in found.values() if one.alerted_at is not None]
    right = len(first) - wrong
    return Verdict(
        _share(right, len(first)), _share(len(told), len(found)), _share(_told(large), len(large)), k,
        _median([one.hours_after_first_post for one in told]), _median([one.hours_before_peak for one in told]),
        _median([one.hours_before_half for one in told]),
        right, wrong, found,
    )  # fmt: skip


def _matter(one: Known, times: Sequence[int]) -> Matter:
    if not times:
        return Matter(one.posts)
    at = min(times)
    after, before_peak, before_half = at - one.first_at, one.peak_at - at, one.half_at - at
    return Matter(one.posts, at, len(times), *(round(each / HOUR, 2) for each in (after, before_peak, before_half)))


def _told(matters: Iterable[Matter]) -> int:
    return sum(one.alerted_at is not None for one in matters)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _median(values: Iterable[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return round(median(found), 2) if found else None
