"""The gate before every page: may they who ask, and does the form prove where it came from."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.asked import Asked, Fields
from console.cookies import Cookie
from console.doors import Doors
from console.page import Page
from console.reading import FIELD_LIMIT, asked_of
from console.views import redirect

__all__ = ["BODY_LIMIT", "gate"]

BODY_LIMIT = 64 * 1024
_YEAR = 365 * 86400
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})

Endpoint = Callable[[Request], Awaitable[Response]]


def gate(doors: Doors, page: Page, pages: Sequence[Page]) -> Endpoint:
    """Return the endpoint of a page: it runs in a worker thread, and only for those whom the table lets in."""

    async def endpoint(request: Request) -> Response:
        form = await _form(request) if request.method == "POST" else Fields()
        return await run_in_threadpool(_answer, doors, page, pages, request, form)

    return endpoint


def _answer(doors: Doors, page: Page, pages: Sequence[Page], request: Request, form: Fields) -> Response:
    asked = asked_of(doors, pages, request, form)
    if not _let_in(page, asked, request):
        if asked.user is None:
            return _to_sign_in(request)
        raise HTTPException(403, "role")
    if request.method == "POST" and not _proved(request, asked, form):
        raise HTTPException(403, "form")
    response = page.act(doors, asked)
    _dress(doors, request, response, asked)
    return response


async def _form(request: Request) -> Fields:
    """Read a form of at most 64 KiB; only the plain kind that our own pages send."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELD_LIMIT)
    except ValueError:
        raise HTTPException(400, "no form of ours") from None
    return Fields(tuple(pairs))


def _proved(request: Request, asked: Asked, form: Fields) -> bool:
    """Tell whether a form came from a page of ours: by its hidden field, and by what the browser says."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    return hmac.compare_digest(form.get("proof").encode(), asked.proof.encode())


def _let_in(page: Page, asked: Asked, request: Request) -> bool:
    if (asked.user.role if asked.user else None) in page.roles:
        return True
    # A name other than loopback's in Host is a page that had its name pointed here.
    host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return page.loopback and asked.peer in _LOOPBACK and host in _LOCAL_NAMES and not forwarded


def _to_sign_in(request: Request) -> Response:
    if request.method == "POST":
        return redirect("/sign-in?over=1")
    where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return redirect("/sign-in" if where == "/" else f"/sign-in?next={quote(where, safe='')}")


def _dress(doors: Doors, request: Request, response: Response, asked: Asked) -> None:
    """Give the browser what its next form needs, and keep the language it asked for."""
    if asked.session is None and not doors.jar.read(request.cookies, Cookie.FORM):
        doors.jar.write(response, Cookie.FORM, asked.form_word)
    if asked.query.get("lang") == asked.locale and request.method == "GET":
        doors.jar.write(response, Cookie.LANGUAGE, asked.locale, _YEAR)
        if asked.session:
            asked.session.locale = asked.locale
