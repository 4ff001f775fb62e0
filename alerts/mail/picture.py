"""From an alert to the finished sheet of one reader."""

from __future__ import annotations

from alerts.alert import Alert, AlertKind
from alerts.mail import figures, job, matter, reasons, series
from alerts.mail.reader import Reader
from alerts.mail.sheet import Curve, Sheet

__all__ = ["sheet"]


def sheet(alert: Alert, reader: Reader) -> Sheet:
    """Fill in the eleven parts."""
    return Sheet(
        locale=reader.locale,
        level=alert.level,
        badge=figures.badge(alert, reader),
        changed=figures.changed(alert, reader),
        headline=reader.headline(alert),
        lede=figures.lede(alert, reader),
        lead=job.lead(alert, reader),
        figures=figures.figures(alert, reader),
        outlook=figures.outlook(alert, reader),
        curve=_curve(alert, reader),
        asks=matter.asks(alert, reader),
        asks_note=matter.asks_note(alert, reader),
        words=matter.words(alert, reader),
        words_note=matter.words_note(alert, reader),
        known=matter.known(alert, reader),
        answer_link=matter.answer_link(alert, reader),
        unknown=matter.unknown(alert, reader),
        reasons=reasons.reasons(alert, reader),
        evidence=reasons.evidence(alert, reader),
        job=job.job(alert, reader),
        checklist=job.checklist(alert, reader),
        buttons=job.buttons(alert, reader),
        reply_note=job.reply_note(alert, reader),
        because=job.because(alert, reader),
        links=job.links(alert, reader),
    )


def _curve(alert: Alert, reader: Reader) -> Curve | None:
    if alert.unconfirmed:
        return None
    return series.curve(alert.update, reader, coming=alert.kind is not AlertKind.CLOSE)
