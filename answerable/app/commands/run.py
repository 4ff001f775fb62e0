"""Crawl, read, group, alert and serve the console, until interrupted; or one part of it in a process of its own.

answerable run --settings /etc/answerable/answerable.toml
answerable run analyse               # one of several, with the log on Kafka
answerable run desk

crawl, analyse, track and index may run as often as there is work; the desk runs once.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial

from answerable import log
from answerable.app import options as shared
from answerable.app import wiring
from answerable.app.box import Box
from answerable.app.cli import EXIT
from answerable.app.deadletters import do
from answerable.app.door import listen, only_one
from answerable.app.files import data_dir
from answerable.app.jobs import scheduler
from answerable.app.parts import ALL, Part
from answerable.app.problems import lawful
from answerable.app.starting import let_in
from answerable.app.station import Station
from answerable.settings import Settings
from console.serve import Serving
from console.watch import build

_IDLE_S = 0.5
_FINISH_S = 20.0  # what waits after that is handled at the next start; supervisors end by force after 90 s


def options(parser: argparse.ArgumentParser) -> None:
    """Declare PART and --settings."""
    parser.add_argument(
        "part", nargs="?", metavar="PART", choices=[*Part], help="crawl, analyse, track, index or desk (default: all)"
    )
    shared.settings_file(parser)


def run(given: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM; what was begun is finished first, unless the signal comes twice.

    With the log in a file what waits is handled, too, for twenty seconds at most.
    """
    log.setup(as_json=not sys.stderr.isatty(), debug=given.debug)
    settings = shared.of(given)
    for problem in lawful(settings):
        raise problem
    parts = frozenset({Part(given.part)}) if given.part else ALL
    if Part.ANALYSE in parts:
        wiring.models(settings)
    with ExitStack() as held:
        for name in _alone(settings, parts):
            held.enter_context(only_one(data_dir(settings), name))
        let_in(settings, parts)
        station = Box(settings, parts=parts) if Part.DESK in parts else Station(settings, parts)
        held.enter_context(closing(station))
        heard = _listen_to_signals(station.stop)
        _work(station)
    return EXIT["interrupted" if signal.SIGINT in heard else "ok"]


def _alone(settings: Settings, parts: frozenset[Part]) -> list[str]:
    """Name the locks of what only one process may do: keep a ledger, or write an index that is a file."""
    locks = ["run"] if Part.DESK in parts else []
    return [*locks, "index"] if Part.INDEX in parts and settings.index.engine == "embedded" else locks


def _listen_to_signals(stop: threading.Event) -> list[int]:
    """Set `stop` at the first SIGINT or SIGTERM; return the list in which those that came will stand."""
    heard: list[int] = []

    def hear(number: int, frame: object) -> None:
        heard.append(number)
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        threading.Thread(target=stop.set).start()  # the main thread may hold the event's own lock just now

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, hear)
    return heard


def _work(station: Station) -> None:
    clock = scheduler(station)
    try:
        with ExitStack() as held:
            held.enter_context(_watched(station))
            if isinstance(station, Box):
                held.enter_context(_open_desk(station))
            clock.start()
            _step_on(station)
    finally:
        station.stop.set()
        if clock.running:
            clock.shutdown()
        if station.settings.stream.engine == "embedded":  # from a server others take over what waits
            station.pipeline.drain(station.now(), _FINISH_S)


@contextmanager
def _watched(station: Station) -> Iterator[None]:
    """Tell watchers of machines how this process is while the block runs, where the settings name a port."""
    watch = station.settings.watch
    if not watch.port:
        yield
        return
    pages = build(station.standstill, station.latest, lambda: station.metrics(station.latest()))
    serving = Serving(pages, watch.host, watch.port, station.stop, "watch")
    try:
        yield
    finally:
        serving.stop()


@contextmanager
def _open_desk(box: Box) -> Iterator[None]:
    """Serve the console, and take in what other commands hand over, while the block runs."""
    password = box.users.first_admin()
    if password is not None:
        sys.stderr.write(f"the first user is admin, password {password}\n")
    console = box.settings.console
    serving = Serving(box.console(), console.host, console.port, box.stop)
    sys.stderr.write(f"console: {console.base_url} (listening on {console.host}:{serving.port})\n")
    try:
        with listen(box.folder, box.pipeline.take, box.answer, partial(do, box.streams.log, box.streams.deadletters)):
            yield
    finally:
        serving.stop()


def _step_on(station: Station) -> None:
    """Step until it is time to stop; where stages read from a server, waiting is the server's."""
    reads = station.settings.stream.engine != "embedded" and station.parts != {Part.CRAWL}
    wait = _IDLE_S if reads else 0.0
    while not station.stop.is_set():
        if not station.pipeline.step(station.now(), wait) and not wait:
            station.stop.wait(_IDLE_S)
