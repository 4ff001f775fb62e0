"""How things are said: both languages whole, spans as exact as they matter, no text left untranslated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from alerts import judge
from alerts.names import Locale
from answerable.clock import DAY, HOUR, MINUTE
from answerable.incident import Between, Evidence, Title
from console import views
from console.catalogue import catalogue
from console.speech import Speech
from console.terms import TEXTS
from tests.console import city

ROOM = Path(views.__file__).parent


def _speech(locale: Locale) -> Speech:
    return Speech(catalogue(locale), locale, ZoneInfo("Asia/Shanghai"), city.NAMES, city.NOW, 5)


def _said() -> set[str]:
    """Collect every English text that templates, code and word lists say."""
    found = {text for words in TEXTS.values() for text in words.values()}
    sources = [(path, "jinja2.ext:babel_extract", None) for path in sorted(ROOM.glob("templates/*.html"))]
    for path, method, _ in sources:
        with path.open("rb") as file:
            for _line, text, _comments, _context in extract(method, file, options={"trimmed": "true"}):
                found.add(text if isinstance(text, str) else text[0])
    with (ROOM / "speech.py").open("rb") as file:
        found |= {str(text) for _line, text, _comments, _context in extract("python", file, keywords={"_": None})}
    return found


def test_every_text_has_its_chinese() -> None:
    chinese = catalogue("zh")

    same = {text for text in _said() if chinese.gettext(text) == text}

    assert same == set()


def test_translations_keep_every_value_and_no_entry_is_left_over() -> None:
    said = _said()
    with (ROOM / "locale" / "zh.po").open("rb") as file:
        for message in read_po(file):
            english = message.id if isinstance(message.id, str) else message.id[0]
            chinese = message.string if isinstance(message.string, str) else (message.string or [""])[0]
            if english in said:
                kept = set(re.findall(r"%\((\w+)\)s", chinese or ""))
                assert kept == set(re.findall(r"%\((\w+)\)s", english)), english
            else:
                refusal = english[:1].islower() or not english
                assert refusal, f"nobody says {english!r} any more"


def test_templates_translate_no_variable_because_that_would_not_be_escaped() -> None:
    for path in sorted(ROOM.glob("templates/*.html")):
        text = path.read_text("utf-8")
        assert not re.search(r"""\b_\((?!["'])""", text), path.name
        assert "| safe" not in text
        assert "|safe" not in text


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (-5, "0 min", "0 分钟"),
        (59, "0 min", "0 分钟"),
        (59 * MINUTE, "59 min", "59 分钟"),
        (HOUR, "1 h", "1 小时"),
        (80 * MINUTE, "1 h 20 min", "1 小时 20 分"),
        (19 * HOUR + 50 * MINUTE, "19 h", "19 小时"),
        (71 * HOUR, "71 h", "71 小时"),
        (26 * DAY + HOUR, "26 days", "26 天"),
    ],
)
def test_spans_are_as_exact_as_they_matter(seconds: int, english: str, chinese: str) -> None:
    assert _speech("en").span(seconds) == english
    assert _speech("zh").span(seconds) == chinese


def test_times_are_told_in_the_zone_of_the_desk_and_with_the_year_where_it_differs() -> None:
    say = _speech("en")

    assert say.when(city.NOW) == "23 Nov 10:40"
    assert say.when(city.NOW - 365 * DAY) == "23 Nov 2025 10:40"
    assert _speech("zh").when(city.NOW) == "11月23日 10:40"
    assert say.ago(city.NOW - 20) == "just now"
    assert say.left(city.NOW - 90) == "1 min overdue"


def test_places_matters_and_unknown_words_have_something_to_be_called() -> None:
    say = _speech("en")

    assert say.title(Title("510101", ("停水",)), city.AREA) == "Liudu Street: 停水"
    assert say.title(Title(None, ()), city.AREA) == "Lanting City: a matter not yet named"
    assert say.title(Title(None, ("停水",)), "~board") == "停水"
    assert say.word("figure", "points.new_thing") == "points new thing"
    assert say.office(None) == "no office yet"


def test_people_are_told_as_a_range_from_k_on() -> None:
    say = _speech("en")

    assert say.between(Between(46, 61)) == "46–61"
    assert say.between(Between(12, 12)) == "12"
    assert say.between(Between(1, 4)) == "fewer than 5"


def test_figures_stand_beside_their_usual_or_what_a_rule_needs() -> None:
    say = _speech("en")

    assert say.figure(Evidence("heat", 12.04, 1.0)) == "times the usual: 12 (usual 1)"
    assert say.figure(Evidence("rule.authors", 46, 5)) == "residents on the strongest day: 46 (needed 5)"
    assert say.number(-1234.5) == "−1,234"
    assert say.times(2.345) == "2.3 ×"


def test_an_estimate_is_rounded() -> None:
    say = _speech("en")

    assert [say.about(hours) for hours in (0.05, 1.2, 3.2, 80.0)] == ["10 min", "1 h 10 min", "3 h", "3 days"]


@pytest.mark.parametrize(
    ("note", "chinese"),
    [
        ("opened", "首次记录"),
        ("raised to red", "升为红色"),
        ("missed: 发布权威信息", "逾期：发布权威信息"),
        ("merged into bcdfghj", "并入事件 bcdfghj"),
        ("quiet, unanswered by the desk", "已平息，未经本台答复"),
        ("words of nobody's list", "words of nobody's list"),
    ],
)
def test_what_the_desk_noted_is_told_in_the_readers_language(note: str, chinese: str) -> None:
    assert _speech("zh").note(note) == chinese
    assert _speech("en").note(note).casefold() == note.casefold()


def test_every_note_of_the_desk_has_its_chinese() -> None:
    room = Path(judge.__file__).parent
    noted = {note for name in ("judge.py", "due.py") for note in _notes(ast.parse((room / name).read_text("utf-8")))}
    assert len(noted) >= 8
    speech = _speech("zh")
    assert [note for note in sorted(noted) if speech.note(note) == note] == []


def _notes(tree: ast.AST) -> Iterator[str]:
    """Yield what is given to the ledger's lines as their text, as far as it is written out."""
    for node in ast.walk(tree):
        given = isinstance(node, ast.keyword) and node.arg == "text"
        named = isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "text" for target in node.targets)
        if isinstance(node, ast.keyword | ast.Assign) and (given or named):
            yield from _written(node.value)


def _written(value: ast.AST) -> Iterator[str]:
    match value:
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_written(body), *_written(orelse))
        case ast.Constant(value=str(text)) | ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            yield text
