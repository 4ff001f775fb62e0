"""How the console says things to one reader at one moment: names, times, counts, in that reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from alerts.entry import Entry
from alerts.mail.told import MOST_TAIL
from alerts.names import Locale, Names
from answerable.clock import DAY, HOUR, MINUTE, show
from answerable.incident import Between, Evidence, Title
from console import terms
from console.catalogue import Catalogue

__all__ = ["Speech"]

_PATTERNS: dict[tuple[str, str], str] = {
    ("zh", "when"): "M月d日 HH:mm",
    ("en", "when"): "d MMM HH:mm",
    ("zh", "day"): "M月d日",
    ("en", "day"): "d MMM",
    ("zh", "hour"): "HH:mm",
    ("en", "hour"): "HH:mm",
    ("zh", "year"): "y年M月d日 HH:mm",
    ("en", "year"): "d MMM y HH:mm",
}
_DIGITS: dict[str, str] = {
    "en": "no one two three four five six seven eight nine ten",
    "zh": "〇 一 两 三 四 五 六 七 八 九 十",
}


_AT_FIRST = frozenset({"source_kinds", "topics", "districts"})  # stand beside what they were when it was first shown


class Speech:
    """Says what a page has to say; `k` is the number of people below which no count is told."""

    texts: ClassVar = terms.TEXTS

    def __init__(self, catalogue: Catalogue, locale: Locale, zone: ZoneInfo, names: Names, now: int, k: int) -> None:
        self.catalogue, self.locale, self.zone, self.names, self.now, self.k = catalogue, locale, zone, names, now, k
        self._ = catalogue.gettext
        self.gap = " " if locale == "en" else ""  # between two sentences

    def word(self, kind: str, value: str) -> str:
        """Name a level, state, indicator, figure … as terms.py lists it; an unknown one is its own name."""
        known = self.texts[kind].get(str(value))
        return self._(known) if known else str(value).replace("_", " ").replace(".", " ")

    def place(self, key: str | None) -> str:
        """Name a place, or say that nothing located it."""
        return self.names.place(key, self.locale) or self._("no place named")

    def topic(self, key: str) -> str:
        """Name a topic."""
        return self.names.topic(key, self.locale)

    def office(self, key: str | None) -> str:
        """Name an office, or say that there is none yet."""
        return self.names.office(key, self.locale) or self._("no office yet")

    def title(self, title: Title, area: str) -> str:
        """Put place and matter into a headline."""
        place = self.names.place(title.place, self.locale) or self.names.place(area, self.locale)
        matter = self.join(title.matter) or self._("a matter not yet named")
        return self._("%(place)s: %(matter)s") % {"place": place, "matter": matter} if place else matter

    def headline(self, entry: Entry) -> str:
        """Return an incident's headline; where one person alone reports danger, place and kind only."""
        update = entry.update
        if not entry.unconfirmed:
            return self.title(update.title, update.area)
        kinds = tuple(self.word("danger", kind) for kind, _ in update.components.danger)
        return self.title(Title(update.title.place, kinds), update.area)

    def join(self, words: tuple[str, ...] | list[str]) -> str:
        """Put words in a row."""
        return self._(", ").join(words)

    def when(self, at: int) -> str:
        """Name an instant in the desk's time zone, with the year where it is another one."""
        moment = self._local(at)
        return self._format(at, "when" if moment.year == self._local(self.now).year else "year")

    def day(self, at: int) -> str:
        """Name a day."""
        return self._format(at, "day")

    def hour(self, at: int) -> str:
        """Name an hour of a day."""
        return self._format(at, "hour")

    def iso(self, at: int) -> str:
        """Write an instant for machines."""
        return show(at)

    def moments(self, rows: Sequence[tuple[int, int]]) -> list[int]:
        """Choose up to about six round local moments among whole hours: midnights, or every third or sixth hour."""
        every = 3 if len(rows) <= 18 else 6 if len(rows) <= 36 else 24
        found = [at for at, _ in rows if self._local(at).hour % every == 0]
        return found[:: max(1, len(found) // 6)]

    def moment(self, at: int) -> str:
        """Name a round moment: the day at midnight, else the hour."""
        return self.hour(at) if self._local(at).hour else self.day(at)

    def days(self, rows: list[tuple[int, int]]) -> list[tuple[str, int, int]]:
        """Sum hourly posts into local days: name, posts, the most in an hour."""
        found: dict[str, tuple[int, int]] = {}
        for at, posts in rows:
            total, most = found.get(self.day(at), (0, 0))
            found[self.day(at)] = (total + posts, max(most, posts))
        return [(day, total, most) for day, (total, most) in found.items()]

    def span(self, seconds: float) -> str:
        """Say how long something takes, as exactly as it matters.

        Minutes below two hours, hours below three days, days beyond.
        """
        whole = max(0, int(seconds))
        if whole < HOUR:
            return self._("%(m)s min") % {"m": whole // MINUTE}
        if whole < 10 * HOUR and whole % HOUR >= MINUTE:
            return self._("%(h)s h %(m)s min") % {"h": whole // HOUR, "m": whole % HOUR // MINUTE}
        if whole < 3 * DAY:
            return self._("%(h)s h") % {"h": whole // HOUR}
        return self._("%(d)s days") % {"d": whole // DAY}

    def about(self, hours: float) -> str:
        """Say a length that is only estimated: whole hours from two hours on, tens of minutes below.

        Days take over after three.
        """
        step = HOUR if hours >= 2 else 10 * MINUTE
        return self.span(max(step, round(hours * HOUR / step) * step))

    def ago(self, at: int) -> str:
        """Say how long ago an instant is."""
        if self.now - at < MINUTE:
            return self._("just now")
        return self._("%(span)s ago") % {"span": self.span(self.now - at)}

    def left(self, due_at: int) -> str:
        """Say how much time remains, or for how long it is over."""
        if due_at >= self.now:
            return self._("%(span)s left") % {"span": self.span(due_at - self.now)}
        return self._("%(span)s overdue") % {"span": self.span(self.now - due_at)}

    def between(self, people: Between) -> str:
        """Tell a count of people as a range; where even the greatest is below k, only that."""
        if people.most < self.k or people.least >= people.most:
            return self.few(people.most)
        return f"{self.number(people.least)}–{self.number(people.most)}"

    def few(self, count: int) -> str:
        """Tell a count, or that it is too small to tell."""
        return self.number(count) if count >= self.k else self._("fewer than %(k)s") % {"k": self.k}

    def number(self, value: float) -> str:
        """Write a number: whole ones grouped, others with one decimal below a hundred, a true minus.

        A figure that rounds to a whole number is written as one.
        """
        text = f"{value:,.1f}" if abs(value) < 100 else f"{value:,.0f}"
        return text.removesuffix(".0").replace("-", "−")

    def count_word(self, count: int) -> str:
        """Write a small number as a word for headlines."""
        words = _DIGITS[self.locale].split()
        return words[count] if count < len(words) else self.number(count)

    def figure(self, evidence: Evidence) -> str:
        """Tell one point of evidence in a line, beside its usual."""
        said = self._("%(figure)s: %(value)s") % {
            "figure": self.word("figure", evidence.name),
            "value": self.number(evidence.value),
        }
        if evidence.baseline is None:
            return said
        if evidence.name in _AT_FIRST:
            beside = self._("%(said)s (at first %(n)s)")
        elif evidence.name.startswith("rule."):
            beside = self._("%(said)s (needed %(n)s)")
        else:
            beside = self._("%(said)s (usual %(n)s)")
        return beside % {"said": said, "n": self.number(evidence.baseline)}

    def sentence(self, text: str) -> str:
        """Say a refusal in the reader's language: the whole, or its head before a colon, or as it is."""
        head = text.partition(":")[0]
        known = next((part for part in (text, head) if self._(part) != part), text)
        return self._(known)

    def note(self, text: str) -> str:
        """Say what the desk itself wrote into the ledger; a clock or an incident that it names stays as it is."""
        if text.startswith("raised to "):
            return self._("raised to %(level)s") % {"level": self.word("level", text.removeprefix("raised to "))}
        if text.startswith("missed: "):
            return self._("missed: %(clock)s") % {"clock": text.removeprefix("missed: ")}
        if text.startswith("merged into "):
            return self._("merged into %(incident)s") % {"incident": text.removeprefix("merged into ")}
        return self.word("note", text) if text in self.texts["note"] else text

    def times(self, value: float) -> str:
        """Write how many times the usual."""
        return f"{self.number(round(value) if value >= 10 else value)} ×"

    def share(self, value: float) -> str:
        """Write a share of the whole in percent."""
        return f"{value:.0%}"

    def chance(self, tail: float) -> str:
        """Write the chance of a figure by accident from its −log10."""
        return self._("below 1 in %(n)s") % {"n": self.number(10 ** min(int(tail), MOST_TAIL))}

    def _format(self, at: int, kind: str) -> str:
        return format_datetime(self._local(at), _PATTERNS[self.locale, kind], locale=self.locale)

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at, self.zone)
