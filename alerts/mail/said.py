"""What may stand in a mail: words that several residents share, acts from closed lists, an office's own words."""

from __future__ import annotations

import re
import unicodedata

from msgspec.structs import replace

from answerable.incident import DemandCount, IncidentUpdate, SharedWord

__all__ = ["act", "clean", "is_web", "matter_terms", "office_words", "shared", "short"]

_CROWD = 3  # authors from whom on a word is nobody's own (promise P7)
_HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{13,}")
_LATIN_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SPACE = re.compile(r"\s+")
_OFFICE_MOST, _ACT_MOST, _TERM_MOST = 400, 90, 40  # letters
_WORDS_MOST = 12
_TERMS_MOST = 3


def clean(text: str) -> str:
    r"""Return text without control, invisible or direction marks, on one line.

    >>> clean("no\r\n water\u202e \x00now")
    'no water now'
    """
    spaced = _SPACE.sub(" ", text)
    return "".join(letter for letter in spaced if unicodedata.category(letter)[0] != "C").strip()


def short(text: str) -> bool:
    """Tell whether text is too short to be anybody's sentence: at most 12 Han in a row and 8 words.

    >>> short("停水三天"), short("我家住在五楼已经三天没有水了"), short("a b c d e f g h i")
    (True, False, False)
    """
    return not _HAN_RUN.search(text) and len(_LATIN_WORDS.findall(text)) <= 8


def shared(words: tuple[SharedWord, ...]) -> list[SharedWord]:
    """Return the words that at least three authors share, cleaned, in the order given, twelve at most."""
    kept = [word for word in words if word.authors >= _CROWD and short(word.text) and clean(word.text)]
    return [replace(word, text=_cut(word.text, _TERM_MOST)) for word in kept[:_WORDS_MOST]]


def act(demand: DemandCount) -> str | None:
    """Return a demand's normalised act, or None where it is too long for so few residents."""
    text = _cut(demand.act, _ACT_MOST)
    return text if text and (demand.residents >= _CROWD or short(demand.act)) else None


def matter_terms(update: IncidentUpdate) -> list[str]:
    """Return the shared terms that say what the matter is, three at most."""
    terms = [_cut(term, _TERM_MOST) for term in update.title.matter if short(term)]
    return [term for term in terms if term][:_TERMS_MOST]


def office_words(text: str | None) -> str:
    """Return an office's own words, cut where they are long.

    >>> office_words(" Repaired by six. ")
    'Repaired by six.'
    """
    return _cut(text or "", _OFFICE_MOST)


def _cut(text: str, most: int) -> str:
    words = clean(text)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def is_web(url: str) -> bool:
    """Tell whether an address leads to a web page, and holds nothing that a mail program could trip over.

    >>> is_web("https://water.lanting.example/notice"), is_web("javascript:alert(1)"), is_web("https://a b")
    (True, False, False)
    """
    return re.fullmatch(r"https?://[^\s\"'<>\\^`{|}@]{1,500}", url) is not None
