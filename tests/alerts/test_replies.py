from __future__ import annotations

import base64
import quopri
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts.entry import Action, Entry
from alerts.letter import LARGEST
from alerts.links import Links
from alerts.recipients import Person, Recipients
from alerts.replies import Mailbox, is_ours, read, up_to_date
from answerable.clock import DAY, parse
from answerable.errors import Refused
from answerable.incident import LedgerEvent, Level, State
from tests.alerts.givens import MORNING, PEOPLE, RECIPIENTS, update
from tests.alerts.replied import ALERT_ZH, IOS_EN, IOS_ZH, QQ, UNCLEAR, UNDERSTOOD, Case

LINKS = Links("https://desk.lanting.example", b"0123456789abcdef")
BOX = Mailbox(links=LINKS, recipients=RECIPIENTS, sender="desk@lanting.example", zone=ZoneInfo("Asia/Shanghai"))
ADDRESS = LINKS.reply_address(BOX.sender, "bcdfghj", 3, "lead", MORNING + 14 * DAY)
LEAD, BOSS = PEOPLE[0], PEOPLE[2]
HEAD = {"From": "Lead <lead@water.example>", "To": ADDRESS, "Subject": "Re: [RED]", "MIME-Version": "1.0"}


def mail(
    body: str | bytes, kind: str = "text/plain", charset: str = "utf-8", coding: str = "8bit", **head: str
) -> bytes:
    """Return a mail of one part; a header given as "" is left out."""
    data = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode(charset)
    match coding:
        case "base64":
            data = base64.encodebytes(data)
        case "quoted-printable":
            data = quopri.encodestring(data)
    named = {name.replace("_", "-"): value for name, value in head.items()}
    headers = {"Content-Type": f"{kind}; charset={charset}", "Content-Transfer-Encoding": coding, **HEAD, **named}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    return lines.encode() + b"\r\n" + data


def parts(kind: str, *bodies: bytes) -> bytes:
    """Return a mail of several parts, each with its own headers."""
    head = "".join(f"{name}: {value}\r\n" for name, value in HEAD.items())
    inside = b"".join(b"--b0\r\n" + body + b"\r\n" for body in bodies)
    return f'{head}Content-Type: multipart/{kind}; boundary="b0"\r\n\r\n'.encode() + inside + b"--b0--\r\n"


def part(kind: str, text: str, more: str = "") -> bytes:
    return f"Content-Type: {kind}; charset=utf-8\r\n{more}\r\n{text}".encode()


def understood(message: bytes, to: str = ADDRESS) -> Action:
    return read(message, to, BOX, MORNING)


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_an_answer_is_understood_whatever_program_wrote_it(name: str) -> None:
    case: Case = UNDERSTOOD[name]
    action = understood(mail(case.body))
    assert action == Action(
        incident="bcdfghj", version=3, to=case.to, who="lead", text=case.text, office=case.office,
        co_handlers=case.helpers, link=case.link,
    )  # fmt: skip


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_is_unclear_is_refused_in_words_that_help(name: str) -> None:
    with pytest.raises(Refused) as refused:
        understood(mail(UNCLEAR[name]))
    assert len(str(refused.value)) > 15


@pytest.mark.parametrize("charset", ["utf-8", "gbk", "gb2312", "gb18030", "utf-16"])
@pytest.mark.parametrize("coding", ["base64", "quoted-printable"])
def test_charsets_and_codings_of_phones_are_read(charset: str, coding: str) -> None:
    action = understood(mail("处理中：抢修队已出发\n", charset=charset, coding=coding))
    assert (action.to, action.text) == (State.WORKING, "抢修队已出发")


@pytest.mark.parametrize("charset", ["us-ascii", "x-none", "gb2312"])
def test_a_wrong_charset_is_read_as_what_fits(charset: str) -> None:
    message = mail("误报：演练。镕".encode("gb18030"), charset=charset)
    assert understood(message).text == "演练。镕"


def test_plain_text_comes_before_html_and_neither_attachment_nor_forwarded_mail_is_looked_into() -> None:
    message = parts(
        "mixed", part("text/plain", "办结：混入", 'Content-Disposition: attachment; filename="a.txt"\r\n'),
        b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n" + "误报：混入".encode(),
        part("text/html", "<p>处理中</p>"), part("text/plain", "知悉"),
    )  # fmt: skip
    assert understood(message).to is State.ACKNOWLEDGED


@pytest.mark.parametrize(
    "html",
    [
        f"<div>知悉</div><div><br></div><div>发自我的iPhone</div><blockquote type='cite'>{ALERT_ZH}</blockquote>",
        f"<p dir='ltr'>知悉</p><div class='gmail_quote'>On Mar 2 X wrote:<blockquote>{ALERT_ZH}</blockquote></div>",
        f"<p>知悉</p><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'>From: X</div><div>{ALERT_ZH}</div>",
        f"<div>知悉<br></div><div>------------------&nbsp;原始邮件&nbsp;------------------</div><div>{ALERT_ZH}</div>",
        f"<style>p{{}}</style><p>知&#24713;</p><div id='isReplyContent'>在 2026-03-02，X 写道：{ALERT_ZH}</div>",
        f"<p>知<style>p>b</style>悉<blockquote class='gmail_quote'><blockquote>b</blockquote>{ALERT_ZH}</blockquote>",
        f"<div class='moz-cite-prefix'>On 3/2/26 X wrote:</div><blockquote>{ALERT_ZH}</blockquote><p>知悉</p>",
    ],
    ids=["apple", "gmail", "outlook", "qq", "netease", "nested", "thunderbird"],
)
def test_html_is_read_without_its_quotations(html: str) -> None:
    action = understood(mail(f"<html><head><title>办结</title></head><body>{html}</body></html>", "text/html"))
    assert (action.to, action.text) == (State.ACKNOWLEDGED, "")


def test_html_is_read_where_the_plain_part_is_empty() -> None:
    message = parts("alternative", part("text/plain", IOS_ZH), part("text/html", "<p>处理中：在路上</p>"))
    assert understood(message).text == "在路上"


def test_soft_breaks_are_one_line_again() -> None:
    message = mail("Answer: the main is \nrepaired.\n\n> old", "text/plain; format=flowed")
    assert understood(message).text == "the main is repaired."


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_no_word_of_the_alert_is_ever_kept(name: str) -> None:
    text = understood(mail(UNDERSTOOD[name].body)).text
    assert not any(word in text for word in ("由橙色升级", "恢复供水 ·", "23 人", "raised from", "restore the water"))


def test_a_promise_needs_a_day_and_gets_its_last_second_in_the_desks_zone() -> None:
    action = understood(mail(f"答复：主管道破裂，正在抢修。\n承诺：更换水管，3月20日前\n{QQ}"))
    assert (action.text, action.promised) == ("主管道破裂，正在抢修。", "更换水管，3月20日前")
    assert action.due_at == parse("2026-03-20T23:59:59+08:00")


@pytest.mark.parametrize(
    "day", ["2026-03-20", "2026年3月20日", "3月20号", "20 March", "March 20th, 2026", "2026.3.20"]
)
def test_days_are_read_as_people_write_them(day: str) -> None:
    action = understood(mail(f"Answer: repaired\nPromised: new pipes by {day}{IOS_EN}"))
    assert action.due_at == parse("2026-03-20T23:59:59+08:00")


def test_a_day_early_in_the_year_is_next_years_at_its_end() -> None:
    december = parse("2026-12-20T09:00:00+08:00")
    to = LINKS.reply_address(BOX.sender, "bcdfghj", 3, "lead", december)
    action = read(mail("答复：在修\n承诺：修好，1月10日前", To=to), "", BOX, december)
    assert action.due_at == parse("2027-01-10T23:59:59+08:00")


def test_a_comment_is_one_line_short_and_harmless_in_a_header() -> None:
    action = understood(mail("Working on it: a\u202eb =?utf-8?q?=0D=0ABcc?=\n" + "steady " * 900))
    assert "\n" not in action.text
    assert "=?" not in action.text
    assert "\u202e" not in action.text
    assert len(action.text) <= 4000


def test_the_address_is_found_in_the_headers_a_server_adds() -> None:
    message = mail("知悉", To="someone@else.example", Delivered_To=ADDRESS.upper())
    assert understood(message, to="").incident == "bcdfghj"


def test_everybody_who_gets_mails_may_answer_duty_addresses_too() -> None:
    to = LINKS.reply_address(BOX.sender, "bcdfghj", 1, "water.duty1", MORNING)
    assert understood(mail("知悉", From="duty@water.example"), to).who == "water.duty1"
    alone = replace(BOX, recipients=Recipients(offices=[], people=[]))
    to = LINKS.reply_address(BOX.sender, "bcdfghj", 1, "desk", MORNING)
    assert read(mail("知悉", From="desk@lanting.example"), to, alone, MORNING).who == "desk"


@pytest.mark.parametrize(
    "writer",
    [
        "boss@city.example", "", "lead@water.example, boss@city.example", '"lead@water.example" <boss@city.example>',
        "lead@water.example <boss@city.example>", "boss@city.example <lead@water.example>", "lead@water.example.evil",
        "lead@water.example\r\nFrom: boss@city.example", "<lead@water.example> <boss@city.example>", "<>", "lead",
    ],
)  # fmt: skip
def test_nobody_else_may_answer_for_a_person(writer: str) -> None:
    with pytest.raises(Refused, match="不属于发件人"):
        understood(mail("知悉", From=writer))


@pytest.mark.parametrize(
    "writer",
    [
        "LEAD@Water.example", "<lead@water.example>", '"a, b" <lead@water.example>',
        "=?gb2312?B?wO65pA==?= <lead@water.example>",
    ],
)  # fmt: skip
def test_a_persons_address_is_theirs_however_it_is_written(writer: str) -> None:
    assert understood(mail("知悉", From=writer)).who == "lead"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto_Submitted", "auto-replied"), ("Auto_Submitted", "auto-notified; owner=x"), ("Precedence", "bulk"),
        ("Precedence", "auto_reply"), ("Return_Path", "<>"), ("X_Incident_Id", "bcdfghj"), ("List_Id", "<a.example>"),
        ("X_Autoreply", "yes"), ("Subject", "自动回复: [红] 停水"), ("Subject", "=?utf-8?b?6Ieq5Yqo5Zue5aSNOiB4?="),
        ("Subject", "Automatic reply: [RED]"), ("Subject", "Out of Office: back on Monday"),
        ("Content_Type", "multipart/report; report-type=delivery-status; boundary=x"),
    ],
)  # fmt: skip
def test_machines_and_loops_are_refused(name: str, value: str) -> None:
    with pytest.raises(Refused, match="自动发出"):
        understood(mail("知悉", **{name: value}))


def test_what_a_person_sends_is_no_machines_mail() -> None:
    message = mail("知悉", Auto_Submitted="no", Return_Path="<lead@water.example>", Precedence="normal")
    assert understood(message).to is State.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("desk+bcdfghj-3-20796-aaaaaaaaaaaaaaaa@lanting.example", "not made by this desk"),
        (ADDRESS.replace("-3-", "-4-"), "not made by this desk"),
        ("desk@lanting.example", "not made by this desk"),
        (LINKS.reply_address(BOX.sender, "bcdfghj", 3, "lead", MORNING - 2 * DAY), "expired"),
    ],
)
def test_only_a_signed_address_opens_anything(to: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        understood(mail("知悉"), to)
    with pytest.raises(Refused, match="--to"):
        understood(mail("知悉", To="someone@lanting.example"), "")


def test_a_refusal_speaks_the_persons_language_and_names_the_offices() -> None:
    to = LINKS.reply_address(BOX.sender, "bcdfghj", 1, "boss", MORNING)
    with pytest.raises(Refused, match=r"name the office .* water \(Lanting Water Bureau\)"):
        understood(mail("Assign to the moon", From="boss@city.example"), to)
    with pytest.raises(Refused, match=r"写明部门的名称.*water \(澜汀水务局\)"):
        understood(mail("指派 月亮"))


def test_an_address_of_the_desks_form_is_told_from_others() -> None:
    assert is_ours(ADDRESS, BOX.sender)
    assert not is_ours("desk@lanting.example", BOX.sender)
    assert not is_ours("desk+a@elsewhere.example", BOX.sender)


def test_a_mail_too_large_or_nested_without_end_is_refused() -> None:
    with pytest.raises(Refused, match="too large"):
        understood(mail("知悉" + "x" * LARGEST))
    assert understood(mail("<p>知悉</p>" + "<div>" * 15_000, "text/html")).to is State.ACKNOWLEDGED
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(2000))
    with pytest.raises(Refused, match="cannot be read"):
        understood(head.encode())


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from(["text/plain", "text/html", "multipart/mixed; boundary=x", "a;b*0*=''%"])
)
def test_bytes_never_crash_the_reading(body: bytes, kind: str) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in HEAD.items()) + f"Content-Type: {kind}\r\n\r\n"
    _either(head.encode() + body)
    _either(body + head.encode() + body)


_PIECES = st.sampled_from(
    [
        "知悉", "答复：", "Assign", "误报？", "\n", "> ", "On 2 Mar 2026 X wrote:", "发件人：", "-----",
        "<blockquote>", "<", "承诺：", "2026-99-99", "13月40日", "https://", "=?utf-8?q?", "water", "、", "\0",
        "\ue000", "&#x", "________", "-- ", "\u2028",
    ]
)  # fmt: skip


@settings(derandomize=True, max_examples=250, deadline=None)
@given(
    st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=25).map("".join), st.sampled_from(["plain", "html"])
)
def test_any_text_is_an_action_or_a_refusal_and_what_is_kept_is_one_line(text: str, kind: str) -> None:
    resident = "<blockquote>口渴三天</blockquote>" if kind == "html" else "> 口渴三天\n"
    action = _either(mail(f"{text}\n{resident}{text}".encode("utf-8", "replace"), f"text/{kind}"))
    if action is not None:
        assert len((action.text + "x").splitlines()) == 1
        assert "口渴" not in action.text


def _either(message: bytes) -> Action | None:
    try:
        return understood(message)
    except Refused:
        return None


# What the desk knows by the time the mail comes.


def entry(*events: tuple[int, str, State], supervision: bool = False, lead: str = "water", text: str = "") -> Entry:
    history = tuple(
        LedgerEvent(
            incident="bcdfghj", version=version, at=MORNING, who=who, before=State.NEW, after=after,
            level=Level.ORANGE, area="4401", text=text,
        )
        for version, who, after in events
    )  # fmt: skip
    return Entry(
        update=update(), level=Level.ORANGE, why=(), state=events[-1][2] if events else State.NEW,
        version=events[-1][0] if events else 1, history=history, supervision=supervision, lead=lead,
    )  # fmt: skip


def action(to: State = State.ANSWERED, text: str = "来水了", version: int = 1) -> Action:
    return Action(incident="bcdfghj", version=version, to=to, who="lead", text=text)


@pytest.mark.parametrize(
    "events",
    [
        (),
        ((2, "lead", State.ACKNOWLEDGED),),
        ((2, "lead", State.ACKNOWLEDGED), (3, "lead", State.WORKING)),
        ((2, "boss", State.ACKNOWLEDGED), (3, "lead", State.WORKING)),
    ],
)
def test_one_mail_may_be_answered_again_as_long_as_nobody_else_did_more_than_acknowledge(
    events: tuple[tuple[int, str, State], ...],
) -> None:
    now = entry(*events)
    assert up_to_date(action(), now, LEAD) == action(version=now.version)


def test_what_somebody_else_did_since_is_never_overwritten() -> None:
    now = entry((2, "lead", State.ACKNOWLEDGED), (3, "boss", State.ASSIGNED))
    with pytest.raises(Refused, match="已有他人办理"):
        up_to_date(action(), now, LEAD)
    assert up_to_date(action(version=3), now, LEAD) == action(version=3)


def test_a_mail_delivered_twice_is_done_once() -> None:
    assert up_to_date(action(), entry((2, "lead", State.ANSWERED), text="来水了"), LEAD) is None
    assert up_to_date(action(text="另有答复"), entry((2, "lead", State.ANSWERED), text="来水了"), LEAD) is not None


def test_the_office_that_is_accused_is_not_heard_by_mail_its_supervision_is() -> None:
    accused = entry(supervision=True, lead="city")
    with pytest.raises(Refused, match="上级部门"):
        up_to_date(action(State.FALSE_ALARM), accused, LEAD)
    assert up_to_date(action(State.ACKNOWLEDGED), accused, BOSS) is not None
    assert up_to_date(action(State.ACKNOWLEDGED), accused, Person(id="all", mail="all@city.example")) is not None
