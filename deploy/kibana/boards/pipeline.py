"""How the pipeline is: how new the newest post of each stage is, and what each process and source brought."""

from __future__ import annotations

from deploy.kibana.boards.shared import POST_COUNT
from deploy.kibana.panel import Board, Dates, Kind, Measure, Op, Panel, Slot, Terms, Text
from deploy.kibana.views import HEALTH, POSTS

__all__ = ["PIPELINE"]

_STAGE = Terms("stage", Text("Stage", "环节"), 12)
_PROCESS = Terms("process", Text("Process", "进程"), 20)
_HANDLED = Measure(Op.MAX, Text("Handled since its start", "启动以来处理数"), "handled")
_NEWEST = Measure(Op.MAX, Text("Newest post handled", "已处理的最新帖文"), "newest_at")
_HEARD = Measure(Op.MAX, Text("Heard last", "最近报告"), "at")

PIPELINE = Board(
    id="pipeline",
    title=Text("Answerable: pipeline", "有问必答：系统运行"),
    about=Text("Whether every stage keeps up and every source brings posts", "各环节是否跟上、各来源是否有新帖文"),
    since="now-24h",
    panels=(
        Panel(
            id="processes",
            title=Text("Processes heard", "有报告的进程"),
            kind=Kind.NUMBER,
            view=HEALTH,
            slot=Slot(0, 0, 12, 12),
            measures=(Measure(Op.DISTINCT, Text("Processes", "进程数"), "process"),),
        ),
        Panel(
            id="stages",
            title=Text("Stages, the newest first", "各环节"),
            kind=Kind.TABLE,
            view=HEALTH,
            slot=Slot(12, 0, 36, 12),
            groups=(_STAGE, _PROCESS),
            measures=(_NEWEST, _HANDLED, _HEARD),
        ),
        Panel(
            id="handled",
            title=Text("Posts handled since each start, by hour", "各环节累计处理数（每小时）"),
            kind=Kind.LINES,
            view=HEALTH,
            slot=Slot(0, 12, 48, 13),
            groups=(_STAGE, Dates("at", Text("Hour", "小时"), "1h")),
            measures=(_HANDLED,),
        ),
        Panel(
            id="sources",
            title=Text("Sources", "各来源"),
            kind=Kind.TABLE,
            view=POSTS,
            slot=Slot(0, 25, 24, 14),
            groups=(Terms("source", Text("Source", "来源"), 50),),
            measures=(
                POST_COUNT,
                Measure(Op.MAX, Text("Newest post", "最新帖文"), "published_at"),
                Measure(Op.MAX, Text("Taken in last", "最近接收"), "seen_at"),
            ),
        ),
        Panel(
            id="hourly",
            title=Text("Posts by hour and language", "每小时帖文（按语言）"),
            kind=Kind.BARS,
            view=POSTS,
            slot=Slot(24, 25, 24, 14),
            groups=(Terms("lang", Text("Language", "语言"), 6), Dates("published_at", Text("Hour", "小时"), "1h")),
            measures=(POST_COUNT,),
        ),
    ),
)
