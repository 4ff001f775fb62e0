"""Who gets an alert: the offices whose job it is, those on duty for danger, those above when nobody moves."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.alert import Alert, AlertKind
from alerts.case import Case
from alerts.due import CLOCK, RETURNED, UNACKNOWLEDGED
from alerts.recipients import Person
from alerts.routing import Routing
from alerts.stages import is_urgent

__all__ = ["readers"]


def readers(alert: Alert, case: Case, routing: Routing) -> tuple[Person, ...]:
    """Return the readers of an alert, each address once; never anybody of an accused office."""
    lead, accused = case.lead, case.accused
    if alert.unconfirmed:
        return _once(_on_duty(lead, case, routing) or routing.readers((lead,), accused))
    if alert.rule == CLOCK:
        return _once(routing.readers((lead,), accused))
    if alert.rule == RETURNED:
        arbiter = routing.supervisor(lead, accused) if lead is not None else None
        return _once(routing.readers((arbiter, case.proposed), accused))
    found = [*routing.readers((lead, *case.co_handlers), accused)]
    if alert.rule == UNACKNOWLEDGED and lead is not None:
        found += routing.readers((routing.supervisor(lead, accused),), accused)
    if is_urgent(alert) and (alert.kind in (AlertKind.OPEN, AlertKind.RAISE) or alert.rule == UNACKNOWLEDGED):
        found += _on_duty(lead, case, routing)
    return _once([*found, *_routed(case, routing)])


def _routed(case: Case, routing: Routing) -> tuple[Person, ...]:
    """Return whom the rule that fired asks for besides the lead."""
    match case.route:
        case "lead":
            return ()
        case "on_duty":
            return _on_duty(case.lead, case, routing)
        case "supervision":
            above = routing.supervisor(case.lead, case.accused) if case.lead else None
            return routing.readers((above,), case.accused) if above else ()
        case office:
            return () if office in case.accused else routing.readers((office,), case.accused)


def _on_duty(office: str | None, case: Case, routing: Routing) -> tuple[Person, ...]:
    barred = set(case.accused)
    return tuple(person for person in routing.on_duty(office) if not barred & set(person.offices))


def _once(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({person.mail.casefold(): person for person in reversed(list(people))}.values())[::-1]
