"""The latest of each incident, from the tracker and from the desk, with any number of indexers at work.

A document is written only over the one that was read (sequence number and term); so what the desk told last of an
incident stays where the tracker's next revision comes, and what is faded stays so.
"""

from __future__ import annotations

from collections.abc import Iterable

from answerable.errors import Unavailable
from answerable.incident import IncidentUpdate
from index.elastic_bulk import Outcome, keep, write
from index.elastic_documents import DistrictOf
from index.elastic_incidents import IncidentDocument, incident_of
from index.elastic_layout import Layout
from index.elastic_names import Names
from index.elastic_node import Node
from index.elastic_read import get_all
from index.tombstones import Tombstones

__all__ = ["Latest"]

_ROUNDS = 20


class Latest:
    """Keeps one document an incident; many threads and processes may put the same updates."""

    def __init__(
        self, node: Node, names: Names, layout: Layout, tombstones: Tombstones, district_of: DistrictOf
    ) -> None:
        self._node, self._names, self._layout = node, names, layout
        self._tombstones, self._district_of = tombstones, district_of

    def put(self, updates: Iterable[IncidentUpdate]) -> None:
        """Take in updates under a hash of the incident, for the id of one that is not shown is nobody's to read."""
        open: dict[str, IncidentDocument] = {}
        for update in updates:
            name = self._tombstones.name(update.incident)
            open[name] = incident_of(update, self._district_of).after(open.get(name))
        for _ in range(_ROUNDS if open else 0):
            open = self._round(open)
            if not open:
                return
        if open:
            raise Unavailable("other indexers are at work on the same incidents; they are tried again")

    def _round(self, open: dict[str, IncidentDocument]) -> dict[str, IncidentDocument]:
        """Write what changes anything; return those where another indexer was faster."""
        index = self._names.incidents
        self._layout.ready([index])
        held = {
            name: one
            for (_, name), one in get_all(self._node, [(index, name) for name in open], IncidentDocument).items()
        }
        after = {name: new.after(held[name].document if name in held else None) for name, new in open.items()}
        changed = [name for name in open if name not in held or after[name] != held[name].document]
        lines = [keep(index, name, after[name], seen=held[name].seen if name in held else None) for name in changed]
        done = zip(changed, write(self._node, lines), strict=True)
        return {name: open[name] for name, one in done if one.outcome is not Outcome.DONE}
