"""What people write about, whose job it is, and in what mood."""

from __future__ import annotations

from deploy.kibana.boards.shared import (
    CONTROLS,
    DAY,
    INCIDENT_COUNT,
    INCIDENTS_NAMED,
    OFFICE,
    POST_COUNT,
    TOPIC,
    UNANSWERED,
)
from deploy.kibana.panel import Board, Kind, Panel, Slot, Terms, Text
from deploy.kibana.views import INCIDENTS, OPEN, POSTS

__all__ = ["TOPICS"]

TOPICS = Board(
    id="topics",
    title=Text("Answerable: topics and offices", "有问必答：主题与部门"),
    about=Text("What residents write about and whose job it is", "居民反映什么、由谁负责"),
    controls=CONTROLS,
    panels=(
        Panel(
            id="topics",
            title=Text("Posts by topic", "各主题帖文"),
            kind=Kind.BARS,
            view=POSTS,
            slot=Slot(0, 0, 24, 14),
            groups=(TOPIC,),
            measures=(POST_COUNT,),
        ),
        Panel(
            id="offices",
            title=Text("Posts and incidents by office", "各部门帖文与事件"),
            kind=Kind.TABLE,
            view=POSTS,
            slot=Slot(24, 0, 24, 14),
            groups=(OFFICE,),
            measures=(POST_COUNT, INCIDENTS_NAMED),
        ),
        Panel(
            id="daily",
            title=Text("Topics day by day", "每日主题"),
            kind=Kind.LINES,
            view=POSTS,
            slot=Slot(0, 14, 48, 13),
            groups=(Terms("topic", TOPIC.label, 6), DAY),
            measures=(POST_COUNT,),
        ),
        Panel(
            id="feelings",
            title=Text("Feelings by topic", "各主题情绪"),
            kind=Kind.BARS,
            view=POSTS,
            slot=Slot(0, 27, 24, 14),
            groups=(Terms("emotion", Text("Feeling", "情绪"), 6), TOPIC),
            measures=(POST_COUNT,),
        ),
        Panel(
            id="demands",
            title=Text("What people ask for", "诉求类型"),
            kind=Kind.TABLE,
            view=POSTS,
            slot=Slot(24, 27, 12, 14),
            groups=(Terms("demands", Text("Demand", "诉求"), 15),),
            measures=(POST_COUNT,),
        ),
        Panel(
            id="incidents",
            title=Text("Open incidents by topic", "各主题未办结事件"),
            kind=Kind.TABLE,
            view=INCIDENTS,
            slot=Slot(36, 27, 12, 14),
            where=OPEN,
            groups=(Terms("topics", TOPIC.label, 12),),
            measures=(
                INCIDENT_COUNT,
                UNANSWERED,
            ),
        ),
    ),
)
