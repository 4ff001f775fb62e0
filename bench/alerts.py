"""Alerts on labelled streams: precision, recall, lead, mails, false alerts, beside rules that people use today."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean, median

from msgspec import Struct

from answerable.app import wiring
from answerable.app.trial.judge import Verdict, firsts, judge, known, tally
from answerable.app.trial.sent import Said, Sent, send
from answerable.settings import load
from bench import alert_streams as streams
from bench.alert_peers import said
from bench.alert_streams import Stream
from bench.figure import Figure
from bench.load import digest_of

__all__ = ["SEEDS", "K", "Outcome", "digest", "ours", "rows", "sent", "theirs"]

SEEDS = (1, 2, 3)
K = 5
_LARGE = 30
_OTHER = ("danger", "danger-to-people", "long-unanswered")
Made = Callable[[int], Stream]


class Outcome(Struct, frozen=True):
    """What alerts on a stream come to; a figure is None where there is nothing to take it from.

    `growth` is the precision of alerts about spread alone: neither one person's report of danger nor a matter that is
    long unanswered. `lead` is from the first alert to when half of a matter's posts were there, in hours (median),
    `lead_large` of matters of 30 posts and more. `false` is per area and week, `prompt` those of them that went
    out at once, per area and month; `mails` are those about one incident, for each.
    """

    precision: float | None
    growth: float | None
    recall: float | None
    after_first: float | None
    lead: float | None
    lead_large: float | None
    false: float
    prompt: float | None = None
    mails: float | None = None


class _Row(Struct, frozen=True):
    """A row of the table: which figure, its goal and where it holds, which way is better."""

    name: str
    value: Callable[[Outcome], float | None]
    goal: float | None = None
    more: bool = True
    where: Callable[[Stream], bool] = lambda _: True


_ROWS = (
    _Row("precision of alerted incidents", lambda one: one.precision, 0.85, where=lambda stream: stream.whole),
    _Row("precision of those about spread", lambda one: one.growth, 0.85),
    _Row("recall of matters of 5 posts and more", lambda one: one.recall, 0.90, where=lambda stream: stream.local),
    _Row("hours from the first post to the alert", lambda one: one.after_first, None, False),
    _Row("hours of lead before half of the posts", lambda one: one.lead),
    _Row("hours of lead, from 30 posts on", lambda one: one.lead_large, 1.0),
    _Row("false alerts an area and week", lambda one: one.false, 1.0, False),
    _Row("false immediate mails an area and month", lambda one: one.prompt, 1.0, False),
    _Row("mails an alerted incident", lambda one: one.mails, None, False),
)
_STREAMS: tuple[tuple[Made, Sequence[int]], ...] = (
    (lambda _: streams.letters(), (0,)),
    (streams.with_background, SEEDS),
    (streams.spreading, SEEDS),
    (lambda seed: streams.among_chatter(streams.letters(), seed, streams.REVIEWS), SEEDS),
    (lambda _: streams.events(), (0,)),
    (lambda seed: streams.among_chatter(streams.events(3000), seed, streams.TWEETS), SEEDS),
)


def rows() -> list[Figure]:
    """Put every stream through the desk and through the other rules."""
    return [figure for made, seeds in _STREAMS for figure in _figures([made(seed) for seed in seeds])]


def digest() -> str:
    """Identify the data."""
    return digest_of((*(f"{name}.jsonl.gz" for name in streams.SETS), streams.CASES))


def ours(stream: Stream) -> Outcome:
    """Put a stream through the whole pipeline."""
    found = sent(stream)
    first = firsts(found.alerts)
    told = {one for name in found.mails for one in name.split("-")}
    prompt = _judged([one for one in first if one.incident in told], stream).wrong
    return _outcome(first, stream, prompt / _months(stream), tally(found).mails_per_incident)


def theirs(stream: Stream) -> dict[str, Outcome]:
    """Put a stream through the rules that people use today."""
    return {name: _outcome(alerts, stream) for name, alerts in said(stream).items()}


def sent(stream: Stream) -> Sent:
    """Return what the desk sends about a stream."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {
            "ANSWERABLE_FILES__GAZETTEER": str(streams.gazetteer(folder)), "ANSWERABLE_NLP__WORKERS": "1",
            "ANSWERABLE_INCIDENTS__K_AUTHORS": str(K),
        }  # fmt: skip
        settings = load(environ=environ)
        return send(stream.items, settings, wiring.register(settings), folder)


def _judged(first: Iterable[Said], stream: Stream) -> Verdict:
    published = [(item.id, item.published_at) for item in stream.items]
    return judge(list(first), stream.labels, known(stream.labels, published), K)


def _outcome(
    first: Sequence[Said], stream: Stream, prompt: float | None = None, mails: float | None = None
) -> Outcome:
    verdict = _judged(first, stream)
    large = [one.hours_before_half for one in verdict.matters.values() if one.posts >= _LARGE]
    leads = [lead for lead in large if lead is not None]
    return Outcome(
        verdict.precision, _judged([one for one in first if one.rule not in _OTHER], stream).precision,
        verdict.recall_of_k, verdict.hours_after_first_post, verdict.hours_before_half,
        median(leads) if leads else None, verdict.wrong / (stream.weeks * stream.areas), prompt, mails,
    )  # fmt: skip


def _months(stream: Stream) -> float:
    return stream.weeks * stream.areas * 12 / 52


def _figures(made: Sequence[Stream]) -> list[Figure]:
    own, others = [ours(stream) for stream in made], [theirs(stream) for stream in made]
    return [figure for row in _ROWS if (figure := _figure(row, made[0], own, others)) is not None]


def _figure(
    row: _Row, stream: Stream, own: Sequence[Outcome], others: Sequence[Mapping[str, Outcome]]
) -> Figure | None:
    values = _values(row, own)
    if not values:
        return None
    peers = {name: _values(row, [seed[name] for seed in others]) for name in others[0]}
    return Figure(
        table="alerts", data=stream.name, name=row.name, value=round(mean(values), 4),
        goal=row.goal if row.where(stream) else None,
        peers=tuple((name, round(mean(found), 3)) for name, found in peers.items() if found),
        better="more" if row.more else "less", note=stream.note,
        spread=(min(values), max(values)) if len(own) > 1 else None,
    )  # fmt: skip


def _values(row: _Row, outcomes: Iterable[Outcome]) -> list[float]:
    return [value for one in outcomes if (value := row.value(one)) is not None]
