"""A gazetteer from a dump in the GeoNames format: which rows are taken, their level, parent and names.

Tab separated, UTF-8, 19 columns without a head (allCountries.txt, XX.txt), with the columns and feature codes of its
export's readme. A unit is known by country and admin codes, and every row lies in the deepest unit that its codes
name. Names by language come from alternateNames(V2).txt, units that a dump lacks from a list of units.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from answerable.lines import BadLine, each, numbered
from nlp.gazetteer import Place, degrees

__all__ = ["Choice", "Named", "Row", "place_of", "read_names", "read_rows", "read_units"]

_COLUMNS = 19
_LONGEST = 1 << 18  # bytes of a line; the longest of the world have some 20,000
_CODES = slice(10, 14)  # admin1 to admin4
_NO_CODE = frozenset(("", "00"))
_PAST = re.compile(r"^(?:ADM\wH|PCLH|PPLC?H|PPL[QW])$")  # what was, and what nobody lives in any more
_DEPTHS = {"ADM1": 1, "ADM2": 2, "ADM3": 3, "ADM4": 4}
_LEVELS = {
    "ADM1": "state", "ADM2": "county", "ADM3": "district", "ADM4": "town", "ADM5": "community", "PPLC": "city",
    "PPLA": "city", "PPLA2": "city", "PPLL": "village", "PPLF": "village", "PPLR": "village", "PPLX": "neighbourhood",
}  # fmt: skip
_OWN_LEVELS = {
    "CN": {"ADM1": "province", "ADM2": "city", "ADM3": "district", "PPL": "village"},
    "US": {"ADM3": "town"},
}  # fmt: skip
_CLASS_LEVELS = {"P": "town", "R": "street"}
_MOST = 60  # characters of an alias
_FOREIGN = re.compile(r"\||://")


class Choice(Struct, frozen=True):
    """Which rows are taken, and how they are called.

    `countries` are two-letter codes, `regions` dotted admin codes such as CN.11 or US.CA.037; none = all. `features`
    are classes (A, P) and codes (L.PRK). `levels` goes by feature code, before the country's usual ones. `languages`
    are those of names, the best first; `scripts` those of aliases, by the first word of Unicode's name of a letter.
    """

    countries: frozenset[str] = frozenset()
    regions: tuple[tuple[str, ...], ...] = ()
    features: frozenset[str] = frozenset(("A", "P"))
    levels: Mapping[str, str] = {}
    languages: tuple[str, ...] = ()
    scripts: frozenset[str] = frozenset(("latin", "cjk"))

    def takes(self, row: Row) -> bool:
        """Tell whether a row is wanted: its feature and its country, in or above one of the regions."""
        if row.feature not in self.features and f"{row.feature}.{row.code}" not in self.features:
            return False
        if _PAST.match(row.code) or (self.countries and row.codes[0] not in self.countries):
            return False
        return not self.regions or any(_in_or_above(row, region) for region in self.regions)


class Row(Struct, frozen=True, kw_only=True):
    """One row. `codes` are country and admin codes as far as they go; `depth` how many of them are its own key.

    `depth` is None where the row is no unit that others lie in, 0 for a country.
    """

    id: str
    name: str
    ascii: str
    others: str
    lat: float | None
    lon: float | None
    feature: str
    code: str
    codes: tuple[str, ...]

    @property
    def depth(self) -> int | None:
        """Return how many admin codes make this unit's key, None where it is no unit."""
        if self.feature != "A":
            return None
        if self.code.startswith("PCL"):
            return 0
        depth = _DEPTHS.get(self.code)
        return depth if depth is not None and len(self.codes) > depth else None


class Named(Struct, frozen=True):
    """A name of a place in a language; `rank` is least for the one to be shown."""

    rank: int
    name: str


def _in_or_above(row: Row, region: tuple[str, ...]) -> bool:
    if row.codes[: len(region)] == region:
        return True
    return row.depth is not None and row.codes[: row.depth + 1] == region[: row.depth + 1]


def read_rows(path: Path) -> Iterator[Row | BadLine]:
    """Yield the rows of a dump; a line that is none, or whose id stood before, is a bad line."""
    seen: set[int] = set()

    def once(text: bytes) -> Row:
        row = _row(text)
        number = int(row.id)
        if number in seen:
            raise ValueError(f"geonameid: {number} stands already above")
        seen.add(number)
        return row

    return each(numbered(path, _LONGEST), once)


def _row(text: bytes) -> Row:
    cells = _cells(text)
    if len(cells) != _COLUMNS:
        raise ValueError(f"has {len(cells)} columns; a dump of this format has {_COLUMNS}")
    if not (cells[0].isascii() and cells[0].isdigit()):
        raise ValueError("geonameid: is no number")
    if not cells[1]:
        raise ValueError("name: is empty")
    return Row(
        id=cells[0], name=cells[1], ascii=cells[2], others=cells[3], lat=_degrees(cells[4], 90, "latitude"),
        lon=_degrees(cells[5], 180, "longitude"), feature=cells[6], code=cells[7], codes=_codes(cells),
    )  # fmt: skip


def _degrees(cell: str, limit: int, key: str) -> float | None:
    try:
        return degrees(cell, limit)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def _codes(cells: list[str]) -> tuple[str, ...]:
    codes = [cells[8]]
    for code in cells[_CODES]:
        if code in _NO_CODE:
            break
        codes.append(code)
    return tuple(codes)


def _cells(text: bytes) -> list[str]:
    try:
        return [cell.strip() for cell in text.decode().split("\t")]
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None


def read_units(path: Path) -> Iterator[Row | BadLine]:
    """Yield the units of a list such as admin1CodesASCII.txt (dotted codes, name, name in ASCII, id) as rows."""
    return each(numbered(path, _LONGEST), _unit)


def _unit(text: bytes) -> Row:
    cells = _cells(text)
    if len(cells) != 4 or "." not in cells[0] or not (cells[3].isascii() and cells[3].isdigit()):
        raise ValueError("is no line of a list of units: codes such as CN.11, name, name in ASCII, geonameid")
    codes = tuple(cells[0].split("."))
    return Row(
        id=cells[3], name=cells[1], ascii=cells[2], others="", lat=None, lon=None, feature="A",
        code=f"ADM{len(codes) - 1}", codes=codes,
    )  # fmt: skip


def read_names(
    path: Path, wanted: Collection[int], languages: tuple[str, ...]
) -> Iterator[tuple[str, Named] | BadLine]:
    """Yield the ids that are wanted with their names in these languages, of alternateNames.txt; no historic ones."""

    def name(text: bytes) -> tuple[str, Named] | None:
        cells = _cells(text)
        if len(cells) < 4:
            raise ValueError("has fewer than four columns; a list of names has eight or ten")
        flags = [*cells[4:8], "", "", "", ""]
        if not (cells[1].isascii() and cells[1].isdigit()):
            raise ValueError("geonameid: is no number")
        if cells[2] not in languages or flags[3] == "1" or not cells[3] or int(cells[1]) not in wanted:
            return None
        rank = 4 * languages.index(cells[2]) + 2 * (flags[2] == "1") + (flags[0] != "1")
        return cells[1], Named(rank, cells[3])

    return (found for found in each(numbered(path, _LONGEST), name) if found is not None)


def level_of(row: Row, levels: Mapping[str, str]) -> str:
    """Return the level of a row: as told, as usual in its country, by its feature code or class.

    >>> row = Row(id="1", name="a", ascii="a", others="", lat=None, lon=None, feature="A", code="ADM2", codes=("CN",))
    >>> level_of(row, {}), level_of(row, {"ADM2": "county"})
    ('city', 'county')
    """
    if row.code in levels:
        return levels[row.code]
    if row.feature == "A" and row.code.startswith(("PCL", "TERR")):
        return "country"
    own = _OWN_LEVELS.get(row.codes[0], {})
    return own.get(row.code) or _LEVELS.get(row.code) or _CLASS_LEVELS.get(row.feature, "site")


def names_of(row: Row, named: tuple[Named, ...], choice: Choice) -> tuple[str, tuple[str, ...]]:
    """Return the name that is shown and the other names, in the order found, each once.

    The name is the best of the chosen languages; where a Chinese one is wanted and nobody lists names by language,
    the first in Han. One character, a code (LAX) and what is in another script are no aliases.
    """
    best = [one.name for one in sorted(named, key=lambda one: one.rank)]
    listed = [other.strip() for other in row.others.split(",") if not _is_code(other.strip())] if not named else []
    if not best and choice.languages[:1] == ("zh",):
        best = [other for other in listed if _script(other) == "cjk"][:1]
    name = _clean(best[0] if best else row.name)
    in_script = [other for other in (row.name, row.ascii, *listed) if _script(other) in choice.scripts]
    kept = (other for other in (*best, *in_script) if 2 <= len(other) <= _MOST and not _FOREIGN.search(other))
    return name, tuple(dict.fromkeys(other for other in kept if other != name))


def _clean(name: str) -> str:
    return name.replace("|", " ").strip()


def _is_code(name: str) -> bool:
    return len(name) <= 4 and name.isascii() and name.isupper()


def _script(name: str) -> str:
    return _script_of(name[0]) if name else ""


@lru_cache(maxsize=4096)
def _script_of(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0].lower()


def place_of(row: Row, parent: str | None, named: tuple[Named, ...], choice: Choice) -> Place:
    """Return a row as a place of the gazetteer."""
    name, aliases = names_of(row, named, choice)
    return Place(row.id, parent, level_of(row, choice.levels), name, aliases, row.lat, row.lon, row.code)
