"""Parts 9 to 11: whose job it is and until when, what the reader may do, and why this mail came."""

from __future__ import annotations

from alerts.alert import Alert, AlertKind, Clock
from alerts.mail import said, told
from alerts.mail.reader import Reader
from alerts.mail.sheet import Button, Link
from answerable.incident import State

__all__ = ["because", "buttons", "checklist", "job", "lead", "links", "reply_note"]

_STEPS = (State.ACKNOWLEDGED, State.WORKING, State.ASSIGNED, State.RETURNED, State.FALSE_ALARM)
_CHECKS = ("hardship", "confirmed", "unknown", "ways", "commitment", "more")
_OVER = frozenset({State.CLOSED, State.FALSE_ALARM})


def lead(alert: Alert, reader: Reader) -> str:
    """Say who leads, for the first screen; "" where nobody does yet."""
    return reader.say("job.lead", office=reader.office(alert.lead)) if alert.lead else ""


def job(alert: Alert, reader: Reader) -> tuple[str, ...]:
    """Say who leads, who helps, where an accused office stands, and which clock runs."""
    say = reader.say
    lines = [lead(alert, reader) or say("job.nobody")]
    helpers = [reader.office(office) for office in alert.co_handlers]
    if helpers:
        lines.append(say("job.with", offices=say.enumerate(helpers)))
    if alert.supervision:
        lines.append(say("job.supervision"))
    lines.append(say("job.state", state=say(f"state.{alert.state.value}")))
    if alert.clock is not None and alert.kind is not AlertKind.CLOSE and not alert.unconfirmed:
        lines.extend(_clock(alert.clock, reader))
    return tuple(lines)


def _clock(clock: Clock, reader: Reader) -> list[str]:
    say = reader.say
    return [
        say(
            "job.confirmed" if clock.confirmed else "job.proposed",
            name=said.clean(clock.called(reader.locale)),
            hours=told.number(clock.hours),
            informed=reader.when(clock.informed_at),
            due=reader.when(clock.due_at),
        ),
        say("job.source", source=said.clean(clock.source), seen=reader.when(clock.seen_at)),
    ]


def checklist(alert: Alert, reader: Reader) -> tuple[str, ...]:
    """Return what a good answer holds; nothing once the matter is over."""
    return () if _is_over(alert) else tuple(reader.say(f"check.{item}") for item in _CHECKS)


def _is_over(alert: Alert) -> bool:
    return alert.kind is AlertKind.CLOSE or alert.state in _OVER or alert.update.merged_into is not None


def buttons(alert: Alert, reader: Reader) -> tuple[Button, ...]:
    """Return the signed steps, the likeliest first; none once the matter is over."""
    if _is_over(alert):
        return ()
    until = alert.at + reader.head.valid
    first = State.ACKNOWLEDGED if alert.state is State.NEW else State.WORKING
    return tuple(
        Button(
            reader.say(f"button.{step.value}"),
            reader.links.act(alert.incident, alert.version, step, reader.person.id, until),
            step is first,
        )
        for step in _STEPS
    )


def reply_note(alert: Alert, reader: Reader) -> str:
    """Say how to answer by mail, or that nothing is left to do."""
    return reader.say("reply.over") if _is_over(alert) else reader.say("reply.how")


def because(alert: Alert | None, reader: Reader) -> str:
    """Say why this reader gets the mail, and which notice of which incident it is."""
    say = reader.say
    offices = [reader.office(office) for office in reader.person.offices]
    why = say("because.offices", offices=say.enumerate(offices)) if offices else say("because")
    if alert is None:
        return why
    return say.prose([why, say("because.number", number=alert.number, id=alert.incident, n=alert.update.revision)])


def links(alert: Alert | None, reader: Reader) -> tuple[Link, ...]:
    """Return the ways to the evidence (unless one report alone stands behind it), settings and limits."""
    say, found = reader.say, []
    if alert is not None and not alert.unconfirmed:
        found.append(Link(say("link.evidence"), reader.links.incident(alert.incident)))
    found.append(Link(say("link.settings"), reader.links.page("settings")))
    found.append(Link(say("link.limits"), reader.links.page("transparency")))
    return tuple(found)
