"""Who may use the desk: local users in one JSON file, mode 0600, passwords as argon2id hashes."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import threading
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from answerable.errors import Refused, SettingsError

__all__ = ["MINIMUM", "Role", "User", "Users"]

MINIMUM = 12  # characters of a password; longer is asked for, composition is not
_LONGEST = 256  # more would only feed the hash
_NAME = re.compile(r"[\w.@-]{1,64}")


class Role(StrEnum):
    """What a user is to the desk; rights follow from the role alone (console/routes.py)."""

    OFFICIAL = "official"
    ANALYST = "analyst"
    OPERATOR = "operator"
    ADMIN = "admin"


class User(Struct, frozen=True, forbid_unknown_fields=True):
    """One user: the offices (ids) this person speaks for, the language chosen, if any."""

    name: str
    role: Role
    offices: tuple[str, ...] = ()
    locale: Literal["zh", "en"] | None = None


class _Kept(Struct, frozen=True, forbid_unknown_fields=True):
    user: User
    hash: str


class Users:
    """The users of one desk; safe to call from any thread, every change is on disk when it returns.

    Two hashes at most run at a time, because each takes 64 MiB by design.
    """

    def __init__(self, path: Path, kept: dict[str, _Kept], hasher: PasswordHasher) -> None:
        self._path, self._kept, self._hasher = path, kept, hasher
        self._lock = threading.Lock()
        self._hashing = threading.BoundedSemaphore(2)
        self._nobody = hasher.hash(secrets.token_urlsafe(16))

    @classmethod
    def load(cls, path: Path, hasher: PasswordHasher | None = None) -> Users:
        """Read the users, none where there is no file; raise SettingsError where it is open to others or broken."""
        kept: dict[str, _Kept] = {}
        with contextlib.suppress(FileNotFoundError):
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                raise SettingsError("others may read it", file=str(path), repair=f"chmod 600 {path}")
            try:
                rows = msgspec.json.decode(path.read_bytes(), type=list[_Kept])
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise SettingsError(
                    f"is no list of users: {error}", file=str(path), repair="restore it from a backup, or delete it"
                ) from None
            kept = {row.user.name: row for row in rows}
        return cls(path, kept, hasher or PasswordHasher())

    def first_admin(self) -> str | None:
        """Create the user `admin` where there is no user yet, and return its random password; None otherwise."""
        if self._kept:
            return None
        password = secrets.token_urlsafe(18)
        self.create("admin", Role.ADMIN, password)
        return password

    def create(self, name: str, role: Role, password: str, offices: tuple[str, ...] = ()) -> User:
        """Add a user; raise Refused where the name is taken or odd, or the password too short."""
        if not _NAME.fullmatch(name):
            raise Refused("a name has 1 to 64 letters, digits, dots, hyphens, underscores or @")
        hashed = self._hash(password)
        user = User(name, Role(role), offices)
        with self._lock:
            if name in self._kept:
                raise Refused(f"there is a user {name} already; choose another name")
            self._write({**self._kept, name: _Kept(user, hashed)})
        return user

    def verify(self, name: str, password: str) -> User | None:
        """Return the user whose password this is, or None; an unknown name takes as long as a wrong password."""
        kept = self._kept.get(name)
        with self._hashing:
            try:
                self._hasher.verify(kept.hash if kept else self._nobody, password[:_LONGEST])
            except (VerificationError, InvalidHashError):
                return None
        return kept.user if kept else None

    def find(self, name: str) -> User | None:
        """Return the user of that name as kept now."""
        kept = self._kept.get(name)
        return kept.user if kept else None

    def all(self) -> list[User]:
        """Return every user by name."""
        return [self._kept[name].user for name in sorted(self._kept)]

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password; raise Refused where it is too short or the user is gone."""
        hashed = self._hash(password)
        with self._lock:
            self._write({**self._kept, name: _Kept(self._known(name).user, hashed)})

    def set_locale(self, name: str, locale: Literal["zh", "en"]) -> None:
        """Keep the language that a user chose; raise Refused where the user is gone."""
        with self._lock:
            kept = self._known(name)
            changed = msgspec.structs.replace(kept.user, locale=locale)
            self._write({**self._kept, name: _Kept(changed, kept.hash)})

    def remove(self, name: str) -> None:
        """Take a user away; raise Refused for the last admin, who could not be replaced."""
        with self._lock:
            self._known(name)
            rest = {other: kept for other, kept in self._kept.items() if other != name}
            if not any(kept.user.role is Role.ADMIN for kept in rest.values()):
                raise Refused("this is the last admin; create another one first")
            self._write(rest)

    def _known(self, name: str) -> _Kept:
        if name not in self._kept:
            raise Refused(f"there is no user {name} any more")
        return self._kept[name]

    def _hash(self, password: str) -> str:
        if not MINIMUM <= len(password) <= _LONGEST:
            raise Refused(f"a password has {MINIMUM} to {_LONGEST} characters; a sentence is a good one")
        with self._hashing:
            return self._hasher.hash(password)

    def _write(self, kept: dict[str, _Kept]) -> None:
        """Replace the file in one step: new bytes on disk first, then the name."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(self._path.name + ".new")
        data = msgspec.json.format(msgspec.json.encode([kept[name] for name in sorted(kept)]), indent=1)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        self._kept = kept
