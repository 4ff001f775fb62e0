"""One line of the table of pages: what it is called, who may, what it does."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from starlette.responses import Response

from console.asked import Asked
from console.doors import Doors
from console.users import Role

__all__ = ["Act", "Page"]

Act = Callable[[Doors, Asked], Response]


class Page(Struct, frozen=True):
    """A method and a path, the roles that may (None = nobody signed in), and the function that answers.

    `loopback` lets a program on the same machine in without a role.
    """

    method: str
    path: str
    roles: frozenset[Role | None]
    act: Act
    loopback: bool = False
