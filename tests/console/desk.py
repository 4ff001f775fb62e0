"""A desk and an index in memory that keep the promises of their ports, as far as a page can notice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from alerts.entry import Action, Audit, Entry, HeldBack
from answerable.errors import Refused, Unavailable
from answerable.incident import LedgerEvent, State
from index.store import Bucket, Hit, Page, Query

MOVED = "somebody else acted meanwhile; look at the newest state and decide again"


class MemoryDesk:
    """Holds entries, checks versions, keeps a ledger; refuses a false alarm where an office is accused."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = {entry.update.incident: entry for entry in entries}
        self.audits: list[Audit] = []
        self.actions: list[Action] = []
        self.groups: list[HeldBack] = []
        self.away = False

    def entries(self) -> list[Entry]:
        return list(self._entries.values())

    def entry(self, incident: str) -> Entry | None:
        return self._entries.get(incident)

    def act(self, action: Action, now: int) -> Entry:
        entry = self._entries[action.incident]
        if action.version != entry.version:
            raise Refused(MOVED)
        if entry.supervision and action.to is State.FALSE_ALARM:
            raise Refused("a second person has to agree that this is a false alarm")
        event = LedgerEvent(
            incident=action.incident, version=entry.version + 1, at=now, who=action.who, before=entry.state,
            after=action.to, level=entry.level, area=entry.update.area, office=action.office, text=action.text,
            link=action.link, promised=action.promised, due_at=action.due_at,
        )  # fmt: skip
        lead = action.office if action.to is State.ASSIGNED else entry.lead
        done = replace(
            entry, state=action.to, version=event.version, history=(*entry.history, event), lead=lead,
            co_handlers=action.co_handlers or entry.co_handlers,
        )  # fmt: skip
        self._entries[action.incident] = done
        self.actions.append(action)
        return done

    def held(self) -> list[HeldBack]:
        return self.groups

    def hold(self, entry: Entry) -> None:
        """Put an entry in the place of the one held."""
        self._entries[entry.update.incident] = entry

    def clear(self) -> None:
        """Hold nothing any more."""
        self._entries.clear()

    def audit(self, audit: Audit) -> None:
        if self.away:
            raise Unavailable("the ledger's disk is full")
        self.audits.append(audit)


class MemoryIndex:
    """Finds hits by substring and exact filters, newest first."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.groups: dict[str, set[str]] = {}
        self._hits = sorted(hits, key=lambda hit: (-hit.published_at, hit.id))
        self.away = False

    def areas(self, posts: Sequence[str]) -> dict[str, str]:
        raise AssertionError("the console does not ask where posts are filed")

    def search(self, query: Query) -> Page:
        found = self._matching(query)
        return Page(len(found), tuple(found[query.offset : query.offset + query.limit]))

    def count(self, query: Query, by: str) -> tuple[Bucket, ...]:
        values = Counter(str(getattr(hit, by, None) or "2026-11-23") for hit in self._matching(query))
        return tuple(Bucket(value, count) for value, count in values.most_common())

    def close(self) -> None:
        pass

    def _matching(self, query: Query) -> list[Hit]:
        if self.away:
            raise Unavailable("no index")
        if query.group is not None:
            return [hit for hit in self._hits if hit.id in self.groups.get(query.group, ())]
        exact = [(name, getattr(query, name)) for name in ("area", "topic", "source", "kind", "incident")]
        return [
            hit
            for hit in self._hits
            if query.text in hit.title + hit.text
            and all(wanted is None or getattr(hit, name) == wanted for name, wanted in exact)
            and (query.since is None or hit.published_at >= query.since)
            and (query.until is None or hit.published_at < query.until)
        ]
