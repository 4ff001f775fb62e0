"""Where the files lie that the settings name, and where the program keeps its own."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from answerable.errors import SettingsError
from answerable.settings import Settings

__all__ = ["data_dir", "edited", "same_cluster", "secret", "since"]


def edited(settings: Settings, key: str) -> Path | None:
    """Return the path of a file people edit, None for the shipped one; relative paths count from the settings file.

    >>> from answerable.settings import load
    >>> edited(load(environ={"ANSWERABLE_FILES__RULES": "/etc/rules.yaml"}), "rules")
    PosixPath('/etc/rules.yaml')
    """
    value: str = getattr(settings.files, key)
    return settings.beside(f"files.{key}", value) if value else None


def data_dir(settings: Settings) -> Path:
    """Return the folder of everything the program keeps; mode 0700, made where it is missing."""
    folder = settings.beside("general.data_dir", settings.general.data_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be made: {error.strerror}", file=settings.origin.get("general.data_dir", ""),
            key="general.data_dir", repair="name a folder that this user may write",
        ) from None  # fmt: skip
    return folder


def secret(folder: Path, name: str) -> bytes:
    """Return 32 random bytes that are made once and kept in `folder` with mode 0600."""
    return bytes.fromhex(_once(folder, name, secrets.token_hex(32)))


def same_cluster(folder: Path, found: str, *, keep: bool = True) -> None:
    """Raise SettingsError where a desk's folder belongs to another cluster; a folder without one belongs to it now.

    How far the desk has read counts in that cluster's offsets: on another one it would pass over what is new.
    """
    path = folder / "cluster"
    held = _once(folder, "cluster", found) if keep else path.read_text("ascii") if path.exists() else found
    if held != found:
        repair = f"name that one, or, to begin anew, move {path} and {folder / 'ledger.db'} away"
        raise SettingsError(
            f"is another cluster ({found}) than the one that {folder} was used with ({held})",
            key="kafka.bootstrap", repair=repair,
        )  # fmt: skip


def since(folder: Path, now: int) -> int:
    """Return when the desk on this folder was first opened; `now`, where that is now."""
    return int(_once(folder, "since", str(now)))


def _once(folder: Path, name: str, fresh: str) -> str:
    """Return what a file holds; where there is none, it holds `fresh` from now on, whoever asks first."""
    path = folder / name
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", encoding="ascii", dir=folder) as file:  # of mode 0600
            file.write(fresh)
            file.flush()
            with suppress(FileExistsError):
                path.hardlink_to(file.name)
    return path.read_text("ascii")
