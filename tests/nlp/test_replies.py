from __future__ import annotations

import pytest

from answerable.clock import parse
from nlp import replies
from tests.nlp.reading import scan

AT = parse("2026-03-02T10:00:00+08:00")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("经核实，该路段水管老化，我局将于3月15日前完成更换。", "2026-03-15T23:59:59+08:00"),
        ("我办将在5个工作日内处理完毕。", "2026-03-09T23:59:59+08:00"),
        ("计划2026年6月底建成通车。", "2026-06-30T23:59:59+08:00"),
        ("预计今年年底完工。", "2026-12-31T23:59:59+08:00"),
        ("将于二季度启动改造。", "2026-06-30T23:59:59+08:00"),
        ("我们会尽快安排维修。", None),
        ("2019年4月12日我局已处理。", None),
    ],
)
def test_a_promised_date_is_read_in_chinese(text: str, due: str | None) -> None:
    reply = replies.read(scan(text), True, AT)
    assert reply.due_at == (parse(due) if due else None)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Crews will repair the pipe by March 15.", "2026-03-15T23:59:59Z"),
        ("We will answer within 10 days.", "2026-03-12T23:59:59Z"),
        ("The light will be fixed next week.", "2026-03-16T23:59:59Z"),
        ("We will look into it.", None),
    ],
)
def test_a_promised_date_is_read_in_english(text: str, due: str | None) -> None:
    reply = replies.read(scan(text, "en"), False, AT)
    assert reply.promise
    assert reply.due_at == (parse(due) if due else None)


def test_refusal_reasons_and_referral_are_told_apart() -> None:
    refused = replies.read(
        scan(
            "经现场核查，根据规定该路段不具备安装条件，暂不安装红绿灯，敬请理解，感谢您的监督与支持，祝您生活愉快，如有其他问题请继续反映。"
        ),
        True,
        AT,
    )
    assert (refused.promise, refused.refusal, refused.explains, refused.referred_to) == (False, True, True, None)
    referred = replies.read(scan("您反映的问题不属于我局职责，已转交城管局处理。"), True, AT)
    assert referred.referred_to == "城管"
    english = replies.read(scan("We are unable to do this. Please contact the water company.", "en"), False, AT)
    assert (english.refusal, english.referred_to) == (True, "water company")


def test_thanks_alone_promise_nothing() -> None:
    reply = replies.read(scan("您的留言已收悉，感谢您的支持！"), True, AT)
    assert (reply.promise, reply.refusal, reply.explains, reply.due_at) == (False, False, False, None)
