"""The boards, in the order in which a reader goes through them."""

from __future__ import annotations

from deploy.kibana.boards.situation import SITUATION
from deploy.kibana.panel import Board

__all__ = ["BOARDS"]

BOARDS: tuple[Board, ...] = (SITUATION,)
