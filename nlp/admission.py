"""Which posts the slower models read: a pure function of a post and of what the fast tier made of it.

So every replay, with any batches and any number of processes, admits the same posts.
"""

from __future__ import annotations

from answerable.post import Analysis, HarmClass, Kind, Post, Reading

__all__ = ["admitted", "margin"]

_WEIGHTY = 2.0  # a demand or trouble with a service: so many times the doubt is enough


def margin(reading: Reading) -> float:
    """Return how far the likeliest label is ahead of the next one, 0 to 1.

    >>> round(margin(Reading("negative", {"negative": 0.5, "neutral": 0.3, "positive": 0.2})), 4)
    0.2
    """
    first, second = sorted(reading.p.values(), reverse=True)[:2]
    return first - second


def admitted(post: Post, analysis: Analysis, reading: Reading, doubt: float) -> bool:
    """Tell whether a fast head's answer is read again: where danger is told, or the margin is less than `doubt`.

    A demand or trouble with a service doubles the doubt. Offices' answers are not read again.
    """
    if post.kind is Kind.OFFICIAL:
        return False
    if any(one.cls is HarmClass.DANGER for one in analysis.harm):
        return True
    weighty = _WEIGHTY if analysis.demands or analysis.harm else 1.0
    return margin(reading) < doubt * weighty
