"""Whether an office answered, and when, as far as the alert tells."""

from __future__ import annotations

from alerts.alert import Alert
from alerts.mail.reader import Reader
from answerable.incident import State

__all__ = ["answered", "still_open"]


def answered(alert: Alert, reader: Reader) -> str:
    """Say when an office answered, or that it did where the time is not known; "" where none did."""
    if alert.update.answered_at is not None:
        return reader.say("answered.at", at=reader.when(alert.update.answered_at))
    given = alert.answer or alert.answer_link or alert.state is State.ANSWERED or alert.update.replies
    return reader.say("answered") if given else ""


def still_open(alert: Alert) -> int:
    """Count the demands that no answer was matched to."""
    return sum(1 for demand in alert.update.demands if demand.waits_since is not None)
