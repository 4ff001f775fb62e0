"""Incidents and what was done about them, as Kibana may see them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from answerable.incident import Change, IncidentUpdate, IndicatorName, LedgerEvent, State
from answerable.pulse import Pulse
from index.elastic_documents import DistrictOf, Spot, spot_of

__all__ = [
    "HealthDocument",
    "IncidentDocument",
    "LedgerDocument",
    "fade_document",
    "health_of",
    "incident_of",
    "ledger_of",
]

_OVER = {Change.MERGED.value, Change.CLOSED.value}
_DONE = {State.CLOSED.value, State.FALSE_ALARM.value}


class Figures(Struct, frozen=True):
    """What the scorecard weighs, without its evidence."""

    heat: float
    usual: float
    growth: float
    breadth: int
    tail: float
    effective: float
    shared_wording: float


class IncidentDocument(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An incident: all of it once it is shown; before that, that there is one in an area, and why it is held back.

    `state` is what the desk told last, `told_at` when, whatever the revision, and `open` whether somebody still has
    to act. `matter`, `words` and `acts` are shared by several residents; they go when the texts go.
    """

    revision: int
    area: str
    at: int
    opened_at: int
    last_at: int
    change: str
    shown: bool = False
    held: str | None = None
    state: str | None = None
    told_at: int = 0
    open: bool = False
    faded: bool = False
    incident: str | None = None
    district: str | None = None
    point: Spot | None = None
    matter: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    unanswered: int = 0
    danger: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    posts: int = 0
    duplicates: int = 0
    vanished: int = 0
    authors_least: int = 0
    authors_most: int = 0
    figures: Figures | None = None
    indicators: dict[IndicatorName, int] = {}
    hourly: tuple[tuple[int, int], ...] = ()
    peak_at: int | None = None
    peak_per_hour: int = 0
    replies: int = 0
    answered_at: int | None = None

    def after(self, held: IncidentDocument | None) -> IncidentDocument:
        """Return what stands where another one is held: the later of both, in the state that the desk told last.

        The two need not come together: the desk may tell of a revision that the tracker has passed. A revision that
        is faded stays faded.
        """
        if held is None:
            return self
        new = self if (self.revision, self.told_at) >= (held.revision, held.told_at) else held
        told = self if self.state and self.told_at >= held.told_at else held
        if told is not new:
            is_open = new.shown and new.change not in _OVER and told.state not in _DONE
            new = replace(new, state=told.state, told_at=told.told_at, open=is_open)
        return fade_document(new) if held.faded and new.revision == held.revision else new


class LedgerDocument(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was done about an incident and when; not by whom, and none of the words."""

    incident: str
    version: int
    at: int
    before: str
    after: str
    level: str
    area: str
    office: str | None = None
    due_at: int | None = None
    waited_s: int | None = None
    kept: int = 0
    missed: int = 0


class HealthDocument(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a stage of the pipeline is at one moment; `newest_at` is the time of the newest post it has handled."""

    at: int
    process: str
    stage: str
    newest_at: int
    handled: int


def health_of(pulse: Pulse) -> list[HealthDocument]:
    """Return a document for each stage of a process."""
    return [
        HealthDocument(
            at=pulse.at, process=pulse.process, stage=one.stage, newest_at=one.newest_at, handled=one.handled
        )
        for one in pulse.stages
    ]


def incident_of(update: IncidentUpdate, district_of: DistrictOf) -> IncidentDocument:
    """Return the incident's document."""
    over = update.change in _OVER
    done = update.state in _DONE if update.state else over
    bare = IncidentDocument(
        revision=update.revision, area=update.area, at=update.at, opened_at=update.opened_at,
        last_at=update.last_at, change=update.change.value, shown=update.shown,
        held=None if update.shown or over else update.held, state=update.state.value if update.state else None,
        told_at=update.told_at, open=update.shown and not done,
    )  # fmt: skip
    return _told(bare, update, district_of) if update.shown else bare


def _told(bare: IncidentDocument, update: IncidentUpdate, district_of: DistrictOf) -> IncidentDocument:
    parts, district = update.components, district_of(update.title.place) if update.title.place else None
    return replace(
        bare, incident=update.incident, district=district.id if district else None, point=spot_of(district),
        matter=update.title.matter, words=tuple(word.text for word in update.words),
        topics=tuple(topic.id for topic in update.topics), offices=_named(update.offices),
        districts=_named(update.districts), langs=_named(update.langs), moods=_named(update.moods),
        kinds=tuple(kind.value for kind, _ in update.kinds), sources=update.sources,
        acts=tuple(demand.act for demand in update.demands),
        demands=tuple(dict.fromkeys(demand.category for demand in update.demands)),
        unanswered=sum(demand.waits_since is not None for demand in update.demands),
        danger=_named(parts.danger), service=_named(parts.service), posts=update.posts,
        duplicates=update.duplicates, vanished=update.vanished, authors_least=update.authors.least,
        authors_most=update.authors.most,
        figures=Figures(
            parts.heat, parts.usual, parts.growth, parts.breadth, parts.tail, parts.effective, parts.shared_wording
        ),
        indicators={one.name: one.score for one in update.indicators}, hourly=update.hourly,
        peak_at=update.peak_at or None, peak_per_hour=update.peak_per_hour, replies=update.replies,
        answered_at=update.answered_at,
    )  # fmt: skip


def fade_document(document: IncidentDocument) -> IncidentDocument:
    """Return what stays when the texts are gone: topics for the title, categories for the demands, no words."""
    return replace(document, faded=True, matter=document.topics, words=(), acts=document.demands)


def ledger_of(event: LedgerEvent) -> LedgerDocument:
    """Return the document of one ledger event."""
    return LedgerDocument(
        incident=event.incident, version=event.version, at=event.at, before=event.before.value,
        after=event.after.value, level=event.level.value, area=event.area, office=event.office, due_at=event.due_at,
        waited_s=event.waited_s, kept=event.kept, missed=event.missed,
    )  # fmt: skip


def _named(votes: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    return tuple(name for name, _ in votes)
