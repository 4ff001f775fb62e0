"""Every mistake of a settings file and of the variables over it; what is wrong counts as not written."""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, structs

from answerable.app.check.finding import shown
from answerable.errors import SettingsError
from answerable.settings import Settings, load

__all__ = ["Survey", "survey"]

_MOST = 50
_HEAD = re.compile(r"\s*\[")
_NO_LINE = float("inf")


class Survey(Struct, frozen=True):
    """The settings as far as they can be read, and all that keeps the rest from being read."""

    settings: Settings
    errors: tuple[SettingsError, ...] = ()


def survey(path: Path | None, environ: Mapping[str, str]) -> Survey:
    """Read settings as `load` does, again and again without what it refuses; defaults where that leads nowhere."""
    variables, errors = dict(environ), list[SettingsError]()
    with tempfile.TemporaryDirectory() as folder:
        draft = _Draft(path, Path(folder)) if path is not None else None
        while len(errors) < _MOST:
            try:
                settings = load(draft.file, variables, draft.home) if draft else load(None, variables)
                return Survey(draft.named(settings) if draft else settings, tuple(errors))
            except SettingsError as error:
                if draft is None or not draft.follows(error):
                    errors.append(draft.renamed(error) if draft else error)
                variable = next((name for name in (error.key, error.file) if name in variables), None)
                if variable is not None:
                    del variables[variable]
                elif draft is None:
                    break
                elif not draft.cut(error):
                    draft = None
    return Survey(load(None, {}), tuple(errors))


class _Draft:
    """A copy of a settings file that loses one mistake after the other; the other lines stay where they are."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path, self._copy = path, folder / "settings.toml"
        self.home = path.absolute().parent
        self._cut: set[int] = set()
        self.file = path  # until something is cut: so that what cannot be read at all is said of the file itself

    def renamed(self, error: SettingsError) -> SettingsError:
        """Return an error as one of the file, with its line."""
        file, line = _place(error)
        if file in (str(self._copy), str(self._path)):
            file = shown(self._path)
        return SettingsError(error.what, file=file, line=line, key=error.key, repair=error.repair)

    def named(self, settings: Settings) -> Settings:
        """Return settings whose keys come from the file."""
        copy = f"{self._copy}:"
        origin = {
            key: f"{self._path}:{place.removeprefix(copy)}" if place.startswith(copy) else place
            for key, place in settings.origin.items()
        }
        return structs.replace(settings, origin=origin)

    def follows(self, error: SettingsError) -> bool:
        """Tell whether an error only says that the line above, which was cut, began something."""
        _, line = _place(error)
        return not error.key and line is not None and line - 1 in self._cut

    def cut(self, error: SettingsError) -> bool:
        """Blank out the lines of a mistake; return whether there was something to cut."""
        file, line = _place(error)
        if line is None or file not in (str(self._copy), str(self._path)):
            return False
        lines = self.file.read_text("utf-8").splitlines()
        span = _span(lines, line - 1, bool(error.key))
        if not any(lines[at].strip() for at in span):
            return False
        self._cut.update(at + 1 for at in span)
        self._copy.write_text("\n".join(_blanked(lines, span)) + "\n", "utf-8")
        self.file = self._copy
        return True


def _place(error: SettingsError) -> tuple[str, int | None]:
    found = re.fullmatch(r"(.+):(\d+)", error.file) if error.line is None else None
    return (found[1], int(found[2])) if found else (error.file, error.line)


def _span(lines: list[str], at: int, parsed: bool) -> range:
    """Return the lines of the mistake that was found in one: a section, a key with its value, or what is no TOML."""
    if not parsed:
        above = max((number for number in range(at) if lines[number].strip()), default=at)
        spans = [range(at, at + 1), range(above, above + 1)]
        return max(spans, key=lambda span: _first_fault(_blanked(lines, span)))
    if _HEAD.match(lines[at]):
        heads = (number for number in range(at + 1, len(lines)) if _HEAD.match(lines[number]))
        return range(at, next(heads, len(lines)))
    ends = (end for end in range(at + 1, len(lines)) if _first_fault(_blanked(lines, range(at, end))) == _NO_LINE)
    return range(at, next(ends, len(lines)))


def _blanked(lines: list[str], span: range) -> list[str]:
    return ["" if at in span else line for at, line in enumerate(lines)]


def _first_fault(lines: list[str]) -> float:
    """Return the line of the first thing that is no TOML, infinity where all is."""
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        return int(found[1]) if found else len(lines) + 1
    return _NO_LINE
