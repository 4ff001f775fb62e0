"""The keys behind author tokens: one random key a UTC day, mode 0600, destroyed after 48 hours.

A token says that two posts of one source and one UTC day (of publication) have the same author. Once
the day's key is gone nobody, the desk included, can tell whose token it was or link it to another day.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from answerable.clock import DAY, day_of
from answerable.errors import Unavailable

__all__ = ["KEPT_SECONDS", "DayKeys"]

KEPT_SECONDS = 2 * DAY
_KEY, _TIME = 32, 8


class DayKeys:
    """The keys in one folder; processes that share the folder share the keys. Without one they are in memory alone.

    A key is made at the first post of its day and lives 48 hours from then. A replay keeps its keys in
    its own folder by never calling `expire`, and calls `destroy` when it is done. Raises Unavailable
    where the folder cannot be read or written: without a key no post passes.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._keys: dict[str, bytes] = {}

    def token(self, source: str, author: str, day_at: int, now: int) -> str:
        """Return the token of an author for a source and the UTC day that `day_at` falls in: 32 hex digits."""
        day = day_of(day_at)
        key = self._keys.get(day) or self._keys.setdefault(day, self._load(day, now))
        text = "\0".join((source, author, day))
        return hmac.digest(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)[:16].hex()

    def expire(self, now: int) -> int:
        """Destroy every key made 48 hours ago or earlier; return how many."""
        return self._drop(now - KEPT_SECONDS)

    def destroy(self) -> int:
        """Destroy every key; return how many."""
        return self._drop(None)

    def _drop(self, made_by: int | None) -> int:
        self._keys.clear()
        dropped = 0
        for path in sorted(self._folder.glob("*.key")) if self._folder else ():
            try:
                if made_by is not None and _made(path.read_bytes()) > made_by:
                    continue
                path.write_bytes(bytes(_KEY + _TIME))
                path.unlink()
            except FileNotFoundError:
                continue
            dropped += 1
        return dropped

    def _load(self, day: str, now: int) -> bytes:
        if self._folder is None:
            return secrets.token_bytes(_KEY)
        path = self._folder / f"{day}.key"
        try:
            if not path.exists():
                _make(path, now)
            data = path.read_bytes()
        except OSError as error:
            raise Unavailable(f"the day keys in {self._folder} cannot be used: {error.strerror}") from None
        if len(data) != _KEY + _TIME:
            raise Unavailable(f"{path.name} is no day key; remove the file, a new key is made")
        return data[:_KEY]


def _make(path: Path, now: int) -> None:
    """Make a key; where another process was faster, its key stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(8)}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(_KEY) + max(0, now).to_bytes(_TIME, "big"))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _made(data: bytes) -> int:
    return int.from_bytes(data[_KEY : _KEY + _TIME], "big")
