"""What a check found: all is well, beware, wrong, or out of reach; each with its place and its repair."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from answerable.errors import SettingsError

__all__ = ["Finding", "Grade", "shown", "well", "wrong"]

_MARKS = {"ok": "✓", "warning": "!", "wrong": "✗", "unreachable": "✗"}


class Grade(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    UNREACHABLE = "unreachable"


class Finding(Struct, frozen=True, kw_only=True):
    """One line of a report; `check` names what was looked at, in one word."""

    check: str
    grade: Grade
    message: str
    repair: str = ""
    file: str = ""
    line: int | None = None
    key: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing has to be mended."""
        return self.grade in (Grade.OK, Grade.WARNING)

    @property
    def text(self) -> str:
        """The line for people.

        >>> Finding(check="rules", grade=Grade.WRONG, message="unknown key", file="rules.yaml", line=3,
        ...         key="[2].wehn", repair="did you mean 'when'?").text
        "✗ rules.yaml:3: wehn: unknown key; did you mean 'when'?"
        """
        key = re.sub(r"^\[\d+\](\.|$)", "", self.key) if self.line else self.key  # the line says which entry
        file = self.file if self.file or self.key else self.check
        told = SettingsError(self.message, file=file, line=self.line, key=key, repair=self.repair)
        return f"{_MARKS[self.grade]} {told}"


def well(check: str, message: str, file: Path | str = "") -> Finding:
    """Return the finding that all is well."""
    return Finding(check=check, grade=Grade.OK, message=message, file=shown(file))


def wrong(check: str, error: SettingsError, grade: Grade = Grade.WRONG) -> Finding:
    """Return what an error says as a finding."""
    place = re.fullmatch(r"(.+):(\d+)", error.file) if error.line is None else None
    file, line = (place[1], int(place[2])) if place else (error.file, error.line)
    return Finding(
        check=check, grade=grade, message=error.what, repair=error.repair, file=shown(file), line=line, key=error.key
    )


def shown(file: Path | str) -> str:
    """Return a file's path as people want to read it: from the working folder where it lies below."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(file)
