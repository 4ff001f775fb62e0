"""The demo's city and its mail sink as processes of their own."""

from __future__ import annotations

import smtplib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.local.ports import free_ports


@contextmanager
def alone(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of them, and end it in good order."""
    with subprocess.Popen([sys.executable, "-m", "answerable.app.demo.alone", *words]) as process:  # noqa: S603 — our own
        yield process
        process.terminate()
        assert process.wait(20) == 0


def once(asked: Callable[[], str]) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError):
            return asked()
        time.sleep(0.1)
    raise TimeoutError


def test_the_city_is_served_as_it_stood_at_a_time() -> None:
    port = free_ports(1)[0]

    def letters() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/letters/") as page:
            return str(page.read().decode())

    with alone("site", str(port), "1795700000"):
        assert 'class="entry"' in once(letters)


def test_mails_are_kept_as_files_and_counted_on(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    (tmp_path / "0001.eml").write_text("from before", "utf-8")

    def send() -> str:
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.sendmail("a@lanting.example", ["b@lanting.example"], "Subject: one\r\n\r\nhello\r\n")
        return "sent"

    with alone("mail", str(port), str(tmp_path)):
        once(send)
    assert (tmp_path / "0001.eml").read_text("utf-8") == "from before"
    assert "hello" in (tmp_path / "0002.eml").read_text("utf-8")
