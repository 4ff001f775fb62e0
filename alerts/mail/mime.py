"""The bytes of a mail (RFC 5322, 2045, 2387): deterministic, and read back before they leave."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import hashlib

from msgspec import Struct

from alerts.mail.headers import Headers
from answerable.errors import Rejected

__all__ = ["Picture", "assemble"]

_EOL = b"\r\n"
_FOREIGN = bytes(range(127, 256))


class Picture(Struct, frozen=True):
    """An inline PNG, by content id."""

    cid: str
    data: bytes


def assemble(headers: Headers, text: str, html: str, pictures: tuple[Picture, ...]) -> bytes:
    """Write a mail with its text first, then HTML with its pictures; raise Rejected where it does not read back.

    Values of `headers` are encoded already. The boundaries follow from the content.
    """
    digest = hashlib.blake2b(digest_size=12)
    for part in (text.encode(), html.encode(), *(picture.data for picture in pictures)):
        digest.update(part)
    page = _leaf("text/html; charset=utf-8", html.encode())
    if pictures:
        page = _multipart('related; type="text/html"', f"r-{digest.hexdigest()}", [page, *map(_picture, pictures)])
    body = _multipart(
        "alternative", f"a-{digest.hexdigest()}", [_leaf("text/plain; charset=utf-8", text.encode()), page]
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in [*headers, ("MIME-Version", "1.0")]).encode("ascii")
    message = head + body
    _check(message, headers)
    return message


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    fence = f"--{boundary}".encode()
    return head + b"".join(fence + _EOL + part + _EOL for part in parts) + fence + b"--" + _EOL


def _leaf(kind: str, data: bytes, more: str = "") -> bytes:
    """Encode mostly ASCII text so that a person can read it in the file, everything else as Base64."""
    foreign = len(data) - len(data.translate(None, _FOREIGN))
    if kind.startswith("text/") and foreign * 6 < len(data):
        coding = "quoted-printable"
        body = binascii.b2a_qp(data.replace(b"\r\n", b"\n"), istext=True).replace(b"\n", _EOL)
    else:
        coding = "base64"
        body = base64.encodebytes(data).replace(b"\n", _EOL)
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {coding}\r\n{more}\r\n".encode() + body


def _picture(picture: Picture) -> bytes:
    name = picture.cid.partition("@")[0]
    more = f'Content-ID: <{picture.cid}>\r\nContent-Disposition: inline; filename="{name}.png"\r\n'
    return _leaf("image/png", picture.data, more)


def _check(message: bytes, headers: Headers) -> None:
    """Read the mail as a stranger's program would, and see that it holds these headers and no other."""
    parsed = email.message_from_bytes(message, policy=email.policy.compat32)
    names = [name for name, _ in headers] + ["MIME-Version", "Content-Type"]
    if parsed.keys() != names or any(part.defects for part in parsed.walk()):
        raise Rejected("a mail did not read back as it was written; it is set aside")
