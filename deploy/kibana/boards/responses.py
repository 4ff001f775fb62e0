"""What was done: how long it took to acknowledge and to answer, and which clocks were kept."""

from __future__ import annotations

from deploy.kibana.boards.shared import AREA, INCIDENTS_NAMED, OFFICE
from deploy.kibana.panel import Board, Clause, Dates, Kind, Measure, Op, Panel, Slot, Terms, Text
from deploy.kibana.views import LEDGER

__all__ = ["RESPONSES"]

_LEVEL = Terms("level", Text("Level", "级别"), 4)
_STATE = Terms("after", Text("State", "状态"), 8)
_ACKNOWLEDGED = (Clause("before", ("new",)), Clause("after", ("acknowledged",)))
_ANSWERED = (Clause("after", ("answered",)),)
_KEPT = Measure(Op.SUM, Text("Clocks kept", "按时完成"), "kept")
_MISSED = Measure(Op.SUM, Text("Clocks missed", "超时"), "missed")
_TO_ACKNOWLEDGE = Measure(
    Op.MEDIAN, Text("Seconds to acknowledge, median", "确认用时（秒，中位数）"), "waited_s", _ACKNOWLEDGED
)
_TO_ANSWER = Measure(Op.MEDIAN, Text("Seconds to answer, median", "答复用时（秒，中位数）"), "waited_s", _ANSWERED)

RESPONSES = Board(
    id="responses",
    title=Text("Answerable: responses", "有问必答：答复"),
    about=Text("Times to acknowledge and to answer, and clocks kept", "确认与答复用时、时限完成情况"),
    controls=(AREA, OFFICE, _LEVEL),
    since="now-90d",
    panels=(
        Panel(
            id="kept",
            title=Text("Clocks kept", "按时完成的时限"),
            kind=Kind.NUMBER,
            view=LEDGER,
            slot=Slot(0, 0, 12, 7),
            measures=(_KEPT,),
        ),
        Panel(
            id="missed",
            title=Text("Clocks missed", "超时的时限"),
            kind=Kind.NUMBER,
            view=LEDGER,
            slot=Slot(12, 0, 12, 7),
            measures=(_MISSED,),
        ),
        Panel(
            id="acknowledge",
            title=Text("Seconds from telling the office to its acknowledgement", "从通知到确认的用时（秒）"),
            kind=Kind.NUMBER,
            view=LEDGER,
            slot=Slot(24, 0, 12, 7),
            where=_ACKNOWLEDGED,
            measures=(Measure(Op.MEDIAN, Text("Median", "中位数"), "waited_s"),),
        ),
        Panel(
            id="answer",
            title=Text("Seconds from telling the office to an answer", "从通知到答复的用时（秒）"),
            kind=Kind.NUMBER,
            view=LEDGER,
            slot=Slot(36, 0, 12, 7),
            where=_ANSWERED,
            measures=(Measure(Op.MEDIAN, Text("Median", "中位数"), "waited_s"),),
        ),
        Panel(
            id="offices",
            title=Text("Offices", "各部门"),
            kind=Kind.TABLE,
            view=LEDGER,
            slot=Slot(0, 7, 48, 14),
            groups=(OFFICE,),
            measures=(
                INCIDENTS_NAMED,
                Measure(Op.COUNT, Text("Answers", "答复次数"), where=_ANSWERED),
                _TO_ACKNOWLEDGE,
                _TO_ANSWER,
                _KEPT,
                _MISSED,
            ),
        ),
        Panel(
            id="daily",
            title=Text("Steps day by day", "每日处置"),
            kind=Kind.BARS,
            view=LEDGER,
            slot=Slot(0, 21, 24, 13),
            groups=(_STATE, Dates("at", Text("Day", "日期"))),
            measures=(Measure(Op.COUNT, Text("Steps", "处置次数")),),
        ),
        Panel(
            id="levels",
            title=Text("Incidents and answers by level", "各级别事件与答复"),
            kind=Kind.TABLE,
            view=LEDGER,
            slot=Slot(24, 21, 24, 13),
            groups=(_LEVEL,),
            measures=(
                INCIDENTS_NAMED,
                Measure(Op.COUNT, Text("Answers", "答复次数"), where=_ANSWERED),
            ),
        ),
    ),
)
