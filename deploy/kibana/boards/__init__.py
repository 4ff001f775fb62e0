"""The boards, in the order in which a reader goes through them."""

from __future__ import annotations

from deploy.kibana.boards.pipeline import PIPELINE
from deploy.kibana.boards.places import PLACES
from deploy.kibana.boards.responses import RESPONSES
from deploy.kibana.boards.situation import SITUATION
from deploy.kibana.boards.spread import SPREAD
from deploy.kibana.boards.topics import TOPICS
from deploy.kibana.panel import Board

__all__ = ["BOARDS"]

BOARDS: tuple[Board, ...] = (SITUATION, TOPICS, SPREAD, PLACES, RESPONSES, PIPELINE)
