"""What a fault is, and what it is given: a machine that is being fed, numbers, and a seed to draw from."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from msgspec import Struct

from tests.chaos.disk import Disk
from tests.chaos.engines import Engine, wait_for_rest
from tests.chaos.feeder import Feeder
from tests.chaos.machine import Machine
from tests.chaos.served import Ground, Served
from tests.fakes.moody_mail import Moody

__all__ = ["Fault", "Scene", "Size"]

_TURN_S = 6.0  # taken for the first turn, before any was measured


class Size(Struct, frozen=True):
    """How much of a fault: posts that flow meanwhile, how many a second (0 = any), how often, how long each time."""

    posts: int
    rate: float = 0.0
    times: int = 1
    seconds: float = 1.0


class Fault(Struct, frozen=True, kw_only=True):
    """One line of the table. `make` does it while posts flow; a size of None leaves it out of that set.

    `ground` is None for the one box. `marks` are the moments at which it kills; `moment` is the time, in RFC 3339,
    that comes a little after the start. `disk_mib` puts all data on a small disk. `kills`: processes die, so that the
    last word of a mail may be lost. `sets_aside`: dead letters are part of it. `rest_s` is the longest time in s
    to come to rest afterwards.
    """

    name: str
    promises: str
    says: str
    make: Callable[[Scene], None]
    full: Size | None = None
    short: Size | None = None
    ground: Ground | None = None
    marks: tuple[str, ...] = ()
    moment: str = ""
    disk_mib: int = 0
    kills: bool = False
    sets_aside: bool = False
    rest_s: float = 120.0


class Scene:
    """A machine that runs and is fed, while a fault is made. `note` keeps a figure, `wrong` a broken promise."""

    def __init__(
        self, machine: Machine, engine: Engine, feeder: Feeder, mail: Moody, size: Size, seed: int, disk: Disk | None,
        servers: Served | None = None, moment: str = "",
    ) -> None:  # fmt: skip
        self.machine, self.engine, self.feeder, self.mail, self.size = machine, engine, feeder, mail, size
        self.draw = random.Random(f"fault {seed}")  # noqa: S311 — a seeded choice, no secret
        self.disk, self.servers, self.moment = disk, servers, moment
        self._began, self._turns = time.monotonic(), 0
        self.figures: dict[str, float] = {}
        self.problems: list[str] = []
        self.letters: dict[tuple[str, str], int] = {}  # dead letters that must be there, by topic and stage

    def note(self, name: str, value: float) -> None:
        """Keep a figure for the table; the same name again adds up."""
        self.figures[name] = self.figures.get(name, 0.0) + value

    def most(self, name: str, value: float) -> None:
        """Keep the greatest of a figure."""
        self.figures[name] = max(self.figures.get(name, value), value)

    def wrong(self, what: str) -> None:
        """Say what a promise's figure does not hold."""
        self.problems.append(what)

    def spread(self, left: int) -> None:
        """Let posts flow evenly over the turns that are left, each as long as those so far."""
        turns = self._turns
        taken = (time.monotonic() - self._began) / turns if turns else _TURN_S
        self._turns += 1
        self.feeder.last(left * taken)

    def wait(self, least: float, most: float) -> None:
        """Let things go on for a drawn time."""
        time.sleep(self.draw.uniform(least, most))

    def rests(self, seconds: float) -> bool:
        """Wait until nothing waits any more."""
        return wait_for_rest(self.engine, self.machine, seconds)
