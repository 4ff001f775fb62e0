from __future__ import annotations

from bench.frozen import Counts
from nlp.accusations import accused
from tests.nlp.reading import accusing, scan


def test_accused_offices_are_found_and_nobody_else_is() -> None:
    score = Counts()
    for case in accusing():
        score.add(
            case.text,
            [frozenset({office}) for office in case.accused],
            accused(scan(case.text, case.lang), case.lang == "zh"),
        )
    assert score.recall >= 0.95, score.faults
    assert score.precision >= 0.95, score.faults


def test_an_office_that_goes_by_a_body_word_is_named_by_its_id() -> None:
    offices = {"城管": "city-management"}
    assert accused(scan("执法局不作为"), True, lambda body: offices.get(body, body)) == ("city-management",)


def test_a_private_company_is_no_office() -> None:
    assert accused(scan("自来水公司敷衍了事，物业不管不问"), True) == ()
