"""The digest: what was held back, by level, with why; how fresh the desk's eyes are; what they cannot see."""

from __future__ import annotations

from alerts.alert import Alert, AlertKind, Digest, DigestLine
from alerts.mail import job, said, told
from alerts.mail.answers import answered
from alerts.mail.catalogue import Phrases, phrases
from alerts.mail.figures import changed
from alerts.mail.layout import pad, wrap
from alerts.mail.reader import Reader
from alerts.mail.sheet import Button, DigestSheet, Group, Link, Row
from alerts.mail.text import links, section
from answerable.clock import HOUR
from answerable.incident import Level

__all__ = ["digest_text", "sheet"]

_ROWS_MOST = 12  # a level
_PARTS_MOST = 6
_SILENT_MOST = 30
_ASKS_MOST = 2


def sheet(digest: Digest, reader: Reader) -> DigestSheet:
    """Fill in a digest, also an empty one."""
    say, count = reader.say, len(digest.lines)
    deck = say("digest.deck", open=digest.open_count, answered=digest.answered_in_time)
    return DigestSheet(
        locale=reader.locale,
        kicker=say("digest.kicker", at=stamp(digest, reader)),
        headline=say.many("digest.headline", count) if count else say("digest.headline.none"),
        lede=deck if count else say.prose([say("digest.empty"), deck]),
        buttons=(Button(say("digest.open"), reader.links.page(""), first=True),),
        groups=tuple(group for level in reversed(Level) if (group := _group(level, digest.lines, reader))),
        slow=tuple(_slow(alert, reader) for alert in digest.slow[:_ROWS_MOST]),
        slow_more=_more(len(digest.slow), reader),
        ages=tuple((say.word("stage", said.clean(stage)), say("digest.age", span=reader.span(age)))
                   for stage, age in digest.ages),
        silent=_silent(digest.silent, reader),
        because=job.because(None, reader),
        links=job.links(None, reader),
    )  # fmt: skip


def stamp(digest: Digest, reader: Reader) -> str:
    """Write day and time of a digest, the day also when it is today."""
    return told.dated(digest.at, reader.zone, reader.say)


def _group(level: Level, lines: tuple[DigestLine, ...], reader: Reader) -> Group | None:
    held = [line for line in lines if line.alert.level is level]
    if not held:
        return None
    rows = tuple(_row(line, reader) for line in held[:_ROWS_MOST])
    return Group(level, reader.say(f"badge.{level.value}"), rows, _more(len(held), reader))


def _more(count: int, reader: Reader) -> str:
    return reader.say.many("digest.more", count - _ROWS_MOST) if count > _ROWS_MOST else ""


def _row(line: DigestLine, reader: Reader) -> Row:
    alert = line.alert
    clock, late = _clock(min((alert, *line.parts), key=_due), reader)
    return Row(
        headline=reader.headline(alert),
        changed=changed(alert, reader),
        figures="" if alert.unconfirmed else _figures(alert, reader),
        asks="" if alert.unconfirmed else _asks(alert, reader),
        clock=clock,
        late=late,
        held=reader.say.word("held", said.clean(line.held)),
        url=_page(alert, reader),
        elsewhere=tuple(_part(part, reader) for part in line.parts[:_PARTS_MOST]),
        elsewhere_more=reader.say("digest.parts_more", n=len(line.parts) - _PARTS_MOST)
        if len(line.parts) > _PARTS_MOST
        else "",
    )


def _due(alert: Alert) -> tuple[bool, int]:
    """Put the clock that ends first, first; of none the first stays."""
    return alert.clock is None, alert.clock.due_at if alert.clock is not None else 0


def _part(alert: Alert, reader: Reader) -> Link:
    people = told.between(alert.update.authors)
    level = reader.say(f"badge.{alert.level.value}")
    text = reader.say("digest.part", level=level, place=reader.place(alert.update), people=people)
    return Link(text, _page(alert, reader))


def _slow(alert: Alert, reader: Reader) -> Row:
    """Say since when and in how many weeks who told of it; the row ends with how long its demand waits."""
    say, why = reader.say, {item.name: item.value for item in alert.why}
    weeks, posts = say.many("count.weeks", int(why.get("weeks", 0))), say.many("count.posts", alert.update.posts)
    since = say(
        "digest.slow_since", at=reader.when(alert.update.first_at), people=told.between(alert.update.authors),
        weeks=weeks, posts=posts,
    )  # fmt: skip
    waits = say("digest.unanswered", span=reader.span(why.get("unanswered_hours", 0.0) * HOUR))
    return Row(reader.headline(alert), "", since, _asks(alert, reader), waits, False, "", _page(alert, reader))


def _figures(alert: Alert, reader: Reader) -> str:
    say, update = reader.say, alert.update
    posts, sources = say.many("count.posts", update.posts), say.many("count.sources", len(update.sources))
    return say("digest.figures", people=told.between(update.authors), posts=posts, sources=sources)


def _asks(alert: Alert, reader: Reader) -> str:
    acts = [act for act in map(said.act, alert.update.demands) if act][:_ASKS_MOST]
    return reader.say("digest.asks", acts=reader.say("list.semicolon").join(acts)) if acts else ""


def _clock(alert: Alert, reader: Reader) -> tuple[str, bool]:
    """Say how the clock stands, and whether it was missed."""
    say, update, clock, given = reader.say, alert.update, alert.clock, answered(alert, reader)
    if alert.kind is AlertKind.CLOSE:
        return "", False
    if clock is not None and (update.answered_at is None or update.answered_at < clock.informed_at):
        left = clock.due_at - reader.now
        return say("digest.left" if left >= 0 else "digest.late", span=reader.span(abs(left))), left < 0
    if given or alert.unconfirmed:
        return "" if alert.kind is AlertKind.UPDATE else given, False
    return say("digest.unanswered", span=reader.span(reader.now - update.first_at)), False


def _page(alert: Alert, reader: Reader) -> str:
    """Return an incident's page; what one person alone reported has none."""
    return reader.links.page("") if alert.unconfirmed else reader.links.incident(alert.incident)


def _silent(sources: tuple[str, ...], reader: Reader) -> str:
    if not sources:
        return reader.say("digest.silent_none")
    names = reader.say.enumerate([said.clean(source) for source in sources[:_SILENT_MOST]])
    return names + ("…" if len(sources) > _SILENT_MOST else "")


def digest_text(digest: DigestSheet) -> str:
    """Lay out a digest as plain text."""
    say = phrases(digest.locale)
    lines = [digest.kicker, *wrap(digest.headline), "", *wrap(digest.lede), "", *links(digest.buttons)]
    for group in digest.groups:
        lines += section(group.badge, [*_lines(group.rows, say), *wrap(group.more)])
    if digest.slow:
        deck = wrap(say("digest.slow_deck"))
        lines += section(say("digest.slow"), [*deck, *_lines(digest.slow, say), *wrap(digest.slow_more)])
    lines += section(say("digest.fresh"), [f"{pad(stage, 14)} {age}" for stage, age in digest.ages])
    lines += _rest(digest, say)
    return "\n".join(lines) + "\n"


def _lines(rows: tuple[Row, ...], say: Phrases) -> list[str]:
    """Set rows one below the other, a blank line between."""
    lines: list[str] = []
    for row in rows:
        last = " · ".join(part for part in (row.clock, row.changed, row.held) if part)
        parts = [line for part in (row.figures, row.asks, last) for line in wrap(part, "  ")]
        lines += ["", *wrap(row.headline, "* "), *parts, f"  {row.url}"]
        if row.elsewhere:
            lines += [*wrap(say("digest.elsewhere"), "  "), *(f"  {line}" for line in links(row.elsewhere)),
                      *wrap(row.elsewhere_more, "  ")]  # fmt: skip
    return lines[1:]


def _rest(digest: DigestSheet, say: Phrases) -> list[str]:
    return [
        *section(say("digest.silent"), wrap(digest.silent)),
        *section(say("digest.uncovered"), wrap(say("digest.uncovered_text"))),
        *section(say("heading.because"), [*wrap(digest.because), *links(digest.links)]),
    ]
