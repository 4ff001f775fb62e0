"""The log on the shared broker: topics of its own for each test, taken away at its end."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from answerable.sections import Kafka
from answerable.settings import load
from stream.kafka import KafkaLog
from stream.kafka_client import Clients
from stream.kafka_library import MemberToRemove
from stream.kafka_topics import apply, planned
from tests import engines

__all__ = ["Cluster", "put_out", "settings"]


def settings(prefix: str, bootstrap: str | None = None, timeout_s: float = 20.0) -> Kafka:
    """Return settings for the shared broker below a prefix."""
    kafka = load(environ={}).kafka
    return replace(kafka, bootstrap=[bootstrap or engines.kafka()], prefix=prefix + ".", timeout_s=timeout_s)


def put_out(config: Kafka, group: str, topic: str) -> None:
    """Put every member out of a group, as the server does with those it has not heard of for too long."""
    client, name = Clients(config).admin(), f"{config.prefix}{group}.{topic}"
    members = client.describe_groups([name])[name]["members"]
    client.remove_group_members(name, [MemberToRemove(member["member_id"]) for member in members])
    client.close()


class Cluster:
    """Topics below one prefix a folder, made when the folder is seen first."""

    def __init__(self, raw: int, analysed: int, stateful: tuple[str, ...]) -> None:
        self._cut, self._stateful = {"posts.raw": raw, "posts.analysed": analysed}, stateful
        self._made: dict[Path, Kafka] = {}

    def config(self, folder: Path) -> Kafka:
        """Return the settings for a folder, with its topics made."""
        if folder not in self._made:
            config = settings(engines.prefix())
            plans = planned(config, self._cut["posts.analysed"], self._stateful)
            raw = config.prefix + "posts.raw"
            apply(config, [replace(p, partitions=self._cut["posts.raw"]) if p.name == raw else p for p in plans])
            self._made[folder] = config
        return self._made[folder]

    def log(self, folder: Path) -> KafkaLog:
        """Open the log."""
        return KafkaLog(self.config(folder), self._cut)

    def remove(self, folder: Path) -> None:
        """Delete a folder's topics, where it has any."""
        config = self._made.pop(folder, None)
        if config is not None:
            client = Clients(config).admin()
            client.delete_topics([name for name in client.list_topics() if name.startswith(config.prefix)])
            client.close()
