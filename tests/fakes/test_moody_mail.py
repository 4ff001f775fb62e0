from __future__ import annotations

import pytest

from alerts.notify import Envelope, Outcome
from alerts.smtp import SmtpNotifier
from answerable.settings import load
from tests.fakes.moody_mail import Mood, moody

MAIL = b"Message-ID: <1@lanting.example>\r\nSubject: s\r\n\r\nwords\r\n"


@pytest.mark.parametrize(
    ("mood", "outcome", "kept", "lost"),
    [
        (Mood.FINE, Outcome.SENT, 1, 0),
        (Mood.BUSY, Outcome.LATER, 0, 0),
        (Mood.LATER, Outcome.LATER, 0, 0),
        (Mood.NEVER, Outcome.NEVER, 0, 0),
        (Mood.TARPIT, Outcome.LATER, 0, 0),
        (Mood.DROP, Outcome.LATER, 0, 0),
        (Mood.LOST, Outcome.LATER, 1, 1),
        (Mood.RUDE, Outcome.SENT, 1, 0),
    ],
)
def test_a_mood_does_what_it_says(mood: Mood, outcome: Outcome, kept: int, lost: int) -> None:
    with moody(1, {mood: 1.0}, tarpit_s=0.6) as server:
        environment = {"ANSWERABLE_SMTP__PORT": str(server.port), "ANSWERABLE_SMTP__TIMEOUT_S": "0.5"}
        notifier = SmtpNotifier(load(None, environment).smtp)
        assert notifier.send(Envelope(1, "duty@lanting.example", "red", MAIL)) is outcome
        assert [name for name, _ in server.kept] == ["<1@lanting.example>"] * kept
        assert server.lost.total() == lost
        assert server.met == {mood: 1}
