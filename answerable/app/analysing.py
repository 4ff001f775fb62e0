"""The stage that reads posts: posts.raw in, posts.analysed out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from msgspec import structs

from answerable import post
from answerable.app.filing import Areas, Filing
from answerable.app.rest import Rest
from answerable.app.stage import Seen, Stage
from answerable.errors import Unavailable
from answerable.log import get
from answerable.metrics import POSTS
from answerable.post import AnalysedPost, Forget, Post
from nlp.analyser import Analyser
from stream.log import Batch, Log, Message
from stream.tombstones import Tombstones
from stream.topics import POSTS_ANALYSED, POSTS_RAW

__all__ = ["Analysing"]

_SURE = 0.5  # a mention of less is not held to be meant
_DEAF_S = 30.0  # so long the index is not asked again after it could not answer


class Analysing:
    """Adds an Analysis and an area to each post; passes a Forget on to every partition.

    What was forgotten for good stays out, wherever it comes from. `areas` is asked where older posts were filed;
    while it cannot answer, an answer to one of them is filed by itself: an alert never waits for search.
    """

    def __init__(self, log: Log, analyser: Analyser, tombstones: Tombstones, areas: Areas, seen: Seen) -> None:
        self._log, self._analyser, self._tombstones, self._seen = log, analyser, tombstones, seen
        self._areas, self._deaf = areas, Rest(lambda: False)
        self._filing = Filing(self._known)

    def stages(self) -> tuple[Stage, ...]:
        """Return the one stage."""
        return (Stage(POSTS_RAW, "analyse", self.handle),)

    def handle(self, batch: Batch, now: int) -> None:
        """Read a batch; raise Unavailable where the log cannot keep it, then the same batch may come again."""
        records = [post.decode(message.value) for message in batch.messages]
        for kind, run in groupby(records, key=type):
            if kind is Post:
                self._append([record for record in run if isinstance(record, Post)], now)
            elif kind is Forget:
                self._forget([record for record in run if isinstance(record, Forget)])

    def _append(self, posts: list[Post], now: int) -> None:
        gone = self._tombstones.among([one.id for one in posts])
        POSTS.labels("forgotten").inc(len(gone))
        posts = [_past(one) for one in posts if one.id not in gone]
        analyses = self._analyser.analyse(posts)
        self._filing.look_up(posts)
        filed = [self._filing.file(one, analysis) for one, analysis in zip(posts, analyses, strict=True)]
        self._log.append(POSTS_ANALYSED, [Message(one.area, post.encode(one)) for one in filed])
        self._seen.note("analyse", [one.published_at for one in posts])
        for one in filed:
            self._seen.located.note(one.area, _located(one))
        self._forget_late(posts, now)

    def _forget_late(self, posts: list[Post], now: int) -> None:
        """Forget once more what another process forgot while it was read here: that Forget came before the post."""
        late = self._tombstones.among([one.id for one in posts])
        self._forget([Forget(one.id, one.published_at, now) for one in posts if one.id in late])

    def _forget(self, forgets: list[Forget]) -> None:
        self._tombstones.add([one.id for one in forgets if not one.edited])
        self._log.append(POSTS_ANALYSED, [Message("", post.encode(one)) for one in forgets], -1)

    def _known(self, posts: Sequence[str]) -> dict[str, str]:
        if not self._deaf.over:
            return {}
        try:
            return dict(self._areas(posts))
        except Unavailable as reason:
            get("analyse").warning("the index cannot say where a post was filed; posts go on", why=str(reason))
            self._deaf.begin(_DEAF_S)
            return {}


def _located(one: AnalysedPost) -> bool:
    """Tell whether a place was found, or came with the post."""
    return bool(one.post.place) or any(mention.p >= _SURE for mention in one.analysis.places)


def _past(one: Post) -> Post:
    """Cut a time of publication that lies in the future: nothing is kept for longer because of it."""
    return structs.replace(one, published_at=min(one.published_at, one.seen_at)) if one.seen_at else one
