"""Posts, forgettings and memberships into cards and documents, with any number of indexers at work.

A post has a card, which is written only over the card that was read (sequence number and term); so events
about one post stand in one order, whoever handles them, and the card's version counts them. Its two
documents follow from card and post and nothing else, and carry the card's version as an external one, so
an older state never covers a newer one. Each round reads the cards, writes those that change, writes the
documents, and reads the cards again: where another indexer was faster meanwhile, there is another round.
So whoever comes last has seen everything. A crash between two steps heals when the batch is handled again,
for a round writes the documents also where the card already says so.

One gap is left: an indexer that sleeps for more than an hour between two steps, wakes, writes one old
document and is killed before it reads the card again (deletions are remembered for an hour, `gc_deletes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce

from msgspec import Struct

from answerable.errors import Unavailable
from answerable.post import AnalysedPost
from index.cards import Card, Event, Member, fold
from index.elastic_bulk import Change, Outcome, delete, keep, write
from index.elastic_documents import DistrictOf, FactsDocument, TextDocument, facts_of, text_of
from index.elastic_layout import Layout
from index.elastic_names import Names, place
from index.elastic_node import Node, NotThere
from index.elastic_read import get_all, versions
from index.tombstones import Tombstones

__all__ = ["Posts"]

_ROUNDS = 20
Events = Mapping[str, Sequence[Event]]


class _Held(Struct, frozen=True):
    """A post's card as the server holds it, by its name there; version 0 where there is none."""

    name: str
    card: Card = Card()
    version: int = 0
    seen: tuple[int, int] | None = None


class Posts:
    """Keeps what is told of posts; many threads and processes may put the same events."""

    def __init__(
        self, node: Node, names: Names, layout: Layout, tombstones: Tombstones, district_of: DistrictOf
    ) -> None:
        self._node, self._names, self._layout = node, names, layout
        self._tombstones, self._district_of = tombstones, district_of

    def cards(self, posts: Iterable[str]) -> dict[str, Card]:
        """Return the cards of those posts that have one."""
        return {post: held.card for post, held in self._read(posts).items() if held.version}

    def put(self, events: Events) -> None:
        """Take in each post's events, in the order given."""
        self._layout.ready([self._names.cards])
        open, held = events, self._read(events)
        for _ in range(_ROUNDS):
            held = self._settle(open, held)
            written = self._follow(open, held)
            now = versions(self._node, [(self._names.cards, held[post].name) for post in written])
            open = {post: events[post] for post, at in zip(written, now, strict=True) if at != held[post].version}
            if not open:
                return
            held = self._read(open)
        raise self._busy()

    def _read(self, posts: Iterable[str]) -> dict[str, _Held]:
        names = {post: self._tombstones.name(post) for post in posts}
        try:
            found = get_all(self._node, [(self._names.cards, name) for name in names.values()], Card, required=True)
        except NotThere:
            raise self._layout.missing() from None
        held = {name: _Held(name, one.document, one.version, one.seen) for (_, name), one in found.items()}
        return {post: held.get(name, _Held(name)) for post, name in names.items()}

    def _settle(self, events: Events, held: Mapping[str, _Held]) -> dict[str, _Held]:
        """Write cards until each one holds its post's events; return them as they are then."""
        settled: dict[str, _Held] = {}
        for _ in range(_ROUNDS):
            after = {post: reduce(fold, events[post], one.card) for post, one in held.items()}
            changed = [post for post, one in held.items() if after[post] != one.card]
            settled |= {post: one for post, one in held.items() if after[post] == one.card}
            lines = [keep(self._names.cards, held[post].name, after[post], seen=held[post].seen) for post in changed]
            done = write(self._node, lines)
            results = dict(zip(changed, done, strict=True))
            won = [post for post in changed if results[post].outcome is Outcome.DONE]
            settled |= {post: _Held(held[post].name, after[post], results[post].version) for post in won}
            if len(won) == len(changed):
                return settled
            held = self._read(post for post in changed if post not in settled)
        raise self._busy()

    def _follow(self, events: Events, held: Mapping[str, _Held]) -> list[str]:
        """Write the documents that follow from the cards; return the posts whose documents were written."""
        lines: list[Change] = []
        written: list[str] = []
        partly: list[str] = []
        for post, one in held.items():
            bodies = [event for event in events[post] if isinstance(event, AnalysedPost) and one.card.holds(event)]
            if bodies:
                lines += self._whole(bodies[-1], one)
                written.append(post)
            elif one.card.post and any(isinstance(event, Member) for event in events[post]):
                partly.append(post)
        self._layout.ready(self._homes(held[post] for post in written))
        moved = {post: one for post, one in held.items() if one.card.places}
        again = self._again({post: held[post] for post in partly})
        write(self._node, [*lines, *self._gone(moved), *again])
        return written + [line.id for line in again]

    def _homes(self, held: Iterable[_Held]) -> Iterator[str]:
        for published_at in {one.card.post.published_at for one in held if one.card.post}:
            home = place(published_at)
            yield self._names.texts(home)
            yield self._names.facts(home)

    def _whole(self, item: AnalysedPost, held: _Held) -> list[Change]:
        """Write both documents of a post whose words are at hand."""
        home, member, version = place(item.post.published_at), held.card.member, held.version
        text, facts = text_of(item).within(member), facts_of(item, self._district_of).within(member)
        return [
            keep(self._names.texts(home), item.post.id, text.complete(), version=version),
            keep(self._names.facts(home), item.post.id, facts, version=version),
        ]

    def _again(self, held: Mapping[str, _Held]) -> list[Change]:
        """Write what is there once more, with the card's membership; what is older or missing, its writer brings."""
        homes = {post: place(one.card.post.published_at) for post, one in held.items() if one.card.post}
        texts = get_all(self._node, [(self._names.texts(home), post) for post, home in homes.items()], TextDocument)
        facts = get_all(self._node, [(self._names.facts(home), post) for post, home in homes.items()], FactsDocument)
        lines = []
        for (index, post), found in (texts | facts).items():
            card, version = held[post].card, held[post].version
            after = found.document.within(card.member)
            if found.version < version and _stands(after, card) and after != found.document:
                lines.append(keep(index, post, after.complete(), version=version))
        return lines

    def _gone(self, held: Mapping[str, _Held]) -> list[Change]:
        """Delete documents in places where the post stands no more."""
        if not held:
            return []
        existing = self._layout.existing()
        lines = []
        for post, one in held.items():
            left = {name for home in one.card.places for name in (self._names.texts(home), self._names.facts(home))}
            own = set(self._homes([one]))
            lines += [delete(name, post, version=one.version) for name in sorted((left - own) & existing)]
        return lines

    def _busy(self) -> Unavailable:
        return Unavailable("other indexers are at work on the same posts; they are tried again")


def _stands(document: TextDocument | FactsDocument, card: Card) -> bool:
    """Tell whether a document is of the revision that stands."""
    standing = card.post
    return standing is not None and (document.revision, document.seen_at, document.published_at) == (
        standing.revision, standing.seen_at, standing.published_at,
    )  # fmt: skip
