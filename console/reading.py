"""From a raw request to what a page sees of it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from alerts.names import Locale
from console.asked import Asked, Fields
from console.cookies import Cookie
from console.doors import Doors
from console.page import Page
from console.views import proof

__all__ = ["FIELD_LIMIT", "asked_of", "stranger"]

FIELD_LIMIT = 100


def asked_of(doors: Doors, pages: Sequence[Page], request: Request, form: Fields) -> Asked:
    """Read who asks, in which language, with which fields; raise 400 where the query is no query of ours."""
    now = doors.now()
    session = doors.sessions.find(doors.jar.read(request.cookies, Cookie.SESSION), now)
    user = doors.users.find(session.name) if session else None
    if user is None:
        session = None
    word = doors.jar.read(request.cookies, Cookie.FORM) or secrets.token_urlsafe(24)
    return Asked(
        method=request.method,
        path=request.url.path,
        parts={key: str(value) for key, value in request.path_params.items()},
        query=_query(request),
        form=form,
        locale=_locale(doors, request, session.locale if session else None, user.locale if user else None),
        now=now,
        peer=request.client.host if request.client else "",
        form_word=word,
        proof=proof(doors.form_key, session.secret if session else word),
        reach=frozenset((page.method, page.path) for page in pages if (user.role if user else None) in page.roles),
        user=user,
        session=session,
    )


def stranger(doors: Doors, request: Request) -> Asked:
    """Read no more than the language: for answers about requests that went wrong."""
    return Asked(
        method=request.method, path=request.url.path, parts={}, query=Fields(), form=Fields(),
        locale=_locale(doors, request), now=doors.now(), peer="", form_word="", proof="", reach=frozenset(),
    )  # fmt: skip


def _query(request: Request) -> Fields:
    try:
        return Fields(tuple(parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=FIELD_LIMIT)))
    except ValueError:
        raise HTTPException(400, "too many fields") from None


def _locale(doors: Doors, request: Request, *chosen: str | None) -> Locale:
    """Choose the language: the address, this session, the user, the browser's cookie, the settings."""
    wishes = (request.query_params.get("lang"), *chosen, doors.jar.read(request.cookies, Cookie.LANGUAGE))
    for wish in wishes:
        if wish == "zh":
            return "zh"
        if wish == "en":
            return "en"
    return doors.settings.general.locale
