"""What ids are called in a reader's language: places, topics, offices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from alerts.recipients import Recipients

__all__ = ["Locale", "Names", "is_nowhere"]

Locale = Literal["zh", "en"]


class Names:
    """Names for ids in both languages; an unknown id is its own name.

    `places` gives every name of a gazetteer id, the proper one first, then the aliases. `topics` gives
    the name of a taxonomy id by locale, as the taxonomy file says.
    """

    def __init__(
        self, places: Mapping[str, tuple[str, ...]], topics: Mapping[str, Mapping[str, str]], recipients: Recipients
    ) -> None:
        self._places = places
        self._topics = topics
        self._offices = {office.id: office.name for office in recipients.offices}

    def place(self, key: str | None, locale: Locale) -> str:
        """Name a place or an area; "" where nothing located it (None, or an area `~source`).

        >>> names = Names({"3701": ("澜汀市", "Lanting")}, {}, Recipients(offices=[], people=[]))
        >>> names.place("3701", "zh"), names.place("3701", "en"), names.place("~board", "en")
        ('澜汀市', 'Lanting', '')
        """
        if key is None or is_nowhere(key):
            return ""
        names = self._places.get(key, ()) or (key,)
        if locale == "zh":
            return names[0]
        return next((name for name in names if _is_latin(name)), names[0])

    def topic(self, key: str, locale: Locale) -> str:
        """Name a topic, or its parent where only that has a name."""
        return _choose(self._topics.get(key) or self._topics.get(key.partition(".")[0]) or {}, key, locale)

    def office(self, key: str | None, locale: Locale) -> str:
        """Name an office; "" for none."""
        return "" if key is None else _choose(self._offices.get(key) or {}, key, locale)


def is_nowhere(area: str) -> bool:
    """Tell whether an area is none: where posts of a source go that neither named a place nor has a home.

    >>> is_nowhere("~board"), is_nowhere("3701")
    (True, False)
    """
    return area.startswith("~")


def _choose(names: Mapping[str, str], key: str, locale: Locale) -> str:
    return names.get(locale) or next((names[other] for other in sorted(names)), key)


def _is_latin(name: str) -> bool:
    """Tell whether a name is written in Latin letters.

    >>> _is_latin("Lanting"), _is_latin("澜汀"), _is_latin("A3区")
    (True, False, False)
    """
    return name[:1].isalpha() and all(ord(letter) < 0x250 for letter in name)
