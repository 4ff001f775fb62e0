"""The gazetteer: which places there are, what they are called, and which lies in which.

A CSV file `id,parent,level,name,aliases,lat,lon,kind`; aliases separated by `|`. Read strictly: a mistake is an
error that names file, line, key and the repair.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from answerable.errors import SettingsError
from answerable.strict import nearest

__all__ = ["COLUMNS", "Gazetteer", "Place", "degrees", "shortened", "written"]

COLUMNS = ("id", "parent", "level", "name", "aliases", "lat", "lon", "kind")
_SHORTENED = {"省": 3, "市": 3, "县": 3}  # suffixes that people leave out, and the least length of the whole name
_DISTRICTS = ("district", "county", "borough", "ward")


class Place(Struct, frozen=True):
    """One place; `parent` is None at the top, `lat`/`lon` are degrees or None."""

    id: str
    parent: str | None
    level: str
    name: str
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    kind: str = ""


class Gazetteer:
    """Places by id; an empty one knows none and answers None."""

    def __init__(self, places: Mapping[str, Place], digest: str) -> None:
        self.places = places
        self.digest = digest

    @classmethod
    def load(cls, path: Path | None) -> Gazetteer:
        """Read a gazetteer, None = the empty one; raise SettingsError with file, line, key and repair."""
        if path is None:
            return cls({}, "empty")
        try:
            text = path.read_text("utf-8-sig")
        except OSError as error:
            raise SettingsError(
                f"cannot be read: {error.strerror}", file=str(path), repair="check the path"
            ) from None
        except UnicodeDecodeError:
            raise SettingsError("is not UTF-8", file=str(path), repair="save it as UTF-8") from None
        places, lines = _read(text, str(path))
        _check(places, lines, str(path))
        return cls(places, hashlib.blake2b(text.encode(), digest_size=4).hexdigest())

    def name(self, place: str) -> str:
        """Return a place's name, or the id itself where it is unknown."""
        known = self.places.get(place)
        return known.name if known else place

    def aliases(self, place: str) -> tuple[str, ...]:
        """Return the other names of a place."""
        known = self.places.get(place)
        return known.aliases if known else ()

    def chain(self, place: str) -> Iterator[Place]:
        """Yield the place and those it lies in, upwards."""
        at: str | None = place
        while at is not None and (known := self.places.get(at)) is not None:
            yield known
            at = known.parent

    def ancestor_at(self, place: str, level: str) -> str | None:
        """Return the place itself or the one it lies in at a level, None where there is none."""
        return next((known.id for known in self.chain(place) if known.level == level), None)

    def district_of(self, place: str, area: str | None = None) -> str | None:
        """Return the district (or county, borough, ward) that a place is or lies in, None outside the `area`."""
        found = next((known.id for known in self.chain(place) if known.level in _DISTRICTS), None)
        return found if area is None or (found is not None and self.within(found, area)) else None

    def within(self, place: str, outer: str) -> bool:
        """Tell whether a place is another one or lies in it."""
        return any(known.id == outer for known in self.chain(place))


def _read(text: str, file: str) -> tuple[dict[str, Place], dict[str, int]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)  # a name may hold what Python calls a line break
    places: dict[str, Place] = {}
    lines: dict[str, int] = {}
    try:
        _check_head(next(reader, []), file)
        for row in reader:
            if row:
                place = _place(row, file, reader.line_num)
                if place.id in places:
                    raise SettingsError(
                        f"{place.id} stands already in line {lines[place.id]}", file=file, line=reader.line_num,
                        key="id", repair="give each place an id of its own",
                    )  # fmt: skip
                places[place.id], lines[place.id] = place, reader.line_num
    except csv.Error as error:
        raise SettingsError(
            str(error), file=file, line=reader.line_num, repair='close the quotes; write " as ""'
        ) from None
    return places, lines


def _check_head(head: list[str], file: str) -> None:
    for column in head:
        if column not in COLUMNS:
            raise SettingsError("unknown column", file=file, line=1, key=column, repair=nearest(column, COLUMNS))
    if tuple(head) != COLUMNS:
        raise SettingsError("is not the head of a gazetteer", file=file, line=1, repair=f"write {','.join(COLUMNS)}")


def _place(row: list[str], file: str, line: int) -> Place:
    if len(row) != len(COLUMNS):
        repair = f"write {len(COLUMNS)} columns: {','.join(COLUMNS)}"
        raise SettingsError(f"has {len(row)} columns", file=file, line=line, repair=repair)
    cells = dict(zip(COLUMNS, (cell.strip() for cell in row), strict=True))
    for key in ("id", "level", "name"):
        if not cells[key]:
            raise SettingsError("is empty", file=file, line=line, key=key, repair=f"give the place's {key}")
    return Place(
        id=cells["id"],
        parent=cells["parent"] or None,
        level=cells["level"],
        name=cells["name"],
        aliases=tuple(alias.strip() for alias in cells["aliases"].split("|") if alias.strip()),
        lat=_degrees(cells["lat"], 90, file, line, "lat"),
        lon=_degrees(cells["lon"], 180, file, line, "lon"),
        kind=cells["kind"],
    )


def _degrees(cell: str, limit: int, file: str, line: int, key: str) -> float | None:
    try:
        return degrees(cell, limit)
    except ValueError as error:
        what, _, repair = str(error).partition("; ")
        raise SettingsError(what, file=file, line=line, key=key, repair=repair) from None


def degrees(cell: str, limit: int) -> float | None:
    """Read degrees between -limit and limit, None for an empty cell; raise ValueError: what is wrong; the repair.

    >>> degrees("36.65", 90), degrees("", 90)
    (36.65, None)
    """
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is no number; write degrees such as 36.65") from None
    if not -limit <= value <= limit:
        raise ValueError(f"{cell} is out of range; write degrees between -{limit} and {limit}")
    return value


def shortened(name: str) -> tuple[str, ...]:
    """Return how people shorten a Chinese name: none or one.

    >>> shortened("澜汀市"), shortened("泽县")
    (('澜汀',), ())
    """
    least = _SHORTENED.get(name[-1:])
    return (name[:-1],) if least and len(name) >= least and not name[0].isascii() else ()


def written(place: Place) -> tuple[str, ...]:
    """Return the cells of a place's row, in the order of COLUMNS.

    >>> written(Place("1", None, "city", "甲市", ("甲", "Jia"), 30.5))
    ('1', '', 'city', '甲市', '甲|Jia', '30.5', '', '')
    """
    lat, lon = ("" if value is None else str(value) for value in (place.lat, place.lon))
    return (place.id, place.parent or "", place.level, place.name, "|".join(place.aliases), lat, lon, place.kind)


def _check(places: dict[str, Place], lines: dict[str, int], file: str) -> None:
    sound: set[str] = set()
    for place in places.values():
        path: list[str] = []
        at: str | None = place.id
        while at is not None and at not in sound:
            if at in path:
                loop = " > ".join([*path[path.index(at) :], at])
                raise SettingsError(
                    f"lies in itself: {loop}", file=file, line=lines[at], key="parent", repair="break the circle"
                )
            path.append(at)
            parent = places[at].parent
            if parent is not None and parent not in places:
                raise SettingsError(
                    f"there is no place {parent}", file=file, line=lines[at], key="parent",
                    repair=nearest(parent, places) if len(places) < 50 else "add it, or correct the id",
                )  # fmt: skip
            at = parent
        sound.update(path)
