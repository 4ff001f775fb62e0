"""The table of pages: every path the console answers, and the roles that may. What is not here, does not exist."""

from __future__ import annotations

from console import account, export, held, incident, link, public, search, sign, situation
from console.page import Page
from console.users import Role

__all__ = ["PAGES"]

_ANYONE: frozenset[Role | None] = frozenset({None, *Role})
_SIGNED_IN: frozenset[Role | None] = frozenset(Role)
_ACTING: frozenset[Role | None] = frozenset({Role.OFFICIAL, Role.ANALYST, Role.ADMIN})
_READING: frozenset[Role | None] = frozenset({Role.ANALYST, Role.ADMIN})
_RUNNING: frozenset[Role | None] = frozenset({Role.OPERATOR, Role.ADMIN})
_ADMIN: frozenset[Role | None] = frozenset({Role.ADMIN})

PAGES: tuple[Page, ...] = (
    Page("GET", "/", _SIGNED_IN, situation.front),
    Page("GET", "/incidents", _SIGNED_IN, situation.listing),
    Page("GET", "/incidents.csv", _SIGNED_IN, export.as_csv),
    Page("GET", "/incidents/{id}", _SIGNED_IN, incident.show),
    Page("POST", "/incidents/{id}/act", _ACTING, incident.act),
    Page("GET", "/held", _READING, held.listing),
    Page("GET", "/search", _READING, search.look),
    Page("POST", "/search", _READING, search.explain),
    Page("GET", "/settings", _SIGNED_IN, account.own),
    Page("POST", "/settings", _SIGNED_IN, account.save_own),
    Page("GET", "/users", _ADMIN, account.users),
    Page("POST", "/users", _ADMIN, account.change_user),
    Page("GET", "/sign-in", _ANYONE, sign.door),
    Page("POST", "/sign-in", _ANYONE, sign.sign_in),
    Page("POST", "/sign-out", _SIGNED_IN, sign.sign_out),
    Page("GET", "/act/{token}", _ANYONE, link.offer),
    Page("POST", "/act/{token}", _ANYONE, link.confirm),
    Page("GET", "/transparency", _ANYONE, public.transparency),
    Page("GET", "/desk.css", _ANYONE, public.style),
    Page("GET", "/robots.txt", _ANYONE, public.robots),
    Page("GET", "/livez", _ANYONE, public.livez),
    Page("GET", "/readyz", _ANYONE, public.readyz),
    Page("GET", "/metrics", _RUNNING, public.metrics, loopback=True),
)
