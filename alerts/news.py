"""What the desk tells the log of how incidents stand."""

from __future__ import annotations

from msgspec.structs import replace

from alerts.cases import Cases
from alerts.known import complete
from answerable.clock import DAY
from answerable.incident import IncidentUpdate
from answerable.sections import Retention
from index.fade import fade

__all__ = ["news"]


def news(cases: Cases, at: int, keep: Retention) -> list[IncidentUpdate]:
    """Return once what changed of shown incidents, with the desk's answers and state; at first, all recent ones too.

    Recent is what was active within `keep.text_days`; what is older comes without its words, and what is older than
    `keep.facts_days` not at all, so that nothing comes back that the index let go.
    """
    texts, facts = at - keep.text_days * DAY, at - keep.facts_days * DAY
    found = [case for case in cases.news(texts) if case.update.last_at >= facts]
    told = [(case, complete(case)) for case in found]
    return [
        replace(update if update.last_at >= texts else fade(update), state=case.state, told_at=at)
        for case, update in told
    ]
