"""A real broker and a real node on this machine, without containers: for tests, benches and people without Docker.

    python3 -m deploy.local start | stop | status

Nothing here is part of the product. The standard library alone is used, so any Python 3.11 can start the engines.
"""

from deploy.local.broker import Broker
from deploy.local.errors import NotStarted
from deploy.local.node import Node

__all__ = ["Broker", "Node", "NotStarted"]
