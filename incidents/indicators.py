"""Six marks of escalation, 0 to 3 each, with the figures behind them.

Assembly, protest, criticism and tone are no marks; deletion lowers none, because counts stay. The desk adds what only
it knows: its own answers, what it reopened, areas that tell of the same matter.
"""

from __future__ import annotations

from answerable.clock import DAY
from answerable.incident import Evidence, Indicator, IndicatorName
from answerable.post import Kind
from incidents.demands import asked_again, open_since, unanswered_since
from incidents.records import Group, Tally
from incidents.series import window
from nlp.lexicon import rows

__all__ = ["AGES", "MONEY", "breadth", "indicators", "recent_danger", "score"]

AGES = (2 * DAY, 7 * DAY, 30 * DAY)
MONEY = frozenset({"pay", "refund", "lower", "compensate"})
_PRIVATE = frozenset(row[0] for row in rows("bodies") if row[2] == "private")
_DANGER_LASTS = 2 * DAY
_WIDER = 2  # kinds, topics and districts more than when it was first shown


def score(value: float, steps: tuple[float, ...]) -> int:
    """Return how many rising steps a value reaches.

    >>> score(4, (1, 3, 5))
    2
    """
    return sum(1 for step in steps if value >= step)


def recent_danger(group: Group, now: int) -> tuple[tuple[str, int], ...]:
    """Return kinds of danger told within two days, with their author-days, most first."""
    told = [(kind, n) for kind, (n, last) in group.danger.items() if now - last < _DANGER_LASTS]
    return tuple(sorted(told, key=lambda pair: (-pair[1], pair[0])))


def breadth(group: Group) -> tuple[int, int, int]:
    """Return how many kinds of source, topics and districts take part; an office that answers is no participant.

    Districts are counted up to the residents: one who lists five of them does not carry the matter there.
    """
    kinds = sum(1 for kind in group.kinds if kind != Kind.OFFICIAL.value)
    topics = sum(1 for votes in group.topics.values() if votes >= 2000)
    return kinds, topics, min(len(group.districts), group.residents)


def indicators(group: Group, now: int) -> tuple[Indicator, ...]:
    """Return the six marks in their fixed order."""
    return (
        _unmet(group, now), _economic(group), _harm(group, now),
        _widening(group), _difficulty(group), _regions(group),
    )  # fmt: skip


def _unmet(group: Group, now: int) -> Indicator:
    """Weigh how long the oldest demand waits, with how many residents make it and how many posts came since."""
    since = unanswered_since(group)
    open_ones = [tally for tally in group.demands.values() if open_since(tally) is not None]
    age = now - since if since is not None else 0
    evidence = (
        Evidence("oldest_unanswered_days", round(age / DAY, 1)),
        Evidence("unanswered_demands", len(open_ones)),
        Evidence("demands", len(group.demands)),
        Evidence("residents", max((tally.residents for tally in open_ones), default=0)),
        Evidence("posts_unanswered", 0 if since is None else window(group.hours, since - since % 3600, now + 3600)),
        Evidence("official_replies", group.replies),
    )
    return Indicator(IndicatorName.UNMET, score(age, AGES), evidence)


def _economic(group: Group) -> Indicator:
    """Weigh demands for money by their tie to public power: asked of a public body, or with an office accused.

    Money asked of a shop or a landlord alone is at most 1.
    """
    asked = [tally for tally in group.demands.values() if tally.category in MONEY]
    money = max((tally.residents for tally in asked), default=0)
    public = max((tally.residents for tally in asked if _is_public(tally)), default=0)
    accusing = sum(group.accused.values())
    tied = max(public, min(money, accusing))
    points = max(score(money, (3,)), score(tied, (1, 3, 10)))
    evidence = (
        Evidence("money_demands", money), Evidence("money_of_public_bodies", public),
        Evidence("accusing_posts", accusing),
    )  # fmt: skip
    return Indicator(IndicatorName.ECONOMIC, points, evidence)


def _is_public(tally: Tally) -> bool:
    return tally.to is not None and tally.to not in _PRIVATE


def _harm(group: Group, now: int) -> Indicator:
    """Weigh reports of danger now, of danger in the past of this matter, and of service trouble."""
    danger = max((n for _, n in recent_danger(group, now)), default=0)
    ever = max((n for n, _ in group.danger.values()), default=0)
    service = max(group.service.values(), default=0)
    points = max(min(score(danger, (1, 2)) + 1, 3) if danger else 0, score(ever, (1, 2)), score(service, (1, 5)))
    evidence = (Evidence("danger", danger), Evidence("danger_ever", ever), Evidence("service", service))
    return Indicator(IndicatorName.HARM, points, evidence)


def _widening(group: Group) -> Indicator:
    """Weigh kinds of participants, beside those at first: sources, topics, districts."""
    now, began = breadth(group), group.began
    wider = sum(now) - sum(began) if any(began) else 0
    more = 1 if now[0] >= 2 and (now[1] >= 3 or wider >= _WIDER) else 0
    names = ("source_kinds", "topics", "districts")
    evidence = tuple(
        Evidence(name, value, first if any(began) else None)
        for name, value, first in zip(names, now, began, strict=True)
    )
    return Indicator(IndicatorName.WIDENING, min(3, score(now[0], (2, 3, 4)) + more), evidence)


def _difficulty(group: Group) -> Indicator:
    """Weigh offices concerned, reopening, and residents who ask again although an office answered."""
    offices = sum(1 for votes in group.offices.values() if votes >= max(2, group.posts // 10))
    again, answered = asked_again(group), group.answered_at
    since = sum(n for hour, n in group.voices.items() if answered is not None and hour >= answered)
    points = score(offices, (2, 3, 4)) + score(again, (3, 10, 30)) + score(len(group.reopened), (1, 2, 3))
    evidence = (
        Evidence("offices", offices), *_reopened(group),
        Evidence("asked_again", again), Evidence("posts_after_answer", since),
    )  # fmt: skip
    return Indicator(IndicatorName.DIFFICULTY, min(3, points), evidence)


def _reopened(group: Group) -> tuple[Evidence, ...]:
    """Say how often it was opened again, and how many days after the newest answer before."""
    times = Evidence("reopened", len(group.reopened))
    if not group.reopened or not group.reopened[-1][1]:
        return (times,)
    at, answer = group.reopened[-1]
    return times, Evidence("reopened_days_after_answer", round((at - answer) / DAY, 1))


def _regions(group: Group) -> Indicator:
    districts = breadth(group)[2]
    return Indicator(IndicatorName.REGIONS, score(districts, (2, 3, 5)), (Evidence("districts", districts),))
