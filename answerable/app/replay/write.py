"""Last stage: the files that other programs read, with ids as they came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from alerts.alert import Alert
from alerts.desk import Desk
from alerts.names import Names
from answerable.app.replay.deciding import memberships, updates
from answerable.app.replay.folder import Folder
from answerable.app.replay.revisions import in_order, revised, said
from answerable.app.rows import Row, alert_row, analysed_row, incident_row, write_lines
from answerable.incident import IncidentUpdate
from answerable.post import AnalysedPost, decode, post_id
from answerable.settings import Settings
from crawlers.border import RawItem
from stream.log import Recorded
from stream.recorded import recorded
from stream.topics import POSTS_ANALYSED

__all__ = ["tell", "write"]


def write(
    folder: Folder, items: Sequence[RawItem], bad: int, log: Recorded, desk: Desk, names: Names, settings: Settings
) -> None:
    """Write analysed, incidents and alerts, and the summary into `work/`; `items` in input order."""
    natives = {post_id(item.source, item.id): item.id for item in items}
    write_lines(folder.path / "analysed.jsonl", _analysed(log, items, natives))
    tell(folder, len(items), bad, log, desk, names, settings, natives)


def tell(
    folder: Folder, posts: int, bad: int, log: Recorded, desk: Desk, names: Names, settings: Settings,
    natives: Mapping[str, str],
) -> None:  # fmt: skip
    """Write incidents and alerts, and the summary into `work/`; ids not in `natives` stay the internal ones."""
    alerts = list(desk.alerts())
    incidents = list(_incidents(log, desk, names, settings, natives))
    write_lines(folder.path / "incidents.jsonl", incidents)
    write_lines(folder.path / "alerts.jsonl", map(alert_row, alerts))
    summary = _summary(posts, bad, incidents, alerts, len(list(folder.mail.glob("*.eml"))))
    (folder.work / folder.summary.name).write_bytes(msgspec.json.encode(summary, order="sorted") + b"\n")


def _analysed(log: Recorded, items: Sequence[RawItem], natives: Mapping[str, str]) -> Iterator[Row]:
    final = memberships(log)
    places = _places(log)
    later = {said(one.item): one.revision for one in revised(in_order(items)) if one.revision > 1}
    for item in items:
        key = post_id(item.source, item.id)
        record = _record(log, *places[key, later.get(said(item), 1)])
        group, shown, representative = final.get(key, (key, None, None))
        row = analysed_row(item.id, record.post, record.analysis)
        row |= {
            "duplicate_of": natives.get(representative, representative) if representative else None,
            "group": group,
            "incident": shown,
        }
        yield row


def _places(log: Recorded) -> dict[tuple[str, int], tuple[int, int]]:
    """Return (partition, offset) of each post's record, by the post and its revision."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for placed in recorded(log, POSTS_ANALYSED):
        record = decode(placed.message.value)
        if isinstance(record, AnalysedPost):
            found[record.post.id, record.post.revision] = placed.partition, placed.offset
    return found


def _record(log: Recorded, partition: int, offset: int) -> AnalysedPost:
    record = decode(log.read(POSTS_ANALYSED, partition, offset)[0].value)
    if not isinstance(record, AnalysedPost):
        raise TypeError("the log changed while it was read")
    return record


def _incidents(
    log: Recorded, desk: Desk, names: Names, settings: Settings, natives: Mapping[str, str]
) -> Iterator[Row]:
    last: dict[str, IncidentUpdate] = {update.incident: update for update in updates(log) if update.shown}
    for update in sorted(last.values(), key=lambda one: (one.opened_at, one.incident)):
        entry = desk.entry(update.incident)
        if entry is not None:
            title = _title(update, names, settings)
            yield incident_row(entry, update, title, lambda key: natives.get(key, key))


def _title(update: IncidentUpdate, names: Names, settings: Settings) -> str:
    locale = settings.general.locale
    place = names.place(update.title.place or update.area, locale)
    topics = [names.topic(topic.id, locale) for topic in update.topics[:1]]
    matter = (" " if locale == "en" else "、").join(update.title.matter or topics)
    return ": ".join(part for part in (place, matter) if part)


def _summary(posts: int, bad: int, incidents: Sequence[Row], alerts: Sequence[Alert], mails: int) -> Row:
    return {
        "posts": posts,
        "bad_lines": bad,
        "incidents": len(incidents),
        "levels": dict(Counter(str(row["level"]) for row in incidents)),
        "alerts": len(alerts),
        "alerts_by_kind": dict(Counter(alert.kind.value for alert in alerts)),
        "mails": mails,
    }
