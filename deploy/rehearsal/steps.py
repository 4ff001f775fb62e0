"""What is rehearsed, in order; each step raises Failed where what it says does not hold."""

from __future__ import annotations

import re
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from answerable.app.demo.city import Entry
from deploy.rehearsal import desk
from deploy.rehearsal.composed import faults
from deploy.rehearsal.machine import Failed
from deploy.rehearsal.stage import Stage, until

__all__ = ["Step", "steps"]

_PARTS = ("crawl", "analyse", "track", "index", "desk")
_SCALED = ("--scale", "analyse=2", "--scale", "crawl=2")
_STAY = ("letters", "forum", "harbour", "archive")  # sources, once the news are removed
_OWN = 7  # containers of the parts, once analyse and crawl are two
Do = Callable[[], str]


class Step(Struct, frozen=True):
    """What a step shows, and the doing, which returns what was seen."""

    shows: str
    do: Do


class _Seen:
    """What one step leaves for a later one."""

    posts = 0
    mails: Sequence[str] = ()


def steps(
    small: Stage, middle: Stage, large: Stage, folder: Path, city: list[Entry], engines: Callable[[], object]
) -> Iterator[Step]:
    """Yield the steps: a desk of one process, one of every part, one beside Elasticsearch, below one folder.

    `engines` waits for the stand-ins, which are built beside the first steps.
    """
    seen, items = _Seen(), len(city) + sum(entry.reply is not None for entry in city)
    yield Step(
        "compose reads every profile without a remark: no tag floats, no root, loopback alone", lambda: _read(small)
    )
    yield Step("the image is built", lambda: _built(small))
    yield Step(
        "without a legal basis nothing starts, and one line says so", lambda: _lawless(small, folder / "small")
    )
    yield Step("without a secret nothing starts, and one line says so", lambda: _secretless(small, folder / "small"))
    yield Step("a port that is taken is named", lambda: _taken(small))
    yield Step("embedded: up, all healthy", lambda: _up(small, 3, "box", "mail", "site"))
    yield Step("the engines' stand-ins are built", lambda: _waited(engines))
    yield Step(
        "full: up, all healthy, but for Kibana, which is not here", lambda: _up(large, 7, *_PARTS, "mail", "site")
    )
    yield Step("the bundled city is crawled inside the network", lambda: _crawled(large))
    yield Step("its posts are found in Elasticsearch, each once", lambda: _indexed(large, seen, items))
    yield Step("analysers and crawlers scaled to two", lambda: _scaled(large))
    yield Step("two crawlers never share a host", lambda: _apart(large))
    yield Step("each own container killed once comes back", lambda: _killed(large))
    yield Step("a source added while it runs is crawled", lambda: _added(large, folder / "large", seen))
    yield Step("a source removed while it runs is left alone", lambda: _removed(large, folder / "large"))
    yield Step("embedded: an alert mail is in the catcher", lambda: _mailed(small))
    yield Step("full: an alert mail is in the catcher", lambda: _mailed(large, seen))
    yield Step("the users' passwords are checked against an old volume", lambda: _drifted(large, folder / "large"))
    yield Step("down and up: the data are kept", lambda: _kept(large, seen))
    yield Step("search: up, all healthy, every post found once", lambda: _searched(middle, items, small, large))


def _read(stage: Stage) -> str:
    profiles = [f"{one}{more}" for one in ("embedded", "search", "full") for more in ("", ",mail-test")]
    for chosen in profiles:
        config, remarked = stage.composed(chosen)
        if wrong := [*remarked.splitlines(), *faults(config)]:
            raise Failed(f"{chosen}: {'; '.join(wrong)}")
    return ", ".join(profiles)


def _built(stage: Stage) -> str:
    stage.compose("build", "settings", within_s=900.0)
    return ""


def _waited(engines: Callable[[], object]) -> str:
    engines()
    return ""


def _lawless(stage: Stage, folder: Path) -> str:
    path = folder / "answerable.toml"
    right = path.read_text("utf-8")
    path.write_text(right.replace("legal_basis = ", "# legal_basis = "), "utf-8")
    try:
        stage.refused("up", "--detach", "box")
        told = stage.compose("logs", "--no-color", "--no-log-prefix", "settings")
    finally:
        path.write_text(right, "utf-8")
    return _line(told, "legal.legal_basis")


def _secretless(stage: Stage, folder: Path) -> str:
    path = folder / "secrets" / "smtp_password"
    path.unlink()
    try:
        return _line(stage.refused("up", "--detach", "box"), "smtp_password")
    finally:
        path.write_text("", "utf-8")
        path.chmod(0o644)


def _taken(stage: Stage) -> str:
    with closing(socket.socket()) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", desk.port(stage.folder)))
        other.listen()
        told = stage.refused("up", "--detach", "box")
    stage.compose("rm", "--stop", "--force", "box")
    return _line(told, str(desk.port(stage.folder)))


def _up(stage: Stage, count: int, *services: str) -> str:
    stage.up(*services)
    if not stage.healthy(count, *services):
        raise Failed("not every container is healthy")
    return f"{count} containers"


def _crawled(stage: Stage) -> str:
    until("four sources visited", lambda: len(_sources(stage, "2000-01-01T00:00:00Z")) == 4)
    return "4 sources"


def _sources(stage: Stage, since: str) -> set[str]:
    return {source for _, source in stage.visits(since)}


def _posts(stage: Stage) -> int:
    stage.found("/answerable-posts-*/_refresh")
    return int(stage.found("/answerable-posts-*/_count")["count"])


def _indexed(stage: Stage, seen: _Seen, items: int) -> str:
    until(f"{items} posts in the index", lambda: _posts(stage) >= items)
    seen.posts = _posts(stage)
    if seen.posts != items:
        raise Failed(f"{seen.posts} posts in the index, {items} on the pages")
    return f"{items} posts"


def _scaled(stage: Stage) -> str:
    stage.compose("up", "--detach", "--no-recreate", "--wait", "--wait-timeout", "600", *_SCALED, *_PARTS)
    if not stage.healthy(_OWN, *_PARTS):
        raise Failed("not every container is healthy")
    return f"{_OWN} containers"


def _apart(stage: Stage) -> str:
    since = _now()
    until("every source visited again", lambda: len(_sources(stage, since)) == 4)
    owners: dict[str, set[str]] = {}
    for container, source in stage.visits(since):
        owners.setdefault(desk.HOSTS[source], set()).add(container)
    shared = [host for host, crawlers in owners.items() if len(crawlers) > 1]
    if shared or len(stage.ids("crawl")) != 2:
        raise Failed(f"hosts visited by two: {shared}")
    return ", ".join(f"{host}: {next(iter(crawlers))}" for host, crawlers in sorted(owners.items()))


def _killed(stage: Stage) -> str:
    containers = stage.ids(*_PARTS)
    for container in containers:
        stage.kill(container)
    until("every container started again", lambda: all(stage.restarts(one) for one in containers))
    until("every container healthy again", lambda: stage.healthy(_OWN, *_PARTS))
    return f"{len(containers)} containers"


def _added(stage: Stage, folder: Path, seen: _Seen) -> str:
    before = _posts(stage)
    if before != seen.posts:
        raise Failed(f"{before} posts after the kills, {seen.posts} before")
    desk.write_sources(folder, ("forum", "harbour", "news", "archive"))
    until("the new source visited", lambda: "archive" in _sources(stage, "2000-01-01T00:00:00Z"))
    until("its posts in the index", lambda: _posts(stage) > before)
    return f"{_posts(stage) - before} posts more so far"


def _removed(stage: Stage, folder: Path) -> str:
    desk.write_sources(folder, _STAY)
    noticed = '"gone": ["news"]'
    until("noticed by both", lambda: stage.compose("logs", "--no-color", "crawl").count(noticed) == 2)
    since = _now()
    until("the others visited three times more", lambda: min(_visited(stage, since)[one] for one in _STAY) >= 3)
    if (more := _visited(stage, since)["news"]) > 1:  # one had begun
        raise Failed(f"it was visited {more} times more")
    return "news is not visited"


def _visited(stage: Stage, since: str) -> Counter[str]:
    return Counter(source for _, source in stage.visits(since))


def _mailed(stage: Stage, seen: _Seen | None = None) -> str:
    until("a mail in the catcher", stage.mails)
    mails = stage.mails()
    if seen is not None:
        seen.mails = mails
    return f"{len(mails)} mails about {len(set(mails))} incidents"


def _drifted(stage: Stage, folder: Path) -> str:
    path = folder / "secrets" / "elastic_password"
    right = path.read_text("utf-8")
    path.write_text("another-word", "utf-8")
    try:
        return _line(stage.refused("run", "--rm", "--no-deps", "users"), "secrets/elastic_password")
    finally:
        path.write_text(right, "utf-8")


def _kept(stage: Stage, seen: _Seen) -> str:
    posts = _posts(stage)
    stage.compose("down", within_s=300.0)
    stage.up(*_PARTS, "mail", "site")
    if (found := _posts(stage)) < posts:
        raise Failed(f"{found} posts, {posts} before")
    if "the first user is" in stage.compose("logs", "--no-color", "desk"):
        raise Failed("the desk has forgotten its users")
    mails = stage.mails()
    if len(mails) < len(seen.mails):
        raise Failed("the catcher has lost mails")
    return f"{found} posts, {len(mails)} mails, the same users"


def _searched(stage: Stage, items: int, *others: Stage) -> str:
    for other in others:
        other.clear()
    _up(stage, 3, "box-search", "mail", "site")
    return _indexed(stage, _Seen(), items)


def _line(told: str, word: str) -> str:
    """Return the line of what was told that names a word."""
    found = next((line.strip() for line in told.splitlines() if word in line), None)
    if found is None:
        raise Failed(f"nothing names {word} in: {told[-1500:]}")
    return re.split(r"Error response from daemon: |ended with \d+: ", found)[-1][-300:]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
