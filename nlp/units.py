"""Which unit a place lies in, by its country and admin codes, and which seat is one with its unit."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from nlp.clean import folded
from nlp.gazetteer import Place, shortened

__all__ = ["Above", "Units", "bear_one_name"]


class Above(Struct, frozen=True):
    """What a place lies in: the unit's id, None at the top; `missing` counts the units between that nobody lists."""

    id: str | None
    missing: int


class Units:
    """Units by their codes: a country, then admin codes.

    >>> units = Units({("CN",): "1", ("CN", "11"): "2"})
    >>> units.above(("CN", "11", "4301"))
    Above(id='2', missing=1)
    >>> units.above(("CN", "11"), 1)  # the unit with these codes itself lies in its country
    Above(id='1', missing=0)
    """

    def __init__(self, ids: Mapping[tuple[str, ...], str]) -> None:
        self._ids = ids

    def above(self, codes: tuple[str, ...], depth: int | None = None) -> Above:
        """Return the deepest unit that codes name; of a unit of its own `depth`, the one above it."""
        most = len(codes) if depth is None else depth
        for length in range(most, 0, -1):
            found = self._ids.get(codes[:length])
            if found is not None:
                return Above(found, most - length)
        return Above(None, most)


def bear_one_name(seat: Place, unit: Place) -> bool:
    """Tell whether a seat is called as its unit is, in any of their names: then they are one place to a reader.

    >>> bear_one_name(Place("2", "1", "city", "Xiling", ("西岭",)), Place("1", None, "city", "西岭市"))
    True
    """
    return not _called(seat).isdisjoint(_called(unit))


def _called(place: Place) -> frozenset[str]:
    names = (place.name, *place.aliases)
    return frozenset(folded(name).text for one in names for name in (one, *shortened(one)))
