"""All cases the desk has in hand, and when time alone next changes one."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

import msgspec

from alerts.case import Case
from alerts.due import Patience, next_check
from alerts.ledger import Ledger, Row

__all__ = ["Cases"]

_encode = msgspec.msgpack.Encoder().encode


class Cases:
    """Cases by incident, changed ones noted until `flush`; those that are over and were never seen stay on disk."""

    def __init__(self, ledger: Ledger, patience: Patience) -> None:
        self._ledger, self._patience = ledger, patience
        self._cases: dict[str, Case] = {}
        self._changed: dict[str, Case] = {}
        self._news: set[str] = set()
        self._first: frozenset[str] | None = None  # what the first restore found, until it is told
        self._checks: list[tuple[int, str]] = []
        self._next: dict[str, int | None] = {}

    def restore(self, cases: Iterable[Case]) -> None:
        """Take over what the ledger holds."""
        self._changed.clear()
        self._checks.clear()
        self._cases = {case.update.incident: case for case in cases}
        if self._first is None:
            self._first = frozenset(self._cases)
        self._next = {}
        for case in self._cases.values():
            self._schedule(case)

    @property
    def changed(self) -> bool:
        """Whether anything changed since the last flush."""
        return bool(self._changed)

    def find(self, incident: str) -> Case | None:
        """Return a case, from the file where it is over."""
        return self._cases.get(incident) or self._changed.get(incident) or self._ledger.case(incident)

    def put(self, case: Case) -> None:
        """Keep a case."""
        incident = case.update.incident
        self._changed[incident] = case
        if case.visible or case.open:
            self._cases[incident] = case
            self._schedule(case)
        else:
            self._cases.pop(incident, None)
            self._next.pop(incident, None)

    def flush(self) -> list[Row]:
        """Return the rows of what changed since the last flush."""
        rows: list[Row] = [
            ("put_case", (incident, int(incident in self._cases), _encode(case)))
            for incident, case in self._changed.items()
        ]
        self._news |= self._changed.keys()
        self._changed.clear()
        return rows

    def news(self, since: int) -> list[Case]:
        """Return the shown cases that changed since the last call, by incident; at first, the recent ones too.

        Recent is what was active at `since` or later. What was to be told before a failure is to be told after it.
        """
        first = self._first or frozenset()
        found = [
            case for incident in sorted(first | self._news)
            if (case := self.find(incident)) is not None and case.shown
            and (incident in self._news or case.update.last_at >= since)
        ]  # fmt: skip
        self._first = frozenset()
        self._news.clear()
        return found

    def visible(self) -> list[Case]:
        """Return every case the desk lists, highest level first, then newest activity, then id."""
        listed = [case for case in self._cases.values() if case.visible]
        return sorted(
            listed, key=lambda case: (-case.level.rank, -case.update.last_at, case.update.incident)
        )  # fmt: skip

    def open(self) -> Iterator[Case]:
        """Return every shown case on which somebody still has to act."""
        return (case for case in self._cases.values() if case.shown and case.open)

    def everything(self) -> Iterator[Case]:
        """Return every case in hand."""
        return iter(self._cases.values())

    def next_check(self) -> int | None:
        """Return when time next changes a case."""
        while self._checks and self._next.get(self._checks[0][1]) != self._checks[0][0]:
            heapq.heappop(self._checks)
        return self._checks[0][0] if self._checks else None

    def due(self, at: int) -> Iterator[Case]:
        """Return cases whose check is due, in order of time and id, each once; the caller puts them back."""
        while (moment := self.next_check()) is not None and moment <= at:
            _, incident = heapq.heappop(self._checks)
            self._next[incident] = None
            yield self._cases[incident]

    def _schedule(self, case: Case) -> None:
        incident, moment = case.update.incident, next_check(case, self._patience)
        if moment is not None and self._next.get(incident) != moment:
            heapq.heappush(self._checks, (moment, incident))
        self._next[incident] = moment
