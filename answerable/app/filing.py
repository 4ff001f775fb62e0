"""Under which area a post is filed: with the post it answers, else where it was located, else under its source."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from answerable.post import AnalysedPost, Analysis, Forget, Kind, Post, encode
from stream.log import Message

__all__ = ["Areas", "Filing", "belongs", "keyed"]

_REMEMBERED = 200_000
Areas = Callable[[Sequence[str]], Mapping[str, str]]


def keyed(records: Sequence[Post | Forget]) -> list[Message]:
    """Return the messages of posts.raw: an answer or repost has the key of its post, and is read after it.

    Read in another partition, it would be filed before anybody knew where. A Forget beside the new form of its post
    goes where that goes.

    >>> [message.key for message in keyed([Forget("p", 60, 60)])]
    ['p']
    """
    keys = {one.id: _parent(one) or one.id for one in records if isinstance(one, Post)}
    return [Message(keys.get(one.id, one.id), encode(one)) for one in records]


class Filing:
    """Gives posts their area key, and answers and reposts the area of the post they belong to.

    An office's answer seldom names the place again; filed elsewhere it would never meet its incident.
    What is remembered is the area of the last 200,000 posts; `known` is asked about older ones, by their ids.
    A resident's answer or repost that comes again stays where it was filed first, so that no two areas count it; an
    office's counts only where its post is, and goes there as soon as that is known.
    """

    def __init__(self, known: Areas = lambda posts: {}) -> None:
        self._known = known
        self._areas: OrderedDict[str, str] = OrderedDict()

    def look_up(self, posts: Sequence[Post]) -> None:
        """Ask at once about all that must be known before these posts are filed, one after the other."""
        here = {post.id for post in posts}
        wanted = {place for post in posts for place in belongs(post) if place not in self._areas}
        if wanted - here or any(post.revision > 1 and post.id in wanted for post in posts):
            for post, area in self._known(sorted(wanted)).items():
                self._remember(post, area)

    def file(self, post: Post, analysis: Analysis) -> AnalysedPost:
        """Return the post under its area's key."""
        area = self.area(post.id, belongs(post), analysis.area or f"~{post.source}")
        return AnalysedPost(post, analysis, area)

    def area(self, post: str, belonging: Sequence[str], own: str) -> str:
        """Return under which area a post is filed that belongs with others, and alone is of its `own`."""
        area = next((self._areas[other] for other in belonging if other in self._areas), own)
        self._remember(post, area)
        return area

    def _remember(self, post: str, area: str) -> None:
        self._areas[post] = area
        if len(self._areas) > _REMEMBERED:
            self._areas.popitem(last=False)


def belongs(post: Post) -> tuple[str, ...]:
    """Return the posts with which one is filed, the first that is known."""
    parent = _parent(post)
    if parent is None:
        return ()
    return (parent,) if post.kind is Kind.OFFICIAL else (post.id, parent)


def _parent(post: Post) -> str | None:
    return post.reply_to or post.repost_of
