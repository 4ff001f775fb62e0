"""Crawl the bundled city over HTTP, raise incidents, mail them to a local sink, open the console.

answerable demo                  # keeps the console open until Ctrl-C; without a terminal it ends by itself
answerable demo --once --dir d/  # ends by itself; d/ holds mails, pages and settings
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from answerable import log
from answerable.app.box import Box
from answerable.app.demo.show import Shown, show, visit
from answerable.app.jobs import scheduler
from answerable.errors import SettingsError

_IDLE_S = 0.5


def options(parser: argparse.ArgumentParser) -> None:
    """Declare --dir and --once."""
    parser.add_argument("--dir", type=Path, metavar="DIR", help="a new or empty folder (default: a new one)")
    parser.add_argument("--once", action="store_true", help="end once mails are delivered and pages answered")


def run(given: argparse.Namespace) -> int:
    """Show the demo; without a terminal it ends by itself."""
    log.setup(as_json=False, debug=given.debug)
    folder = given.dir or Path(tempfile.mkdtemp(prefix="answerable-demo-"))
    if folder.exists() and any(folder.iterdir()):
        raise SettingsError("is not empty", file=str(folder), repair="name a new folder with --dir")
    with show(folder.absolute()) as (shown, box):
        visit(shown, box)
        sys.stdout.write(_told(shown))
        sys.stdout.flush()
        if sys.stdin.isatty() and not given.once:
            _stay(box)
        elif not given.once:
            sys.stderr.write(
                "standard input is no terminal: the demo ends now; in a terminal it stays until Ctrl-C\n"
            )
        return _fault(shown, box)


def _fault(shown: Shown, box: Box) -> int:
    """Return the exit code of a demo that did not do what it is there to show, 0 where it did."""
    if box.pipeline.deadletters.all():
        sys.stderr.write("some messages were set aside; the lines above say at which stage\n")
        return 5
    if not shown.mails:
        sys.stderr.write("the city was crawled, and no mail came of it\n")
        return 1
    return 0


def _told(shown: Shown) -> str:
    answered = f"{shown.console}/incidents/{shown.answered}" if shown.answered else "nothing"
    return (
        f"{shown.posts} posts crawled, {shown.incidents} incidents, {shown.mails} mails\n"
        f"  the city   {shown.site}\n"
        f"  the desk   {shown.console}  (user {shown.user}, password {shown.password})\n"
        f"  the mails  {shown.folder / 'mail'}\n"
        f"  answered   {answered}  (by mail, over SMTP)\n"
    )


def _stay(box: Box) -> None:
    """Go on crawling and answering until Ctrl-C."""
    sys.stdout.write("Ctrl-C ends it.\n")
    clock = scheduler(box)
    clock.start()
    try:
        while not box.stop.is_set():
            if not box.pipeline.step(box.now()):
                box.stop.wait(_IDLE_S)
    except KeyboardInterrupt:
        return
    finally:
        clock.shutdown()
