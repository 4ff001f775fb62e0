"""The only place that chooses adapters and hands every room what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, structs

from alerts import clocks, recipients, rules
from alerts.desk import Desk
from alerts.ledger import Ledger
from alerts.links import Links
from alerts.mail import Letterhead, MailComposer
from alerts.names import Names
from alerts.recipients import Recipients
from answerable.app import files
from answerable.app.extras import need
from answerable.settings import Settings
from index.sqlite import SqliteIndex, SqliteSearch
from index.store import PostIndex, Search
from nlp.analyser import Analyser
from nlp.fast import FastAnalyser
from nlp.gazetteer import Gazetteer
from nlp.heads import Heads
from nlp.taxonomy import SHIPPED, Taxonomies
from stream.deadletter import DeadLetterBox, SqliteDeadLetters
from stream.embedded import Expired, SqliteLog
from stream.log import Log, Recorded
from stream.state import StateStore
from stream.tombstones import Tombstones
from stream.topics import POSTS_ANALYSED, POSTS_RAW

if TYPE_CHECKING:
    from nlp.full import SlowReader

__all__ = [
    "REPLAYED",
    "Register",
    "Streams",
    "WholeLog",
    "analyser",
    "desk",
    "index",
    "log",
    "models",
    "partitions",
    "register",
    "search",
    "slow_readers",
    "streams",
    "tombstones",
]

REPLAYED = b"links in a replayed mail open nothing"  # the key of a replay's desk


class Register(Struct, frozen=True):
    """What people wrote down for the desk, read and checked against one another."""

    gazetteer: Gazetteer
    taxonomies: Taxonomies
    recipients: Recipients
    rules: tuple[rules.Rule, ...]
    clocks: clocks.Clocks

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of all topics, in the desk's own taxonomy and in the one for the other language."""
        other = self.taxonomies.other.topics if self.taxonomies.other else ()
        return tuple(dict.fromkeys((*self.taxonomies.main.topics, *other)))

    @property
    def names(self) -> Names:
        """What ids are called."""
        places = {place.id: (place.name, *place.aliases) for place in self.gazetteer.places.values()}
        topics = {key: {lang: self.taxonomies.name(key, lang) for lang in ("zh", "en")} for key in self.topics}
        return Names(places, topics, self.recipients)

    @property
    def parents(self) -> Mapping[str, str]:
        """The place that each place lies in."""
        return {place.id: place.parent for place in self.gazetteer.places.values() if place.parent}


def register(settings: Settings) -> Register:
    """Read the files that people edit; raise SettingsError with file, line, key and repair."""
    path = files.edited(settings, "recipients")
    people = recipients.load(path) if path else Recipients(offices=[], people=[])
    kept = Register(
        Gazetteer.load(files.edited(settings, "gazetteer")), taxonomies(settings), people, (),
        clocks.load(_clocks(settings), settings.general.timezone),
    )  # fmt: skip
    offices = {office.id for office in people.offices} or None
    return structs.replace(kept, rules=rules.load(files.edited(settings, "rules"), kept.topics, offices))


def _clocks(settings: Settings) -> str:
    name = settings.files.clocks
    return name if name in clocks.SHIPPED else str(files.edited(settings, "clocks"))


def taxonomies(settings: Settings) -> Taxonomies:
    """Return the taxonomy that the settings name, with the shipped one of the other language."""
    name = settings.files.taxonomy
    return Taxonomies.load(name if name in SHIPPED else str(files.edited(settings, "taxonomy")))


def analyser(settings: Settings) -> Analyser:
    """Return the analyser of the tier that the settings name; models are verified before anything else is read."""
    readers = slow_readers(settings)
    kept = register(settings)
    fast = FastAnalyser(
        kept.gazetteer, kept.taxonomies, Heads.load(), settings.nlp.languages, settings.general.area_level,
        _bodies(kept.recipients),
    )  # fmt: skip
    match settings.nlp.tier:
        case "fast":
            return fast
        case "full":
            from nlp.full import FullAnalyser

            return FullAnalyser(fast, list(readers.values()), settings.nlp.doubt)


def models(settings: Settings) -> list[Path]:
    """Return the folders of the tier's models, none for the fast one; raise SettingsError where one does not do."""
    if settings.nlp.tier == "fast":
        return []
    from answerable.app.shelf import chosen

    folders = chosen(settings)
    need(settings, "nlp.tier")
    return folders


def slow_readers(settings: Settings) -> Mapping[Path, SlowReader]:
    """Load the tier's models by their folders."""
    folders = models(settings)
    if not folders:
        return {}
    from nlp.transformer import Transformer

    return {folder: Transformer(folder) for folder in folders}


def _bodies(people: Recipients) -> Mapping[str, str]:
    """Map each name and alias of an office to its id, for accusations and demands."""
    return {name: office.id for office in people.offices for name in (*office.name.values(), *office.aliases)}


class WholeLog(Log, Recorded, Protocol):
    """A log that is written, followed, and read by place."""


class Streams(Struct, frozen=True):
    """How bytes travel, on the engine that the settings name.

    `expire` drops what the log has kept for longer than so many seconds; a server does that by itself.
    """

    log: WholeLog
    state: StateStore
    deadletters: DeadLetterBox
    expire: Callable[[int, int], Expired]


def streams(settings: Settings) -> Streams:
    """Open the log with its state and dead letters."""
    match settings.stream.engine:
        case "embedded":
            own = log(settings, files.data_dir(settings) / "log.db")
            return Streams(own, own, SqliteDeadLetters(own.database), own.expire)
        case "kafka":
            need(settings, "stream.engine")
            from stream.kafka import KafkaLog
            from stream.kafka_deadletters import KafkaDeadLetters
            from stream.kafka_state import KafkaStateStore

            far = KafkaLog(settings.kafka, partitions(settings))
            return Streams(far, KafkaStateStore(far), KafkaDeadLetters(far), lambda now, keep_s: Expired(0, 0))


def partitions(settings: Settings) -> Mapping[str, int]:
    """Return how many partitions each topic has on a server; topics not named have one."""
    return {POSTS_RAW: settings.stream.partitions, POSTS_ANALYSED: settings.stream.partitions}


def tombstones(settings: Settings, log: WholeLog) -> Tombstones:
    """Return what was forgotten for good."""
    return Tombstones(log, _tombstone_key(settings))


def _tombstone_key(settings: Settings) -> bytes:
    return files.secret(files.data_dir(settings), "tombstones.key")


def index(settings: Settings, kept: Register) -> PostIndex:
    """Open the index for the one who writes it."""
    match settings.index.engine:
        case "embedded":
            return SqliteIndex(*_own_index(settings))
        case "elastic":
            return _far_index(settings, kept)


def search(settings: Settings, kept: Register) -> Search:
    """Open the index for those who only ask."""
    match settings.index.engine:
        case "embedded":
            return SqliteSearch(*_own_index(settings))
        case "elastic":
            return _far_index(settings, kept)


def _own_index(settings: Settings) -> tuple[Path, bytes]:
    return files.data_dir(settings) / "index", _tombstone_key(settings)


def _far_index(settings: Settings, kept: Register) -> PostIndex:
    need(settings, "index.engine")
    from index.elastic import ElasticIndex
    from index.elastic_documents import District

    def district_of(place: str) -> District | None:
        known = kept.gazetteer.places.get(kept.gazetteer.district_of(place) or "")
        return District(known.id, known.lat, known.lon) if known else None

    return ElasticIndex(settings.elastic, _tombstone_key(settings), district_of)


def log(settings: Settings, path: Path) -> SqliteLog:
    """Open an embedded log in a file."""
    return SqliteLog(path, {POSTS_ANALYSED: settings.stream.partitions})


def desk(
    settings: Settings, kept: Register, ledger: Path, key: bytes, *, replay: bool = False, cutover: int = 0
) -> Desk:
    """Open the desk on its ledger; `key` signs its links. A replay sends no empty digests and reminds nobody.

    Matters opened before `cutover` are kept without a mail.
    """
    head = Letterhead(sender=settings.smtp.sender, name=settings.general.name, timezone=settings.general.timezone)
    return Desk(
        Ledger(ledger, durable=not replay), settings, kept.rules, kept.recipients, kept.clocks, kept.names,
        MailComposer(head), Links(settings.console.base_url, key), parents=kept.parents,
        empty_digests=not replay, reminders=not replay, cutover=cutover,
    )  # fmt: skip
