"""The data views: the four families of facts, never the texts."""

from __future__ import annotations

from deploy.kibana.panel import Clause, Text, View

__all__ = ["HEALTH", "INCIDENTS", "LEDGER", "OPEN", "POSTS", "VIEWS"]

POSTS = View("facts-posts", "published_at", Text("Posts without their words", "帖文（不含内容）"))
INCIDENTS = View("facts-incidents", "last_at", Text("Incidents", "事件"))
LEDGER = View("facts-ledger", "at", Text("What was done about incidents", "处置记录"))
HEALTH = View("facts-health", "at", Text("How the pipeline is", "系统运行情况"))
VIEWS = (POSTS, INCIDENTS, LEDGER, HEALTH)

OPEN = (Clause("open", (True,)),)
