"""Groups, measures and controls that several boards show under the same words."""

from __future__ import annotations

from deploy.kibana.panel import Measure, Op, Terms, Text

__all__ = ["AREA", "CONTROLS", "DISTRICT", "INCIDENT", "OFFICE", "POST_COUNT", "TOPIC"]

AREA = Terms("area", Text("Area", "地区"), 20)
DISTRICT = Terms("district", Text("District", "区县"), 30)
INCIDENT = Terms("incident", Text("Incident", "事件"), 50)
TOPIC = Terms("topic", Text("Topic", "主题"), 12)
OFFICE = Terms("office", Text("Office", "部门"), 20)
CONTROLS = (AREA, Terms("topics", Text("Topic", "主题")), OFFICE)

POST_COUNT = Measure(Op.COUNT, Text("Posts", "帖文数"))
