"""The desk with the real mails: what leaves it parses, and tells nobody what it must not."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from alerts import mail, rules
from alerts.desk import Desk
from alerts.ledger import Ledger
from alerts.links import Links
from alerts.names import Names
from answerable.incident import Components, SharedWord
from tests.alerts.givens import BURNING, CITY, CLOCKS, HOUR, MORNING, RECIPIENTS, WARM, Sink, settings, update

WORDS = (SharedWord("三天没水", 5, 2),)


def test_a_red_incident_and_a_digest_leave_as_mails_that_parse(tmp_path: Path) -> None:
    at_desk = _desk(tmp_path)
    at_desk.handle([update(components=BURNING), update("yellow7", components=WARM)], MORNING + 9 * HOUR)
    sent = _delivered(at_desk)
    assert [str(one["To"]) for one in sent] == ["lead@water.example", "duty@water.example", "lead@water.example"]
    assert len({str(one["Message-ID"]) for one in sent}) == 3
    assert all(part is not None for one in sent for part in (one.get_body(("plain",)), one.get_body(("html",))))


def test_an_accusation_reaches_the_supervision_without_the_words_of_residents(tmp_path: Path) -> None:
    at_desk = _desk(tmp_path)
    at_desk.handle([update(components=BURNING, accused=(("水务局", 9),), words=WORDS)], MORNING)
    sent = _delivered(at_desk)
    assert {str(one["To"]) for one in sent} == {"boss@city.example", "duty@city.example"}
    assert all("三天没水" not in _text(one) for one in sent)


def test_unconfirmed_danger_says_place_and_kind_only(tmp_path: Path) -> None:
    at_desk = _desk(tmp_path)
    at_desk.handle([update(shown=False, components=Components(danger=(("gas", 1),)), words=WORDS)], MORNING)
    (one,) = _delivered(at_desk)
    assert str(one["To"]) == "duty@water.example"
    assert "三天没水" not in _text(one)
    assert "停水" not in _text(one) + str(one["Subject"])


def _desk(folder: Path) -> Desk:
    names = Names({CITY: ("澜汀市", "Lanting"), "4401-03": ("临河街道", "Linhe Street")}, {}, RECIPIENTS)
    return Desk(
        Ledger(folder / "ledger.db", durable=False), settings(), rules.load(), RECIPIENTS, CLOCKS, names, mail,
        Links("http://desk.example", b"k" * 32), parents={"4401-03": CITY}, empty_digests=False, reminders=False,
    )  # fmt: skip


def _delivered(at_desk: Desk) -> list[EmailMessage]:
    sink = Sink()
    at_desk.deliver(sink, MORNING + 9 * HOUR)
    return [message_from_bytes(envelope.content, policy=policy.default) for envelope in sink.envelopes]


def _text(one: EmailMessage) -> str:
    parts = (one.get_body(("plain",)), one.get_body(("html",)))
    return " ".join(str(part.get_content()) for part in parts if part is not None)
