"""A process that dies between appending what it crawled and marking it as seen."""

from __future__ import annotations

import time
from contextlib import ExitStack

from answerable.app.demo.city import FOLDER, pages
from answerable.app.demo.site import Site, serve
from answerable.clock import HOUR
from answerable.post import post_id
from tests.chaos.faults.deaths import kill_at
from tests.chaos.judge import Op
from tests.chaos.scene import Scene

__all__ = ["killed_while_crawling"]

_VISITED_WITHIN_S = 90.0
_SOURCES = 4


def killed_while_crawling(scene: Scene) -> None:
    """Kill the crawling process at "page appended", over and over, then let it crawl the city to the end.

    The city shows a few more of its pages after each death, so that there is something to append each time.
    """
    entries, times = pages(scene.machine.now - HOUR), scene.size.times
    shown = len(entries) // (times + 1)
    scene.feeder.finish(120.0)
    for what in scene.machine.stop_all():
        scene.wrong(what)
    with ExitStack() as held:
        port = held.enter_context(serve(lambda: Site.of(entries[:shown])))
        sources = scene.machine.folder / "sources.yaml"
        sources.write_text((FOLDER / "sources.yaml").read_text("utf-8").replace("PORT", str(port)), "utf-8")
        scene.machine.environment = {
            "ANSWERABLE_FILES__SOURCES": str(sources), "ANSWERABLE_CRAWL__DELAY_S": "0.0",
            "ANSWERABLE_CRAWL__PRIVATE_HOSTS": f'["127.0.0.1:{port}"]',
        }  # fmt: skip
        for _ in range(times):
            if not kill_at(scene, "page appended", "box"):
                scene.wrong("the process did not append a page")
            shown += len(entries) // (times + 1)
        shown = len(entries)
        if not _visited(scene):
            scene.wrong("the city was not crawled to the end")
    native = [(one.board, str(one.number)) for one in entries]
    native += [(one.board, f"{one.number}/official/{one.number}-reply") for one in entries if one.reply]
    scene.feeder.note(Op.OK, [post_id(*pair) for pair in native])
    scene.note("pages", len(entries))


def _visited(scene: Scene) -> bool:
    """Start anew, and wait until every source was visited."""
    scene.machine.kill("box")
    said = scene.machine.folder / "box.log"
    before = said.read_text("utf-8").count("a source was visited")
    scene.machine.start("box")
    until = time.monotonic() + _VISITED_WITHIN_S
    while time.monotonic() < until:
        if said.read_text("utf-8").count("a source was visited") >= before + _SOURCES:
            return True
        time.sleep(0.2)
    return False
