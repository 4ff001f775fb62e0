"""Under which area a post is filed: where it was located, else with the post it answers, else its source."""

from __future__ import annotations

from collections import OrderedDict

from answerable.post import AnalysedPost, Analysis, Post

__all__ = ["Filing"]

_REMEMBERED = 200_000


class Filing:
    """Gives posts their area key, and answers and reposts the area of the post they belong to.

    An office's answer seldom names the place again; filed elsewhere it would never meet its incident.
    What is remembered is the area of the last 200,000 posts.
    """

    def __init__(self) -> None:
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
        return self._areas.get(parent) if parent else None
