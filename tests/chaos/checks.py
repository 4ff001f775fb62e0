"""What must hold at rest beside the judge's verdict; each check returns sentences about what does not."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from answerable import incident
from answerable.app import wiring
from answerable.errors import DecodeError, Rejected
from answerable.incident import IncidentUpdate
from answerable.settings import Settings
from incidents.tracker import Tracker
from stream.embedded import SqliteLog
from stream.log import Batch, Message
from stream.topics import INCIDENTS, MEMBERSHIPS, POSTS_ANALYSED
from tests.chaos.poison import CANARY, PREFIX
from tests.chaos.world import Mail, World
from tests.e2e.scan import Scan

__all__ = ["counted_once", "folded_again", "hidden", "mailed_once", "pointers_only", "unnamed"]

_BATCH = 500


def counted_once(world: World) -> list[str]:
    """D3: facts are as many as texts, and a shown incident counts as many posts as a search finds in it.

    Of posts that vanish the first is told, then the third, the seventh, …: as many again as are told may be gone.
    """
    wrong = []
    if world.facts != len(world.hits):
        wrong.append(f"{world.facts} facts stand beside {len(world.hits)} texts")
    found = Counter(hit.incident for hit in world.hits if hit.incident and hit.kind != "official")
    for update in world.updates.values():
        told = update.posts - update.vanished
        untold = told - found[update.incident]
        if update.shown and update.merged_into is None and not 0 <= untold <= update.vanished:
            wrong.append(
                f"incident {update.incident} counts {told} posts and a search finds {found[update.incident]}"
            )
    return wrong


def folded_again(world: World, settings: Settings) -> list[str]:
    """D8: the same posts.analysed folded by a fresh tracker gives the same bytes, each revision once told alike."""
    with tempfile.TemporaryDirectory() as folder:
        log = SqliteLog(Path(folder) / "log.db", {POSTS_ANALYSED: len(world.analysed)})
        try:
            _fold(log, world, settings)
            again = [log.read(topic, 0, 0, 10_000_000) for topic in (INCIDENTS, MEMBERSHIPS)]
        finally:
            log.close()
    wrong = []
    for name, told, folded in zip(
        ("updates", "memberships"), (world.incidents, world.memberships), again, strict=True
    ):
        ours, theirs = set(_known(told)), set(_known(folded))
        if ours != theirs:
            wrong.append(f"{len(ours - theirs)} {name} are told that a second fold does not tell, "
                         f"{len(theirs - ours)} are not told")  # fmt: skip
    revisions = Counter((one.incident, one.revision) for one in map(_decoded, set(_known(world.incidents)))
                        if isinstance(one, IncidentUpdate))  # fmt: skip
    wrong += [f"{key} was told in {times} ways" for key, times in revisions.items() if times > 1]
    return wrong


def mailed_once(mails: Sequence[Mail], taken: Sequence[bytes], allowed: int) -> list[str]:
    """D6: no mail was made twice; none reached the server twice, but for those `allowed` whose last word was lost."""
    made = Counter(_said(mail.content, mail.to) for mail in mails if mail.content)
    wrong = [f"a mail was made {times} times: {said[2]}" for said, times in made.items() if times > 1]
    ids = Counter(_parsed(mail.content)["Message-ID"] for mail in mails if mail.content)
    wrong += [f"{times} mails have one Message-ID" for times in ids.values() if times > 1]
    reached = Counter(_parsed(content)["Message-ID"] for content in taken)
    again = sum(times - 1 for times in reached.values())
    if again > allowed:
        wrong.append(f"mails reached the server again {again} times, where at most {allowed} last words were lost")
    return wrong + ["a mail reached the server that nobody made" for one in reached if one not in ids]


def hidden(folder: Path, names: Iterable[str], spared: Iterable[str] = ()) -> list[str]:
    """P1: nobody's handle stands in any file below the folder."""
    found = {name: hits for name, hits in Scan(names).folder(folder).items() if name not in set(spared)}
    return [f"{len(hits)} handles stand in {name}" for name, hits in found.items()]


def unnamed(world: World, names: Iterable[str]) -> list[str]:
    """P1: nobody's handle stands in any message or in what a search shows."""
    topics = (world.raw, *world.analysed, world.incidents, world.memberships)
    values = [message.value for topic in topics for message in topic]
    shown = [f"{hit.title}\n{hit.text}\n{hit.url}".encode() for hit in world.hits]
    found = Scan(names).data(b"\n".join([*values, *shown]))
    return [f"{len(found)} handles stand in messages or search results"] if found else []


def pointers_only(world: World) -> list[str]:
    """D4: a dead letter holds where and why, at most three tries, and nothing of the message."""
    wrong = [f"{one.stage} tried {one.tries} times" for one in world.letters if not 1 <= one.tries <= 3]
    told = " ".join(f"{one.error} {one.stage}" for one in world.letters)
    return wrong + (["a dead letter tells content"] if CANARY in told or PREFIX in told else [])


def _fold(log: SqliteLog, world: World, settings: Settings) -> None:
    district_of = wiring.register(settings).gazetteer.district_of
    for partition, messages in enumerate(world.analysed):
        log.append(POSTS_ANALYSED, messages, partition)
        tracker = Tracker(log, POSTS_ANALYSED, "track", settings.incidents, district_of)
        tracker.handle(Batch(partition, 0, gained=True))
        for start in range(0, len(messages), _BATCH):
            _handle(tracker, Batch(partition, start, messages[start : start + _BATCH]))


def _handle(tracker: Tracker, batch: Batch) -> None:
    """Fold a batch; leave out what cannot be read, as a worker does."""
    try:
        tracker.handle(batch)
    except (Rejected, DecodeError, ValueError, OverflowError):
        if len(batch.messages) > 1:
            for number, message in enumerate(batch.messages):
                _handle(tracker, Batch(batch.partition, batch.first + number, (message,)))


def _known(messages: Iterable[Message]) -> Iterator[bytes]:
    """Yield the messages that can be read."""
    for message in messages:
        if _decoded(message.value) is not None:
            yield message.value


def _decoded(value: bytes) -> incident.Message | None:
    if PREFIX.encode() in value:  # what a fault itself put among them
        return None
    try:
        return incident.decode(value)
    except DecodeError:
        return None


def _parsed(content: bytes) -> EmailMessage:
    parser: BytesParser[EmailMessage] = BytesParser(policy=policy.default)
    return parser.parsebytes(content)


def _said(content: bytes, to: str) -> tuple[str, str, str, str]:
    mail = _parsed(content)
    body = mail.get_body(("plain",))
    return to, str(mail["X-Incident-Id"]), str(mail["Subject"]), "" if body is None else str(body.get_content())
