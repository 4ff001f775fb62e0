"""Where sources lie: a private address is refused at every visit unless the settings except it, so say it now."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Collection, Iterable, Mapping

from msgspec import Struct

from answerable.app.check.finding import Grade
from crawlers.addresses import Gate, is_public

__all__ = ["LookUp", "Verdict", "judge", "look_up", "unasked"]

LookUp = Callable[[Collection[str]], Mapping[str, tuple[str, ...]]]
_PATIENCE_S = 5.0
Pair = tuple[str, int]


class Verdict(Struct, frozen=True):
    """What is wrong or doubtful about a host."""

    grade: Grade
    what: str
    repair: str


def judge(pairs: Iterable[Pair], private_hosts: Iterable[str], look_up: LookUp) -> dict[Pair, Verdict]:
    """Return the hosts, with their ports, that cannot be crawled, or not now.

    >>> judge([("letters.example", 443), ("city.example", 80)], [], lambda names: {"letters.example": ("10.0.0.8",)})
    ... # doctest: +NORMALIZE_WHITESPACE
    {('city.example', 80): Verdict(grade=<Grade.WARNING: 'warning'>, what='city.example has no address now',
      repair='correct the name, or try again once the network is up'),
     ('letters.example', 443): Verdict(grade=<Grade.WRONG: 'wrong'>, what='letters.example lies on a private address',
      repair='crawl public sites, or add "letters.example:443" to crawl.private_hosts')}
    """
    gate, wanted = Gate(private_hosts), sorted(set(pairs))
    literal = {host: (host,) for host, _ in wanted if ":" in host or host.replace(".", "").isdigit()}
    known = {**look_up(sorted({host for host, _ in wanted} - set(literal))), **literal}
    found: dict[Pair, Verdict] = {}
    for host, port in wanted:
        if gate.lets_private(host, port):
            continue
        if not known.get(host):
            repair = "correct the name, or try again once the network is up"
            found[host, port] = Verdict(Grade.WARNING, f"{host} has no address now", repair)
        elif not all(map(is_public, known[host])):
            repair = f'crawl public sites, or add "{host}:{port}" to crawl.private_hosts'
            found[host, port] = Verdict(Grade.WRONG, f"{host} lies on a private address", repair)
    return found


def unasked(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Answer for every name as if it lay in public: where nobody is asked, nothing is wrong with an answer."""
    return dict.fromkeys(names, ("1.1.1.1",))


def look_up(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Ask the machine's resolver for all names at once; names without an answer in time are left out."""
    found: dict[str, tuple[str, ...]] = {}

    def ask(name: str) -> None:
        try:
            answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found[name] = tuple(sorted({str(answer[4][0]) for answer in answers}))

    threads = [threading.Thread(target=ask, args=(name,), daemon=True) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE_S)
    return dict(found)
