"""Parts 5 to 7: what people ask for, the words they share, what is known and what is not."""

from __future__ import annotations

from alerts.alert import Alert
from alerts.mail import said, told
from alerts.mail.answers import answered
from alerts.mail.reader import Reader
from alerts.mail.sheet import Ask, Link
from answerable.demand import Answer, DemandCount

__all__ = ["answer_link", "asks", "asks_note", "known", "unknown", "words", "words_note"]

_ASKS_MOST = 8
_DISTRICTS_MOST = 4
_FEW = 3


def asks(alert: Alert, reader: Reader) -> tuple[Ask, ...]:
    """Return the distinct demands with their counts, eight at most."""
    if alert.unconfirmed:
        return ()
    told_ = [_ask(act, demand, reader) for demand in alert.update.demands if (act := said.act(demand))]
    return tuple(told_[:_ASKS_MOST])


def _ask(act: str, demand: DemandCount, reader: Reader) -> Ask:
    people = told.residents(demand.residents, reader.say)
    return Ask(act, people, _standing(demand, reader), answered=demand.waits_since is None)


def _standing(demand: DemandCount, reader: Reader) -> str:
    """Say whether a demand was answered, what the answer says, and whether residents ask again after it."""
    say, at = reader.say, demand.answered_at
    if at is None:
        return say("ask.referred" if demand.answer is Answer.REFERRAL else "ask.open")
    if demand.again_at is not None:
        return say.many("ask.again", demand.again, at=reader.when(at))
    if demand.answer is Answer.REFUSAL:
        return say("ask.refused", at=reader.when(at))
    if demand.due_at is not None:
        return say("ask.promised", at=reader.when(at), due=reader.when(demand.due_at))
    return say("ask.answered", at=reader.when(at))


def asks_note(alert: Alert, reader: Reader) -> str:
    """Say how many demands are left out here, or that there are none."""
    if alert.unconfirmed:
        return reader.say("held.unconfirmed")
    if not alert.update.demands:
        return reader.say("ask.none")
    rest = len(alert.update.demands) - len(asks(alert, reader))
    return reader.say.many("ask.more", rest) if rest > 0 else ""


def words(alert: Alert, reader: Reader) -> tuple[str, ...]:
    """Return the words that at least three authors share, with counts; none where an office is accused."""
    if alert.supervision or alert.unconfirmed:
        return ()
    say = reader.say
    return tuple(
        say("word", word=word.text, n=word.authors, kinds=say.many("count.kinds", word.kinds))
        for word in said.shared(alert.update.words)
    )


def words_note(alert: Alert, reader: Reader) -> str:
    """Say why there are no words here, where there are none."""
    if alert.unconfirmed:
        return reader.say("held.unconfirmed")
    if alert.supervision:
        return reader.say("held.supervision")
    return "" if said.shared(alert.update.words) else reader.say("word.none")


def known(alert: Alert, reader: Reader) -> tuple[str, ...]:
    """Say what was counted and what an office has confirmed."""
    say, update = reader.say, alert.update
    if alert.unconfirmed:
        return (say("known.nothing"),)
    lines = [_official(alert, reader)]
    posts = say.many("count.posts", update.posts)
    sources = say.many("count.sources", len(update.sources))
    lines.append(say("known.seen", at=reader.when(update.first_at), posts=posts, sources=sources))
    if update.duplicates:
        lines.append(say.many("known.copies", update.duplicates))
    if update.vanished:
        lines.append(say.many("known.vanished", update.vanished, all=update.posts))
    districts = [name for key, n in update.districts if n >= _FEW and (name := _district(key, reader))]
    if districts:
        lines.append(say("known.districts", names=say.enumerate(districts[:_DISTRICTS_MOST])))
    return tuple(lines)


def _district(key: str, reader: Reader) -> str:
    return said.clean(reader.names.place(key, reader.locale))


def _official(alert: Alert, reader: Reader) -> str:
    """Quote an office's own words, or say that one answered; where an office is accused only the latter."""
    given = answered(alert, reader)
    words_ = "" if alert.supervision else said.office_words(alert.answer)
    if words_:
        return reader.say("known.answer", given=given, words=words_)
    return reader.say("known.given", given=given) if given else reader.say("known.nothing")


def answer_link(alert: Alert, reader: Reader) -> Link | None:
    """Return the link to the office's answer, unless it is no web page or an office is accused."""
    url = said.clean(alert.answer_link or "")
    if alert.supervision or alert.unconfirmed or not said.is_web(url):
        return None
    return Link(reader.say("known.link"), url)


def unknown(alert: Alert, reader: Reader) -> tuple[str, ...]:
    """Say what nobody has confirmed."""
    say, update = reader.say, alert.update
    lines = []
    if alert.unconfirmed or update.components.danger:
        lines.append(say("unknown.hurt"))
    if update.title.place is None:
        lines.append(say("unknown.place"))
    if not answered(alert, reader):
        lines.append(say("unknown.cause"))
    if not alert.unconfirmed:
        lines.append(say("unknown.affected"))
    return tuple(lines)
