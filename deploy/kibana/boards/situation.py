"""What is open now, what waits for an answer, and what the gate holds back."""

from __future__ import annotations

from deploy.kibana.boards.shared import AREA, CONTROLS, DAY, INCIDENT, INCIDENT_COUNT, POST_COUNT, UNANSWERED
from deploy.kibana.panel import Board, Clause, Kind, Measure, Op, Panel, Slot, Terms, Text
from deploy.kibana.views import INCIDENTS, OPEN, POSTS

__all__ = ["SITUATION"]

_COUNT = INCIDENT_COUNT

SITUATION = Board(
    id="situation",
    title=Text("Answerable: situation", "有问必答：总览"),
    about=Text("What is open, who waits, and what is held back", "正在处置、等待答复和暂不公开的事项"),
    controls=CONTROLS,
    panels=(
        Panel(
            id="open",
            title=Text("Open incidents", "未办结事件"),
            kind=Kind.NUMBER,
            view=INCIDENTS,
            slot=Slot(0, 0, 12, 7),
            where=OPEN,
            measures=(_COUNT,),
        ),
        Panel(
            id="unanswered",
            title=Text("Incidents whose demands wait for an answer", "诉求尚未答复的事件"),
            kind=Kind.NUMBER,
            view=INCIDENTS,
            slot=Slot(12, 0, 12, 7),
            where=(*OPEN, Clause("unanswered", least=1)),
            measures=(_COUNT,),
        ),
        Panel(
            id="danger",
            title=Text("Incidents that tell of danger", "涉及险情的事件"),
            kind=Kind.NUMBER,
            view=INCIDENTS,
            slot=Slot(24, 0, 12, 7),
            where=(*OPEN, Clause("danger")),
            measures=(_COUNT,),
        ),
        Panel(
            id="residents",
            title=Text("Residents in open incidents, at least", "未办结事件涉及居民（至少）"),
            kind=Kind.NUMBER,
            view=INCIDENTS,
            slot=Slot(36, 0, 12, 7),
            where=OPEN,
            measures=(Measure(Op.SUM, Text("Residents", "居民数"), "authors_least"),),
        ),
        Panel(
            id="incidents",
            title=Text("Open incidents, the largest first", "未办结事件（按规模）"),
            kind=Kind.TABLE,
            view=INCIDENTS,
            slot=Slot(0, 7, 32, 16),
            where=OPEN,
            groups=(INCIDENT, AREA),
            measures=(
                Measure(Op.SUM, Text("Posts", "帖文数"), "posts"),
                Measure(Op.MAX, Text("Residents, at least", "居民数（至少）"), "authors_least"),
                Measure(Op.MAX, Text("Times the usual", "为平时的倍数"), "figures.heat"),
                UNANSWERED,
                Measure(Op.MAX, Text("Newest post", "最新帖文"), "last_at"),
            ),
        ),
        Panel(
            id="held",
            title=Text("Groups that the gate holds back", "暂不公开的聚合"),
            kind=Kind.TABLE,
            view=INCIDENTS,
            slot=Slot(32, 7, 16, 16),
            where=(Clause("shown", (True,), negated=True), Clause("held")),
            groups=(AREA, Terms("held", Text("Reason", "原因"))),
            measures=(Measure(Op.COUNT, Text("Groups", "聚合数")),),
        ),
        Panel(
            id="daily",
            title=Text("Posts by day and kind", "每日帖文（按类别）"),
            kind=Kind.BARS,
            view=POSTS,
            slot=Slot(0, 23, 48, 12),
            groups=(Terms("kind", Text("Kind", "类别")), DAY),
            measures=(POST_COUNT,),
        ),
    ),
)
