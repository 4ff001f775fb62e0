"""The alert mail: text, HTML and curve from one picture of an incident."""

from alerts.mail.compose import MailComposer, compose_alert, compose_digest
from alerts.mail.letterhead import Letterhead

__all__ = ["Letterhead", "MailComposer", "compose_alert", "compose_digest"]
