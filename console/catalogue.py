"""The console's texts in a reader's language: English as written in the templates, Chinese from zh.po."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from alerts.names import Locale

__all__ = ["Catalogue", "catalogue"]

_FOLDER = Path(__file__).parent / "locale"


class Catalogue:
    """Looks texts up by their English; an unknown text is its own translation."""

    def __init__(self, texts: dict[str, tuple[str, ...]]) -> None:
        self._texts = texts

    def gettext(self, message: str) -> str:
        """Translate one text."""
        return self._texts.get(message, (message,))[0]

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translate a text that counts something; languages without plurals have one form.

        >>> catalogue("en").ngettext("%(n)s post", "%(n)s posts", 2)
        '%(n)s posts'
        """
        found = self._texts.get(one)
        if found is None:
            return one if count == 1 else many
        return found[0] if count == 1 else found[-1]


@cache
def catalogue(locale: Locale) -> Catalogue:
    """Return the catalogue of a language, read once from the .po file as people edit it."""
    texts: dict[str, tuple[str, ...]] = {}
    if locale != "en":
        with (_FOLDER / f"{locale}.po").open("rb") as file:
            for message in read_po(file, locale=locale):
                found = message.string if isinstance(message.string, tuple | list) else (message.string,)
                key = message.id if isinstance(message.id, str) else message.id[0]
                strings = tuple(string for string in found if string)
                if key and strings:
                    texts[key] = strings
    return Catalogue(texts)
