"""What is growing, how broad it is, and how much of it is repetition."""

from __future__ import annotations

from deploy.kibana.boards.shared import CONTROLS, INCIDENT, INCIDENT_COUNT, POST_COUNT
from deploy.kibana.panel import Board, Clause, Dates, Kind, Measure, Op, Panel, Slot, Terms, Text
from deploy.kibana.views import INCIDENTS, OPEN, POSTS

__all__ = ["SPREAD"]

_SHOWN = (Clause("shown", (True,)),)
_MARKS = (
    Measure(Op.SUM, Text("Demand unmet", "诉求未满足"), "indicators.demand_unmet"),
    Measure(Op.SUM, Text("Money and public power", "涉及资金与公权力"), "indicators.economic_demand"),
    Measure(Op.SUM, Text("Harm to people", "人身损害"), "indicators.harm"),
    Measure(Op.SUM, Text("Ever more kinds of participants", "参与群体扩大"), "indicators.participants_widening"),
    Measure(Op.SUM, Text("Hard to handle", "处置难度"), "indicators.handling_difficulty"),
    Measure(Op.SUM, Text("Spread across regions", "跨地区扩散"), "indicators.regions"),
)

SPREAD = Board(
    id="spread",
    title=Text("Answerable: spread", "有问必答：扩散"),
    about=Text("What grows, how broadly, and what is repetition", "哪些事项在扩散、范围多大、多少是重复"),
    controls=CONTROLS,
    panels=(
        Panel(
            id="growing",
            title=Text("Open incidents by how far they are above the usual", "未办结事件（按热度倍数）"),
            kind=Kind.TABLE,
            view=INCIDENTS,
            slot=Slot(0, 0, 48, 15),
            where=OPEN,
            groups=(INCIDENT,),
            measures=(
                Measure(Op.MAX, Text("Times the usual", "为平时的倍数"), "figures.heat"),
                Measure(Op.MAX, Text("Doublings in six hours", "六小时翻倍次数"), "figures.growth"),
                Measure(Op.MAX, Text("Kinds of source and districts", "来源类型与区县数"), "figures.breadth"),
                Measure(Op.MAX, Text("Residents in 24 hours, weighed", "24小时居民数（加权）"), "figures.effective"),
                Measure(Op.SUM, Text("Posts", "帖文数"), "posts"),
                Measure(Op.SUM, Text("Of them repetitions", "其中重复"), "duplicates"),
                Measure(Op.SUM, Text("Most posts in one hour", "单小时最多帖文"), "peak_per_hour"),
            ),
        ),
        Panel(
            id="opened",
            title=Text("Incidents by the day they opened", "每日新增事件"),
            kind=Kind.BARS,
            view=INCIDENTS,
            slot=Slot(0, 15, 24, 12),
            where=_SHOWN,
            groups=(Dates("opened_at", Text("Day", "日期")),),
            measures=(INCIDENT_COUNT,),
        ),
        Panel(
            id="hourly",
            title=Text("Posts in incidents, hour by hour", "事件内帖文（每小时）"),
            kind=Kind.LINES,
            view=POSTS,
            slot=Slot(24, 15, 24, 12),
            where=(Clause("incident"),),
            groups=(Terms("incident", INCIDENT.label, 6), Dates("published_at", Text("Hour", "小时"), "1h")),
            measures=(POST_COUNT,),
        ),
        Panel(
            id="repeats",
            title=Text("First posts and repetitions by source", "各来源首发与重复"),
            kind=Kind.TABLE,
            view=POSTS,
            slot=Slot(0, 27, 24, 13),
            groups=(Terms("source", Text("Source", "来源"), 20),),
            measures=(
                POST_COUNT,
                Measure(Op.COUNT, Text("Repetitions", "重复"), where=(Clause("repeat", (True,)),)),
                Measure(Op.COUNT, Text("In incidents", "属于事件"), where=(Clause("incident"),)),
            ),
        ),
        Panel(
            id="marks",
            title=Text("Marks of escalation, 0 to 3 each", "升级迹象（每项0至3）"),
            kind=Kind.TABLE,
            view=INCIDENTS,
            slot=Slot(24, 27, 24, 13),
            where=OPEN,
            groups=(INCIDENT,),
            measures=_MARKS,
        ),
    ),
)
