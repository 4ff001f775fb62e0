"""Two languages, one set of keys, and no key that nobody says."""

from __future__ import annotations

import re
import string
from pathlib import Path

from alerts.alert import AlertKind
from alerts.mail import catalogue
from alerts.mail.catalogue import phrases
from answerable.incident import IndicatorName, Level, State
from answerable.post import Kind

ROOM = Path(catalogue.__file__).parent
SOURCES = "".join(path.read_text("utf-8") for path in sorted(ROOM.rglob("*")) if path.suffix in (".py", ".html"))
FAMILIES = ("badge", "level", "tag", "month", "odds", "kind", "state", "button", "check", "evidence", "harm", "mood",
            "indicator", "stage", "held", "rule")  # fmt: skip


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_key_is_there_in_both_languages_and_never_empty() -> None:
    zh, en = phrases("zh").forms, phrases("en").forms
    assert list(zh) == list(en)
    assert [key for key in zh if "" in zh[key] or "" in en[key]] == []


def test_both_languages_fill_in_the_same_values() -> None:
    zh, en = phrases("zh").forms, phrases("en").forms
    differing = {key for key in zh if blanks(zh[key][-1]) - {"level"} != blanks(en[key][-1]) - {"level"}}
    assert differing == set()


def test_every_key_that_the_code_says_exists() -> None:
    said = set(re.findall(r'(?:say|many|reader\.say)\(\s*"([a-z_.]+)"', SOURCES)) | set(
        re.findall(r'say\.many\(\s*"([a-z_.]+)"', SOURCES)
    )
    assert said - set(phrases("en").forms) == set()


def test_no_key_is_left_over() -> None:
    left = {key for key in phrases("en").forms if f'"{key}"' not in SOURCES and key.split(".")[0] not in FAMILIES}
    assert left == set()


def test_every_member_of_a_closed_set_has_its_word() -> None:
    keys = phrases("en").forms
    wanted = [
        *(f"{family}.{level.value}" for level in Level for family in ("level", "badge", "tag")),
        *(f"state.{state.value}" for state in State),
        *(f"kind.{kind.value}" for kind in Kind),
        *(f"indicator.{name.value}" for name in IndicatorName),
        *(f"month.{n}" for n in range(1, 13)),
    ]
    assert [key for key in wanted if key not in keys] == []
    assert set(AlertKind) == {"open", "update", "raise", "merge", "close", "digest"}
