from __future__ import annotations

import pytest

from nlp import troubles
from nlp.clean import folded


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Taps dry since noon, we fill the kettle from the pump", "water"),
        ("Twelve floors on foot with a wheelchair, the lift has packed in again", "lift"),
        ("暖气片冰凉，室温十二度，孩子穿着棉袄写作业", "heating"),
        ("垃圾桶满得溢出来，苍蝇乱飞，环卫三天没来", "waste"),
    ],
)
def test_trouble_is_read_from_what_it_is_about_and_what_is_wrong(text: str, kind: str) -> None:
    assert troubles.find(folded(text).text, not text.isascii())[:1] == [kind]


@pytest.mark.parametrize(
    "text", ["The lift was lovely and the view better", "谢谢物业，电梯修好了", "We took the bus to school"]
)
def test_what_works_is_mended_or_only_named_is_no_trouble(text: str) -> None:
    assert troubles.find(folded(text).text, not text.isascii()) == []
