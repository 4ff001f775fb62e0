"""Parts 1 to 3: what changed, why it matters now, and the figures beside what is usual."""

from __future__ import annotations

from alerts.alert import Alert, AlertKind
from alerts.mail import said, told
from alerts.mail.answers import answered, still_open
from alerts.mail.reader import Reader
from alerts.mail.series import last_hour
from alerts.mail.sheet import Figure
from answerable.clock import HOUR
from answerable.incident import Change, State

__all__ = ["badge", "changed", "figures", "lede", "outlook"]

_UNACKNOWLEDGED = "unacknowledged"  # the rule of a mail that nobody acknowledged
_CLOCK, _DOUBLED = "clock.percent", "doubled"  # what the desk calls the evidence of a reminder, and of a doubling
_ASKS_IN_LEDE = 2
_KINDS_IN_FIGURE = 3


def badge(alert: Alert, reader: Reader) -> str:
    """Write a level as a shape and a word."""
    return reader.say(f"badge.{alert.level.value}")


def changed(alert: Alert, reader: Reader) -> str:
    """Say what is new in this mail."""
    say, at, update = reader.say, reader.when(alert.at), alert.update
    match alert.kind:
        case AlertKind.RAISE if alert.previous is not None:
            return say("changed.raise", level=say(f"level.{alert.previous.value}"), at=at)
        case AlertKind.MERGE:
            return say("changed.merge", other=update.merged_into or alert.joined or alert.incident, at=at)
        case AlertKind.CLOSE if alert.state is State.FALSE_ALARM:
            return say("changed.false_alarm", at=at)
        case AlertKind.CLOSE:
            return say("changed.close", at=at)
        case AlertKind.UPDATE:
            return _news(alert, reader)
        case _:
            return say("changed.open", at=at)


def _news(alert: Alert, reader: Reader) -> str:
    """Say what an update is about: patience or a clock that ran out, a doubling, an answer."""
    say, at, why = reader.say, reader.when(alert.at), {item.name: item.value for item in alert.why}
    if alert.rule == _UNACKNOWLEDGED:
        return say("changed.unacknowledged", at=at)
    if _CLOCK in why:
        return say("changed.clock" if why[_CLOCK] < 100 else "changed.missed", percent=int(why[_CLOCK]), at=at)
    if _DOUBLED in why or alert.update.change is Change.GREW:
        return say("changed.grew", at=at)
    return answered(alert, reader) or say("changed.update", at=at)


def lede(alert: Alert, reader: Reader) -> str:
    """Say in a sentence or two why this matters now, or how it ended."""
    say = reader.say
    if alert.unconfirmed:
        return say("lede.unconfirmed", kinds=reader.dangers(alert.update), place=reader.place(alert.update))
    if alert.kind is AlertKind.MERGE and alert.update.merged_into:
        return say("lede.merged", other=alert.update.merged_into)
    if alert.kind is AlertKind.CLOSE:
        return _ending(alert, reader)
    return say.prose([_danger(alert, reader), _asking(alert, reader), _standing(alert, reader)])


def _danger(alert: Alert, reader: Reader) -> str:
    if not alert.update.components.danger:
        return ""
    return reader.say("lede.danger", kinds=reader.dangers(alert.update)) + reader.say("stop")


def _asking(alert: Alert, reader: Reader) -> str:
    acts = [act for act in map(said.act, alert.update.demands) if act][:_ASKS_IN_LEDE]
    if not acts:
        return reader.say("lede.no_ask") + reader.say("stop")
    return reader.say("lede.ask", acts=reader.say("list.semicolon").join(acts)) + reader.say("stop")


def _standing(alert: Alert, reader: Reader) -> str:
    """Say whether anybody answered, and how many more posts may come."""
    say, update, given = reader.say, alert.update, answered(alert, reader)
    coming = told.outlook(update.posts, update.forecast, say)
    if not given:
        sofar = say("lede.unanswered", span=reader.span(alert.at - update.first_at))
    else:
        still = still_open(alert)
        sofar = say.many("lede.answered", still, given=given) if still else given
    line = sofar + (say("lede.coming", coming=coming) if coming else "") + say("stop")
    return line[:1].upper() + line[1:]


def _ending(alert: Alert, reader: Reader) -> str:
    say, update = reader.say, alert.update
    if alert.state is State.FALSE_ALARM:
        return say("lede.false_alarm")
    asked, still = len(update.demands), still_open(alert)
    told_so_far = say.many("lede.closed", asked, people=told.between(update.authors), answered=asked - still)
    remains = say("lede.remains") + say("stop") if still else ""
    return say.prose([told_so_far + say("stop"), remains])


def outlook(alert: Alert, reader: Reader) -> str:
    """Give the forecast as ranges of further posts, "" where there is none or the matter is closed."""
    if alert.kind is AlertKind.CLOSE or alert.unconfirmed or not alert.update.forecast:
        return ""
    say = reader.say
    parts = [say("outlook.range", n=f.hours, p10=f.p10, p50=f.p50, p90=f.p90) for f in alert.update.forecast]
    return say("outlook.heading") + say("list.semicolon").join(parts) + say("stop")


def figures(alert: Alert, reader: Reader) -> tuple[Figure, ...]:
    """Return the four large figures: residents, posts an hour, kinds of source, the clock."""
    if alert.unconfirmed:
        return ()
    return (_people(alert, reader), _pace(alert, reader), _sources(alert, reader), _clock(alert, reader))


def _people(alert: Alert, reader: Reader) -> Figure:
    parts = alert.update.components
    note = told.times(parts.heat, parts.usual, reader.say)
    return Figure(told.between(alert.update.authors), reader.say("figure.residents"), note)


def _pace(alert: Alert, reader: Reader) -> Figure:
    say, update = reader.say, alert.update
    doubling = update.components.doubling_h
    if doubling is not None and doubling > 0 and alert.kind is not AlertKind.CLOSE:
        note = say("figure.doubling", span=told.about(doubling * HOUR, say))
    else:
        note = say("figure.peak", n=update.peak_per_hour, at=reader.when(update.peak_at))
    return Figure(say("figure.an_hour", n=last_hour(update, alert.at)), say("figure.pace"), note)


def _sources(alert: Alert, reader: Reader) -> Figure:
    kinds = [reader.say.word("kind", kind.value) for kind, _ in alert.update.kinds]
    note = reader.say.enumerate(kinds[:_KINDS_IN_FIGURE]) + ("…" if len(kinds) > _KINDS_IN_FIGURE else "")
    return Figure(str(len(kinds)), reader.say.many("figure.kinds", len(kinds)), note)


def _clock(alert: Alert, reader: Reader) -> Figure:
    """Show how much of the clock is left; without one, how long nobody has answered."""
    say, clock, update = reader.say, alert.clock, alert.update
    if alert.kind is AlertKind.CLOSE:
        return Figure(reader.span(alert.at - update.first_at), say("figure.lasted"), "")
    if clock is not None and (update.answered_at is None or update.answered_at < clock.informed_at):
        left = clock.due_at - alert.at
        label = say("figure.left" if left >= 0 else "figure.late", hours=told.number(clock.hours))
        return Figure(reader.span(abs(left)), label, said.clean(clock.called(reader.locale)))
    if update.answered_at is not None:
        return Figure(reader.when(update.answered_at), say("figure.answered"), "")
    label = say("figure.answered_since" if answered(alert, reader) else "figure.unanswered")
    return Figure(reader.span(alert.at - update.first_at), label, "")
