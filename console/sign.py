"""Signing in and out: a slow hash, a wait after failures, a new session each time."""

from __future__ import annotations

from starlette.responses import Response

from console.asked import Asked
from console.cookies import Cookie
from console.doors import Doors
from console.views import redirect, render

__all__ = ["door", "sign_in", "sign_out"]


def door(doors: Doors, asked: Asked) -> Response:
    """Show the form; who is signed in already goes on."""
    if asked.user is not None:
        return redirect(_onward(asked.query.get("next")))
    return _form(doors, asked, asked.query.get("next"), over=asked.query.get("over") == "1")


def sign_in(doors: Doors, asked: Asked) -> Response:
    """Check name and password; too many failures of a name or an address have to wait."""
    name, onward = asked.form.get("name")[:64], asked.form.get("next")
    wait = max(doors.by_name.wait(name, asked.now), doors.by_peer.wait(asked.peer, asked.now))
    if wait:
        response = _form(doors, asked, onward, name=name, wait=wait, status=429)
        response.headers["retry-after"] = str(wait)
        return response
    # A password may begin or end with a blank.
    password = next((value for key, value in asked.form.pairs if key == "password"), "")
    user = doors.users.verify(name, password)
    if user is None:
        doors.by_name.failed(name, asked.now)
        doors.by_peer.failed(asked.peer, asked.now)
        return _form(doors, asked, onward, name=name, wrong=True, status=401)
    doors.by_name.clear(name)
    if asked.session is not None:
        doors.sessions.close(asked.session.secret)
    session = doors.sessions.open(user.name, asked.now)
    session.locale = asked.query.get("lang") or None
    response = redirect(_onward(onward))
    doors.jar.write(response, Cookie.SESSION, session.secret)
    doors.jar.drop(response, Cookie.FORM)
    return response


def sign_out(doors: Doors, asked: Asked) -> Response:
    """End the session, here and in the browser."""
    doors.sessions.close(asked.open_session.secret)
    response = redirect("/sign-in")
    doors.jar.drop(response, Cookie.SESSION)
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def _onward(path: str) -> str:
    r"""Return where to go after signing in: a path of ours, or the first page.

    >>> _onward("/incidents/bcdfghj"), _onward("//evil.example"), _onward("/\\evil.example")
    ('/incidents/bcdfghj', '/', '/')
    """
    odd = not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable()
    return "/" if odd or path.startswith("/sign-") else path


def _form(
    doors: Doors, asked: Asked, onward: str, *, name: str = "", wrong: bool = False, over: bool = False,
    wait: int = 0, status: int = 200,
) -> Response:  # fmt: skip
    return render(
        doors, asked, "sign_in.html", status=status, onward=onward, name=name, wrong=wrong, over=over, wait=wait
    )
