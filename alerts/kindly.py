"""What somebody is told whose mail cannot be taken as an answer, in their own language: why, and what to write."""

from __future__ import annotations

from typing import Literal

from alerts.names import Locale
from answerable.errors import Refused

__all__ = ["Why", "refusal"]

Why = Literal[
    "machine", "sender", "nothing", "unclear", "colon", "office", "one_office", "reason", "answer", "promise",
    "moved", "supervision",
]  # fmt: skip
_WORDS = {
    "zh": "知悉、处理中、指派、不属我办、误报、答复、办结",
    "en": "Acknowledge, Working on it, Assign, Not ours, False alarm, Answer, Close",
}
_TOLD: dict[Why, dict[Locale, str]] = {
    "machine": {
        "zh": "这是自动发出的邮件，没有办理任何事项",
        "en": "this mail was sent by a program, so nothing was done about it",
    },
    "sender": {
        "zh": "此回复地址不属于发件人；请用收到预警的邮箱回复，或在工作台办理",
        "en": "this reply address is somebody else's; answer from the mailbox the alert came to, or in the console",
    },
    "nothing": {
        "zh": "邮件里没有新写的文字；请在第一行写下列一词：{words}",
        "en": "nothing new stands in this mail; write one of these words in its first line: {words}",
    },
    "unclear": {
        "zh": "第一行看不出要办什么；请只写下列一词，如有说明，加冒号后再写：{words}",
        "en": "the first line does not tell what to do; write one of these (and a colon, if more follows): {words}",
    },
    "colon": {
        "zh": "没有把握是不是“{word}”；如果是，请写“{word}：”，后面再写内容",
        "en": "this may not mean {word!r}; if it does, write {word!r} with a colon, then what follows",
    },
    "office": {
        "zh": "请在“{word}”之后写明部门的名称或代号，牵头的写在最前：{offices}",
        "en": "after {word!r}, name the office or its id, the lead first: {offices}",
    },
    "one_office": {
        "zh": "请在“{word}”之后只写一个部门：{offices}",
        "en": "after {word!r}, name one office: {offices}",
    },
    "reason": {
        "zh": "请在“{word}”之后写明理由，理由留在台账里",
        "en": "after {word!r}, give a reason; it stays in the ledger",
    },
    "answer": {
        "zh": "请在“{word}”之后写明答复全文，或答复的网址",
        "en": "after {word!r}, give the answer's text, or a link to it",
    },
    "promise": {
        "zh": "承诺要写明做什么、哪一天之前，例如“承诺：更换水管，2026年3月20日前”",
        "en": "a promise says what will be done by which day to come, as in 'Promised: new pipes by 20 March 2026'",
    },
    "moved": {
        "zh": "此事在这封邮件之后已有他人办理（现为第 {version} 版）；请回复最新的邮件，或在工作台办理",
        "en": "somebody acted since that mail (version {version} now); answer the newest mail, or in the console",
    },
    "supervision": {
        "zh": "此事已转由上级部门办理；请与上级部门联系",
        "en": "this matter is with the supervising office now; please turn to it",
    },
}


def refusal(why: Why, locale: Locale, **values: object) -> Refused:
    """Return what to raise.

    >>> str(refusal("reason", "en", word="Close"))
    "after 'Close', give a reason; it stays in the ledger"
    """
    return Refused(_TOLD[why][locale].format_map({"words": _WORDS[locale], **values}))
