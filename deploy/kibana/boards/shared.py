"""Groups, measures and controls that several boards show under the same words."""

from __future__ import annotations

from deploy.kibana.panel import Dates, Measure, Op, Terms, Text

__all__ = [
    "AREA",
    "CONTROLS",
    "DAY",
    "DISTRICT",
    "INCIDENT",
    "INCIDENTS_NAMED",
    "INCIDENT_COUNT",
    "OFFICE",
    "POST_COUNT",
    "TOPIC",
    "UNANSWERED",
]

AREA = Terms("area", Text("Area", "地区"), 20)
DISTRICT = Terms("district", Text("District", "区县"), 30)
INCIDENT = Terms("incident", Text("Incident", "事件"), 50)
TOPIC = Terms("topic", Text("Topic", "主题"), 12)
OFFICE = Terms("office", Text("Office", "部门"), 20)
CONTROLS = (AREA, Terms("topics", Text("Topic", "主题")), OFFICE)

DAY = Dates("published_at", Text("Day", "日期"))

POST_COUNT = Measure(Op.COUNT, Text("Posts", "帖文数"))
INCIDENT_COUNT = Measure(Op.COUNT, Text("Incidents", "事件数"))
INCIDENTS_NAMED = Measure(Op.DISTINCT, Text("Incidents", "事件数"), "incident")
UNANSWERED = Measure(Op.SUM, Text("Demands unanswered", "未答复诉求"), "unanswered")
