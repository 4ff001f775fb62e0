"""From an alert or a digest to the bytes of one reader's mail."""

from __future__ import annotations

from msgspec import Struct

from alerts.alert import Alert, Digest
from alerts.links import Links
from alerts.mail import digest as digests
from alerts.mail import picture
from alerts.mail.draw import draw
from alerts.mail.headers import Headers, address, date, encoded, message_id, subject
from alerts.mail.letterhead import Letterhead
from alerts.mail.mime import Picture, assemble
from alerts.mail.page import alert_page, digest_page
from alerts.mail.reader import Reader
from alerts.mail.sheet import Sheet
from alerts.mail.text import text
from alerts.names import Names
from alerts.recipients import Person

__all__ = ["MailComposer", "compose_alert", "compose_digest"]


class MailComposer(Struct, frozen=True):
    """Writes the mails of one desk under its letterhead; an `alerts.compose.Composer`."""

    head: Letterhead = Letterhead()

    def compose_alert(self, alert: Alert, person: Person, names: Names, links: Links) -> bytes:
        """Write the mail about one incident; raise Rejected where an address can never be delivered."""
        reader = Reader(person, names, links, self.head, alert.at)
        sheet = picture.sheet(alert, reader)
        title = self._subject(alert, reader)
        day, night = (f"{name}.{alert.number}@{self.head.domain}" for name in ("curve", "curve-dark"))
        return assemble(
            [*self._common(title, reader), *self._thread(alert, reader)],
            text(sheet),
            alert_page(sheet, title, day, night),
            _pictures(sheet, day, night),
        )

    def compose_digest(self, digest: Digest, person: Person, names: Names, links: Links) -> bytes:
        """Write the digest, also an empty one; raise Rejected where an address can never be delivered."""
        reader = Reader(person, names, links, self.head, digest.at)
        sheet = digests.sheet(digest, reader)
        at = digests.stamp(digest, reader)
        title = reader.say.many("digest.subject", digest.open_count, at=at)
        own = message_id(self.head.domain, "digest", digest.at, person.id)
        return assemble(
            [*self._common(title, reader), ("Message-ID", own)],
            digests.digest_text(sheet),
            digest_page(sheet, title),
            (),
        )

    def _subject(self, alert: Alert, reader: Reader) -> str:
        tag = f"[{reader.say(f'tag.{alert.level.value}')}]"
        return subject(tag, reader.place(alert.update), reader.matter(alert), f" (#{alert.incident})")

    def _common(self, title: str, reader: Reader) -> Headers:
        head = self.head
        name = head.name or reader.say("product")
        listed = encoded(reader.say("list.name", name=name))
        return [
            ("From", address(head.sender, name)),
            ("To", address(reader.person.mail)),
            ("Subject", encoded(title)),
            ("Date", date(reader.now, reader.zone)),
            ("List-Id", f"{listed} <alerts.{head.domain}>"),
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
        ]

    def _thread(self, alert: Alert, reader: Reader) -> Headers:
        """Name the mail, the root that its thread hangs on, and the address that takes an answer."""
        domain, person = self.head.domain, reader.person.id
        root = message_id(domain, "thread", alert.incident, alert.thread)
        answers = reader.links.reply_address(
            self.head.sender, alert.incident, alert.version, person, alert.at + self.head.valid
        )
        return [
            ("Message-ID", message_id(domain, alert.incident, alert.number, person)),
            ("In-Reply-To", root),
            ("References", root),
            ("Reply-To", address(answers)),
            ("X-Incident-Id", encoded(alert.incident)),
        ]


def _pictures(sheet: Sheet, day: str, night: str) -> tuple[Picture, ...]:
    if sheet.curve is None:
        return ()
    plot = sheet.curve.plot
    return (
        Picture(day, draw(plot, sheet.level, dark=False)),
        Picture(night, draw(plot, sheet.level, dark=True)),
    )


_plain = MailComposer()


def compose_alert(alert: Alert, person: Person, names: Names, links: Links) -> bytes:
    """Write an alert under the default letterhead."""
    return _plain.compose_alert(alert, person, names, links)


def compose_digest(digest: Digest, person: Person, names: Names, links: Links) -> bytes:
    """Write a digest under the default letterhead."""
    return _plain.compose_digest(digest, person, names, links)
