"""The update that tells all that may be said of an incident: counts, shared words, never one person's."""

from __future__ import annotations

from answerable.clock import DAY
from answerable.incident import Between, Change, Components, Forecast, IncidentUpdate, Indicator
from answerable.post import Kind, Topic
from incidents import demands, titles
from incidents.memory import Memory
from incidents.records import Group, unpack

__all__ = ["build"]

_WORDS = 12
_HOURS = 24 * 14
_WEEKS = 9
_SCANNED = 200
_MOST = 8
_KNOWN = 1000  # posts of an area


def build(
    memory: Memory, group: Group, area: str, now: int, change: Change, found: Components,
    marks: tuple[Indicator, ...], ahead: tuple[Forecast, ...],
) -> IncidentUpdate:  # fmt: skip
    """Write the next revision of an incident's update."""
    group.revision += 1
    often = _often(memory, group)
    words = titles.shared(often, memory.words, _kinds_of(memory, group, {term for term, _, _ in often}), _WORDS)
    title = titles.title(group, words, area, _own(memory, often))
    return IncidentUpdate(
        incident=group.id, revision=group.revision, area=area, at=now, change=change, title=title,
        opened_at=group.opened_at, first_post=group.first_post, first_at=group.first_at, last_at=group.last_at,
        posts=group.posts, duplicates=group.duplicates, vanished=group.vanished,
        authors=Between(group.strongest, group.most), token_days=group.residents, strongest_day=group.strongest,
        sources=tuple(sorted(group.sources)), kinds=_kinds(group), components=found, indicators=marks,
        shown=group.shown, held=group.held or None, topics=_topics(group), offices=_offices(group),
        accused=_most(group.accused), districts=_most(group.districts), langs=_most(group.langs),
        moods=_most(group.moods), demands=demands.listed(group), words=words,
        links_terms=tuple(word.text for word in words), hourly=tuple(sorted(group.hours.items()))[-_HOURS:],
        peak_at=group.peak_at, peak_per_hour=group.peak, forecast=ahead, replies=group.replies,
        answered_at=group.answered_at, merged_into=group.into or None, versions=group.versions,
        weekly=_weekly(group), reopened=group.reopened,
    )  # fmt: skip


def _weekly(group: Group) -> tuple[tuple[int, int], ...]:
    """Add residents up by week, from Monday 00:00 UTC; the newest weeks in which anybody spoke."""
    weeks: dict[int, int] = {}
    for day, (least, _) in group.days.items():
        monday = (day - (day + 3) % 7) * DAY  # 1970 began on a Thursday
        weeks[monday] = weeks.get(monday, 0) + least
    return tuple(sorted(weeks.items()))[-_WEEKS:]


def _most(votes: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:_MOST])


def _kinds(group: Group) -> tuple[tuple[Kind, int], ...]:
    return tuple((Kind(name), number) for name, number in _most(group.kinds))


def _topics(group: Group) -> tuple[Topic, ...]:
    if group.topic:
        return (Topic(group.topic, 1.0),)
    voters = max(1, group.residents)
    return tuple(Topic(name, min(1.0, round(votes / 1000 / voters, 3))) for name, votes in _most(group.topics)[:3])


def _offices(group: Group) -> tuple[tuple[str, int], ...]:
    votes = _most(group.offices)
    if not group.office:
        return votes
    return (group.office, group.posts), *(vote for vote in votes if vote[0] != group.office)


def _often(memory: Memory, group: Group) -> list[tuple[int, int, int]]:
    """Return the heaviest words that three author-days share: (hash, author-days, weight)."""
    counts = memory.sums.terms.get(group.id, {})
    said = [(term, n) for term, n in counts.items() if n >= titles.LEAST and term in memory.words]
    often = [(term, n, memory.sums.postings.weight(term, group.id)) for term, n in said]
    often.sort(key=lambda entry: (-entry[2], memory.words[entry[0]]))
    return often[:_WORDS]


def _own(memory: Memory, often: list[tuple[int, int, int]]) -> frozenset[str]:
    """Return the words that half of all who use them use in this group, once it is known what others say."""
    if memory.idf.docs < _KNOWN:
        return frozenset()
    return frozenset(memory.words[term] for term, count, _ in often if 2 * count >= memory.idf.count(term))


def _kinds_of(memory: Memory, group: Group, wanted: set[int]) -> dict[int, int]:
    """Count the kinds of source that use each wanted term, among the newest posts."""
    if len(group.kinds) < 2:
        return {}
    kinds: dict[int, set[str]] = {}
    for post in memory.members.get(group.id, [])[-_SCANNED:]:
        record = memory.records[post]
        for term, _ in unpack(record.vector):
            if term in wanted:
                kinds.setdefault(term, set()).add(record.kind.value)
    return {term: len(found) for term, found in kinds.items()}
