from __future__ import annotations

from pathlib import Path

import pytest

from alerts.clocks import Clocks, load
from alerts.workdays import Unit
from answerable.errors import SettingsError
from answerable.incident import Components, Level
from tests.alerts.givens import CLOCKS, HOUR, MORNING, update

GOOD = """jurisdiction = "lanting"

[work]
hours = ["09:00-17:00"]

[[clock]]
id = "answer"
name = { en = "Answer" }
kind = "other"
amount = "2wd"
document = "City Order 12"
article = "4 (2)"
checked = 2026-11-25

[[holidays]]
year = 2026
document = "City Order 1"
checked = 2026-11-25
off = ["2026-01-01", "2026-05-01..2026-05-03"]
work = ["2026-05-09"]
"""


def test_the_national_clocks_stand_with_document_and_article() -> None:
    assert {rule.id: (rule.span.value, rule.source) for rule in CLOCKS.rules if not rule.example} == {
        "authoritative-information": (5.0, "国办发〔2016〕80号 三（四）提升回应效果"),
        "press-conference": (24.0, "国办发〔2016〕61号 三、提高政务舆情回应实效"),
        "answer": (48.0, "国办发〔2016〕61号 三、提高政务舆情回应实效"),
    }


def test_a_major_matter_gets_the_major_clocks_and_another_the_other() -> None:
    assert [rule.id for rule in CLOCKS.propose(update(), Level.RED)] == [
        "authoritative-information",
        "press-conference",
    ]
    assert [rule.id for rule in CLOCKS.propose(update(), Level.YELLOW)] == ["answer"]
    assert CLOCKS.propose(update(), Level.WATCH) == ()


def test_danger_that_two_people_tell_of_is_a_major_matter_at_any_level() -> None:
    danger = update(components=Components(danger=(("gas", 2),)))
    assert CLOCKS.propose(danger, Level.ORANGE)[0].id == "authoritative-information"


def test_hotline_examples_are_shown_and_proposed_to_nobody() -> None:
    examples = {rule.id for rule in CLOCKS.rules if rule.example}
    proposed = {rule.id for level in Level for rule in CLOCKS.propose(update(), level)}
    assert len(examples) == 5
    assert not examples & proposed


def test_a_clock_starts_when_the_office_was_informed_and_remembers_when_it_was_first_seen() -> None:
    clock = CLOCKS.start(CLOCKS.rules[0], MORNING - HOUR, MORNING, "en")
    assert (clock.name, clock.seen_at, clock.informed_at, clock.due_at) == (
        "Authoritative information", MORNING - HOUR, MORNING, MORNING + 5 * HOUR,
    )  # fmt: skip
    assert not clock.confirmed


def test_reminders_come_at_half_at_four_fifths_and_at_the_end() -> None:
    assert CLOCKS.reminders(CLOCKS.rules[0], MORNING) == (
        (50, MORNING + 9000), (80, MORNING + 14400), (100, MORNING + 18000),
    )  # fmt: skip


def test_a_citys_own_file_is_read(tmp_path: Path) -> None:
    clocks = _read(tmp_path, GOOD)
    assert clocks.rules[0].span.unit is Unit.WORKING_DAYS
    assert (len(clocks.calendar.off), clocks.years) == (4, (2026,))


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ('document = "City Order 12"\n', "", "clocks.toml:6: clock[0]: object missing required field `document`"),
        ('article = "4 (2)"\n', "", "clocks.toml:6: clock[0]: object missing required field `article`"),
        ('document = "City Order 12"', 'document = " "', "clocks.toml:11: clock[0].document: is empty"),
        (
            "checked = 2026-11-25\n\n[[hol",
            "\n[[hol",
            "clocks.toml:6: clock[0]: object missing required field `checked`",
        ),
        ('amount = "2wd"', 'amount = "2 weeks"', "clocks.toml:10: clock[0].amount: '2 weeks' is no span"),
        ('kind = "other"', 'kind = "others"', "clocks.toml:9: clock[0].kind"),
        ('kind = "other"', 'kinds = "other"', "clocks.toml:9: clock[0].kinds: unknown key; did you mean 'kind'?"),
        ('["09:00-17:00"]', '["17:00-09:00"]', "clocks.toml:4: work.hours"),
        ('["09:00-17:00"]', "[]", "clocks.toml:4: work.hours"),
        ('"2026-01-01"', '"2026-13-01"', "clocks.toml:19: holidays[0].off: '2026-13-01' is no day"),
        ('"2026-01-01"', '"2025-01-01"', "clocks.toml:19: holidays[0].off: '2025-01-01' is no span within 2026"),
        ('["2026-05-09"]', '["9 May"]', "clocks.toml:20: holidays[0].work"),
    ],
)
def test_a_mistake_names_file_line_key_and_repair(tmp_path: Path, good: str, bad: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        _read(tmp_path, GOOD.replace(good, bad, 1))
    assert message in str(caught.value).replace(f"{tmp_path}/", "")
    assert caught.value.repair


def test_a_file_that_is_not_there_is_an_error_and_no_traceback() -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load("nowhere.toml", "Asia/Shanghai")


def _read(folder: Path, text: str) -> Clocks:
    (folder / "clocks.toml").write_text(text, "utf-8")
    return load(str(folder / "clocks.toml"), "Asia/Shanghai")
