"""The four stages and what each took: folds and desk follow while posts are still read, then come the files."""

from __future__ import annotations

import gc
import hashlib
import resource
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from alerts.file import FileNotifier
from answerable.app import wiring
from answerable.app.children import SELDOM
from answerable.app.intake import Intake
from answerable.app.items import Items
from answerable.app.replay.folder import Folder, Progress
from answerable.app.replay.past import Past
from answerable.app.replay.write import write
from answerable.settings import Settings
from crawlers.border import DayKeys
from nlp.pins import digest_of, read_pin
from nlp.weights import MANIFEST
from stream.marks import mark

__all__ = ["replay"]


class _Timing(Struct):
    """Seconds by stage of this run alone; what follows of the next stages beside one counts for that one."""

    posts: int
    stages: dict[str, float]

    def timed(self, stage: str, work: Callable[[], object]) -> None:
        """Do a stage's work and note how long it took."""
        begin = time.perf_counter()
        work()
        self.stages[stage] = time.perf_counter() - begin

    def keep(self, path: Path, replay: str) -> None:
        """Write timing.json; `replay` is the digest of what the replay was made of."""
        wall = sum(self.stages.values())
        own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        row = {
            "posts": self.posts,
            "replay": replay,
            "posts_per_second": self._rate(wall),
            "wall_s": round(wall, 3),
            "cpu_s": round(own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime, 3),
            "peak_rss_mb": round(max(own.ru_maxrss, children.ru_maxrss) / 1024, 1),
            "stages": {
                name: {"posts_per_second": self._rate(seconds), "wall_s": round(seconds, 3)}
                for name, seconds in self.stages.items()
            },
        }
        path.write_bytes(msgspec.json.encode(row, order="sorted") + b"\n")

    def _rate(self, seconds: float) -> float:
        return round(self.posts / seconds, 1) if seconds else 0.0


def replay(source: str, out: Path, settings: Settings, *, resume: bool, strict: bool) -> int:
    """Replay IN into DIR; return the exit code. Raise SettingsError where DIR or the settings do not fit."""
    with _seldom_collected():
        return _replay(source, out, settings, resume=resume, strict=strict)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Let the collector look seldom: a replay holds much for long and makes few cycles."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _replay(source: str, out: Path, settings: Settings, *, resume: bool, strict: bool) -> int:
    models = wiring.models(settings)
    kept = wiring.register(settings)
    intake = Intake(source, strict=strict)
    items = Items(intake)
    folder = Folder(out)
    made_of = _digest(items, settings, kept, models)
    start = folder.open(made_of, settings.stream.partitions, resume=resume)
    if start is not None:
        _stages(items, intake.bad, settings, kept, folder, start).keep(folder.timing, made_of)
        folder.finish()
    DayKeys(folder.work / "keys").destroy()
    shutil.rmtree(folder.work, ignore_errors=True)
    return intake.report()


def _stages(
    items: Items, bad: int, settings: Settings, kept: wiring.Register, folder: Folder, start: Progress
) -> _Timing:
    timing, past = _Timing(len(items), {}), Past(items, settings, kept, folder, FileNotifier(folder.mail))
    with closing(past):
        if not start.read:
            timing.timed("analyse", lambda: past.read(start))
            mark("replay analyse done")
        timing.timed("track", past.tracked)
        mark("replay track done")
        timing.timed("desk", past.decide)
        mark("replay desk done")
        timing.timed("write", lambda: write(folder, items, bad, past.log, past.desk, kept.names, settings))
        mark("replay write done")
    return timing


def _digest(items: Items, settings: Settings, kept: wiring.Register, models: Sequence[Path]) -> str:
    """Identify an input by its items in order, the settings and what reads posts; nothing tells of a post."""
    pins = [digest_of(read_pin(model / MANIFEST)) for model in models]
    named = repr((msgspec.structs.replace(settings, origin={}, home=""), pins))
    named += items.digest + kept.gazetteer.digest + kept.taxonomies.digest
    return hashlib.blake2b(named.encode(), digest_size=16).hexdigest()
