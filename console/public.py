"""What anybody may ask for: the transparency page, the style sheet, and what watchers of machines need."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from answerable.clock import DAY
from answerable.incident import State
from console.asked import Asked
from console.doors import Doors
from console.export import coarse
from console.situation import kept_in_time
from console.views import STYLE, render
from console.watch import alive, numbers, ready

__all__ = ["livez", "metrics", "readyz", "robots", "style", "transparency"]

_YEAR = 365 * DAY


def transparency(doors: Doors, asked: Asked) -> Response:
    """Tell everybody what the desk listens to, on what basis, for how long, and how it answers.

    Counts below k are not told, others are rounded to fives.
    """
    entries = [entry for entry in doors.desk.entries() if not entry.unconfirmed]
    recent = [entry for entry in entries if asked.now - entry.update.opened_at <= 30 * DAY]
    answered = [entry for entry in recent if any(event.after is State.ANSWERED for event in entry.history)]
    kept = kept_in_time(entries, asked.now)
    return render(
        doors,
        asked,
        "transparency.html",
        settings=doors.settings,
        sources=doors.health().sources,
        recent=coarse(len(recent), doors.k),
        answered=coarse(len(answered), doors.k),
        kept=kept if kept.all >= 2 * doors.k else None,
    )


def style(doors: Doors, asked: Asked) -> Response:
    """Serve the one style sheet; its address changes with its content."""
    return Response(STYLE, media_type="text/css", headers={"cache-control": f"public, max-age={_YEAR}, immutable"})


def robots(doors: Doors, asked: Asked) -> Response:
    """Ask crawlers to read the public page only."""
    return PlainTextResponse("User-agent: *\nAllow: /transparency\nDisallow: /\n")


def livez(doors: Doors, asked: Asked) -> Response:
    """Tell that this process answers."""
    return alive("")


def readyz(doors: Doors, asked: Asked) -> Response:
    """Tell whether everything works that alerts need: 200 or 503, and which parts by name only."""
    return ready(doors.health())


def metrics(doors: Doors, asked: Asked) -> Response:
    """Give the counters in Prometheus' text format."""
    return numbers(doors.metrics())
