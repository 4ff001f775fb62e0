"""Where it happens: areas and districts. Tables, for a map would fetch its tiles from elsewhere."""

from __future__ import annotations

from deploy.kibana.boards.shared import (
    AREA,
    CONTROLS,
    DAY,
    DISTRICT,
    INCIDENT_COUNT,
    INCIDENTS_NAMED,
    POST_COUNT,
    TOPIC,
    UNANSWERED,
)
from deploy.kibana.panel import Board, Clause, Kind, Measure, Op, Panel, Slot, Terms, Text
from deploy.kibana.views import INCIDENTS, OPEN, POSTS

__all__ = ["PLACES"]

PLACES = Board(
    id="places",
    title=Text("Answerable: places", "有问必答：地点"),
    about=Text("Areas and districts, no finer", "细至区县，不再细分"),
    controls=(*CONTROLS, DISTRICT),
    panels=(
        Panel(
            id="areas",
            title=Text("Areas", "各地区"),
            kind=Kind.TABLE,
            view=POSTS,
            slot=Slot(0, 0, 24, 14),
            groups=(AREA,),
            measures=(
                POST_COUNT,
                INCIDENTS_NAMED,
                Measure(Op.COUNT, Text("Tell of harm", "涉及损害"), where=(Clause("harm"),)),
                Measure(Op.MAX, Text("Newest post", "最新帖文"), "published_at"),
            ),
        ),
        Panel(
            id="districts",
            title=Text("Districts", "各区县"),
            kind=Kind.TABLE,
            view=POSTS,
            slot=Slot(24, 0, 24, 14),
            groups=(DISTRICT,),
            measures=(
                POST_COUNT,
                INCIDENTS_NAMED,
                Measure(Op.COUNT, Text("Negative", "负面"), where=(Clause("sentiment", ("negative",)),)),
            ),
        ),
        Panel(
            id="topics",
            title=Text("Districts by topic", "各区县主题"),
            kind=Kind.BARS,
            view=POSTS,
            slot=Slot(0, 14, 24, 14),
            groups=(Terms("topic", TOPIC.label, 8), DISTRICT),
            measures=(POST_COUNT,),
        ),
        Panel(
            id="daily",
            title=Text("Areas day by day", "各地区每日帖文"),
            kind=Kind.LINES,
            view=POSTS,
            slot=Slot(24, 14, 24, 14),
            groups=(Terms("area", AREA.label, 8), DAY),
            measures=(POST_COUNT,),
        ),
        Panel(
            id="incidents",
            title=Text("Open incidents by area", "各地区未办结事件"),
            kind=Kind.TABLE,
            view=INCIDENTS,
            slot=Slot(0, 28, 24, 12),
            where=OPEN,
            groups=(AREA,),
            measures=(
                INCIDENT_COUNT,
                UNANSWERED,
            ),
        ),
        Panel(
            id="unplaced",
            title=Text("Posts without a district", "未定位到区县的帖文"),
            kind=Kind.NUMBER,
            view=POSTS,
            slot=Slot(24, 28, 24, 12),
            where=(Clause("district", negated=True),),
            measures=(POST_COUNT,),
        ),
    ),
)
