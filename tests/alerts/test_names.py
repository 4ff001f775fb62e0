from __future__ import annotations

from alerts.names import Names
from tests.alerts.givens import RECIPIENTS

NAMES = Names(
    {"4401": ("澜汀市", "澜汀", "Lanting City", "Lanting"), "4401-07": ("A3区",)},
    {"urban": {"zh": "城乡建设", "en": "Urban construction"}, "urban.water": {"zh": "供水"}},
    RECIPIENTS,
)


def test_a_place_has_its_own_name_and_its_first_latin_alias() -> None:
    assert (NAMES.place("4401", "zh"), NAMES.place("4401", "en")) == ("澜汀市", "Lanting City")


def test_a_place_without_an_alias_keeps_its_name() -> None:
    assert NAMES.place("4401-07", "en") == "A3区"


def test_what_nothing_located_has_no_name() -> None:
    assert [NAMES.place(key, "en") for key in (None, "~letters.lanting")] == ["", ""]


def test_a_topic_is_called_by_its_locale_by_any_or_by_its_parent() -> None:
    assert (NAMES.topic("urban", "en"), NAMES.topic("urban.water", "en"), NAMES.topic("urban.roads", "en")) == (
        "Urban construction", "供水", "Urban construction",
    )  # fmt: skip


def test_an_office_is_called_by_its_locale_and_nobody_by_nothing() -> None:
    assert (NAMES.office("water", "en"), NAMES.office("housing", "en"), NAMES.office(None, "zh")) == (
        "Lanting Water Bureau", "澜汀住建局", "",
    )  # fmt: skip


def test_an_unknown_id_is_its_own_name() -> None:
    assert (NAMES.place("9", "zh"), NAMES.topic("x.y", "zh"), NAMES.office("nobody", "en")) == ("9", "x.y", "nobody")
