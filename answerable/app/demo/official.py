"""What the water bureau's official does in the demo: acknowledges an alert by mail, then answers it, also by mail."""

from __future__ import annotations

import email
import email.policy
import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from alerts.replies import is_ours, read
from answerable.app.box import Box
from answerable.app.demo.sink import Answers
from answerable.incident import State

__all__ = ["answer_by_mail", "answers_of"]

_MAIL, _OFFICE = "water@lanting.example", "water-bureau"
_ANSWER = """答复：
临江街道停水，是望塔路一段供水主管道破裂。抢修人员已在现场，送水车停在云杉苑和松涛里门口，每日7时到22时供水。
用水查询和困难求助请拨区供水热线，进展每天18时在市水务局网站公布。
承诺：更换破裂的主管道，恢复正常供水，{day}前
"""


def answers_of(box: Box) -> Answers:
    """Return what takes mails to the desk's reply addresses, and no other."""

    def take(to: str, content: bytes) -> bool:
        if not is_ours(to, box.settings.smtp.sender):
            return False
        box.answer(read(content, to, box.mailbox, box.now()))
        return True

    return take


def answer_by_mail(box: Box, folder: Path, port: int, now: int) -> str:
    """Answer the newest alert to the water bureau over SMTP; return the incident, "" where there is none.

    What follows passes the pipeline: the ledger says who answered, and those concerned are told.
    """
    alert = _newest(box, folder)
    if alert is None:
        return ""
    day = (datetime.fromtimestamp(now, box.mailbox.zone) + timedelta(days=3)).strftime("%Y年%-m月%-d日")
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
        for words in ("知悉\n", _ANSWER.format(day=day)):
            server.send_message(_reply(alert, words), _MAIL, [str(alert["Reply-To"])])
    later = max(now, box.now())
    box.pipeline.drain(later)
    box.stores.desk.deliver(box.notifier, later)
    incident = str(alert["X-Incident-Id"])
    entry = box.stores.desk.entry(incident)
    return incident if entry is not None and entry.state is State.ANSWERED else ""


def _newest(box: Box, folder: Path) -> EmailMessage | None:
    """Return the newest alert that went to the official's address and that the water bureau leads."""
    for path in sorted(folder.glob("*.eml"), reverse=True):
        mail = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
        entry = box.stores.desk.entry(str(mail["X-Incident-Id"]))
        if mail["To"] == _MAIL and entry is not None and entry.lead == _OFFICE:
            return mail
    return None


def _reply(alert: EmailMessage, words: str) -> EmailMessage:
    """Write an answer as a mail program does: new words on top, the alert quoted below."""
    quoted = alert.get_body(("plain",))
    lines = quoted.get_content().splitlines() if quoted is not None else []
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = _MAIL, str(alert["Reply-To"]), f"Re: {alert['Subject']}"
    reply["In-Reply-To"] = reply["References"] = str(alert["Message-ID"])
    reply.set_content(
        "\n".join([words, f"{alert['Date']}，{alert['From']} 写道：", *(f"> {line}" for line in lines)])
    )
    return reply
