"""Posts by hour, in their own published time, however late they arrive."""

from __future__ import annotations

from answerable.clock import HOUR
from incidents.records import Group

__all__ = ["bulk", "count", "hour_of", "merge", "window"]

_HOURS = 24 * 60
_FRINGE, _FRINGE_MOST = 5, 80  # one post in so many at either end of a burst may be a straggler, at most so many


def hour_of(at: int) -> int:
    """Return the start of the hour that an instant falls in."""
    return at - at % HOUR


def count(group: Group, at: int, voice: bool) -> None:
    """Count a post in its hour, and in the voices where its author was not heard that day."""
    hour = hour_of(at)
    posts = group.hours.get(hour, 0) + 1
    group.hours[hour] = posts
    if voice:
        group.voices[hour] = group.voices.get(hour, 0) + 1
    _note_peak(group, hour, posts)
    _trim(group)


def merge(group: Group, into: Group) -> None:
    """Add a group's hours to another's."""
    for hour, posts in group.hours.items():
        into.hours[hour] = into.hours.get(hour, 0) + posts
        _note_peak(into, hour, into.hours[hour])
    for hour, posts in group.voices.items():
        into.voices[hour] = into.voices.get(hour, 0) + posts
    _trim(into)


def window(hours: dict[int, int], since: int, until: int) -> int:
    """Sum the hours that start in [since, until).

    >>> window({0: 1, 3600: 2, 7200: 4}, 3600, 7200)
    2
    """
    if len(hours) * HOUR <= until - since:
        return sum(posts for hour, posts in hours.items() if since <= hour < until)
    return sum(hours.get(hour, 0) for hour in range(hour_of(since + HOUR - 1), until, HOUR))


def bulk(group: Group) -> tuple[int, int]:
    """Return the instants between which a group's posts lie, but for the first and the last fifth, at most 80 each.

    One early or late post does not move them, so that two bursts on one topic are told apart by their hours.
    """
    spare = min(_FRINGE_MOST, group.posts // _FRINGE)
    hours = sorted(group.hours)
    if not spare or not hours:
        return group.first_at, group.last_at
    return (
        max(group.first_at, _past(spare, hours, group.hours)),
        min(group.last_at, _past(spare, hours[::-1], group.hours) + HOUR),
    )


def _past(spare: int, order: list[int], hours: dict[int, int]) -> int:
    """Return the first hour in an order up to which more than `spare` posts lie."""
    for hour in order:
        spare -= hours[hour]
        if spare < 0:
            return hour
    return order[-1]


def _note_peak(group: Group, hour: int, posts: int) -> None:
    if posts > group.peak or (posts == group.peak and hour < group.peak_at):
        group.peak, group.peak_at = posts, hour


def _trim(group: Group) -> None:
    """Keep the newest 60 days of hours; the peak stays known."""
    for hours in (group.hours, group.voices):
        while len(hours) > _HOURS:
            del hours[min(hours)]
