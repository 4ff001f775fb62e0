"""The demo from the first request to the last page: site, sink, crawl, incidents, mails, console."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
from msgspec import Struct

from answerable.app.box import Box
from answerable.app.demo.city import FOLDER, pages
from answerable.app.demo.folder import write
from answerable.app.demo.official import answer_by_mail, answers_of
from answerable.app.demo.sink import sink
from answerable.app.demo.site import Site, serve
from answerable.clock import MINUTE, system_now
from answerable.errors import Unavailable
from answerable.settings import Settings, load
from console.serve import Serving

__all__ = ["Shown", "show", "visit"]

_PASSED = 5 * MINUTE  # folds and desk do their work on five-minute boundaries: the first round lets one pass


class Shown(Struct, frozen=True):
    """A demo that stands: addresses, the user, the folder, what was found; the incident that was answered by mail."""

    console: str
    site: str
    user: str
    password: str
    folder: Path
    posts: int
    incidents: int
    mails: int
    answered: str


class _Clock:
    """Stands still while the city is first crawled, so that all of it is seen at once; it never turns back."""

    def __init__(self) -> None:
        self.now, self.stands = system_now(), True

    def __call__(self) -> int:
        return self.now if self.stands else max(self.now + _PASSED, system_now())


@contextmanager
def show(folder: Path) -> Iterator[tuple[Shown, Box]]:
    """Run the demo in an empty folder; it stands while the block runs."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    clock = _Clock()
    site = Site.of(pages(clock.now))
    with serve(lambda: site) as site_port, sink(folder / "mail") as mails:
        settings = _settings(folder, site_port, mails.port)
        box = Box(settings, clock)
        mails.answers = answers_of(box)
        password = box.users.first_admin() or ""
        serving = Serving(box.console(), "127.0.0.1", settings.console.port, box.stop)
        try:
            shown = _fill(box, folder, f"http://127.0.0.1:{site_port}/", password, mails.port)
            clock.stands = False
            yield shown, box
        finally:
            serving.stop()
            box.close()


def _settings(folder: Path, site: int, smtp: int) -> Settings:
    path = write(folder, [f"127.0.0.1:{site}"], ("127.0.0.1", smtp), _free_port())
    sources = (FOLDER / "sources.yaml").read_text("utf-8").replace("PORT", str(site))
    (folder / "sources.yaml").write_text(sources, "utf-8")
    return load(path)


def _fill(box: Box, folder: Path, site: str, password: str, smtp: int) -> Shown:
    """Crawl everything once, let it pass the pipeline, hand over the mails, answer one of them."""
    with ThreadPoolExecutor(len(box.sources)) as pool:
        list(pool.map(box.crawl, box.sources))
    now = box.now()
    box.pipeline.drain(now)
    for at in (now, now + _PASSED):
        box.pipeline.tick(at)
        box.pipeline.drain(at)
    box.stores.desk.deliver(box.notifier, now + _PASSED)
    answered = answer_by_mail(box, folder / "mail", smtp, now + _PASSED)
    return Shown(
        console=box.settings.console.base_url, site=site, user="admin", password=password, folder=folder,
        posts=sum(one.handled for one in box.seen.stretches() if one.stage == "crawl"),
        incidents=len(box.stores.desk.entries()),
        mails=len(list((folder / "mail").glob("*.eml"))), answered=answered,
    )  # fmt: skip


def visit(shown: Shown, box: Box) -> list[Path]:
    """Open every console page as a signed-in user, keep each as HTML; raise Unavailable where one does not answer."""
    folder = shown.folder / "pages"
    folder.mkdir(exist_ok=True)
    kept = []
    with httpx.Client(base_url=shown.console, follow_redirects=True, timeout=20) as client:
        for name, path in _paths(box):
            answer = client.get(path)
            if answer.status_code != 200:
                raise Unavailable(f"the console answered {answer.status_code} for {path}")
            kept.append(folder / f"{name}.html")
            kept[-1].write_text(answer.text, "utf-8")
            if name == "sign-in":
                _sign_in(client, answer.text, shown)
    return kept


def _paths(box: Box) -> Iterator[tuple[str, str]]:
    yield from (("sign-in", "/sign-in"), ("situation", "/"), ("incidents", "/incidents"))
    for entry in box.stores.desk.entries():
        yield f"incident-{entry.update.incident}", f"/incidents/{entry.update.incident}"
    yield from ((name, f"/{name}") for name in ("held", "search", "settings", "users", "transparency"))


def _sign_in(client: httpx.Client, page: str, shown: Shown) -> None:
    proof = re.search(r'name="proof" value="([^"]+)"', page)
    form = {"proof": proof[1] if proof else "", "next": "/", "name": shown.user, "password": shown.password}
    if client.post("/sign-in", data=form).status_code != 200:
        raise Unavailable("the console did not let the demo's user in")


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port
