"""What the first start chose, kept in `.engines/state.json` of the checkout: folder, ports, a password."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from deploy.local import account
from deploy.local.broker import Broker
from deploy.local.node import Node
from deploy.local.ports import free_ports

ENGINES = Path(__file__).parents[2] / ".engines"


@dataclasses.dataclass(frozen=True)
class State:
    """Where a checkout's engines are. A state that came with a copied checkout is not this one's."""

    checkout: str
    root: str
    kafka: int
    kafka_secure: int
    elastic: int
    elastic_secured: int
    password: str

    def broker(self) -> Broker:
        """Return the shared broker, running or not."""
        return Broker(Path(self.root) / "kafka", self.kafka, secure_port=self.kafka_secure, password=self.password)

    def node(self) -> Node:
        """Return the shared node, running or not."""
        return Node(Path(self.root) / "elastic", self.elastic)

    def secured(self) -> Node:
        """Return the shared node with security on, running or not."""
        return Node(
            Path(self.root) / "secured", self.elastic_secured, secured=True, password=self.password, heap_mb=512
        )

    def scratch(self) -> Path:
        """Return the folder below which tests start servers of their own; the engines' account can enter it."""
        folder = Path(self.root) / "scratch"
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        return folder


def load(engines: Path = ENGINES) -> State | None:
    """Return what an earlier start chose in this very checkout, or None."""
    try:
        state = State(**json.loads((engines / "state.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return state if state.checkout == str(engines) and Path(state.root).is_dir() else None


def choose(engines: Path = ENGINES) -> State:
    """Return what an earlier start chose, or choose now and write it down."""
    if (state := load(engines)) is not None:
        return state
    kafka, kafka_secure, elastic, elastic_secured = free_ports(4)
    state = State(
        str(engines), str(_root(engines)), kafka, kafka_secure, elastic, elastic_secured, secrets.token_urlsafe(16)
    )
    part = engines / "state.json.part"
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(dataclasses.asdict(state), file, indent=1)
    part.replace(engines / "state.json")
    return state


def forget(engines: Path = ENGINES) -> None:
    """Delete the engines' data with the state; the next start begins anew."""
    if (state := load(engines)) is not None:
        shutil.rmtree(state.root, ignore_errors=True)
    (engines / "state.json").unlink(missing_ok=True)


@contextlib.contextmanager
def locked(engines: Path = ENGINES) -> Iterator[None]:
    """Let one process at a time start or stop a checkout's engines."""
    engines.mkdir(exist_ok=True)
    with (engines / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _root(engines: Path) -> Path:
    near = engines / "servers"
    for left in near.glob("*"):
        Node(left, 0).remove()  # whatever runs here was started by a state that is gone
    near.mkdir(exist_ok=True)
    if account.reaches(near):
        return near
    near.rmdir()
    far = Path(tempfile.mkdtemp(prefix="answerable-engines-", dir="/var/tmp"))
    far.chmod(0o755)
    return far
