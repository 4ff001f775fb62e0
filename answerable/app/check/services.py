"""What the desk needs beside itself: a mail server that takes its mails, a port for its pages."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

from alerts.ledger import waiting
from answerable.app.check.finding import Finding, Grade, well, wrong
from answerable.app.check.machine import data_folder, is_running
from answerable.app.check.servers import LOOPBACK
from answerable.errors import SettingsError, Unavailable
from answerable.sections import Smtp
from answerable.settings import Settings

__all__ = ["services"]

_PATIENCE_S = 5.0


def services(settings: Settings) -> Iterator[Finding]:
    """Yield what was found around the desk."""
    folder = data_folder(settings)
    yield _mail(settings, folder / "ledger.db")
    yield from _in_the_clear(settings)
    yield _port("console", settings.console.host, settings.console.port, folder)
    if settings.watch.port:
        yield _port("watch", settings.watch.host, settings.watch.port, folder)
    if settings.console.host not in LOOPBACK and not settings.console.base_url.startswith("https://"):
        what = "the console is open to others, and its address is not https"
        repair = "put a proxy with TLS before it and write its address here"
        where = settings.origin.get("console.base_url", "")
        error = SettingsError(what, file=where, key="console.base_url", repair=repair)
        yield wrong("console", error, Grade.WARNING)


def _mail(settings: Settings, ledger: Path) -> Finding:
    smtp = settings.smtp
    place = f"{smtp.host}:{smtp.port}"
    try:
        _greet(smtp)
    except smtplib.SMTPAuthenticationError as error:
        return _refused(settings, "smtp.user", f"{place} refuses the login ({error.smtp_code})", "correct it")
    except smtplib.SMTPNotSupportedError as error:
        key = "smtp.security" if "STARTTLS" in str(error) else "smtp.user"
        return _refused(settings, key, f"{place} does not offer that ({error})", "ask for what the server offers")
    except UnicodeError:  # not told further: it would show a piece of the password
        return _refused(
            settings, "smtp.user", "user or password is not ASCII, as the protocol asks", "choose another"
        )
    except smtplib.SMTPSenderRefused as error:
        what = f"{place} refuses mails from this sender ({error.smtp_code})"
        return _refused(settings, "smtp.sender", what, "let the server take it, or write an address that it takes")
    except smtplib.SMTPResponseException as error:
        message, repair = f"{place} refuses this machine ({error.smtp_code})", "let the mail server take its mails"
        return Finding(check="mail", grade=Grade.UNREACHABLE, message=message, repair=f"{repair}; {_waiting(ledger)}")
    except (smtplib.SMTPException, OSError) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        repair = f"start it, or correct [smtp]; {_waiting(ledger)}"
        message = f"{place} cannot be reached: {why}"
        return Finding(check="mail", grade=Grade.UNREACHABLE, message=message, repair=repair)
    return well("mail", f"{place} takes mails")


def _refused(settings: Settings, key: str, what: str, repair: str) -> Finding:
    return wrong("mail", SettingsError(what, file=settings.origin.get(key, ""), key=key, repair=repair))


def _greet(smtp: Smtp) -> None:
    """Connect, log in and name the sender as the desk does when it hands over a mail, and hand over none."""
    context, patience = ssl.create_default_context(), min(smtp.timeout_s, _PATIENCE_S)
    if smtp.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=patience, context=context)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=patience)
    with server:
        if smtp.security == "starttls":
            server.starttls(context=context)
        if smtp.user:
            server.login(smtp.user, smtp.password.reveal())
        server.ehlo_or_helo_if_needed()
        code, said = server.mail(smtp.sender)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, said, smtp.sender)
        server.rset()


def _waiting(path: Path) -> str:
    """Say how many mails wait for the server."""
    if not path.is_file():
        return "no mail waits yet"
    try:
        count = waiting(path)
    except SettingsError:  # told of the file itself
        return "mails wait in the outbox and are kept"
    except Unavailable as error:
        return f"mails wait in the outbox and are kept ({error})"
    return f"{count} mails wait in the outbox and are kept"


def _in_the_clear(settings: Settings) -> Iterator[Finding]:
    smtp = settings.smtp
    if smtp.user and smtp.security == "none" and smtp.host not in LOOPBACK:
        what, where = "the password would go over the network in the clear", settings.origin.get("smtp.user", "")
        error = SettingsError(what, file=where, key="smtp.security", repair='write security = "starttls" or "tls"')
        yield wrong("mail", error)


def _port(section: str, host: str, port: int, folder: Path) -> Finding:
    try:
        _bind(host, port)
    except OSError as error:
        if is_running(folder):
            return well(section, f"the running desk listens on {host}:{port}")
        message = f"{host}:{port} cannot be had: {error.strerror}"
        repair = f"end what listens there, or choose another {section}.port"
        return Finding(check=section, grade=Grade.UNREACHABLE, message=message, repair=repair)
    return well(section, f"{host}:{port} is free")


def _bind(host: str, port: int) -> None:
    """Take a port as the console does, and let it go."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
