"""Rehearse the composed desk: a line for each step, exit code 1 where one fails, 0 with the reason where none can be.

None can be where no docker engine starts, or where what the steps stand on cannot be fetched. What is ours and cannot
be built fails, and so does whatever comes once a step has run.

python -m deploy.rehearsal          rehearse
python -m deploy.rehearsal ahead    only fetch what is kept on this machine, when nobody else wants its processors
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from answerable.app.demo.city import pages
from answerable.clock import system_now
from deploy.local.errors import NotBuilt, NotStarted
from deploy.local.ports import free_ports
from deploy.rehearsal import desk, images
from deploy.rehearsal.engine import Engine, engine
from deploy.rehearsal.machine import Failed
from deploy.rehearsal.stage import Stage
from deploy.rehearsal.steps import Step, steps

T = TypeVar("T")
_WRONG = (NotBuilt, Failed, OSError, subprocess.SubprocessError, ValueError)


def main() -> int:
    """Rehearse in a folder that goes afterwards, with everything that was made."""
    folder = Path(tempfile.mkdtemp(prefix="answerable-rehearsal-"))
    folder.chmod(0o755)
    began = time.monotonic()
    try:
        with engine(folder / "engine") as own, ThreadPoolExecutor(2) as aside:
            return _rehearse(own, folder, began, aside)
    except _WRONG as wrong:
        sys.stdout.write(f"FAILS  {wrong}\n")
        return 1
    except NotStarted as why:
        sys.stdout.write(f"skipped: {why}\n")
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ahead() -> int:
    """Fetch and build what the next rehearsals stand on; say what could not be, which they will say again."""
    os.nice(19)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was begun is taken away
    for make in (images.packages, images.client, images.builds):
        try:
            make()
        except (NotStarted, *_WRONG) as why:
            sys.stdout.write(f"not yet: {why}\n")
    return 0


def _rehearse(own: Engine, folder: Path, began: float, aside: Executor) -> int:
    start = system_now()
    base = aside.submit(_ready, "the base of every image", lambda: images.base(own))
    client = aside.submit(_ready, "docker compose", images.client).result()
    base.result()
    aside.submit(_ready, "the engines' builds", images.builds).result()
    engines = aside.submit(_ready, "the engines' stand-ins", lambda: images.engines(own))
    console, third, other, kafka = free_ports(4)
    with contextlib.redirect_stdout(io.StringIO()):
        small = Stage(own, client, desk.make(folder / "small", console), "rehearsal-embedded", start)
        middle = Stage(own, client, desk.make(folder / "middle", third), "rehearsal-search", start)
        large = Stage(own, client, desk.make(folder / "large", other, kafka), "rehearsal-full", start)
    try:
        for done, step in enumerate(steps(small, middle, large, folder, pages(start), engines.result), 1):
            if not _passed(step):
                _show(small, middle, large)
                sys.stdout.write(f"{done - 1} passed, 1 failed\n")
                return 1
    finally:
        for stage in (small, middle, large):
            stage.clear()
    sys.stdout.write(
        f"all {done} steps hold, after {time.monotonic() - began:.0f} s; Kibana has no stand-in and was left out\n"
    )
    return 0


def _ready(what: str, make: Callable[[], T]) -> T:
    """Make what the steps stand on; raise NotStarted where it cannot be fetched, Failed where it cannot be built."""
    began = time.monotonic()
    try:
        made = make()
    except _WRONG as wrong:
        raise Failed(f"{what} cannot be built: {wrong}") from None
    except NotStarted as why:
        raise NotStarted(f"{what} cannot be fetched: {why}") from None
    sys.stdout.write(f"ready  {time.monotonic() - began:5.0f} s  {what}\n")
    sys.stdout.flush()
    return made


def _passed(step: Step) -> bool:
    began, verdict, seen = time.monotonic(), "holds", ""
    try:
        seen = step.do()
    except (NotStarted, *_WRONG) as failed:
        verdict, seen = "FAILS", str(failed)
    sys.stdout.write(f"{verdict}  {time.monotonic() - began:5.0f} s  {step.shows}{': ' if seen else ''}{seen}\n")
    sys.stdout.flush()
    return verdict == "holds"


def _show(*stages: Stage) -> None:
    """Show what the containers said last."""
    for stage in stages:
        with contextlib.suppress(Failed):
            sys.stdout.write(stage.compose("ps", "--all"))
            sys.stdout.write(stage.compose("logs", "--no-color", "--tail", "15")[-12000:])


if __name__ == "__main__":
    sys.exit(ahead() if sys.argv[1:] == ["ahead"] else main())
