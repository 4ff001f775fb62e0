"""Links and reply addresses that carry what they allow, signed, and expire; reading one changes nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from answerable.clock import DAY
from answerable.errors import Refused
from answerable.incident import State

__all__ = ["Links", "Offer", "Reply"]


class Offer(Struct, frozen=True, array_like=True):
    """What a link allows one person to do, until it expires: go to `to` from ledger version `version`."""

    incident: str
    version: int
    to: State
    person: str
    expires: int


class Reply(Struct, frozen=True):
    """Which incident, at which ledger version, a reply address is about, and whose answer it takes."""

    incident: str
    version: int
    person: str


class Links:
    """Makes and reads signed links below `base_url`; `key` is at least 16 random bytes.

    >>> links = Links("http://127.0.0.1:8000", b"0123456789abcdef")
    >>> url = links.act("bcdfghj", 3, State.ACKNOWLEDGED, "lead", expires=2000)
    >>> links.read(url.rpartition("/")[2], now=1000).to
    <State.ACKNOWLEDGED: 'acknowledged'>
    """

    def __init__(self, base_url: str, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("a signing key has at least 16 bytes")
        self.base_url = base_url.rstrip("/")
        self._key = key

    def incident(self, incident: str) -> str:
        """Return the address of an incident's page."""
        return f"{self.base_url}/incidents/{incident}"

    def page(self, name: str) -> str:
        """Return the address of another page of the console, such as "settings" or "transparency"."""
        return f"{self.base_url}/{name}"

    def act(self, incident: str, version: int, to_state: State, person: str, expires: int) -> str:
        """Return a link to the page where `person` confirms one step; the token is the last part of its path."""
        payload = msgspec.msgpack.encode(Offer(incident, version, to_state, person, expires))
        return f"{self.base_url}/act/{_text(payload)}.{_text(self._sign(b'act', payload)[:16])}"

    def read(self, token: str, now: int) -> Offer:
        """Return what a link's token allows; raise Refused where it was altered or has expired."""
        payload_text, _, signature_text = token.partition(".")
        try:
            payload, signature = _bytes(payload_text), _bytes(signature_text)
        except ValueError:
            raise Refused("this link is damaged; open the incident in the console instead") from None
        if not hmac.compare_digest(self._sign(b"act", payload)[:16], signature):
            raise Refused("this link was not made by this desk; open the incident in the console instead")
        offer = msgspec.msgpack.decode(payload, type=Offer)
        if now > offer.expires:
            raise Refused("this link has expired; open the incident in the console instead")
        return offer

    def reply_address(self, sender: str, incident: str, version: int, person: str, expires: int) -> str:
        """Return the address that takes `person`'s answer by mail, for phones that cannot reach the console.

        It survives servers that lower the case, and is good until the end of the day of `expires`.
        """
        local, _, domain = sender.rpartition("@")
        head = f"{incident}-{version}-{expires // DAY}"
        return f"{local}+{head}-{self._short(head, person)}@{domain}"

    def read_reply(self, address: str, people: Iterable[str], now: int) -> Reply:
        """Return what a reply address is about, given who may have it; raise Refused where it is none of ours."""
        head, _, mark = address.rpartition("@")[0].rpartition("+")[2].lower().rpartition("-")
        parts = head.split("-")
        if len(parts) == 3 and parts[1].isdecimal() and parts[2].isdecimal():
            for person in people:
                if hmac.compare_digest(self._short(head, person).encode(), mark.encode()):
                    if now // DAY > int(parts[2]):
                        raise Refused("this reply address has expired; answer in the console instead")
                    return Reply(parts[0], int(parts[1]), person)
        raise Refused("this reply address was not made by this desk; answer in the console instead")

    def _short(self, head: str, person: str) -> str:
        signature = self._sign(b"reply", f"{head}\0{person}".encode())
        return base64.b32encode(signature[:10]).decode().lower()

    def _sign(self, use: bytes, payload: bytes) -> bytes:
        return hmac.new(self._key, use + b"\0" + payload, hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode((text + "=" * (-len(text) % 4)).encode("ascii"))
