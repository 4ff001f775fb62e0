"""How early and how surely spread is seen, and at what price: simulated series, two cities' own, tweets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from statistics import mean

from answerable.clock import DAY
from bench import nab
from bench.alarming import Outcome, outcome, product
from bench.choice import detections, left_out
from bench.figure import Figure
from bench.peers import PEERS, at_best
from bench.simulated import SIZES, Stream, real, simulated

__all__ = ["SEEDS", "found", "peers", "rows", "tweets"]

SEEDS = (1, 2, 3)
_TABLE = "spread"
_BUDGET = 1.0
_RECALL = {12: 0.40, 30: 0.80, 100: 0.99, 300: 1.0}
_STUDY_RECALL = {12: 0.35, 30: 0.77, 100: 0.99, 300: 1.0}
_STUDY_LEAD = {30: 0.8, 100: 3.2, 300: 4.4}
_SCOREBOARD = (
    ("CAD OSE", 86.1),
    ("ARTime", 82.0),
    ("Numenta HTM", 71.7),
    ("Twitter ADVec", 62.7),
    ("windowed Gaussian", 56.2),
)


def rows() -> list[Figure]:
    """Measure everything; some minutes."""
    made = [simulated(seed) for seed in SEEDS]
    cities = [real(seed) for seed in SEEDS]
    return [
        *_of(
            "simulated series", [found(each) for each in made], peers(made[0]), "500 series, 8 weeks, 2,500 incidents"
        ),
        *_of(
            "newhaven_issues, nyc_council with incidents put in", [found(each) for each in cities], peers(cities[0]),
            "49 real series, 78 weeks, 980 incidents; what really burst there counts as false",
        ),
        *_nab(),
    ]  # fmt: skip


def found(stream: Stream) -> Outcome:
    """Judge the product's alarms."""
    return outcome(stream, product(stream))


def peers(stream: Stream) -> dict[str, Outcome]:
    """Judge each rule that people use today at its best threshold within the budget."""
    return {peer.name: at_best(peer, stream, _BUDGET)[1] for peer in PEERS}


def _of(data: str, seeds: Sequence[Outcome], others: dict[str, Outcome], note: str) -> list[Figure]:
    simulated_only = data.startswith("simulated")
    figures = [
        _figure(data, f"recall, {size} posts", seeds, others, _recall(size),
                goal=_RECALL[size], study=_STUDY_RECALL[size] if simulated_only else None, note=note)
        for size in SIZES
    ]  # fmt: skip
    figures += [
        _figure(data, f"lead before the peak, {size} posts (hours)", seeds, others,
                _lead(size), goal=1.0,
                study=_STUDY_LEAD[size] if simulated_only else None, note="median of those found")
        for size in SIZES[1:]
    ]  # fmt: skip
    false = _figure(data, "false alerts an area-week", seeds, others, lambda one: one.false, goal=_BUDGET, less=True)
    return [*figures, false]


def _recall(size: int) -> Callable[[Outcome], float]:
    return lambda one: one.recall[size]


def _lead(size: int) -> Callable[[Outcome], float]:
    return lambda one: one.lead[size]


def _figure(
    data: str, name: str, seeds: Sequence[Outcome], others: dict[str, Outcome], of: Callable[[Outcome], float], *,
    goal: float, study: float | None = None, note: str = "", less: bool = False,
) -> Figure:  # fmt: skip
    values = [of(one) for one in seeds]
    return Figure(
        table=_TABLE, data=data, name=name, value=round(mean(values), 3), goal=goal, study=study,
        peers=tuple((peer, round(of(one), 3)) for peer, one in others.items()), better="less" if less else "more",
        spread=(round(min(values), 3), round(max(values), 3)), note=note,
    )  # fmt: skip


@cache
def tweets(profile: str = "standard", folder: str = nab.TWEETS) -> tuple[float, int]:
    """Return the normalised score of a folder of NAB, and the false rows."""
    costs, files = nab.profile(profile), nab.series(folder)
    tallies = [nab.score(file, detections(file), costs) for file in files]
    return nab.normalised([one.score for one in tallies], files, costs), sum(one.false_rows for one in tallies)


def gaussian(profile: str = "standard") -> dict[str, tuple[float, float]]:
    """Return file → (score of the windowed Gaussian in this run, the published one)."""
    costs, known = nab.profile(profile), nab.published(profile)["windowedGaussian"]
    scores = {}
    for file in nab.series(nab.TWEETS):
        threshold, score = known[file.name]
        rows = [row for row, each in enumerate(nab.gaussian(file.values)) if each >= threshold]
        scores[file.name] = nab.score(file, rows, costs).score, score
    return scores


def _nab() -> list[Figure]:
    value, false = tweets()
    unchosen, unchosen_false = left_out()
    measured = nab.normalised(
        [ours for ours, _ in gaussian().values()], nab.series(nab.TWEETS), nab.profile("standard")
    )
    others = (*_SCOREBOARD, ("windowed Gaussian, this run", round(measured, 1)))
    days = sum(file.times[-1] - file.times[0] for file in nab.series(nab.TWEETS)) / DAY
    nab_tweets = partial(Figure, table=_TABLE, data="nab realTweets")
    return [
        nab_tweets(
            name="standard profile", value=round(value, 1), goal=74.5, study=79.0, peers=others,
            note="the threshold was chosen with these series",
        ),
        nab_tweets(
            name="standard profile, each series left out of the choice", value=round(unchosen, 1), goal=74.5,
            study=74.0, peers=others, note=f"{unchosen_false} false rows",
        ),
        nab_tweets(
            name="false rows", value=false, goal=40, study=40, better="less",
            note=f"in {days:.0f} days of five-minute rows",
        ),
        nab_tweets(name="reward low FP", value=round(tweets("reward_low_FP_rate")[0], 1), peers=(("ARTime", 69.9),)),
        nab_tweets(name="reward low FN", value=round(tweets("reward_low_FN_rate")[0], 1), peers=(("ARTime", 88.0),)),
        Figure(
            table=_TABLE, data="nab realKnownCause", name="standard profile",
            value=round(tweets(folder=nab.KNOWN)[0], 1), peers=(("ARTime", 79.8), ("windowed Gaussian", 22.3)),
            note="falls and odd shapes are no spread",
        ),
    ]  # fmt: skip
