"""What a page sees of a request: who asks, in which language, with which fields."""

from __future__ import annotations

from urllib.parse import urlencode

from msgspec import Struct
from starlette.exceptions import HTTPException

from alerts.names import Locale
from console.sessions import Session
from console.users import User

__all__ = ["Asked", "Fields"]

_LAST_PAGE = 500


class Fields(Struct, frozen=True):
    """The fields of a query or a form, in order, as text without blanks around it."""

    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return a field's only value, "" where it is absent.

        >>> Fields((("q", " 停水 "),)).get("q")
        '停水'
        """
        return next((value.strip() for key, value in self.pairs if key == name), "")

    def page(self) -> int:
        """Return the number of the page asked for, 1 where none is; answer 400 for what is none of the first 500."""
        page = self.get("page") or "1"
        if not page.isascii() or not page.isdecimal() or len(page) > 3 or not 1 <= int(page) <= _LAST_PAGE:
            raise HTTPException(400, "no such page")
        return int(page)

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that may repeat, without empty ones."""
        return tuple(value.strip() for key, value in self.pairs if key == name and value.strip())

    def only(self, *allowed: str) -> None:
        """Answer 400 where a field is none of those allowed: what we do not know, we do not guess."""
        for key, _ in self.pairs:
            if key not in allowed:
                raise HTTPException(400, f"no such field: {key[:40]}")

    def without(self, *names: str) -> str:
        """Write the fields as a query again, without those named and without empty ones.

        >>> Fields((("q", "water"), ("page", "2"))).without("page")
        'q=water'
        """
        return urlencode([(key, value) for key, value in self.pairs if key not in names and value])


class Asked(Struct, frozen=True, kw_only=True):
    """One request behind the gate.

    `proof` is the hidden field that a form of this browser has to carry, `form_word` the cookie it is made
    from before sign-in. `reach` holds the (method, path) pairs that the user's role may ask for.
    """

    method: str
    path: str
    parts: dict[str, str]
    query: Fields
    form: Fields
    locale: Locale
    now: int
    peer: str
    form_word: str
    proof: str
    reach: frozenset[tuple[str, str]]
    user: User | None = None
    session: Session | None = None

    def may(self, method: str, path: str) -> bool:
        """Tell whether the user's role may ask for a page, named as in the table of pages."""
        return (method, path) in self.reach

    @property
    def who(self) -> User:
        """The user who asks; pages behind a role have one."""
        if self.user is None:
            raise HTTPException(401)
        return self.user

    @property
    def open_session(self) -> Session:
        """The session of the user who asks."""
        if self.session is None:
            raise HTTPException(401)
        return self.session
