"""The stages that fill the index: posts, incidents, memberships and the ledger."""

from __future__ import annotations

from answerable import incident, post, pulse
from answerable.app.stage import Seen, Stage
from answerable.post import AnalysedPost, Forget
from index.store import Item, PostIndex
from stream.log import Batch
from stream.topics import INCIDENTS, LEDGER, MEMBERSHIPS, POSTS_ANALYSED, PULSES

__all__ = ["Indexing"]

_MANY = 2000  # an index on a server is slow to answer and quick to write


class Indexing:
    """Puts what the topics hold into the index; the index itself makes repetition harmless."""

    def __init__(self, index: PostIndex, seen: Seen) -> None:
        self._index, self._seen = index, seen

    def stages(self) -> tuple[Stage, ...]:
        """Return a stage for each topic."""
        return (
            Stage(POSTS_ANALYSED, "index", self._posts, _MANY),
            *(Stage(topic, "index", self._messages) for topic in (INCIDENTS, MEMBERSHIPS, LEDGER)),
            Stage(PULSES, "index", self._pulses),
        )

    def _posts(self, batch: Batch, now: int) -> None:
        records = [post.decode(message.value) for message in batch.messages]
        self._index.put([record for record in records if isinstance(record, AnalysedPost | Forget)])
        self._seen.note("index", [one.post.published_at for one in records if isinstance(one, AnalysedPost)])

    def _messages(self, batch: Batch, now: int) -> None:
        items: list[Item] = [incident.decode(message.value) for message in batch.messages]
        self._index.put(items)

    def _pulses(self, batch: Batch, now: int) -> None:
        self._index.note([pulse.decode(message.value) for message in batch.messages])
