from __future__ import annotations

from incidents.places import elsewhere


def test_one_letter_from_elsewhere_makes_a_districts_matter_no_citys() -> None:
    assert elsewhere({"west": 1}, {"east": 9, "west": 1}) < elsewhere({"east": 1}, {"east": 9, "west": 1})
