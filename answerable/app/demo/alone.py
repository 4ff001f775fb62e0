"""The demo's city or its mail sink as a process of its own, for networks of containers.

python -m answerable.app.demo.alone mail 2525 /mail      # keeps every mail as a file
python -m answerable.app.demo.alone site 8080            # serves the city as it stands now
python -m answerable.app.demo.alone site 8080 1767225600 # as it stood then (UTC seconds)
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from answerable.app.demo.city import pages
from answerable.app.demo.sink import sink
from answerable.app.demo.site import Site, serve
from answerable.clock import system_now

__all__ = ["main"]

_EVERYWHERE = "0.0.0.0"  # noqa: S104 — inside a container, whose network decides who comes near


def main(words: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT; 2 where nobody knows what."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    match list(words):
        case ["mail", port, folder]:
            with sink(Path(folder), _EVERYWHERE, int(port)):
                stop.wait()
        case ["site", port, *start]:
            site = Site.of(pages(int(start[0]) if start else system_now()))
            with serve(lambda: site, int(port), _EVERYWHERE):
                stop.wait()
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
