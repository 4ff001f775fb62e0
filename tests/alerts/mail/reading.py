"""Reads a mail back as a stranger's program would."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser


class Mail(Struct, frozen=True):
    headers: dict[str, str]
    text: str
    html: str
    pictures: dict[str, bytes]

    @property
    def shown(self) -> str:
        """The words of the HTML part, as a screen shows them."""
        tree = LexborHTMLParser(self.html)
        tree.strip_tags(["style", "title"])
        body = tree.body
        return re.sub(r"\s+", " ", body.text(separator=" ") if body else "")


def read(content: bytes) -> Mail:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not any(part.defects for part in message.walk())
    parts = list(message.walk())
    kinds = [part.get_content_type() for part in parts]
    assert kinds.index("text/plain") < kinds.index("text/html")
    return Mail(
        headers={name: str(value) for name, value in message.items()},
        text=next(part.get_content() for part in parts if part.get_content_type() == "text/plain"),
        html=next(part.get_content() for part in parts if part.get_content_type() == "text/html"),
        pictures={
            str(part["Content-ID"]).strip("<>"): part.get_content()
            for part in parts
            if part.get_content_type() == "image/png"
        },
    )
