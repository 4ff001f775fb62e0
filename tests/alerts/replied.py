"""Answers as mail programs write them: a word, new text, a quotation in each program's manner; what each asks for."""

from __future__ import annotations

from typing import NamedTuple

from answerable.incident import State

ACK, WORK, ASSIGN, RETURN = State.ACKNOWLEDGED, State.WORKING, State.ASSIGNED, State.RETURNED
ANSWER, CLOSE, FALSE = State.ANSWERED, State.CLOSED, State.FALSE_ALARM

ALERT_ZH = (
    "■ 红色 · 22:15 由橙色升级\n临河街道：停水、水车\n\n居民的诉求\n- 恢复供水 · 6 人 · 未答复\n“停水”（23 人）"
)
DESK_ZH, DESK_EN = "澜汀市 <desk@lanting.example>", "Lanting City <desk@lanting.example>"
ALERT_EN = "■ RED · raised from orange at 22:15\nLinhe Street: no water\n\nWhat people ask for\n- restore the water"
FROM_ZH = (
    "发件人: 澜汀市 <desk@lanting.example>\n发送时间: 2026年3月2日 9:00\n收件人: lead@water.example\n主题: [红] 停水"
)
FROM_EN = (
    "From: Lanting City <desk@lanting.example>\nSent: Monday, March 2, 2026 9:00 AM\nTo: lead\nSubject: [RED] water"
)


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


IOS_ZH = f"\n\n发自我的 iPhone\n\n> 在 2026年3月2日，上午9:00，{DESK_ZH} 写道：\n>\n{quoted(ALERT_ZH)}\n"
IOS_EN = f"\n\nSent from my iPhone\n\n> On Mar 2, 2026, at 09:00, {DESK_EN} wrote:\n> \n{quoted(ALERT_EN)}"
IOS_PLAIN = f"\n\nOn Mar 2, 2026, at 9:00 AM, Lanting City <desk@lanting.example> wrote:\n\n{ALERT_EN}"
GMAIL_EN = f"\n\nOn Mon, Mar 2, 2026 at 9:00 AM Lanting City <desk@lanting.example>\nwrote:\n\n{quoted(ALERT_EN)}"
GMAIL_ZH = f"\n\n澜汀市 <desk@lanting.example> 于2026年3月2日周一 09:00写道：\n\n{quoted(ALERT_ZH)}"
QQ = f"\n\n\n------------------&nbsp;原始邮件&nbsp;------------------\n{FROM_ZH}\n\n{ALERT_ZH}".replace(
    "&nbsp;", "\xa0"
)
QQ_PHONE = f"\n\n\n\n---原始邮件---\n{FROM_ZH}\n{ALERT_ZH}"
QQ_EN = f"\n\n------------------ Original ------------------\n{FROM_EN}\n{ALERT_ZH}"
NETEASE = f'\n\n\n\nAt 2026-03-02 09:00:00, "澜汀市" <desk@lanting.example> wrote:\n{quoted(ALERT_ZH)}'
NETEASE_ZH = f'\n\n在 2026-03-02 09:00:00，"澜汀市" <desk@lanting.example> 写道：\n{ALERT_ZH}'
NETEASE_PHONE = f"\n\n\n| |\n李工\n|\n|\n\n---- 回复的原邮件 ----\n| 发件人 | {DESK_ZH} |\n{ALERT_ZH}"
COREMAIL = f"\n\n\n> -----原始邮件-----\n> 发件人: 澜汀市 <desk@lanting.example>\n{quoted(ALERT_ZH)}"
OUTLOOK = f"\n\n________________________________\n{FROM_ZH}\n\n{ALERT_ZH}"
OUTLOOK_EN = (
    f"\n\nGet Outlook for iOS<https://aka.example/o0ukef>\n________________________________\n{FROM_EN}\n\n{ALERT_EN}"
)
OUTLOOK_DESKTOP = f"\n\n{FROM_EN}\n\n{ALERT_EN}"
OUTLOOK_OLD = f"\n\n-----Original Message-----\n{FROM_EN}\n\n{ALERT_EN}"
SAMSUNG = f"\n\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: {DESK_EN}\n{ALERT_EN}"
HUAWEI = f"\n\n发自我的华为手机\n\n-------- 原始邮件 --------\n发件人：澜汀市 <desk@lanting.example>\n{ALERT_ZH}"
XIAOMI = f"\n\n由小米手机发送\n在 澜汀市 <desk@lanting.example>，2026年3月2日 09:00写道：\n{quoted(ALERT_ZH)}"
THUNDERBIRD = f"On 3/2/26 09:00, Lanting City wrote:\n{quoted(ALERT_EN)}\n\n"
BARE_ZH, BARE_EN = f"\n\n{ALERT_ZH}", f"\n\n{ALERT_EN}"


class Case(NamedTuple):
    """A plain text, and the action it means."""

    body: str
    to: State
    text: str = ""
    office: str | None = None
    helpers: tuple[str, ...] = ()
    link: str | None = None


UNDERSTOOD = {
    "ios, one word": Case("知悉" + IOS_ZH, ACK),
    "ios, english": Case("Acknowledge" + IOS_EN, ACK),
    "ios, quotation without marks": Case("Acknowledged." + IOS_PLAIN, ACK),
    "ios, autocorrected capitals and a full stop": Case("ACKNOWLEDGE." + IOS_EN, ACK),
    "gmail, wrapped attribution": Case("Working on it" + GMAIL_EN, WORK),
    "gmail, chinese": Case("处理中。" + GMAIL_ZH, WORK),
    "qq, on a desk": Case("知悉。" + QQ, ACK),
    "qq, on a phone": Case("收到" + QQ_PHONE, ACK),
    "qq, english words around it": Case("已知悉" + QQ_EN, ACK),
    "netease": Case("处理中：抢修队已出发" + NETEASE, WORK, "抢修队已出发"),
    "netease, quotation without marks": Case("处理中，预计两小时" + NETEASE_ZH, WORK, "预计两小时"),
    "coremail": Case("【知悉】" + COREMAIL, ACK),
    "outlook, on a phone": Case("Working on it - crew is on the way" + OUTLOOK_EN, WORK, "crew is on the way"),
    "outlook, chinese": Case("知悉，马上派人去看" + OUTLOOK, ACK, "马上派人去看"),
    "outlook, on a desk": Case("Acknowledge, will call back" + OUTLOOK_DESKTOP, ACK, "will call back"),
    "outlook, old": Case("acknowledge" + OUTLOOK_OLD, ACK),
    "samsung": Case("working on it now" + SAMSUNG, WORK, "now"),
    "huawei": Case("正在处理" + HUAWEI, WORK),
    "xiaomi": Case("知悉！" + XIAOMI, ACK),
    "thunderbird, below the quotation": Case(THUNDERBIRD + "Acknowledge\n-- \nLead engineer", ACK),
    "no mark at all before the alert": Case("知悉" + BARE_ZH, ACK),
    "no mark at all before the alert, english": Case("Working on it\nTwo crews." + BARE_EN, WORK, "Two crews."),
    "empty lines and blanks first": Case("\n\n \u3000\n  知悉  \n" + IOS_ZH, ACK),
    "a byte order mark first": Case("\ufeff知悉" + QQ, ACK),
    "marked as bold": Case("*Acknowledge*" + GMAIL_EN, ACK),
    "a comment below": Case("处理中\n两台抽水泵\n今晚到位" + QQ, WORK, "两台抽水泵今晚到位"),
    "assigned by name": Case("指派 澜汀住建局" + IOS_ZH, ASSIGN, office="housing"),
    "assigned without a gap": Case("指派澜汀水务局" + QQ_PHONE, ASSIGN, office="water"),
    "assigned by alias, with helpers": Case(
        "指派：自来水公司、澜汀住建局，今天处理" + QQ, ASSIGN, "今天处理", office="water", helpers=("housing",)
    ),
    "assigned by id": Case("Assign: housing" + IOS_EN, ASSIGN, office="housing"),
    "assigned in a sentence": Case(
        "Assign to the Lanting Water Bureau and housing please" + GMAIL_EN, ASSIGN, "please", "water", ("housing",)
    ),
    "assigned in the next line": Case("指派\n澜汀市政府办公室\n请协调" + OUTLOOK, ASSIGN, "请协调", office="city"),
    "returned": Case("不属我办，应由澜汀住建局办理" + OUTLOOK, RETURN, office="housing"),
    "returned without a gap": Case("不属于我办应属澜汀住建局职责" + QQ, RETURN, office="housing"),
    "returned, english": Case("Not ours, ask the waterworks" + OUTLOOK_EN, RETURN, office="water"),
    "returned, id below": Case("Not ours\nhousing" + IOS_EN, RETURN, office="housing"),
    "false alarm": Case("误报：是计划内的消防演练" + QQ, FALSE, "是计划内的消防演练"),
    "false alarm, english": Case("False alarm: a planned drill" + IOS_EN, FALSE, "a planned drill"),
    "false alarm, reason below": Case("False alarm!\nIt was a drill." + GMAIL_EN, FALSE, "It was a drill."),
    "closed": Case("办结：9时已恢复供水，已逐户回访" + HUAWEI, CLOSE, "9时已恢复供水，已逐户回访"),
    "closed, english": Case("Close - water is back since nine" + SAMSUNG, CLOSE, "water is back since nine"),
    "answered in text": Case(
        "答复\n您反映的停水，系主管道破裂。\n今晚22时前恢复。\n\n此致\n敬礼\n水务局" + QQ,
        ANSWER, "您反映的停水，系主管道破裂。今晚22时前恢复。",
    ),
    "answered by a link": Case(
        "答复 https://water.lanting.example/notice/7" + IOS_ZH, ANSWER, link="https://water.lanting.example/notice/7"
    ),
    "answered by text and link": Case(
        "Answer: The main is repaired, see https://water.lanting.example/n?id=7." + IOS_EN,
        ANSWER, "The main is repaired, see https://water.lanting.example/n?id=7.",
        link="https://water.lanting.example/n?id=7",
    ),
    "answered, link with a phone's capital": Case(
        "Answer\nHttps://water.lanting.example/7" + OUTLOOK_EN, ANSWER, link="https://water.lanting.example/7"
    ),
    "answered, link amid chinese": Case(
        "答复：详见https://water.lanting.example/7。" + NETEASE, ANSWER, "详见https://water.lanting.example/7。",
        link="https://water.lanting.example/7",
    ),
    "netease, on a phone with its card": Case("知悉" + NETEASE_PHONE, ACK),
}  # fmt: skip

UNCLEAR = {
    "nothing but a quotation": IOS_ZH,
    "nothing but a signature": "\n\nSent from my iPhone",
    "nothing": "",
    "thanks": "谢谢，辛苦了" + QQ,
    "a greeting": "Hello,\nAcknowledge" + GMAIL_EN,
    "a question": "误报？" + IOS_ZH,
    "a question, english": "Working on it?" + IOS_EN,
    "a question in words": "答复 什么时候要？" + QQ,
    "an answer that is still to come": "答复稍后给出" + QQ,
    "an answer that is still to come, english": "Answer will follow tomorrow" + IOS_EN,
    "nearly closed": "Close to a solution" + IOS_EN,
    "a longer word": "Closely watching" + IOS_EN,
    "another word": "Assignment done" + GMAIL_EN,
    "a word in the middle": "我们已经知悉" + QQ,
    "a centre, not a state": "处理中心已收到" + QQ,
    "assigned to nobody": "指派" + IOS_ZH,
    "assigned to an unknown office": "指派 临河县水务局" + QQ,
    "assigned to one or the other": "Assign to housing or water" + IOS_EN,
    "assigned to one and not the other": "Assign: housing, not water" + IOS_EN,
    "assigned to a part": "指派澜汀水务局下属二队" + QQ,
    "returned to nobody": "不属我办" + OUTLOOK,
    "returned to two": "不属我办：澜汀水务局、澜汀住建局" + OUTLOOK,
    "false alarm for no reason": "误报" + QQ_PHONE,
    "closed for no reason": "Close." + OUTLOOK_OLD,
    "an answer without words": "答复：" + QQ,
    "a promise without a day": "答复：已抢修\n承诺：尽快更换水管" + QQ,
    "a promise for a day long past": "答复：已抢修\n承诺：更换水管，2025年3月20日前" + QQ,
    "a day without a promise": "Answer: repaired\nPromised:" + IOS_EN,
}
