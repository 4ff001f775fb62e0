"""Figures of forecasts, on cascades and incidents that were not fitted on: `python -m bench.forecast`.

Cascades are held out by a hash of their first kin's id, a third of them at each seed, so that one text in several
hands is never fitted on and measured on at once; the peers see the same ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from statistics import mean, median

import numpy as np
from msgspec import Struct

from bench.cascades import Cascade, ced
from bench.figure import Figure
from bench.fit_forecast import everything, fit_knot
from bench.fit_outlook import fit_outlook, seen_at
from bench.forecast_peers import OBSERVED, PEERS, Guess, count
from bench.moments import Moment, moments, timelines
from incidents.cascade import Foreseen, Knot, foresee
from incidents.forecast import HOURS, look_ahead
from incidents.hawkes import fit

__all__ = ["SEEDS", "Score", "cascades", "incidents", "later", "ordinary", "rows"]

SEEDS = (0, 1, 2)
SPLITS = tuple(range(10))
LEAST = 10
_MOMENTS = 2500
_TABLE = "forecast"


class Score(Struct, frozen=True):
    """AUC of "at least twice as many as seen", median absolute percentage error of P50, share within P10 to P90."""

    auc: float
    ape: float
    coverage: float


def cascades(seed: int) -> tuple[Score, dict[str, Score]]:
    """Return the scores of ours and of the peers on the third of the large set that this seed holds out."""
    return _compared({one.id for one in _counted() if one.fold(3, seed) == 0}, _fitted(seed))


def later() -> tuple[Score, dict[str, Score]]:
    """Return the same for the latest two fifths of the large set, fitted on what began before them but their kin."""
    ordered = sorted(_counted(), key=lambda one: (one.began, one.id))
    out = ordered[len(ordered) * 3 // 5 :]
    ids, kin = {one.id for one in out}, {one.kin for one in out}
    return _compared(ids, _fit([one for one in _everything() if one.id not in ids and one.kin not in kin]))


def _compared(out: set[str], knot: tuple[Knot, ...]) -> tuple[Score, dict[str, Score]]:
    """Score those of the large set with these ids, and peers that saw the others but their kin."""
    held = [one for one in _counted() if one.id in out]
    kin = {one.kin for one in held}
    kept = [one for one in _counted() if one.kin not in kin]
    told = [foresee(one.times, OBSERVED, one.hour, knot) for one in held]
    return _score(held, told), {name: _by(held, fit_peer(kept)) for name, fit_peer in PEERS.items()}


@cache
def _fitted(seed: int) -> tuple[Knot, ...]:
    return _fit([one for one in _everything() if one.fold(3, seed) != 0])


def _fit(kept: Sequence[Cascade]) -> tuple[Knot, ...]:
    return (fit_knot(kept, OBSERVED),)


def ordinary(seed: int) -> dict[str, tuple[int, float]]:
    """Return how many of each other set were held out, and the share of them within P10 to P90."""
    inside: dict[str, list[bool]] = {}
    for one in _everything():
        if one.fold(3, seed) == 0 and one.source in ("auspol", "checked", "events", "sim"):
            told = foresee(one.times, OBSERVED, None, _fitted(seed))
            if told.seen >= 3:
                inside.setdefault(one.source, []).append(told.p10 <= len(one.times) <= told.p90)
    return {source: (len(found), mean(found)) for source, found in sorted(inside.items())}


def incidents(seed: int) -> dict[tuple[str, int], tuple[float, float, float]]:
    """Return by set and hours ahead: the share within P10 to P90, the error of ln(1 + P50), and that of the process.

    A fifth of the incidents is held out, each with all of its moments. The last figure is the mean of the fitted
    process alone.
    """
    held, kept = list[Moment](), list[Moment]()
    for one in timelines():
        (held if one.fold(5, seed) == 0 else kept).extend(moments(one, HOURS))
    fitted = fit_outlook(kept, HOURS, _MOMENTS)
    found: dict[tuple[str, int], list[tuple[bool, float, float]]] = {}
    for moment in held:
        told = look_ahead(fit(moment.times, moment.now, moment.usual), moment.voices, fitted).forecast
        means = seen_at(moment)[: len(HOURS)]
        for ahead, came, process in zip(told, moment.came, means, strict=True):
            error, other = (abs(value - math.log1p(came)) for value in (math.log1p(ahead.p50), process))
            found.setdefault((moment.source, ahead.hours), []).append((ahead.p10 <= came <= ahead.p90, error, other))
    return {key: _means(marks) for key, marks in sorted(found.items()) if len(marks) >= 100}


def _means(marks: Sequence[tuple[bool, float, float]]) -> tuple[float, float, float]:
    covered, ours, process = zip(*marks, strict=True)
    return mean(covered), mean(ours), mean(process)


def rows() -> list[Figure]:
    """Return every figure of forecasts."""
    return [*_cascade_rows(), *_later_rows(), *_ordinary_rows(), *_incident_rows()]


def _cascade_rows() -> list[Figure]:
    runs = [cascades(seed) for seed in SPLITS]
    note = (
        f"{len(_counted())} cascades with {LEAST} or more in the first hour; "
        f"a third held out at each of {len(SPLITS)} seeds, near-identical texts together"
    )
    made = []
    for name, of, goal, study, better in (
        ("AUC of doubling", _auc_of, 0.87, 0.85, "more"), ("median APE", _ape_of, 0.25, 0.295, "less"),
    ):  # fmt: skip
        values = [of(ours) for ours, _ in runs]
        peers = tuple((peer, round(mean(of(others[peer]) for _, others in runs), 3)) for peer in runs[0][1])
        made.append(
            Figure(
                table=_TABLE, data="ced_cascades", name=name, value=round(mean(values), 3), goal=goal, study=study,
                peers=peers, better="more" if better == "more" else "less", spread=_range(values), note=note,
            )
        )  # fmt: skip
    covered = [ours.coverage for ours, _ in runs]
    return [*made, _coverage("ced_cascades", "coverage of 80 % interval", covered, 0.79, note)]


def _later_rows() -> list[Figure]:
    ours, others = later()
    data, note = "ced_cascades, later", "the latest two fifths, fitted on what began before them"
    auc = tuple((peer, round(other.auc, 3)) for peer, other in others.items())
    ape = tuple((peer, round(other.ape, 3)) for peer, other in others.items())
    return [
        Figure(table=_TABLE, data=data, name="AUC of doubling", value=round(ours.auc, 3), peers=auc, note=note),
        Figure(
            table=_TABLE, data=data, name="median APE", value=round(ours.ape, 3), peers=ape, better="less", note=note
        ),
        _coverage(data, "coverage of 80 % interval", [ours.coverage], None, note),
    ]


def _ordinary_rows() -> list[Figure]:
    note = "three or more in the first hour; held out as above; bounds are whole posts"
    runs = [ordinary(seed) for seed in SEEDS]
    return [
        _coverage(source, "coverage of 80 % interval", [run[source][1] for run in runs], None, note)
        for source in runs[0]
    ]


def _incident_rows() -> list[Figure]:
    runs, made = [incidents(seed) for seed in SEEDS], list[Figure]()
    note = "a fifth of the incidents held out at each of 3 seeds"
    for source, hours in runs[0]:
        covered, errors, means = zip(*(run[source, hours] for run in runs), strict=True)
        name = f"+{hours} h"
        made.append(_coverage(source, f"coverage of 80 % interval, {name}", covered, None, note))
        made.append(
            Figure(
                table=_TABLE, data=source, name=f"error of ln(1 + posts), {name}", value=round(mean(errors), 3),
                better="less",
                peers=(("mean of the process", round(mean(means), 3)),), spread=_range(errors),
                note="as a told incident sees it",
            )
        )  # fmt: skip
    return made


def _coverage(data: str, name: str, values: Sequence[float], study: float | None, note: str) -> Figure:
    """Return a share that has to lie within .75 and .85: the bound that is nearer to being missed is its goal."""
    value = round(mean(values), 3)
    return Figure(
        table=_TABLE, data=data, name=name, value=value, goal=0.85 if value > 0.8 else 0.75, study=study,
        better="less" if value > 0.8 else "more",
        spread=_range(values) if len(values) > 1 else None, note=f"{note}; the goal is .75 to .85",
    )  # fmt: skip


def _range(values: Sequence[float]) -> tuple[float, float]:
    return round(min(values), 3), round(max(values), 3)


def _auc_of(score: Score) -> float:
    return score.auc


def _ape_of(score: Score) -> float:
    return score.ape


@cache
def _everything() -> tuple[Cascade, ...]:
    return tuple(everything())


@cache
def _counted() -> tuple[Cascade, ...]:
    return tuple(one for one in ced() if count(one) >= LEAST)


def _score(held: Sequence[Cascade], told: Sequence[Foreseen]) -> Score:
    pairs = list(zip(held, told, strict=True))
    return Score(
        _auc([(foreseen.p_double, len(one.times) >= 2 * foreseen.seen) for one, foreseen in pairs]),
        median(abs(foreseen.p50 / len(one.times) - 1) for one, foreseen in pairs),
        mean(foreseen.p10 <= len(one.times) <= foreseen.p90 for one, foreseen in pairs),
    )


def _auc(marks: Sequence[tuple[float, bool]]) -> float:
    """Return the chance that a positive stands above a negative, ties counted half.

    >>> _auc([(0.9, True), (0.5, True), (0.5, False), (0.1, False)])
    0.875
    """
    above = [score for score, truth in marks if truth]
    below = np.sort([score for score, truth in marks if not truth])
    under = [np.searchsorted(below, score, side) for score in above for side in ("left", "right")]
    return float(np.sum(under)) / (2 * len(above) * len(below))


def _by(held: Sequence[Cascade], guess: Guess) -> Score:
    told = [(one, *guess(one)) for one in held]
    return Score(
        _auc([(score, len(one.times) >= 2 * count(one)) for one, _, score in told]),
        median(abs(size / len(one.times) - 1) for one, size, _ in told),
        math.nan,
    )


if __name__ == "__main__":
    for row in rows():
        print(row.data, row.name, row.value, row.spread, row.peers)
