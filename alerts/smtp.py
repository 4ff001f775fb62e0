"""Mails over SMTP: sent, later or never, by the class of the server's code (RFC 5321, 4.2.1)."""

from __future__ import annotations

import smtplib
import ssl

from alerts.notify import Envelope, Outcome
from answerable.log import get
from answerable.sections import Smtp

__all__ = ["SmtpNotifier"]


class SmtpNotifier:
    """Hands each mail to one server; a `Notifier`.

    A 5xx about the recipient or the content is never; whatever is wrong with server, login, sender or line is
    later, because an operator can put it right. `context` is for tests with their own authority.
    """

    def __init__(self, settings: Smtp, context: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._context = context or ssl.create_default_context()

    def send(self, envelope: Envelope) -> Outcome:
        """Try once to hand over one mail."""
        try:
            server = self._connect()
            try:
                return self._hand_over(server, envelope)
            finally:
                _leave(server)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            get("alerts").warning("a mail could not be handed over; it is tried again", error=type(error).__name__)
            return Outcome.LATER

    def _hand_over(self, server: smtplib.SMTP, envelope: Envelope) -> Outcome:
        """Give one mail to an open connection."""
        try:
            server.sendmail(self._settings.sender, [envelope.to], envelope.content)
        except smtplib.SMTPRecipientsRefused as error:
            return max((_outcome(code) for code, _ in error.recipients.values()), key=lambda outcome: outcome.value)
        except smtplib.SMTPDataError as error:
            return _outcome(error.smtp_code)
        return Outcome.SENT

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=settings.timeout_s, context=self._context
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_s)
        try:
            if settings.security == "starttls":
                server.starttls(context=self._context)
            if settings.user:
                server.login(settings.user, settings.password.reveal())
        except BaseException:
            server.close()
            raise
        return server


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; a server that does not answer to that changes nothing about the mail it took."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _outcome(code: int) -> Outcome:
    """Return what a refusal's code means: 5xx never, anything else later.

    >>> _outcome(550), _outcome(451)
    (<Outcome.NEVER: 3>, <Outcome.LATER: 2>)
    """
    return Outcome.NEVER if 500 <= code < 600 else Outcome.LATER
