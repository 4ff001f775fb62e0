"""What is asked for, aggregated: distinct demands, how many residents make each, which were answered."""

from __future__ import annotations

from answerable.demand import Answer, DemandCount
from answerable.post import Demand, Reply
from incidents.records import Group, Tally

__all__ = [
    "AGAIN",
    "answer",
    "asked_again",
    "count",
    "key_of",
    "listed",
    "merge",
    "open_since",
    "sort_of",
    "unanswered_since",
]

AGAIN = 3  # residents who ask once more before an answer counts as in vain: one may not have read it
_MOST = 64
_LISTED = 12


def key_of(demand: Demand) -> str:
    """Return the key under which equal demands are counted, whoever is asked: many ask without naming anybody.

    >>> key_of(Demand("restore the water", "restore", 0, 7, "water company"))
    'restore|restore the water'
    """
    return f"{demand.category}|{demand.act}"


def count(group: Group, demand: Demand, at: int, new: bool) -> None:
    """Count a demand; `new` tells whether its resident had not made it that day.

    What was asked before an answer is answered by it, also where it is heard of later; what is asked after it counts
    towards asking again.
    """
    key = key_of(demand)
    known = group.demands.get(key)
    if known is None:
        if len(group.demands) < _MOST:
            answered = group.met_at if at <= group.met_at else None
            group.demands[key] = Tally(demand.act, demand.category, demand.to, 1, at, answered)
        return
    known.residents += 1 if new else 0
    known.first_at = min(known.first_at, at)
    known.to = known.to or demand.to
    if new and known.answered_at is not None and at > known.answered_at:
        _again(known, 1, at)


def sort_of(reply: Reply | None) -> Answer:
    """Say what a reply amounts to; a refusal outweighs what is promised beside it.

    >>> sort_of(Reply(promise=True, due_at=9)), sort_of(Reply(referred_to="water-bureau"))
    (<Answer.PROMISE: 'promise'>, <Answer.REFERRAL: 'referral'>)
    """
    if reply is None:
        return Answer.OTHER
    if reply.refusal:
        return Answer.REFUSAL
    if reply.promise:
        return Answer.PROMISE
    return Answer.REFERRAL if reply.referred_to is not None and not reply.explains else Answer.OTHER


def answer(group: Group, at: int, what: Answer = Answer.OTHER, due_at: int = 0) -> None:
    """Note an answer to every demand made before it, also those made again; a mere referral leaves them open.

    `due_at` is the date it promises, 0 where none.
    """
    if what is not Answer.REFERRAL:
        group.met_at = max(group.met_at, at)
    for tally in group.demands.values():
        if tally.first_at > at or (tally.answered_at is not None and tally.answered_at >= at):
            continue
        if what is Answer.REFERRAL:
            tally.answer = tally.answer or what
            continue
        tally.answered_at, tally.answer, tally.due_at = at, what, due_at
        if tally.again_at <= at:
            tally.again, tally.again_at = 0, 0


def merge(group: Group, into: Group, both: dict[str, int]) -> None:
    """Add a group's demands to another's; `both` are residents counted in both, by key."""
    for key, tally in group.demands.items():
        known = into.demands.get(key)
        if known is None:
            if len(into.demands) < _MOST:
                into.demands[key] = tally
            continue
        _settle(known, tally)
        known.residents += tally.residents - both.get(key, 0)
        known.first_at = min(known.first_at, tally.first_at)
        known.to = known.to or tally.to


def _settle(known: Tally, tally: Tally) -> None:
    """Say how two tallies of one demand stand together: an answer holds for whoever asked before it."""
    if known.answered_at is not None and tally.answered_at is not None:
        later = known if known.answered_at >= tally.answered_at else tally
        since = [one for one in (known, tally) if one.again_at > (later.answered_at or 0)]
        known.answered_at, known.answer, known.due_at = later.answered_at, later.answer, later.due_at
        known.again, known.again_at = sum(one.again for one in since), min((one.again_at for one in since), default=0)
        return
    answered, unheard = (known, tally) if tally.answered_at is None else (tally, known)
    at = answered.answered_at
    if at is None or unheard.first_at <= at:
        known.answered_at, known.again, known.again_at, known.answer, known.due_at = None, 0, 0, "", 0
        return
    again, again_at = answered.again, answered.again_at
    known.answer, known.due_at = answered.answer, answered.due_at
    known.answered_at, known.again, known.again_at = at, again, again_at
    _again(known, unheard.residents, unheard.first_at)


def _again(tally: Tally, residents: int, at: int) -> None:
    tally.again_at = min(tally.again_at, at) if tally.again else at
    tally.again += residents


def open_since(tally: Tally) -> int | None:
    """Return since when a demand waits: from the first, or from whoever asked again after the answer.

    >>> open_since(Tally("repair", "repair", None, 9, 100, 200, again=2, again_at=300))
    >>> open_since(Tally("repair", "repair", None, 9, 100, 200, again=3, again_at=300))
    300
    """
    if tally.answered_at is None:
        return tally.first_at
    return tally.again_at if tally.again >= AGAIN else None


def unanswered_since(group: Group) -> int | None:
    """Return since when the oldest demand without an answer waits."""
    waiting = (open_since(tally) for tally in group.demands.values())
    return min((since for since in waiting if since is not None), default=None)


def asked_again(group: Group) -> int:
    """Return how many residents make the demand that most make again after its answer."""
    return max((tally.again for tally in group.demands.values()), default=0)


def listed(group: Group) -> tuple[DemandCount, ...]:
    """Return the demands of most residents, most first, then the older, then by words."""
    tallies = sorted(group.demands.values(), key=lambda t: (-t.residents, t.first_at, t.act, t.category, t.to or ""))
    return tuple(_told(tally) for tally in tallies[:_LISTED])


def _told(tally: Tally) -> DemandCount:
    again_at = None if tally.answered_at is None else open_since(tally)
    return DemandCount(
        tally.act, tally.category, tally.to, tally.residents, tally.first_at, tally.answered_at,
        tally.again, again_at, Answer(tally.answer) if tally.answer else None, tally.due_at or None,
    )  # fmt: skip
