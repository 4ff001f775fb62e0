"""Try rules on posts of the past: what would have been sent, and how that fits what people know happened.

answerable rules test --rules rules.yaml --posts year.jsonl.gz
answerable rules test --rules rules.yaml --posts year.jsonl.gz --labels known.jsonl --json

Labels are lines of {"id","incident"}: which post is about which matter. An alerted incident is right when at least
half of the posts it stood on carry one label. Nothing is sent and nothing is kept.

exit codes: 0 done, 3 rules or settings are invalid, 5 bad lines of posts or labels were skipped
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from answerable.app import options as shared
from answerable.app import wiring
from answerable.app.cli import EXIT
from answerable.app.intake import Intake
from answerable.app.trial.judge import Tally, Verdict, firsts, judge, known, tally
from answerable.app.trial.labels import Labels, read_labels
from answerable.app.trial.sent import send


class _Trial(Struct, frozen=True):
    """What `--json` prints."""

    posts: int
    bad_lines: int
    sent: Tally
    labels: Verdict | None = None


def options(parser: argparse.ArgumentParser) -> None:
    """Declare test with --rules, --posts and --labels."""
    verbs = parser.add_subparsers(dest="what", required=True, metavar="test")
    test = verbs.add_parser("test", help="say what rules would have sent")
    test.add_argument("--rules", type=Path, required=True, metavar="F", help="rules.yaml")
    test.add_argument("--posts", required=True, metavar="IN", help="posts as JSON Lines, .gz, or - for stdin")
    test.add_argument("--labels", type=Path, metavar="L", help='lines of {"id","incident"}, .gz')
    test.add_argument("--json", action="store_true", help="print one JSON object")
    test.add_argument("--partitions", type=int, metavar="N", help="partitions of posts.analysed (same result)")
    test.add_argument("--strict", action="store_true", help="stop at the first bad line")
    shared.reading(test)
    shared.settings_file(test)


def run(given: argparse.Namespace) -> int:
    """Try the rules, print; what is wrong with settings, rules or labels is told before the work begins."""
    settings = shared.of(given)
    kept = wiring.register(settings)
    labels = read_labels(given.labels, strict=given.strict) if given.labels else None
    intake = Intake(given.posts, strict=given.strict)
    items = list(intake)
    with tempfile.TemporaryDirectory() as folder:
        sent = send(items, settings, kept, Path(folder))
    verdict = None
    if labels is not None:
        matters = known(labels.matters, {item.id: item.published_at for item in reversed(items)}.items())
        _miss(given.labels, labels, {item.id for item in items})
        verdict = judge(firsts(sent.alerts), labels.matters, matters, settings.incidents.k_authors)
    counted = tally(sent, labels.matters if labels else None)
    trial = _Trial(len(items), intake.bad, counted, verdict)
    sys.stdout.write(_json(trial) if given.json else "\n".join(said(trial)) + "\n")
    return intake.report() or (EXIT["set aside"] if labels and labels.bad else 0)


def _miss(path: Path, labels: Labels, posts: set[str]) -> None:
    """Say how many labels name posts that are not there."""
    missing = len(labels.matters.keys() - posts)
    if missing:
        sys.stderr.write(f"{path}: {missing} labels name posts that are not in IN; they do not count\n")


def _json(trial: _Trial) -> str:
    return msgspec.json.encode(trial, order="sorted").decode() + "\n"


def said(trial: _Trial) -> Iterator[str]:
    """Yield the lines for a person."""
    sent = trial.sent
    yield (
        f"{trial.posts} posts: {sent.alerts} alerts about {sent.incidents} incidents, {sent.mails} mails about them"
        f"{'' if sent.mails_per_incident is None else f' ({sent.mails_per_incident:g} an incident)'},"
        f" {sent.digests} digests"
    )
    for kind, levels in sent.kinds.items():
        yield f"  {kind:<8}" + "  ".join(f"{level} {count}" for level, count in levels.items())
    width = max((len(rule) for rule in sent.rules), default=0)
    for rule, one in sent.rules.items():
        right = "" if one.right is None else f", {one.right} of them right"
        yield f"  {rule:<{width}}  {one.alerts} alerts, first to speak of {one.incidents} incidents{right}"
    if trial.labels is not None:
        yield from _judged(trial.labels)


def _judged(verdict: Verdict) -> Iterator[str]:
    told = sum(one.alerted_at is not None for one in verdict.matters.values())
    yield (
        f"precision {_figure(verdict.precision)} ({verdict.right} right, {verdict.wrong} about no labelled matter)   "
        f"recall {_figure(verdict.recall)} ({told} of {len(verdict.matters)} matters),"
        f" of {verdict.k} posts and more {_figure(verdict.recall_of_k)}"
    )
    yield (
        f"first alert {_figure(verdict.hours_after_first_post)} h after the first post,"
        f" {_figure(verdict.hours_before_peak)} h before the busiest hour,"
        f" {_figure(verdict.hours_before_half)} h before half of the posts were there (medians)"
    )
    width = max((len(name) for name in verdict.matters), default=0)
    for name, one in verdict.matters.items():
        alert = (
            "no alert" if one.alerted_at is None
            else f"{one.hours_after_first_post:g} h after its first post, {one.hours_before_peak:g} h before its"
            f" peak, as {one.incidents} incident{'' if one.incidents == 1 else 's'}"
        )  # fmt: skip
        yield f"  {name:<{width}}  {one.posts} posts, {alert}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
