"""Reading on after a mistake: all faulty entries are found at their own places; no text makes a reader fall over."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts import recipients, rules
from answerable.app.check.every import Outcome, cut_row, mistakes
from answerable.app.check.survey import survey
from answerable.app.check.tree import Cuts
from answerable.app.problems import problems
from answerable.app.starter import contents
from crawlers.sources import read_sources
from nlp.gazetteer import Gazetteer

few = settings(max_examples=60, derandomize=True, deadline=None)
flags = st.lists(st.booleans(), min_size=1, max_size=8)
ENGLISH = '"en"'
HEAD = "id,parent,level,name,aliases,lat,lon,kind\n"


def read(name: str, text: str, reader: Callable[[Path], object]) -> Outcome[object]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, "utf-8", newline="")
        return mistakes(path, reader, cut_row if name.endswith(".csv") else Cuts(path))


@given(flags, st.booleans())
@few
def test_every_faulty_rule_is_found_where_it_stands_in_either_style(faulty: list[bool], block: bool) -> None:
    lines = [f"  level: {'purple' if wrong else 'red'}" for wrong in faulty]
    if block:
        text = "".join(f"- id: r{n}\n  when: {{posts: '>= 5'}}\n{line}\n" for n, line in enumerate(lines))
        place = {n: 3 * n + 3 for n in range(len(faulty))}
    else:
        text = "".join(f"- {{id: r{n}, when: {{posts: '>= 5'}},\n {line}}}\n" for n, line in enumerate(lines))
        place = {n: 2 * n + 2 for n in range(len(faulty))}

    found = read("rules.yaml", text, lambda path: rules.load(path))

    wrong = [n for n, is_wrong in enumerate(faulty) if is_wrong]
    assert [(error.key, error.line) for error in found.errors] == [(f"[{n}].level", place[n]) for n in wrong]
    assert isinstance(found.value, tuple)
    assert [rule.id for rule in found.value] == [f"r{n}" for n in range(len(faulty)) if n not in wrong]
    assert found.left_out == {f"r{n}" for n in wrong}


@given(flags)
@few
def test_every_faulty_reader_in_one_line_is_counted_in_the_whole_list(faulty: list[bool]) -> None:
    people = ", ".join(f"{{id: p{n}, mail: {'x' if bad else 'x@lanting.test'}}}" for n, bad in enumerate(faulty))

    found = read("recipients.yaml", f"offices: []\npeople: [{people}]\n", recipients.load)

    assert [error.key for error in found.errors] == [f"people[{n}].mail" for n, bad in enumerate(faulty) if bad]


@given(flags)
@few
def test_every_faulty_place_is_found_in_its_line(faulty: list[bool]) -> None:
    rows = "".join(f"p{n},,city,名,,{'north' if bad else ''},,\n" for n, bad in enumerate(faulty))

    found = read("gazetteer.csv", HEAD + rows, Gazetteer.load)

    assert [error.line for error in found.errors] == [n + 2 for n, bad in enumerate(faulty) if bad]


@given(flags)
@few
def test_every_faulty_key_of_the_settings_is_found_and_every_sound_one_is_kept(faulty: list[bool]) -> None:
    keys = ["locale", "timezone", "area_level", "name", "data_dir"]
    pairs = list(zip(keys, faulty, strict=False))
    text = "[general]\n" + "".join(f"{key} = {'7' if bad else ENGLISH}\n" for key, bad in pairs)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answerable.toml"
        path.write_text(text, "utf-8")
        found = survey(path, {})

    wrong = {f"general.{key}" for key, bad in pairs if bad}
    assert {error.key for error in found.errors} == wrong
    assert {key: getattr(found.settings.general, key) for key, bad in pairs if not bad} == {
        key: "en" for key, bad in pairs if not bad
    }
    assert all(place.startswith(f"{path}:") for place in found.settings.origin.values())


PIECES = st.sampled_from(
    ["", ":", "- ", "[", "]", "{", "}", '"', "'", "#", "2026-13-45", "null", "\0", "\t", "!!int x", "&a ", "*a", ",",
     "\n", "nan", "<<: *x", "? ", "%", "|", "0x_", "\ufeff", "\r", "[[", "= 3", "9" * 30]
)  # fmt: skip
READERS: dict[str, Callable[[Path], object]] = {
    "sources.yaml": read_sources,
    "recipients.yaml": recipients.load,
    "rules.yaml": lambda path: rules.load(path, ["urban.water"], ["city-office"]),
    "gazetteer.csv": Gazetteer.load,
}


@pytest.mark.parametrize("name", sorted(READERS))
@given(data=st.data())
@few
def test_no_spoilt_file_makes_a_reader_fall_over(name: str, data: st.DataObject) -> None:
    text = spoilt(SOURCES if name == "sources.yaml" else contents()[name], data)

    found = read(name, text, READERS[name])

    assert found.value is not None or found.errors


@given(data=st.data())
@few
def test_no_spoilt_settings_make_the_survey_fall_over(data: st.DataObject) -> None:
    text = spoilt(files("answerable").joinpath("default.toml").read_text("utf-8"), data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answerable.toml"
        path.write_text(text, "utf-8", newline="")
        found = survey(path, {})

    assert len(problems(found.settings)) >= 3


SOURCES = "".join(
    f'- {{id: {name}, adapter: feed, url: "http://lanting.test/", kind: news, basis: feed, terms_checked: 2026-11-01,'
    " contact: desk}\n" for name in ("board", "other")
)  # fmt: skip


def spoilt(text: str, data: st.DataObject) -> str:
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        text = text[:start] + data.draw(PIECES) + text[start + data.draw(st.integers(0, 12)) :]
    return text
