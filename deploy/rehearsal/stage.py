"""One composed desk on an engine: calls of compose, what its containers are, what came out of it."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from email import message_from_string
from pathlib import Path
from typing import Any

from deploy.rehearsal.engine import Engine
from deploy.rehearsal.machine import Failed, hear, say

__all__ = ["Stage", "until"]

_DEPLOY = Path(__file__).parents[1]
_PATIENCE_S = 600.0  # one bound for all: what works never comes near it, also on a busy machine


class Stage:
    """A desk's folder with the composed file above it; `name` keeps its containers apart from another's."""

    def __init__(self, engine: Engine, client: Path, variables: Path, name: str, start: int) -> None:
        self.engine, self.folder = engine, variables.parent
        self._bare = [str(client), "--env-file", str(variables), "--file", str(_DEPLOY / "compose.yaml")]
        self._call = [*self._bare, "--file", str(_DEPLOY / "rehearsal" / "compose.yaml"), "--project-name", name]
        self._call += ["--progress", "quiet", "--profile", name.rpartition("-")[2], "--profile", "mail-test"]
        self._env = {**engine.env, "REHEARSAL_START": str(start)}

    def compose(self, *words: str, within_s: float = 600.0) -> str:
        """Call compose; raise Failed with its last words."""
        return say([*self._call, *words], self._env, within_s)

    def composed(self, profiles: str) -> tuple[Any, str]:
        """Return the product's file as compose reads it for some profiles, and what it remarks on the way."""
        env = {**self._env, "COMPOSE_PROFILES": profiles}
        read, remarked = hear([*self._bare, "config", "--format", "json"], env, 60.0)
        return json.loads(read), remarked

    def refused(self, *words: str) -> str:
        """Call compose for something that it must not do; return its last words."""
        try:
            self.compose(*words)
        except Failed as failed:
            return str(failed)
        raise Failed(f"{' '.join(words)} was done, and should not have been")

    def up(self, *services: str, scale: str = "") -> None:
        """Start services, and wait until each is healthy."""
        more = ["--scale", scale] if scale else []
        self.compose("up", "--detach", "--wait", "--wait-timeout", "600", *more, *services, within_s=700.0)

    def ids(self, *services: str) -> list[str]:
        """Return the containers of services that run."""
        return self.compose("ps", "--quiet", *services).split()

    def facts(self, container: str) -> Any:
        """Return what the engine knows of a container."""
        return json.loads(self.engine.docker("inspect", container))[0]

    def healthy(self, count: int, *services: str) -> bool:
        """Tell whether as many containers of services run, all healthy."""
        found = [self.facts(one)["State"] for one in self.ids(*services)]
        return len(found) == count and all(one.get("Health", {}).get("Status") == "healthy" for one in found)

    def kill(self, container: str) -> None:
        """End a container's process as a crash does: an order of the engine's would not be followed by a restart."""
        os.kill(self.facts(container)["State"]["Pid"], signal.SIGKILL)

    def restarts(self, container: str) -> int:
        """Return how often the engine has started a container again."""
        return int(self.facts(container)["RestartCount"])

    def visits(self, since: str) -> list[tuple[str, str]]:
        """Return who visited what since a time (RFC 3339): a container of crawl, and a source."""
        told = self.compose("logs", "--no-color", "--since", since, "crawl").splitlines()
        lines = [line.partition("|") for line in told if "was visited" in line]
        return [(head.strip(), json.loads(line)["source"]) for head, _, line in lines]

    def mails(self) -> list[str]:
        """Return the incidents that the mails in the catcher are about, one for each mail."""
        words = "for f in /mail/*.eml; do [ -f $f ] && cat $f && echo && echo ---8<---; done; true"
        told = self.compose("exec", "-T", "mail", "sh", "-c", words).split("---8<---")
        ids = [message_from_string(one.strip()).get("X-Incident-Id", "") for one in told if one.strip()]
        return [one for one in ids if one]

    def clear(self) -> None:
        """Remove its containers with their data."""
        with suppress(Failed):
            self.compose("down", "--volumes", "--timeout", "2", within_s=120.0)

    def found(self, path: str) -> Any:
        """Ask the node as its superuser."""
        word = '"elastic:$(cat /run/secrets/elastic_password)"'
        asked = f"curl -sf -u {word} 'http://127.0.0.1:9200{path}'"
        return json.loads(self.compose("exec", "-T", "elasticsearch", "bash", "-c", asked))


def until(what: str, holds: Callable[[], object], within_s: float = _PATIENCE_S) -> None:
    """Wait until something holds; raise Failed where it does not in time."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {within_s:g} s")
        time.sleep(2.0)
