"""A user's own page: language and password; and the admin's page of users."""

from __future__ import annotations

import secrets

from starlette.exceptions import HTTPException
from starlette.responses import Response

from answerable.errors import Refused
from console.asked import Asked
from console.doors import Doors
from console.users import MINIMUM, Role
from console.views import redirect, render

__all__ = ["change_user", "own", "save_own", "users"]


def own(doors: Doors, asked: Asked) -> Response:
    """Show one's own settings."""
    return _own(doors, asked)


def save_own(doors: Doors, asked: Asked) -> Response:
    """Keep a language, or change the password after the old one; every other session of this user ends."""
    asked.form.only("proof", "locale", "old", "new")
    raw = dict(asked.form.pairs)
    name = asked.who.name
    match asked.form.get("locale"):
        case "zh" | "en" as locale:
            doors.users.set_locale(name, "zh" if locale == "zh" else "en")
            asked.open_session.locale = locale
            asked.open_session.said = "language"
            return redirect("/settings")
    wait = doors.by_name.wait(name, asked.now)
    if wait or doors.users.verify(name, raw.get("old", "")) is None:
        doors.by_name.failed(name, asked.now)
        return _own(doors, asked, refused="old", status=409)
    try:
        doors.users.set_password(name, raw.get("new", ""))
    except Refused as refused:
        return _own(doors, asked, refused=str(refused), status=409)
    doors.sessions.close_all(name, but=asked.open_session.secret)
    asked.open_session.said = "password"
    return redirect("/settings")


def users(doors: Doors, asked: Asked) -> Response:
    """Show who may use the desk."""
    return _users(doors, asked)


def change_user(doors: Doors, asked: Asked) -> Response:
    """Create a user, give one another password, or remove one; new passwords are random and shown once."""
    asked.form.only("proof", "do", "name", "role", "office")
    name, password = asked.form.get("name"), secrets.token_urlsafe(15)
    try:
        match asked.form.get("do"):
            case "create" if asked.form.get("role") in list(Role):
                doors.users.create(name, Role(asked.form.get("role")), password, asked.form.all("office"))
            case "password":
                doors.users.set_password(name, password)
                doors.sessions.close_all(name, but=asked.open_session.secret)
            case "remove":
                doors.users.remove(name)
                doors.sessions.close_all(name)
                asked.open_session.said = "removed"
                return redirect("/users")
            case _:
                raise HTTPException(400, "nothing of ours to do")
    except Refused as refused:
        return _users(doors, asked, refused=str(refused), status=409)
    return _users(doors, asked, shown=(name, password))


def _own(doors: Doors, asked: Asked, refused: str = "", status: int = 200) -> Response:
    return render(doors, asked, "settings.html", status=status, refused=refused, minimum=MINIMUM)


def _users(
    doors: Doors, asked: Asked, refused: str = "", shown: tuple[str, str] | None = None, status: int = 200
) -> Response:
    return render(
        doors, asked, "users.html", status=status, refused=refused, shown=shown, users=doors.users.all(),
        roles=list(Role), offices=sorted(doors.offices),
    )  # fmt: skip
