"""What a mail says of each demand: open, passed on, answered, refused, promised, asked again."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from alerts.mail.answers import still_open
from alerts.mail.letterhead import Letterhead
from alerts.mail.matter import asks
from alerts.mail.reader import Reader
from answerable.demand import Answer, DemandCount
from tests.alerts.mail import example

AT = example.AT - 7200
ASKED = DemandCount("repair the lift", "repair", None, 9, AT - 86400)


@pytest.mark.parametrize(
    ("demand", "said", "answered"),
    [
        (ASKED, "not answered", False),
        (replace(ASKED, answer=Answer.REFERRAL), "passed on, not answered", False),
        (replace(ASKED, answered_at=AT, answer=Answer.OTHER), "answered 08:12", True),
        (replace(ASKED, answered_at=AT, answer=Answer.REFUSAL), "refused 08:12", True),
        (
            replace(ASKED, answered_at=AT, answer=Answer.PROMISE, due_at=AT + 3 * 86400),
            "answered 08:12: promised by 15 Oct 08:12", True,
        ),
        (replace(ASKED, answered_at=AT, again=4, again_at=AT + 60), "answered 08:12, asked again by 4 since", False),
    ],
    ids=["open", "referred", "answered", "refused", "promised", "again"],
)  # fmt: skip
def test_a_demand_is_told_with_what_became_of_it(demand: DemandCount, said: str, answered: bool) -> None:
    alert = example.alert("en")
    alert = replace(alert, update=replace(alert.update, demands=(demand,)))
    (ask,) = asks(alert, _reader())
    assert (ask.state, ask.answered) == (said, answered)
    assert still_open(alert) == (0 if answered else 1)


def _reader() -> Reader:
    return Reader(example.person("en"), example.NAMES, example.LINKS, Letterhead(), example.AT)
