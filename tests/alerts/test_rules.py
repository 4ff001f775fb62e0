from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.conditions import View
from alerts.refusals import object_to
from alerts.rules import Rule, fire, load
from answerable.errors import SettingsError
from answerable.incident import Between, Components, Level, SharedWord
from tests.alerts.givens import MORNING, update
from tests.alerts.refused import MATTERS, REFUSED

SPREAD = Components(heat=5.0, growth=1.2, effective=9.0)


def test_a_rule_may_raise_a_level_with_its_figures_beside_its_thresholds(tmp_path: Path) -> None:
    rules = _load(tmp_path, "- {id: fast, when: {growth: '>= doubling 6h', authors: '>= 5'}, level: orange}")
    fired = fire(rules, View(update(components=SPREAD), MORNING))
    assert fired is not None
    assert (fired.rule.id, fired.rule.level) == ("fast", Level.ORANGE)
    assert [(item.name, item.value, item.baseline) for item in fired.why] == [
        ("rule.growth", 1.2, 1.0), ("rule.authors", 8, 5.0),
    ]  # fmt: skip


def test_all_conditions_of_a_rule_have_to_hold(tmp_path: Path) -> None:
    rules = _load(tmp_path, "- {id: fast, when: {growth: '>= doubling 6h', authors: '>= 9'}, level: orange}")
    assert fire(rules, View(update(components=SPREAD), MORNING)) is None


def test_the_highest_level_wins_and_the_first_of_equals(tmp_path: Path) -> None:
    rules = _load(
        tmp_path,
        "- {id: a, when: {authors: '>= 5'}, level: yellow}\n- {id: b, when: {authors: '>= 6'}, level: orange}\n"
        "- {id: c, when: {authors: '>= 7'}, level: orange}",
    )
    fired = fire(rules, View(update(), MORNING))
    assert fired is not None
    assert fired.rule.id == "b"


@pytest.mark.parametrize(
    ("matter", "fits"),
    [
        ("{terms: [停水]}", True), ("{terms: [停电]}", False), ("{terms: [停电, 停水]}", True),
        ("{topics: [urban]}", True),
        ("{topics: [urban.water]}", True), ("{topics: [urban.wat]}", False), ("{terms: [No Water]}", True),
        ("{terms: [停水], topics: [health]}", False), ("{terms: [tanker]}", True),
    ],
)  # fmt: skip
def test_a_rule_on_a_matter_looks_at_shared_words_and_topics(tmp_path: Path, matter: str, fits: bool) -> None:
    text = f"- {{id: water, matter: {matter}, when: {{authors: '>= 5'}}, level: yellow}}"
    (tmp_path / "rules.yaml").write_text(text, "utf-8")
    seen = update(words=(SharedWord("no water", 4, 2),), links_terms=("tanker",))
    assert (fire(load(tmp_path / "rules.yaml"), View(seen, MORNING)) is not None) is fits


def test_the_shipped_rules_fire_on_what_they_are_for() -> None:
    rules = load()
    fast = update(components=SPREAD, authors=Between(8, 8))
    slow = update(authors=Between(2, 14), token_days=14)
    calm = update(authors=Between(6, 6))
    assert _fired(rules, View(fast, MORNING)) == "fast-spread"
    assert _fired(rules, View(slow, MORNING, MORNING - 31 * 86400)) == "long-unanswered"
    assert _fired(rules, View(calm, MORNING)) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {id: a, wehn: {authors: '>= 5'}, level: orange}", ":1: [0].wehn: unknown key; did you mean 'when'?"),
        ("- {id: a, when: {autors: '>= 5'}, level: orange}", ":1: [0].autors: unknown key; did you mean 'authors'?"),
        ("- {id: a, when: {authors: '>= 5'}, level: oragne}", ":1: [0].level: invalid enum value 'oragne'"),
        ("- {id: a, when: {authors: 5}, level: orange}", ":1: [0].when: expected `str`, got `int`"),
        ("- {id: a, when: {}, level: orange}", ":1: [0].when: is empty"),
        ("- {id: a, when: {authors: '< 5'}, level: orange}", ":1: [0].authors: '< 5' is no condition"),
        ("- id: a\n  when:\n    heat: '>= 3'\n  level: orange", ":3: [0].heat: '>= 3' does not fit heat"),
        ("- {id: A b, when: {authors: '>= 5'}, level: orange}", ":1: [0].id: 'A b' is no id"),
        (
            "- {id: a, when: {authors: '>= 5'}, level: orange}\n- {id: a, when: {authors: '>= 5'}, level: red}",
            ":2: [1].id: 'a' is used twice",
        ),
        ("- {id: a, when: {authors: '>= 5'}}", ":1: [0]: object missing required field `level`"),
        (
            "- {id: a, when: {authors: '>= 5'}, level: red, route: watre}",
            ":1: [0].route: 'watre' is no office; did you",
        ),
        (
            "- {id: a, matter: {topics: [urban.watr]}, when: {authors: '>= 5'}, level: red}",
            ":1: [0].topics: 'urban.watr' is no topic of the taxonomy; did you mean 'urban.water'?",
        ),
        ("- {id: a, matter: {terms: [水]}, when: {authors: '>= 5'}, level: red}", ":1: [0].terms: '水' is too short"),
        ("- {id: a, when: {authors: '>= 5'}, level: [red]}", ":1: [0].level: expected `str`"),
        ("- {id: a\n  when", ":2: expected ',' or '}', but got '<stream end>'"),
        ("a: b", ":1: expected `array`, got `object`"),
    ],
)
def test_a_mistake_names_file_line_key_and_repair(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        _load(tmp_path, text)
    assert message in str(caught.value)
    assert caught.value.repair


@pytest.mark.parametrize(
    ("key", "watched"),
    [
        ("author", "accounts"), ("user", "accounts"), ("language", "language"), ("lang", "language"),
        ("ethnicity", "ethnicity"), ("religion", "religion"), ("gathering", "assemblies"), ("person", "persons"),
        ("election", "elections"), ("anger", "tone"), ("sentiment", "tone"), ("mood", "tone"),
    ],
)  # fmt: skip
def test_a_figure_that_weighs_people_or_tone_is_refused_by_its_reason(tmp_path: Path, key: str, watched: str) -> None:
    with pytest.raises(SettingsError, match=f"no rules on {watched}"):
        _load(tmp_path, f"- {{id: a, when: {{{key}: '>= 5'}}, level: orange}}")


def test_there_are_three_hundred_rules_to_refuse() -> None:
    assert len(REFUSED) >= 300


@pytest.mark.parametrize(("kind", "term"), REFUSED)
def test_no_rule_names_persons_beliefs_or_assemblies(tmp_path: Path, kind: str, term: str) -> None:
    (tmp_path / "rules.yaml").write_text(
        f"- id: a\n  matter:\n    terms: [停水, '{term.replace(chr(39), chr(39) * 2)}']\n"
        "  when: {authors: '>= 5'}\n  level: orange\n",
        "utf-8",
    )
    with pytest.raises(SettingsError, match="no rules on") as caught:
        load(tmp_path / "rules.yaml")
    assert (caught.value.line, caught.value.key) == (3, "[0].terms")
    assert caught.value.repair


@pytest.mark.parametrize("term", MATTERS)
def test_offices_services_and_matters_may_be_named(term: str) -> None:
    assert object_to(term) is None


@pytest.mark.parametrize(
    "text",
    [
        "- {id: protest-watch, when: {authors: '>= 5'}, level: red}",
        "- {id: a, matter: {topics: [governance.elections]}, when: {authors: '>= 5'}, level: red}",
    ],
)
def test_what_may_not_be_named_may_not_hide_in_ids_or_topics(tmp_path: Path, text: str) -> None:
    (tmp_path / "rules.yaml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match="no rules on"):
        load(tmp_path / "rules.yaml")


@settings(derandomize=True, max_examples=150)
@given(text=st.text(max_size=60))
def test_any_text_in_a_rules_file_is_read_or_refused_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(f"- {{id: a, when: {{authors: {text!r}}}, level: {text[:6]}}}", "utf-8")
    assert _repair(path) != ""


def _load(folder: Path, text: str) -> tuple[Rule, ...]:
    (folder / "rules.yaml").write_text(text, "utf-8")
    return load(folder / "rules.yaml", ["urban", "urban.water", "health"], ["water", "city"])


def _repair(path: Path) -> str:
    try:
        return f"none: {len(load(path))} rule"
    except SettingsError as error:
        return error.repair


def _fired(rules: tuple[Rule, ...], view: View) -> str | None:
    fired = fire(rules, view)
    return fired.rule.id if fired else None
