"""The web desk as one application: the table of pages behind the gate, dressed with headers."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp

from alerts.entry import OpenDesk
from alerts.links import Links
from alerts.names import Names
from answerable.clock import MINUTE
from answerable.errors import Refused, Unavailable
from answerable.metrics import render as render_metrics
from answerable.settings import Settings
from console.cookies import Jar
from console.doors import Doors
from console.faults import broken, faults
from console.gate import gate
from console.headers import Headers
from console.health import Health
from console.page import Page
from console.routes import PAGES
from console.sessions import Sessions
from console.users import Users
from index.store import Search

__all__ = ["build"]


class _Desk(Starlette):
    """Starlette with the headers outside even its own last answer."""

    https = False

    def build_middleware_stack(self) -> ASGIApp:
        return Headers(super().build_middleware_stack(), https=self.https)


def build(
    desk: OpenDesk,
    index: Search,
    users: Users,
    names: Names,
    links: Links,
    config: Settings,
    now: Callable[[], int],
    health: Callable[[], Health],
    *,
    offices: tuple[str, ...] = (),
    metrics: Callable[[], bytes] = render_metrics,
    pages: tuple[Page, ...] = PAGES,
) -> Starlette:
    """Build the web desk.

    `offices` are the ids that a person may assign to; `now` gives UTC seconds; `health` is asked on the
    pages that show it. Cookies are `__Host-` and Secure where `console.base_url` is https.
    """
    https = config.console.base_url.lower().startswith("https://")
    doors = Doors(
        desk=desk, index=index, users=users, names=names, links=links, settings=config, now=now, health=health,
        metrics=metrics, offices=offices, sessions=Sessions(config.console.idle_minutes * MINUTE),
        jar=Jar(https), zone=ZoneInfo(config.general.timezone),
    )  # fmt: skip
    routes = [Route(page.path, gate(doors, page, pages), methods=[page.method]) for page in pages]
    refuse = faults(doors, pages)
    app = _Desk(
        routes=routes,
        exception_handlers={
            HTTPException: refuse, Refused: refuse, Unavailable: refuse, Exception: broken(doors),
        },
    )  # fmt: skip
    app.https = https
    app.router.redirect_slashes = False  # it would send people on to whatever host a request names
    return app
