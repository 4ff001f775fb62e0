"""A gazetteer of a dump in the GeoNames format: units first, then every other place, in two readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from answerable.app.goodlines import GoodLines
from answerable.errors import SettingsError
from nlp.gazetteer import Place
from nlp.geonames import Choice, Named, Row, place_of, read_names, read_rows, read_units
from nlp.units import Above, Units, bear_one_name

__all__ = ["Dump", "Tally"]


class Tally(Struct):
    """What came of it: places by level, how often each name is borne, and what does not hang where its codes say.

    `orphans` are at the top, `higher` in a unit above the one that is missing; `seats` were one with their unit.
    """

    levels: Counter[str]
    names: Counter[str]
    orphans: int = 0
    higher: int = 0
    seats: int = 0
    bad: int = 0

    def add(self, place: Place, above: Above) -> None:
        """Count a place that is written."""
        self.levels[place.level] += 1
        self.names.update((place.name, *place.aliases))
        self.orphans += above.id is None and above.missing > 0
        self.higher += above.id is not None and above.missing > 0


class Dump:
    """The places of a dump as chosen; `tally` is whole once all of them were taken.

    In memory are units, seats, the ids and names of what was chosen. A seat that is called as the unit it lies in
    gives its names to the unit and is no place besides. Raises SettingsError where nothing was chosen.
    """

    def __init__(
        self,
        path: Path,
        choice: Choice,
        *,
        units: Iterable[Path] = (),
        names: Path | None = None,
        strict: bool = False,
    ) -> None:
        self.tally = Tally(Counter(), Counter())
        self._path, self._choice, self._strict = path, choice, strict
        self._rows: dict[str, Row] = {}  # units and seats; all else is read again when it is written
        self._named: dict[str, tuple[Named, ...]] = {}
        wanted = self._survey()
        ids = {row.codes[: row.depth + 1]: row.id for row in self._rows.values() if row.depth is not None}
        for row in self._listed(units):
            if row.codes not in ids:
                ids[row.codes], self._rows[row.id] = row.id, row
                wanted.add(int(row.id))
        self._units = Units(ids)
        if names is not None:
            self._take_names(names, wanted)

    def places(self) -> Iterator[Place]:
        """Yield the places, units first."""
        yield from self._units_and_seats()
        for row in read_rows(self._path):
            if isinstance(row, Row) and row.id not in self._rows and self._choice.takes(row):
                place, above = self._placed(row)
                self.tally.add(place, above)
                yield place

    def _survey(self) -> set[int]:
        """Read it once: keep units and seats, tell of bad lines, and return the ids of all that was chosen."""
        wanted: set[int] = set()
        good = GoodLines(str(self._path), read_rows(self._path), strict=self._strict)
        for row in good:
            if self._choice.takes(row):
                wanted.add(int(row.id))
                if row.depth is not None or _is_seat(row):
                    self._rows[row.id] = row
        self.tally.bad += good.bad
        if not wanted:
            raise SettingsError(
                "holds nothing that was asked for", file=str(self._path),
                repair="compare --country, --region and --features with its columns 9, 11 to 14, 7 and 8",
            )  # fmt: skip
        return wanted

    def _listed(self, units: Iterable[Path]) -> Iterator[Row]:
        for path in units:
            good = GoodLines(str(path), read_units(path), strict=self._strict)
            yield from filter(self._choice.takes, good)
            self.tally.bad += good.bad

    def _take_names(self, path: Path, wanted: set[int]) -> None:
        found = read_names(path, wanted, self._choice.languages)
        good = GoodLines(str(path), found, strict=self._strict)
        for place, name in good:
            self._named[place] = (*self._named.get(place, ()), name)
        self.tally.bad += good.bad

    def _units_and_seats(self) -> Iterator[Place]:
        placed = {row.id: self._placed(row) for row in self._rows.values()}
        for seat, above in list(placed.values()):
            if _is_seat(self._rows[seat.id]) and above.id in placed:
                unit, over = placed[above.id]
                if bear_one_name(seat, unit):
                    placed[unit.id] = _with_names(unit, seat), over
                    del placed[seat.id]
                    self.tally.seats += 1
        for place, above in placed.values():
            self.tally.add(place, above)
            yield place

    def _placed(self, row: Row) -> tuple[Place, Above]:
        above = self._units.above(row.codes, row.depth)
        return place_of(row, above.id, self._named.get(row.id, ()), self._choice), above


def _is_seat(row: Row) -> bool:
    return row.code == "PPLC" or row.code.startswith("PPLA")


def _with_names(unit: Place, seat: Place) -> Place:
    names = dict.fromkeys((*unit.aliases, seat.name, *seat.aliases))
    return replace(unit, aliases=tuple(name for name in names if name != unit.name))
