"""How often the alerts of each rule were real, as people judged them."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.ledger import Row
from answerable.clock import DAY
from answerable.incident import State

__all__ = ["Record"]

_WINDOW = 90 * DAY
# Whoever works on a matter, or answers it, took it for real.
_REAL = frozenset((State.WORKING, State.ASSIGNED, State.ANSWERED, State.CLOSED))


class Record:
    """Keeps the newest judgement on each incident, under the rule that raised it."""

    def __init__(self) -> None:
        self._judged: dict[str, tuple[str, int, bool]] = {}

    def restore(self, verdicts: Iterable[tuple[str, str, int, int]]) -> None:
        """Take over what the ledger holds."""
        self._judged = {incident: (rule, at, bool(real)) for incident, rule, at, real in verdicts}

    def note(self, incident: str, rule: str, state: State, at: int) -> list[Row]:
        """Write down what a person's action says of the alert; return the row for the ledger, if it says anything."""
        if not rule or (state not in _REAL and state is not State.FALSE_ALARM):
            return []
        real = state is not State.FALSE_ALARM
        if state is State.CLOSED and incident in self._judged:
            return []
        self._judged[incident] = (rule, at, real)
        return [("put_verdict", (incident, rule, at, int(real)))]

    def precision(self, rule: str, at: int) -> tuple[int, int] | None:
        """Return (real, all) of a rule's judged alerts in the last 90 days, None before any was judged."""
        judged = [real for ruled, when, real in self._judged.values() if ruled == rule and at - when <= _WINDOW]
        return (sum(judged), len(judged)) if judged else None
