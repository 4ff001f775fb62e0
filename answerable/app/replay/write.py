"""Last stage: the files that other programs read, with ids as they came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import msgspec
import numpy as np
from msgspec import Struct

from alerts.alert import Alert
from alerts.desk import Desk
from alerts.names import Names
from answerable.app.items import Items
from answerable.app.reading import chunked, read_all
from answerable.app.replay.deciding import Memberships, updates
from answerable.app.replay.folder import Folder
from answerable.app.replay.revisions import said
from answerable.app.rows import Row, alert_row, analysed_row, incident_row, line, opened, write_lines
from answerable.incident import IncidentUpdate
from answerable.post import AnalysedPost, decode, post_id
from answerable.settings import Settings
from crawlers.border import RawItem
from stream.log import Recorded
from stream.recorded import recorded
from stream.topics import POSTS_ANALYSED

__all__ = ["tell", "write"]

_BATCH = 2048
_SPARSE = 4  # a stretch of a partition is read whole where at least one message of so many is wanted
_Native = Callable[[str], str]
_Place = tuple[int, int]  # partition, offset


class _Line(Struct, frozen=True, array_like=True):
    """One line to be: its own id, its record, and where the post ended."""

    native: str
    record: bytes
    group: str
    shown: str | None
    twin: str | None


def write(
    folder: Folder, items: Items, bad: int, log: Recorded, desk: Desk, names: Names, settings: Settings
) -> None:
    """Write analysed, incidents and alerts, and the summary into `work/`."""
    with opened(folder.path / "analysed.jsonl") as out:
        out.writelines(read_all(_lines(log, items), _writing, settings))
    tell(folder, len(items), bad, log, desk, names, settings, items.native)


def tell(
    folder: Folder, posts: int, bad: int, log: Recorded, desk: Desk, names: Names, settings: Settings,
    native: _Native,
) -> None:  # fmt: skip
    """Write incidents and alerts, and the summary into `work/`; `native` gives a post's id as it came in."""
    alerts = list(desk.alerts())
    incidents = list(_incidents(log, desk, names, settings, native))
    write_lines(folder.path / "incidents.jsonl", incidents)
    write_lines(folder.path / "alerts.jsonl", map(alert_row, alerts))
    summary = _summary(posts, bad, incidents, alerts, len(list(folder.mail.glob("*.eml"))))
    (folder.work / folder.summary.name).write_bytes(msgspec.json.encode(summary, order="sorted") + b"\n")


def _lines(log: Recorded, items: Items) -> Iterator[_Line]:
    final, places = Memberships(log, items), _Places(log, items)
    for together in chunked(items, _BATCH):
        keys = [post_id(item.source, item.id) for item in together]
        numbers = items.numbers(keys).tolist()
        wanted = [places.of(number, item) for number, item in zip(numbers, together, strict=True)]
        records = _records(log, wanted)
        for item, key, number, place in zip(together, keys, numbers, wanted, strict=True):
            group, shown, twin = final.of(number)
            yield _Line(item.id, records[place], group or key, shown, items.native(twin) if twin else None)


class _Places:
    """Where the record of each post lies, by the place of its first item in the input, and its revision."""

    def __init__(self, log: Recorded, items: Items) -> None:
        self._later_of = items.later()
        self._first = np.zeros((len(items), 2), np.int64)
        self._later: dict[tuple[int, int], _Place] = {}
        for together in chunked((one for one in recorded(log, POSTS_ANALYSED) if one.message.key), _BATCH):
            posts = [_decode(one.message.value).post for one in together]
            for one, post, number in zip(
                together, posts, items.numbers([post.id for post in posts]).tolist(), strict=True
            ):
                if post.revision == 1:
                    self._first[number] = one.partition, one.offset
                else:
                    self._later[number, post.revision] = one.partition, one.offset

    def of(self, number: int, item: RawItem) -> _Place:
        """Return where the record stands that an item made."""
        revision = self._later_of.get(said(item), 1) if self._later_of else 1
        if revision > 1:
            return self._later[number, revision]
        partition, offset = self._first[number].tolist()
        return partition, offset


def _records(log: Recorded, places: Sequence[_Place]) -> dict[_Place, bytes]:
    """Read the messages at some places; those of a partition that lie close together at once."""
    found: dict[_Place, bytes] = {}
    for partition, group in groupby(sorted(set(places)), key=itemgetter(0)):
        offsets = [offset for _, offset in group]
        begin, end = offsets[0], offsets[-1] + 1
        stretches = [(begin, end)] if end - begin <= _SPARSE * len(offsets) else [(at, at + 1) for at in offsets]
        for first, last in stretches:
            for offset, message in enumerate(log.read(POSTS_ANALYSED, partition, first, last - first), first):
                found[partition, offset] = message.value
    return found


class _Id(Struct, tag="post", tag_field="type"):
    id: str
    revision: int = 1


class _Record(Struct, tag="analysed", tag_field="type"):
    """Of an AnalysedPost no more than which post it is."""

    post: _Id


_decode = msgspec.msgpack.Decoder(_Record).decode


def _writing(settings: Settings) -> Callable[[list[_Line]], bytes]:
    """Return what makes output lines, in whichever process."""
    return lambda lines: b"".join(map(_written, lines))


def _written(one: _Line) -> bytes:
    record = decode(one.record)
    if not isinstance(record, AnalysedPost):
        raise TypeError("the log changed while it was read")
    row = analysed_row(one.native, record.post, record.analysis)
    return line(row | {"duplicate_of": one.twin, "group": one.group, "incident": one.shown})


def _incidents(log: Recorded, desk: Desk, names: Names, settings: Settings, native: _Native) -> Iterator[Row]:
    last: dict[str, IncidentUpdate] = {}
    for update in updates(log):
        before = last.get(update.incident)
        if update.shown and (before is None or before.revision <= update.revision):
            last[update.incident] = update
    for update in sorted(last.values(), key=lambda one: (one.opened_at, one.incident)):
        entry = desk.entry(update.incident)
        if entry is not None:
            yield incident_row(entry, update, _title(update, names, settings), native)


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
