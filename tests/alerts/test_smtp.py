"""The SMTP notifier against a small server on loopback that answers as each test tells it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from msgspec.structs import replace

from alerts.notify import Envelope, Outcome
from alerts.smtp import SmtpNotifier
from answerable.sections import Secret, Smtp
from answerable.settings import load

MAIL = Envelope(1, "lead@water.example", "open-bcdfghj", b"Subject: x\r\n\r\n.leading dot\r\n")


@pytest.mark.parametrize(
    ("verb", "reply", "outcome"),
    [
        ("", "", Outcome.SENT),
        ("RCPT", "550 no such user", Outcome.NEVER),
        ("RCPT", "450 mailbox busy", Outcome.LATER),
        ("RCPT", "452 too many", Outcome.LATER),
        ("MAIL", "451 try later", Outcome.LATER),
        ("MAIL", "550 sender refused", Outcome.LATER),  # an operator can put the sender right
        ("DATA", "554 spam", Outcome.NEVER),
        ("DATA", "451 later", Outcome.LATER),
        (".", "552 too big", Outcome.NEVER),
        (".", "451 later", Outcome.LATER),
        (".", "", Outcome.LATER),  # the line breaks before the 250
        ("EHLO", "500 what?", Outcome.SENT),  # an old server is greeted in the old way
        ("hello", "554 go away", Outcome.LATER),
        ("QUIT", "", Outcome.SENT),  # what happens after the 250 changes nothing
    ],
)
def test_the_class_of_the_code_decides(verb: str, reply: str, outcome: Outcome) -> None:
    with _server({verb: reply} if verb else {}) as (port, seen):
        assert SmtpNotifier(_settings(port)).send(MAIL) is outcome
    if outcome is Outcome.SENT:
        assert "..leading dot" in seen
        assert "mail from:<desk@lanting.example>" in " ".join(seen).lower()


def test_nobody_listening_means_later() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert SmtpNotifier(_settings(port)).send(MAIL) is Outcome.LATER


def test_a_server_that_says_nothing_means_later_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert SmtpNotifier(_settings(port)).send(MAIL) is Outcome.LATER


def test_a_server_without_the_security_that_was_asked_for_means_later_and_sees_no_mail() -> None:
    for security in ("starttls", "tls"):
        with _server({}) as (port, seen):
            wanted = replace(_settings(port), security=security)
            assert SmtpNotifier(wanted).send(MAIL) is Outcome.LATER
        assert not any(line.lower().startswith(("mail", "data")) for line in seen)


def test_a_login_that_is_refused_means_later() -> None:
    with _server({}) as (port, seen):
        known = replace(_settings(port), user="desk", password=Secret("hush"))
        assert SmtpNotifier(known).send(MAIL) is Outcome.LATER
    assert not any(line.lower().startswith("mail") for line in seen)


def _settings(port: int) -> Smtp:
    return replace(load(None, {}).smtp, host="127.0.0.1", port=port, sender="desk@lanting.example", timeout_s=0.5)


@contextmanager
def _server(answers: dict[str, str]) -> Iterator[tuple[int, list[str]]]:
    """Serve one connection; `answers` overrides replies by verb, "" hangs up instead."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)
        thread = threading.Thread(target=lambda: _serve(listening, answers, seen.append))
        thread.start()
        yield listening.getsockname()[1], seen
        thread.join(5)


def _serve(listening: socket.socket, answers: dict[str, str], see: Callable[[str], None]) -> None:
    connection, _ = listening.accept()
    with connection, suppress(OSError), connection.makefile("rwb") as lines:
        in_data, reply = False, answers.get("hello", "220 ready")
        while reply:
            lines.write(f"{reply}\r\n".encode())
            lines.flush()
            reply = "…"
            while reply == "…":
                line = lines.readline().decode("latin-1").rstrip("\r\n")
                if not line and not in_data:
                    return
                see(line)
                in_data, reply = _next(line, in_data, answers)


def _next(line: str, in_data: bool, answers: dict[str, str]) -> tuple[bool, str]:
    if in_data and line != ".":
        return True, "…"
    verb = line[:4].upper().strip()
    usual = {"DATA": "354 go on", "AUTH": "535 no", "STAR": "502 no"}.get(verb, "250 ok")
    reply = answers.get(verb, usual)
    return verb == "DATA" and reply.startswith("354"), reply
