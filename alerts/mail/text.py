"""The text part: the same eleven parts, readable alone, at most 78 columns."""

from __future__ import annotations

from alerts.mail.catalogue import Phrases, phrases
from alerts.mail.layout import columns, pad, sparkline, wrap
from alerts.mail.sheet import Ask, Button, Curve, Fact, Figure, Link, Sheet

__all__ = ["links", "section", "text"]

_CELLS_A_LINE = 8


def text(sheet: Sheet) -> str:
    """Lay out a sheet as plain text; addresses stand alone on their lines."""
    say = phrases(sheet.locale)
    lines = [f"{sheet.badge} · {sheet.changed}", *wrap(sheet.headline), "", *wrap(sheet.lede), *wrap(sheet.lead), ""]
    lines += [line for figure in sheet.figures for line in _figure(figure)]
    lines += wrap(sheet.outlook) if sheet.outlook else []
    lines += _curve(sheet.curve, say) if sheet.curve else []
    lines += section(say("heading.asks"), [*_asks(sheet.asks), *wrap(sheet.asks_note)])
    lines += section(say("heading.words"), wrap(sheet.words_note or say.enumerate(list(sheet.words))))
    lines += section(say("heading.known"), _known(sheet, say))
    lines += section(say("heading.why"), [*_paragraphs(sheet.reasons), *_facts(sheet.evidence)])
    lines += section(say("heading.job"), _paragraphs(sheet.job))
    if sheet.checklist:
        lines += ["", f"{say('heading.check')}", *(f"  [ ] {item}" for item in sheet.checklist)]
    lines += section(say("heading.act"), _acts(sheet))
    lines += section(say("heading.because"), [*wrap(sheet.because), *links(sheet.links)])
    return "\n".join(lines) + "\n"


def section(heading: str, lines: list[str]) -> list[str]:
    """Set a heading, ruled below, over its lines."""
    return ["", heading, "-" * columns(heading), *lines]


def links(found: tuple[Link | Button, ...]) -> list[str]:
    """Give each address its own line, below the words for it."""
    return [line for link in found for line in (link.text, f"  {link.url}")]


def _paragraphs(paragraphs: tuple[str, ...]) -> list[str]:
    return [line for paragraph in paragraphs for line in wrap(paragraph)]


def _figure(figure: Figure) -> list[str]:
    note = f" · {figure.note}" if figure.note else ""
    return wrap(f"{figure.label}{note}", pad(figure.value, 14) + " ")


def _curve(curve: Curve, say: Phrases) -> list[str]:
    lines = ["", f"{curve.unit}  {sparkline(curve.plot.counts)}", *wrap(curve.alt), ""]
    for first in range(0, len(curve.cells), _CELLS_A_LINE):
        row = curve.cells[first : first + _CELLS_A_LINE]
        lines.append("  ".join(pad(f"{label} {count}", 7) for label, count in row).rstrip())
    return lines


def _asks(asks: tuple[Ask, ...]) -> list[str]:
    return [line for ask in asks for line in wrap(f"{ask.act} · {ask.residents} · {ask.state}", "- ")]


def _known(sheet: Sheet, say: Phrases) -> list[str]:
    lines = [line for item in sheet.known for line in wrap(item)]
    if sheet.answer_link:
        lines += links((sheet.answer_link,))
    return [*lines, say("unknown.label"), *(line for item in sheet.unknown for line in wrap(item, "- "))]


def _facts(facts: tuple[Fact, ...]) -> list[str]:
    return [line for fact in facts for line in wrap(" · ".join(_told(fact)), "- ")]


def _told(fact: Fact) -> list[str]:
    return [f"{fact.name} {fact.value}", *(part for part in (fact.usual, fact.points) if part)]


def _acts(sheet: Sheet) -> list[str]:
    return [*links(sheet.buttons), *wrap(sheet.reply_note)]
