"""PORT: from an alert or a digest to the bytes of a mail for one reader."""

from __future__ import annotations

from typing import Protocol

from alerts.alert import Alert, Digest
from alerts.links import Links
from alerts.names import Names
from alerts.recipients import Person

__all__ = ["Composer"]


class Composer(Protocol):
    """Writes mails: equal arguments give equal bytes. The module `alerts.mail` is one.

    The Message-ID follows from (incident, alert number, person), or (digest time, person), so that a mail
    sent again is known as the same one.
    """

    def compose_alert(self, alert: Alert, person: Person, names: Names, links: Links) -> bytes:
        """Write the mail about one incident; `alert.supervision` and `alert.unconfirmed` limit what it says."""
        ...

    def compose_digest(self, digest: Digest, person: Person, names: Names, links: Links) -> bytes:
        """Write the digest, also an empty one."""
        ...
