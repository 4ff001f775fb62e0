"""What is the same on every mail of one desk: sender, name, and the time zone it speaks in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec import Struct

from answerable.clock import DAY

__all__ = ["Letterhead"]


class Letterhead(Struct, frozen=True, kw_only=True):
    """The desk's side of a mail; `name` "" = the product's own name, `valid` = seconds that links stay good."""

    sender: str = "answerable@localhost"
    name: str = ""
    timezone: str = "Asia/Shanghai"
    valid: int = 14 * DAY

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of every time that stands in a mail."""
        return ZoneInfo(self.timezone)

    @property
    def domain(self) -> str:
        """The right side of the sender's address, as it stands in message ids.

        >>> Letterhead(sender="desk@lanting.example").domain
        'lanting.example'
        """
        return self.sender.rpartition("@")[2] or "localhost"
