"""From hourly counts to what the curve draws: bins that fit the age of the matter, the usual, what may come."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from alerts.mail import told
from alerts.mail.reader import Reader
from alerts.mail.sheet import Curve, Plot
from answerable.clock import DAY, HOUR, MINUTE
from answerable.incident import Forecast, IncidentUpdate

__all__ = ["Bins", "bins", "curve", "last_hour"]

_FULL_ENOUGH = 45 * MINUTE  # a running hour counts from here on, or once it holds more than the one before
_SIX = 6 * HOUR


class Bins(Struct, frozen=True):
    """Posts per bin of `step` seconds; the first bin begins at `start`."""

    start: int
    step: int
    counts: tuple[int, ...]

    @property
    def end(self) -> int:
        """The instant at which the last bin ends."""
        return self.start + self.step * len(self.counts)


def bins(hourly: tuple[tuple[int, int], ...], first_at: int, at: int) -> Bins:
    """Cut hourly counts into bins that end with the newest useful hour.

    24 bins of an hour for a matter of up to 30 hours, 28 of six hours up to a week, else 28 of a day.

    >>> found = bins(((0, 2), (3600, 5)), first_at=0, at=7260)
    >>> found.counts[-2:], found.step, found.end
    ((2, 5), 3600, 7200)
    """
    age = at - first_at
    step, most = (HOUR, 24) if age <= 30 * HOUR else (_SIX, 28) if age <= 7 * DAY else (DAY, 28)
    end = _end(dict(hourly), at)
    start = end - step * most
    counts = [0] * most
    for hour, posts in hourly:
        if start <= hour < end:
            counts[(hour - start) // step] += posts
    return Bins(start, step, tuple(counts))


def _end(posts: dict[int, int], at: int) -> int:
    """Leave the running hour out while it is too young to be compared with the ones before."""
    running = at - at % HOUR
    now, before = posts.get(running, 0), posts.get(running - HOUR, 0)
    return running + HOUR if at - running >= _FULL_ENOUGH or now >= max(before, 1) else running


def last_hour(update: IncidentUpdate, at: int) -> int:
    """Return the posts of the newest useful hour."""
    posts = dict(update.hourly)
    return posts.get(_end(posts, at) - HOUR, 0)


def curve(update: IncidentUpdate, reader: Reader, *, coming: bool) -> Curve | None:
    """Prepare the curve of an incident, with what is coming or without; None where no hour holds a post."""
    found = bins(update.hourly, update.first_at, reader.now)
    if not any(found.counts):
        return None
    if not coming:
        update = replace(update, forecast=())
    usual = update.components.usual * found.step / DAY
    plot = Plot(found.counts, usual, _ahead(update.forecast, found), _answered(update, found))
    later = [point for point in update.forecast if point.hours * HOUR <= _horizon(found)]
    return Curve(
        plot=plot,
        alt=_alt(found, plot, later, update, reader),
        start=reader.when(found.start),
        now=reader.when(found.end),
        later=reader.say("curve.later", n=later[-1].hours) if later else "",
        answered=reader.say("curve.answered", at=reader.when(update.answered_at or 0)) if plot.answered else "",
        unit=_unit(found, reader),
        cells=tuple(
            (_label(found.start + found.step * n, found.step, reader), c) for n, c in enumerate(found.counts)
        ),
    )


def _horizon(found: Bins) -> int:
    return 3 * HOUR if found.step == HOUR else DAY


def _ahead(forecast: tuple[Forecast, ...], found: Bins) -> tuple[tuple[float, float, float, float], ...]:
    """Turn further posts within so many hours into posts a bin, from one horizon to the next."""
    points = []
    before = Forecast(0, 0, 0, 0)
    for point in forecast:
        if point.hours * HOUR > _horizon(found) or point.hours <= before.hours:
            continue
        scale = found.step / HOUR / (point.hours - before.hours)
        pairs = zip((point.p10, point.p50, point.p90), (before.p10, before.p50, before.p90), strict=True)
        low, middle, high = sorted(max(0.0, (now - then) * scale) for now, then in pairs)
        points.append((point.hours * HOUR / found.step, low, middle, high))
        before = point
    return tuple(points)


def _answered(update: IncidentUpdate, found: Bins) -> float | None:
    if update.answered_at is None or not found.start <= update.answered_at <= found.end:
        return None
    return (update.answered_at - found.start) / found.step


def _unit(found: Bins, reader: Reader) -> str:
    return reader.say({HOUR: "curve.hour", _SIX: "curve.six"}.get(found.step, "curve.day"))


def _label(at: int, step: int, reader: Reader) -> str:
    moment = datetime.fromtimestamp(at, reader.zone)
    if step == HOUR:
        return f"{moment:%H}"
    return f"{moment:%m-%d}" if step == DAY else f"{moment:%d·%H}"


def _alt(found: Bins, plot: Plot, later: list[Forecast], update: IncidentUpdate, reader: Reader) -> str:
    counts = found.counts
    peak = max(counts)
    parts = [
        reader.say("alt.past", unit=_unit(found, reader), since=reader.when(found.start), first=counts[0],
                   now=counts[-1], peak=peak, at=reader.when(found.start + found.step * counts.index(peak))),
        reader.say("alt.usual", usual=told.number(round(plot.usual, 2))),
    ]  # fmt: skip
    if later:
        parts.append(reader.say("alt.later", n=later[-1].hours, p10=later[-1].p10, p90=later[-1].p90))
    if plot.answered is not None:
        parts.append(reader.say("curve.answered", at=reader.when(update.answered_at or 0)))
    return reader.say("alt.join").join(parts) + reader.say("alt.stop")
