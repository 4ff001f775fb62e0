"""What a reader sees when something cannot be done: a plain page that says what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from answerable.errors import Refused, Unavailable
from answerable.log import get
from console.asked import Asked, Fields
from console.doors import Doors
from console.page import Page
from console.reading import asked_of, stranger
from console.views import render

__all__ = ["Answer", "broken", "faults"]

Answer = Callable[[Request, Exception], Response]
_log = get("console")


def faults(doors: Doors, pages: Sequence[Page]) -> Answer:
    """Return what answers for every refusal: the status, and a page in the reader's language."""

    def answer(request: Request, error: Exception) -> Response:
        match error:
            case HTTPException():
                status, detail = error.status_code, error.detail
            case Unavailable():
                status, detail = 503, ""
                _log.warning("a page needed what is away", path=_path(request), error=str(error))
            case Refused():
                status, detail = 409, str(error)
            case _:
                raise error
        response = _page(doors, _asked(doors, pages, request), status, detail)
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    return answer


def broken(doors: Doors) -> Answer:
    """Return what answers for our own mistakes: 500, and a line in the log without anybody's words."""

    def answer(request: Request, error: Exception) -> Response:
        _log.error("a page broke; the reader saw an apology", path=_path(request), error=type(error).__name__)
        return _page(doors, stranger(doors, request), 500, "")

    return answer


def _asked(doors: Doors, pages: Sequence[Page], request: Request) -> Asked:
    try:
        return asked_of(doors, pages, request, Fields())
    except HTTPException:  # the query itself is what cannot be read
        return stranger(doors, request)


def _page(doors: Doors, asked: Asked, status: int, detail: str) -> Response:
    return render(doors, asked, "fault.html", status=status, code=status, detail=detail)


def _path(request: Request) -> str:
    """Name the page without what a mail's link carries."""
    return "/act/…" if request.url.path.startswith("/act/") else request.url.path
