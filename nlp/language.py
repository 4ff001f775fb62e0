"""Which language a text is in: its script first, then its small words, then a statistical guess.

Only configured languages are answered. Small words come before the guess because posts are short and mix
languages, and because some languages are written in Latin letters online (Hindi) that no model expects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from nlp.lexicon import rows

__all__ = ["Languages", "stop_words"]

_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]+")
_KANA = re.compile("[\u3041-\u30fa\u30fd-\u30ff]+")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_SCRIPTS = (
    (re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]+"), ("ar", "fa", "ur")),
    (re.compile("[\u0900-\u097f]+"), ("hi", "mr", "ne")),
    (re.compile("[\u0e00-\u0e7f]+"), ("th",)),
    (re.compile("[\u0590-\u05ff]+"), ("he",)),
    (re.compile("[\u0370-\u03ff]+"), ("el",)),
)
_LETTER = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(r"https?\S*|@\w+|#|\d+|\*+")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SAMPLE, _GLANCE = 400, 120  # characters that the guess and the look at the script go by
_ROMAN_HINDI = 2  # small words that make a Latin text Hindi where no other language has as many
_VOTE = 2.0  # what a small word adds to the guess's log-probability
_CLEAR = 4  # small words more than of any other language need no guess, which costs as much as all the rest
_NEVER = float("-inf")


@lru_cache(maxsize=1)
def stop_words() -> dict[str, frozenset[str]]:
    """Return the small words of each language that has a list."""
    return {language: frozenset(words.split("|")) for language, words in rows("stop")}


class Languages:
    """Tells which of the configured languages a text is in; the first configured one where nothing tells."""

    def __init__(self, configured: Sequence[str]) -> None:
        self._all = tuple(configured) or ("en",)
        script = {"zh", "ja", "ko"} | {code for _, codes in _SCRIPTS for code in codes} - {"hi"}
        self._latin = tuple(code for code in self._all if code not in script)
        self._small = _inverted({code: words for code, words in stop_words().items() if code in self._latin})
        self._guess = _identifier(self._all)

    def of(self, text: str, given: str | None = None) -> str:
        """Name the language; a given one is trusted where it is configured.

        >>> of = Languages(["zh", "en", "ko", "ja"]).of
        >>> [of("小区停水三天了"), of("断水のお知らせです"), of("물이 안 나와요"), of("No water since Monday")]
        ['zh', 'ja', 'ko', 'en']
        >>> of("anything at all", "zh-CN")
        'zh'
        """
        if given and (known := given.replace("_", "-").lower().split("-")[0]) in self._all:
            return known
        sample = text[:_GLANCE]
        if "://" in sample or "@" in sample:
            sample = _NOISE.sub(" ", sample)
        return self._by_script(sample) or self._by_words(_NOISE.sub(" ", text[:_SAMPLE]))

    def _by_script(self, sample: str) -> str | None:
        if sample.isascii():
            return None
        letters = _count(_LETTER, sample)
        kana, han, hangul = (_count(script, sample) for script in (_KANA, _HAN, _HANGUL))
        if "ko" in self._all and hangul and hangul * 3 >= letters:
            return "ko"
        if "ja" in self._all and kana and kana * 10 >= kana + han and (kana + han) * 3 >= letters:
            return "ja"
        if "zh" in self._all and (han or kana) and (han + kana) * 5 >= letters:
            return "zh"
        for script, codes in _SCRIPTS:
            answers = [code for code in codes if code in self._all]
            if len(answers) == 1 and _count(script, sample) * 2 > letters:
                return answers[0]
        return None

    def _by_words(self, sample: str) -> str:
        words = _WORD.findall(sample.lower())
        if not words or not self._latin:
            return self._all[0]
        votes = dict.fromkeys(self._latin, 0)
        for word in words:
            for code in self._small.get(word, ()):
                votes[code] += 1
        hindi = votes.pop("hi", 0)
        if hindi >= _ROMAN_HINDI and hindi > max(votes.values(), default=0):
            return "hi"
        most, *others = sorted(votes, key=votes.__getitem__, reverse=True) or ["hi"]
        if not others or votes[most] >= votes[others[0]] + _CLEAR:
            return most
        guess = dict(self._guess.rank(sample))
        return max(self._latin, key=lambda code: guess.get(code, _NEVER) + _VOTE * votes.get(code, 0))


def _inverted(small: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """Return the languages of each small word.

    >>> _inverted({"en": frozenset({"the", "die"}), "de": frozenset({"die"})})["die"]
    ('en', 'de')
    """
    words = {word for known in small.values() for word in known}
    return {word: tuple(code for code, known in small.items() if word in known) for word in words}


def _count(script: re.Pattern[str], sample: str) -> int:
    return sum(map(len, script.findall(sample)))


@lru_cache(maxsize=8)
def _identifier(codes: tuple[str, ...]) -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=False)
    known = [code for code in codes if code in set(identifier.nb_classes)]
    identifier.set_languages(known or ["en"])
    return identifier
