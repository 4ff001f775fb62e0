"""The index on Elasticsearch: texts apart from facts, in indices by time that are dropped whole."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import xxhash

from answerable.incident import IncidentUpdate, LedgerEvent, Membership, encode
from answerable.post import AnalysedPost, Forget
from answerable.pulse import Pulse
from answerable.sections import Elastic
from index.cards import Event, Member
from index.elastic_bulk import Change, keep, write
from index.elastic_documents import DistrictOf, nowhere
from index.elastic_incidents import health_of, ledger_of
from index.elastic_latest import Latest
from index.elastic_layout import Layout
from index.elastic_names import Names
from index.elastic_node import Node
from index.elastic_posts import Posts
from index.elastic_purge import Purge
from index.elastic_search import Searches
from index.store import Bucket, Item, Page, Purged, Query
from index.tombstones import Tombstones

__all__ = ["ElasticIndex"]

_PORTION = 1000  # posts that are settled together


class ElasticIndex:
    """A PostIndex below `config.prefix`; `answerable migrate` makes its templates beforehand.

    `key` makes the tombstones' hashes and is the same for every process on these indices. `district_of` maps a
    place to its district; without it facts carry no places. `pause` waits, in seconds, before a request is tried
    again. Searches see a write within a second or so; `areas`, `forgotten` and the writes themselves see it at
    once. Safe to use from any thread, and any number of processes may put the same items in any order. Raises
    Unavailable for whatever may pass, and Rejected, naming ids alone, for items that the index can never take.
    """

    def __init__(
        self,
        config: Elastic,
        key: bytes,
        district_of: DistrictOf = nowhere,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._node, self._names = Node(config, pause), Names(config.prefix)
        self._layout, self._tombstones = Layout(self._node, self._names), Tombstones(key)
        self._latest = Latest(self._node, self._names, self._layout, self._tombstones, district_of)
        self._posts = Posts(self._node, self._names, self._layout, self._tombstones, district_of)
        self._searches = Searches(self._node, self._names)

    def put(self, items: Sequence[Item]) -> None:
        """Index items; lower revisions than the one held change nothing, a Forget is durable."""
        events = list(_events(items).items())
        for start in range(0, len(events), _PORTION):
            self._posts.put(dict(events[start : start + _PORTION]))
        self._latest.put([item for item in items if isinstance(item, IncidentUpdate)])
        self._keep([self._event(item) for item in items if isinstance(item, LedgerEvent)])

    def search(self, query: Query) -> Page:
        """Find posts by words, phrases and filters, newest first, then by id."""
        return self._searches.search(query)

    def count(self, query: Query, by: str) -> tuple[Bucket, ...]:
        """Count matching posts by a field of COUNTED (days and hours in UTC); posts without a value are left out."""
        return self._searches.count(query, by)

    def forgotten(self, posts: Sequence[str]) -> frozenset[str]:
        """Return those of the post ids that were forgotten for good."""
        return frozenset(post for post, card in self._posts.cards(posts).items() if card.gone is not None)

    def areas(self, posts: Sequence[str]) -> dict[str, str]:
        """Return the area that each post was filed under, for as long as its facts are kept; others are left out."""
        cards = self._posts.cards(posts)
        return {post: card.post.area for post, card in cards.items() if card.post is not None}

    def purge(self, now: int, text_days: int, facts_days: int) -> Purged:
        """Drop whole weeks of texts and months of facts that are over; fade and drop incidents one by one."""
        return Purge(self._node, self._names, self._layout).run(now, text_days, facts_days)

    def note(self, pulses: Sequence[Pulse]) -> None:
        """Keep how the pipeline's stages are, for its board."""
        lines = []
        for pulse in pulses:
            index = self._names.health(pulse.at)
            lines += [(index, keep(index, f"{one.process}.{one.stage}.{one.at}", one)) for one in health_of(pulse)]
        self._keep(lines)

    def refresh(self) -> None:
        """Make what was put visible to searches now instead of within a second; for tests and tools."""
        self._node.ask("POST", f"/{self._names.every}/_refresh", object, allow_no_indices="true")

    def close(self) -> None:
        """Close the connections."""
        self._node.close()

    def _keep(self, lines: Sequence[tuple[str, Change]]) -> None:
        if lines:
            self._layout.ready(index for index, _ in lines)
            write(self._node, [line for _, line in lines])

    def _event(self, event: LedgerEvent) -> tuple[str, Change]:
        index = self._names.ledger(event.at)
        name = f"{event.incident}.{event.version}.{xxhash.xxh3_64_hexdigest(encode(event))}"  # notes share a version
        return index, keep(index, name, ledger_of(event))


def _events(items: Iterable[Item]) -> dict[str, list[Event]]:
    """Return what is told of each post, in order."""
    events: dict[str, list[Event]] = defaultdict(list)
    for item in items:
        match item:
            case AnalysedPost():
                events[item.post.id].append(item)
            case Forget():
                events[item.id].append(item)
            case Membership():
                for post, group, incident, representative in item.posts:
                    events[post].append(Member(item.at, group, incident, representative))
    return events
