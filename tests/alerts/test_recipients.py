from __future__ import annotations

from pathlib import Path

import pytest

from alerts.recipients import load
from answerable.errors import SettingsError

GOOD = """offices:
  - id: water
    name: {zh: 澜汀水务局, en: Lanting Water Bureau}
    topics: [urban.water]
    areas: ["4401"]
    supervised_by: city
    on_duty: [duty@water.example]
  - id: city
    name: {zh: 澜汀市政府办公室}
people:
  - id: lead
    mail: lead@water.example
    offices: [water]
    locale: en
    quiet: "22:00-07:00"
    digest: ["08:30", "17:30"]
"""


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    read = load(_written(tmp_path, GOOD))
    assert [office.id for office in read.offices] == ["water", "city"]
    assert read.people[0].locale == "en"


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        (
            "supervised_by: city",
            "supervised_by: citi",
            ":6: offices[0].supervised_by: there is no office 'citi'",
        ),
        (
            "supervised_by: city",
            "supervised_by: water",
            ":6: offices[0].supervised_by: an office cannot",
        ),
        (
            "offices: [water]",
            "offices: [watre]",
            ":13: people[0].offices[0]: there is no office 'watre'; did",
        ),
        ("id: city", "id: water", ":8: offices[1].id: 'water' is used twice"),
        ("id: city", "id: 'the city'", ":8: offices[1].id: 'the city' is no id"),
        ("lead@water.example", "lead", ":12: people[0].mail: 'lead' is no mail address; write name@example.org"),
        ("lead@water.example", "'a b@x.example'", ":12: people[0].mail"),
        ("lead@water.example", '"a@x.example\\r\\nBcc: b@x.example"', ":12: people[0].mail"),
        ("lead@water.example", "a..b@x.example", ":12: people[0].mail"),
        ("[duty@water.example]", "[duty]", ":7: offices[0].on_duty[0]: 'duty' is no mail address"),
        ('"22:00-07:00"', '"22-7"', ":15: people[0].quiet: '22' is no time of day; write it like 08:30"),
        ('"17:30"', '"17.30"', ":16: people[0].digest[1]: '17.30' is no time of day"),
        ("locale: en", "locale: fr", ":14: people[0].locale"),
        ("    mail:", "    mial:", ":12: people[0].mial: unknown key; did you mean 'mail'?"),
        ("name: {zh: 澜汀市政府办公室}", "name: {}", ":9: offices[1].name: is empty"),
    ],
)
def test_a_mistake_names_file_line_key_and_repair(tmp_path: Path, good: str, bad: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(_written(tmp_path, GOOD.replace(good, bad, 1)))
    assert message in str(caught.value)
    assert caught.value.repair


def test_two_people_of_one_id_are_refused(tmp_path: Path) -> None:
    twice = GOOD + "  - {id: lead, mail: other@water.example}\n"
    with pytest.raises(SettingsError, match="'lead' is used twice"):
        load(_written(tmp_path, twice))


def _written(folder: Path, text: str) -> Path:
    path = folder / "recipients.yaml"
    path.write_text(text, "utf-8")
    return path
