"""How the desk itself is: what the roof tells the pages that show freshness, silence and readiness."""

from __future__ import annotations

from msgspec import Struct

from answerable.pulse import Placeless

__all__ = ["Health", "Part", "Silent"]


class Part(Struct, frozen=True):
    """One thing the desk needs (log, ledger, index, mail …), whether it works, and the repair if not.

    `needed` is False for what may fail while alerts still go out (the index).
    """

    name: str
    ok: bool
    detail: str = ""
    needed: bool = True


class Silent(Struct, frozen=True):
    """A source without new posts for longer than is usual there: since when, and why if that is known."""

    source: str
    since: int
    reason: str = ""


class Health(Struct, frozen=True, kw_only=True):
    """The state of the whole pipeline at one moment.

    `ages` is the age in seconds of the newest post per stage, in the order a post passes them. `sources`
    counts the listed sources. `posts_24h` is None where nobody counted; `usual_24h` is the usual for that
    day of the week. `set_aside` counts dead letters that wait for a person. `placeless` are the areas where too
    many posts find no place. `waiting` counts what each stage of this process has not handled yet, and `mails` those
    that have not gone out; None where nobody counted.
    """

    parts: tuple[Part, ...] = ()
    ages: tuple[tuple[str, int], ...] = ()
    sources: int = 0
    silent: tuple[Silent, ...] = ()
    posts_24h: int | None = None
    usual_24h: float | None = None
    set_aside: int = 0
    waiting: tuple[tuple[str, int], ...] = ()
    mails: int | None = None
    placeless: tuple[Placeless, ...] = ()

    @property
    def ready(self) -> bool:
        """Tell whether everything works that alerts need.

        >>> Health(parts=(Part("ledger", True), Part("index", False, needed=False))).ready
        True
        """
        return all(part.ok for part in self.parts if part.needed)
