"""Crawl, read, group, alert and serve the console, until interrupted.

answerable run --settings /etc/answerable/answerable.toml
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from answerable import log
from answerable.app import options as shared
from answerable.app.box import Box
from answerable.app.cli import EXIT
from answerable.app.door import listen, only_one
from answerable.app.files import data_dir
from answerable.app.jobs import scheduler
from answerable.app.problems import lawful
from console.serve import Serving

_IDLE_S = 0.5


def options(parser: argparse.ArgumentParser) -> None:
    """Declare --settings."""
    shared.settings_file(parser)


def run(given: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM; what was begun is finished first, unless the signal comes twice."""
    log.setup(as_json=not sys.stderr.isatty(), debug=given.debug)
    settings = shared.of(given)
    for problem in lawful(settings):
        raise problem
    with only_one(data_dir(settings)):
        box = Box(settings)
        heard = _listen_to_signals(box.stop)
        try:
            _serve(box)
        finally:
            box.close()
    return EXIT["interrupted" if signal.SIGINT in heard else "ok"]


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


def _serve(box: Box) -> None:
    password = box.users.first_admin()
    if password is not None:
        sys.stderr.write(f"the first user is admin, password {password}\n")
    console, clock = box.settings.console, scheduler(box)
    serving = Serving(box.console(), console.host, console.port, box.stop)
    sys.stderr.write(f"console: {console.base_url} (listening on {console.host}:{serving.port})\n")
    try:
        with listen(box.folder, box.pipeline.take, box.answer):
            clock.start()
            while not box.stop.is_set():
                if not box.pipeline.step(box.now()):
                    box.stop.wait(_IDLE_S)
    finally:
        box.stop.set()
        if clock.running:
            clock.shutdown()
        serving.stop()
        box.pipeline.drain(box.now())
