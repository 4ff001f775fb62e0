"""Cookies that only this host and only the server read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from starlette.responses import Response

__all__ = ["Cookie", "Jar"]


class Cookie(StrEnum):
    """What the desk keeps in a browser: the session, a random word for forms before sign-in, the language."""

    SESSION = "desk_session"
    FORM = "desk_form"
    LANGUAGE = "desk_language"


class Jar(Struct, frozen=True):
    """Names and writes cookies: `__Host-` and Secure where the desk is reached by https."""

    https: bool

    def name(self, cookie: Cookie) -> str:
        """Return the name a cookie has in the browser.

        >>> Jar(https=True).name(Cookie.SESSION)
        '__Host-desk_session'
        """
        return f"__Host-{cookie}" if self.https else str(cookie)

    def read(self, cookies: Mapping[str, str], cookie: Cookie) -> str:
        """Return a cookie's value, "" where there is none."""
        return cookies.get(self.name(cookie), "")

    def write(self, response: Response, cookie: Cookie, value: str, seconds: int | None = None) -> None:
        """Set a cookie; without `seconds` it lives as long as the browser is open."""
        response.set_cookie(
            self.name(cookie), value, max_age=seconds, path="/", secure=self.https, httponly=True, samesite="lax"
        )

    def drop(self, response: Response, cookie: Cookie) -> None:
        """Take a cookie back."""
        response.delete_cookie(self.name(cookie), path="/", secure=self.https, httponly=True, samesite="lax")
