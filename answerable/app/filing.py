"""Under which area a post is filed: where it was located, else with the post it answers, else its source."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from answerable.post import AnalysedPost, Analysis, Post

__all__ = ["Areas", "Filing"]

_REMEMBERED = 200_000
Areas = Callable[[Sequence[str]], Mapping[str, str]]


class Filing:
    """Gives posts their area key, and answers and reposts the area of the post they belong to.

    An office's answer seldom names the place again; filed elsewhere it would never meet its incident.
    What is remembered is the area of the last 200,000 posts; `known` is asked about older ones, by their ids.
    """

    def __init__(self, known: Areas = lambda posts: {}) -> None:
        self._known = known
        self._areas: OrderedDict[str, str] = OrderedDict()

    def file(self, post: Post, analysis: Analysis) -> AnalysedPost:
        """Return the post under its area's key."""
        area = self._of_parent(post) or analysis.area or f"~{post.source}"
        self._areas[post.id] = area
        if len(self._areas) > _REMEMBERED:
            self._areas.popitem(last=False)
        return AnalysedPost(post, analysis, area)

    def _of_parent(self, post: Post) -> str | None:
        parent = post.reply_to or post.repost_of
        if parent is None:
            return None
        return self._areas.get(parent) or self._known((parent,)).get(parent)
