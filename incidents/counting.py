"""Adding a post, or a whole group, to the counts of a group."""

from __future__ import annotations

from collections.abc import Iterable

from answerable.clock import DAY
from answerable.post import AnalysedPost, Analysis, HarmClass, Kind, Post
from incidents import demands, series
from incidents.memory import Memory
from incidents.people import merge_day
from incidents.records import Group, Live, PostRecord

__all__ = ["REOPENED", "SPEAKERS", "count", "merge_counts"]

SPEAKERS = frozenset(Kind) - {Kind.NEWS, Kind.OFFICIAL}
_VOTES = 40
REOPENED = 12  # times an incident was opened again that are remembered
_ASKS, _DANGER, _SERVICE = "d", "h", "s"
_SPOKE = ("",)  # one tuple for the many who ask nothing and tell of no harm


def count(
    memory: Memory,
    group: Group,
    record: PostRecord,
    item: AnalysedPost,
    places: Iterable[str],
    districts: Iterable[str],
) -> None:
    """Count a post in its group: people by day, votes by first posts of an author and day, hours by posts."""
    post, analysis = item.post, item.analysis
    new = _people(memory, group, record, post, analysis)
    record.first = "" in new
    group.posts += 1
    group.duplicates += 1 if record.twin else 0
    group.first_at = min(group.first_at, record.published_at)
    group.last_at = max(group.last_at, record.published_at)
    group.versions = analysis.versions
    group.quiet = group.quiet and record.published_at + memory.policy.quiet <= record.at
    public = analysis.places or analysis.demands or analysis.harm or analysis.accused
    group.matter += 1 if public else 0
    _vote(group.kinds, post.kind.value)
    _vote(group.sources, post.source)
    _vote(group.langs, analysis.lang)
    if record.first:
        _votes(group, analysis, places, districts)
    _harm(group, analysis, new, record.published_at)
    series.count(group, record.published_at, record.first and not record.twin)
    if post.kind in SPEAKERS:
        for demand in analysis.demands:
            demands.count(group, demand, record.published_at, _ASKS + demands.key_of(demand) in new)


def _people(memory: Memory, group: Group, record: PostRecord, post: Post, analysis: Analysis) -> frozenset[str]:
    """Count the author under every facet of the post; return the facets that are new for that day.

    A post without an author counts for one unknown author of its source and day; news and offices are
    nobody's voice, but what they tell of harm counts once per source and day.
    """
    speaks = post.kind in SPEAKERS
    token = post.author if speaks and post.author else f"~{post.source}"
    day = record.published_at // DAY
    facets = [""] if speaks else []
    if speaks:
        facets += [_ASKS + demands.key_of(demand) for demand in analysis.demands]
    facets += [(_DANGER if h.cls is HarmClass.DANGER else _SERVICE) + h.kind for h in analysis.harm]
    facets = list(dict.fromkeys(facets))
    if not facets:
        return frozenset()
    memory.live[post.id] = Live(token, day, _SPOKE if facets == [""] else tuple(facets))
    memory.tokens.append(post.id)
    memory.touch(f"a/{post.id}")
    new = frozenset(facet for facet in facets if memory.people.add(group.id, facet, day, token))
    if "" in new:
        least, most = group.days.get(day, (0, 0))
        group.days[day] = least + 1, most + 1
    return new


def _harm(group: Group, analysis: Analysis, new: frozenset[str], at: int) -> None:
    for harm in dict.fromkeys(analysis.harm):
        if harm.cls is HarmClass.DANGER:
            told, last = group.danger.get(harm.kind, (0, at))
            group.danger[harm.kind] = told + (1 if _DANGER + harm.kind in new else 0), max(last, at)
        elif _SERVICE + harm.kind in new:
            _vote(group.service, harm.kind)


def _votes(group: Group, analysis: Analysis, places: Iterable[str], districts: Iterable[str]) -> None:
    for topic in analysis.topics:
        _vote(group.topics, topic.id, round(1000 * topic.p))
    if analysis.office:
        _vote(group.offices, analysis.office)
    for accused in dict.fromkeys(analysis.accused):
        _vote(group.accused, accused)
    for place in places:
        _vote(group.places, place)
    for district in dict.fromkeys(districts):
        _vote(group.districts, district)
    _vote(group.moods, analysis.emotion.label)


def _vote(votes: dict[str, int], value: str, weight: int = 1) -> None:
    """Add to a vote; a full ballot lets go of its smallest, so that a flood of names stays bounded."""
    votes[value] = votes.get(value, 0) + weight
    if len(votes) > _VOTES:
        del votes[min(votes, key=lambda name: (votes[name], name != value, name))]


def merge_counts(memory: Memory, group: Group, into: Group) -> None:
    """Add all that is counted about a group to another; authors alive in both count once."""
    before = group.residents
    live = {day: (memory.people.live(into.id, day), memory.people.live(group.id, day)) for day in group.days}
    both = memory.people.merge(group.id, into.id)
    for day, counts in group.days.items():
        into.days[day] = merge_day(into.days.get(day, (0, 0)), live[day], both.get(("", day), 0), counts)
    shared: dict[str, int] = {}
    for (facet, _), number in both.items():
        shared[facet] = shared.get(facet, 0) + number
    for name in ("posts", "duplicates", "vanished", "matter", "reach", "replies"):
        setattr(into, name, getattr(into, name) + getattr(group, name))
    into.first_at, into.last_at = min(into.first_at, group.first_at), max(into.last_at, group.last_at)
    for name in ("kinds", "sources", "langs", "topics", "offices", "accused", "places", "districts", "moods"):
        for value, votes in sorted(getattr(group, name).items()):
            _vote(getattr(into, name), value, votes)
    _merge_harm(group, into, shared)
    demands.merge(group, into, {f[1:]: n for f, n in shared.items() if f.startswith(_ASKS)})
    series.merge(group, into)
    answers = [at for at in (into.answered_at, group.answered_at) if at is not None]
    into.answered_at = max(answers, default=None)
    into.met_at = max(into.met_at, group.met_at)
    into.quiet = into.quiet and group.quiet
    into.settled += before if group.closed else 0
    into.reopened = tuple(sorted({*into.reopened, *group.reopened}))[-REOPENED:]
    into.apart = tuple(sorted({*into.apart, *group.apart}))


def _merge_harm(group: Group, into: Group, shared: dict[str, int]) -> None:
    for kind, (told, last) in group.danger.items():
        before, at = into.danger.get(kind, (0, last))
        into.danger[kind] = before + told - shared.get(_DANGER + kind, 0), max(at, last)
    for kind, told in group.service.items():
        into.service[kind] = into.service.get(kind, 0) + told - shared.get(_SERVICE + kind, 0)
