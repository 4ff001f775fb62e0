"""Six marks of escalation, 0 to 3 each, with the figures behind them.

Assembly, protest, criticism and tone are no marks; deletion lowers none, because counts stay.
"""

from __future__ import annotations

from answerable.clock import DAY
from answerable.incident import Evidence, Indicator, IndicatorName
from incidents.demands import unanswered_since
from incidents.records import Group

__all__ = ["AGES", "MONEY", "indicators", "recent_danger", "score"]

AGES = (2 * DAY, 7 * DAY, 30 * DAY)
MONEY = frozenset({"pay", "refund", "lower", "compensate"})
_DANGER_LASTS = 2 * DAY


def score(value: float, steps: tuple[float, float, float]) -> int:
    """Return how many of three rising steps a value reaches.

    >>> score(4, (1, 3, 5))
    2
    """
    return sum(1 for step in steps if value >= step)


def recent_danger(group: Group, now: int) -> tuple[tuple[str, int], ...]:
    """Return kinds of danger told within two days, with their author-days, most first."""
    told = [(kind, n) for kind, (n, last) in group.danger.items() if now - last < _DANGER_LASTS]
    return tuple(sorted(told, key=lambda pair: (-pair[1], pair[0])))


def indicators(group: Group, now: int) -> tuple[Indicator, ...]:
    """Return the six marks in their fixed order."""
    return (
        _unmet(group, now), _economic(group), _harm(group, now),
        _widening(group), _difficulty(group), _regions(group),
    )  # fmt: skip


def _unmet(group: Group, now: int) -> Indicator:
    since = unanswered_since(group)
    open_ones = [tally for tally in group.demands.values() if tally.answered_at is None]
    age = now - since if since is not None else 0
    evidence = (
        Evidence("oldest_unanswered_days", round(age / DAY, 1)),
        Evidence("unanswered_demands", len(open_ones)),
        Evidence("residents", max((tally.residents for tally in open_ones), default=0)),
        Evidence("official_replies", group.replies),
    )
    return Indicator(IndicatorName.UNMET, score(age, AGES), evidence)


def _economic(group: Group) -> Indicator:
    money = sum(tally.residents for tally in group.demands.values() if tally.category in MONEY)
    power = sum(group.accused.values())
    points = score(money, (1, 5, 10)) if not power else min(3, score(money, (1, 3, 5)) + (1 if money else 0))
    return Indicator(
        IndicatorName.ECONOMIC, points, (Evidence("money_demands", money), Evidence("accusing_posts", power))
    )


def _harm(group: Group, now: int) -> Indicator:
    danger = max((n for _, n in recent_danger(group, now)), default=0)
    service = max(group.service.values(), default=0)
    points = 3 if danger >= 2 else 2 if danger or service >= 5 else 1 if service else 0
    return Indicator(IndicatorName.HARM, points, (Evidence("danger", danger), Evidence("service", service)))


def _widening(group: Group) -> Indicator:
    kinds, topics = len(group.kinds), sum(1 for votes in group.topics.values() if votes >= 2000)
    points = min(3, score(kinds, (2, 3, 4)) + (1 if topics >= 3 and kinds >= 2 else 0))
    return Indicator(IndicatorName.WIDENING, points, (Evidence("source_kinds", kinds), Evidence("topics", topics)))


def _difficulty(group: Group) -> Indicator:
    offices = sum(1 for votes in group.offices.values() if votes >= max(2, group.posts // 10))
    answered = group.answered_at
    since = sum(n for hour, n in group.voices.items() if answered is not None and hour >= answered)
    points = min(3, score(offices, (2, 3, 4)) + score(since, (3, 10, 30)))
    return Indicator(
        IndicatorName.DIFFICULTY, points, (Evidence("offices", offices), Evidence("posts_after_answer", since))
    )


def _regions(group: Group) -> Indicator:
    districts = sum(1 for votes in group.districts.values() if votes >= 1)
    return Indicator(IndicatorName.REGIONS, score(districts, (2, 3, 5)), (Evidence("districts", districts),))
