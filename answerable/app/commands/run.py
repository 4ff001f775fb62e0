"""Crawl, read, group, alert and serve the console, until interrupted.

answerable run --settings /etc/answerable/answerable.toml
"""

from __future__ import annotations

import argparse
import signal
import sys

from answerable import log
from answerable.app import options as shared
from answerable.app.box import Box
from answerable.app.door import listen, only_one
from answerable.app.files import data_dir
from answerable.app.jobs import scheduler
from answerable.app.problems import problems
from console.serve import Serving

_IDLE_S = 0.5


def options(parser: argparse.ArgumentParser) -> None:
    """Declare --settings."""
    shared.settings_file(parser)


def run(given: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM; what was begun is finished first."""
    log.setup(as_json=not sys.stderr.isatty(), debug=given.debug)
    settings = shared.of(given)
    for problem in problems(settings):
        raise problem
    with only_one(data_dir(settings)):
        box = Box(settings)
        signal.signal(signal.SIGTERM, lambda *_: box.stop.set())
        try:
            return _serve(box)
        finally:
            box.close()


def _serve(box: Box) -> int:
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
    except KeyboardInterrupt:
        return 130
    finally:
        if clock.running:
            clock.shutdown()
        serving.stop()
        box.pipeline.drain(box.now())
    return 0
