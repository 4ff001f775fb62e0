"""Make faults from the command line: python -m tests.chaos [--fault NAME] [--seed N] [--short] [--write FILE].

With --missing only those faults are made that have no line in the file yet.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
from pathlib import Path

from tests.chaos.report import rows_of, told, write
from tests.chaos.runner import Outcome, run
from tests.chaos.scene import Fault, Size
from tests.chaos.table import FAULTS


def main(words: list[str]) -> int:
    """Run what is asked for; return 1 where a promise broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--fault", action="append", help="a fault by its name, or the beginning of it (default: all)")
    parser.add_argument("--seed", type=int, help="the seed that a run printed (default: a new one)")
    parser.add_argument("--short", action="store_true", help="with the numbers of the short set")
    parser.add_argument("--keep", type=Path, help="a folder that keeps what the runs leave behind")
    parser.add_argument("--write", type=Path, help="write the table to this file")
    parser.add_argument("--missing", action="store_true", help="only faults without a line in that file")
    given = parser.parse_args(words)
    chosen = [one for one in FAULTS if not given.fault or any(one.name.startswith(name) for name in given.fault)]
    seed = random.SystemRandom().randrange(1 << 31) if given.seed is None else given.seed
    sizes = [(fault, fault.short if given.short else fault.full) for fault in chosen]
    broken = 0
    for fault, size in sizes:
        if size is None or (given.missing and fault.name in rows_of(given.write)):
            continue
        outcome = _one(fault, size, seed, given.keep)
        broken += bool(outcome.problems)
        if given.write:
            write(given.write, outcome, FAULTS)
    return 1 if broken else 0


def _one(fault: Fault, size: Size, seed: int, keep: Path | None) -> Outcome:
    sys.stdout.write(f"{fault.name}: seed {seed}\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        own = Path(folder) if keep is None else keep / fault.name.replace(" ", "-").replace(":", "")
        own.mkdir(parents=True, exist_ok=True)
        outcome = run(fault, size, seed, own)
    sys.stdout.write(told(outcome) + "\n")
    sys.stdout.flush()
    return outcome


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # what was started ends with it
    sys.exit(main(sys.argv[1:]))
