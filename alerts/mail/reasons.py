"""Part 8: why this fired, and how sure it is."""

from __future__ import annotations

from alerts.alert import Alert
from alerts.mail import said, told
from alerts.mail.reader import Reader
from alerts.mail.sheet import Fact
from answerable.clock import HOUR
from answerable.incident import Evidence

__all__ = ["evidence", "reasons"]

_FACTS_MOST = 16
_MOODS_MOST = 2
_POINTS = "points"
_RULE = "rule."
_HOURS = frozenset({"unanswered", "unanswered_hours", "unacknowledged_hours"})
_BEFORE = "doubled"
_GROWN = 28  # days after which an area's usual says itself: each hour of the week was heard four times


def evidence(alert: Alert, reader: Reader) -> tuple[Fact, ...]:
    """Return every figure of the scorecard and the rule beside its usual or threshold, with the points it gave."""
    if alert.unconfirmed:
        return ()
    points = {item.name: item.value for item in alert.why if item.name.startswith(f"{_POINTS}.")}
    told_ = [_fact(item, points, alert, reader) for item in alert.why if item.name not in points]
    return tuple(told_[:_FACTS_MOST])


def _fact(item: Evidence, points: dict[str, float], alert: Alert, reader: Reader) -> Fact:
    say, figure = reader.say, said.clean(item.name.removeprefix(_RULE))
    name = say.word("evidence", figure)
    value = reader.span(item.value * HOUR) if figure in _HOURS else told.number(item.value)
    if item.name.startswith(_RULE):
        name = say("evidence.in_rule", name=name)
    given = points.get(f"{_POINTS}.{item.name}")
    gave = "" if given is None else say("evidence.point", n=int(given))
    return Fact(name, value, _beside(item, alert, reader), gave)


def _beside(item: Evidence, alert: Alert, reader: Reader) -> str:
    """Write a baseline as what it is: a threshold of the rule or the level, or what is usual."""
    say, baseline = reader.say, item.baseline
    if baseline is None:
        return ""
    if item.name == _POINTS:
        return say("evidence.from", level=say(f"level.{alert.level.value}"), n=told.number(baseline))
    if item.name == _BEFORE:
        return say("evidence.before", n=told.number(baseline))
    hours = item.name.removeprefix(_RULE) in _HOURS
    if hours or item.name.startswith(_RULE):
        return say("evidence.least", n=reader.span(baseline * HOUR) if hours else told.number(baseline))
    return say("evidence.usual", n=told.number(baseline))


def reasons(alert: Alert, reader: Reader) -> tuple[str, ...]:
    """Say which rule fired, what accident can explain, whether texts are copies, and the rule's record."""
    say, parts = reader.say, alert.update.components
    rule = say("why.rule", rule=say.word("rule", said.clean(alert.rule)))
    if alert.unconfirmed:
        return (rule, say("why.unconfirmed"))
    lines = [rule]
    accident = told.chance(parts.tail, say)
    if accident:
        lines.append(say("why.chance", odds=accident))
    if parts.baseline_days is not None:
        lines.append(say.many("why.young" if parts.baseline_days < _GROWN else "why.heard", parts.baseline_days))
    if parts.amplified and parts.spoke is not None:
        (posts, authors), share = parts.spoke, f"{parts.synchrony:.0%}"
        people = told.number(parts.effective)
        lines.append(say("why.amplified", posts=posts, authors=authors, share=share, n=people))
    if parts.shared_wording >= 0.5:
        lines.append(say("why.petition", share=f"{parts.shared_wording:.0%}"))
    elif parts.shared_wording <= 0.2:
        lines.append(say("why.own_words"))
    if alert.precision is not None:
        lines.append(say("why.precision", real=alert.precision[0], all=alert.precision[1]))
    if alert.joined and not alert.update.merged_into:
        lines.append(say("why.joined", other=said.clean(alert.joined)))
    lines.extend(_marks(alert, reader))
    lines.extend(_moods(alert, reader))
    return tuple(lines)


def _marks(alert: Alert, reader: Reader) -> list[str]:
    say = reader.say
    marks = [
        say("mark", name=say.word("indicator", mark.name.value), score=mark.score)
        for mark in alert.update.indicators
        if mark.score > 0
    ]
    return [say("why.marks", marks=say.enumerate(marks))] if marks else []


def _moods(alert: Alert, reader: Reader) -> list[str]:
    moods = [reader.say.word("mood", said.clean(mood)) for mood, _ in alert.update.moods if mood != "none"]
    return [reader.say("why.mood", moods=reader.say.enumerate(moods[:_MOODS_MOST]))] if moods else []
