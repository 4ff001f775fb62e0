"""The catalogue of phrases, in two languages: locale/<locale>/LC_MESSAGES/mail.po, read as it is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from alerts.names import Locale

__all__ = ["Phrases", "phrases"]

_FOLDER = Path(__file__).parent / "locale"


class Phrases:
    """Every phrase of one language, by key; a missing key is a KeyError, so that no mail goes out with a gap."""

    def __init__(self, locale: Locale, forms: dict[str, tuple[str, ...]]) -> None:
        self.locale: Locale = locale
        self.forms = forms

    def __call__(self, key: str, **values: object) -> str:
        """Return the phrase with the values in their places.

        >>> phrases("en")("ask.open")
        'not answered'
        """
        return self.forms[key][0].format_map(values)

    def many(self, key: str, number: int, **values: object) -> str:
        """Return the phrase in the form that goes with a number, which stands in it as {n}.

        >>> phrases("en").many("count.posts", 1), phrases("en").many("count.posts", 2)
        ('1 post', '2 posts')
        >>> phrases("zh").many("count.posts", 1)
        '1 条帖文'
        """
        forms = self.forms[key]
        return forms[0 if number == 1 else -1].format_map({"n": number, **values})

    def word(self, family: str, name: str) -> str:
        """Return what a name from an open set is called, or the name itself where the catalogue has no word.

        >>> phrases("en").word("harm", "gas"), phrases("en").word("harm", "meteor")
        ('gas', 'meteor')
        """
        forms = self.forms.get(f"{family}.{name}")
        return forms[0] if forms else name.replace("_", " ")

    def enumerate(self, items: list[str]) -> str:
        """Join words as one list.

        >>> phrases("en").enumerate(["letters", "forum"]), phrases("zh").enumerate(["信件", "论坛"])
        ('letters, forum', '信件、论坛')
        """
        return self("list.comma").join(items)

    def prose(self, sentences: list[str]) -> str:
        """Put sentences one after another, "" left out, with a space between them where the language has one."""
        return ("" if self.locale == "zh" else " ").join(sentence for sentence in sentences if sentence)


@cache
def phrases(locale: Locale) -> Phrases:
    """Read the catalogue of a language, once a process."""
    with (_FOLDER / locale / "LC_MESSAGES" / "mail.po").open("rb") as file:
        catalog = read_po(file, locale=locale, abort_invalid=True)
    return Phrases(locale, {_key(message): _forms(message) for message in catalog if message.id})


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else str(message.id)


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)
