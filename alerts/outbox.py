"""What becomes of a mail: sent, tried again later and later, or given up."""

from __future__ import annotations

from alerts.ledger import Mail, Row
from alerts.notify import Envelope, Outcome
from answerable.clock import HOUR, MINUTE
from answerable.metrics import MAILS

__all__ = ["BATCH", "GIVE_UP", "Mail", "envelope", "settled", "wait"]

BATCH = 50
GIVE_UP = 72 * HOUR
_WAITS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR)


def envelope(mail: Mail) -> Envelope:
    """Return what a notifier is given; the number stays the same at every try."""
    return Envelope(mail.number, mail.to, mail.name, mail.content)


def settled(mail: Mail, outcome: Outcome, now: int) -> Row:
    """Return the row that records a try: "sent", "failed", or the time of the next try."""
    MAILS.labels(outcome=outcome.name.lower()).inc()
    tries = mail.tries + 1
    if outcome is Outcome.SENT:
        return "settle_mail", ("sent", tries, now, mail.number)
    if outcome is Outcome.NEVER or now - mail.made_at >= GIVE_UP:
        return "settle_mail", ("failed", tries, now, mail.number)
    return "settle_mail", ("queued", tries, now + wait(tries), mail.number)


def wait(tries: int) -> int:
    """Return the seconds until the next try.

    >>> [wait(n) for n in (1, 2, 9)]
    [60, 300, 3600]
    """
    return _WAITS[min(tries, len(_WAITS)) - 1]
