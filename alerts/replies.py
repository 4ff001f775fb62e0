"""An answer by mail becomes what a person wants done: its first line is one word, zh or en, the rest a comment.

The signed address that the mail came to says which incident, at which ledger version, and whose answer it is; the
sender has to be that person. Only what that person wrote is kept, never a quotation. What is unclear is refused in
words that say how to write it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from alerts.entry import Action, Entry
from alerts.kindly import refusal
from alerts.letter import Letter, open_letter
from alerts.links import Links, Reply
from alerts.mail.headers import harmless
from alerts.mail.said import is_web
from alerts.named import Named, named
from alerts.names import Locale
from alerts.promised import split
from alerts.quoted import own_words
from alerts.recipients import Person, Recipients
from alerts.routing import Routing
from answerable.errors import Refused
from answerable.incident import State

__all__ = ["Mailbox", "is_ours", "read", "up_to_date"]

_MOST = 4000  # letters, as in the console's forms
_ZH = {
    "知悉": State.ACKNOWLEDGED, "收到": State.ACKNOWLEDGED, "处理中": State.WORKING, "正在处理": State.WORKING,
    "指派": State.ASSIGNED, "不属我办": State.RETURNED, "不属于我办": State.RETURNED, "误报": State.FALSE_ALARM,
    "答复": State.ANSWERED, "办结": State.CLOSED,
}  # fmt: skip
_EN = {
    "acknowledge": State.ACKNOWLEDGED, "acknowledged": State.ACKNOWLEDGED, "working on it": State.WORKING,
    "assign": State.ASSIGNED, "assigned": State.ASSIGNED, "not ours": State.RETURNED,
    "false alarm": State.FALSE_ALARM, "answer": State.ANSWERED, "answered": State.ANSWERED, "close": State.CLOSED,
    "closed": State.CLOSED,
}  # fmt: skip
_OPEN, _SHUT = r"[\s\ufeff【\[「“\"'《(（*#]*", r"[】\]」”\"'》)）*]*"
_LONGEST_FIRST = sorted(_EN, key=lambda word: (-len(word), word))
_FIRST = re.compile(
    rf"{_OPEN}(?:已?(?P<zh>{'|'.join(_ZH)})了?|(?P<en>{'|'.join(_LONGEST_FIRST)})(?![\w-])){_SHUT}", re.IGNORECASE
)
_STOP = re.compile(r"\s*[:：,，.。;；!！、…~～\-–—]+\s*")
_LINK = re.compile(r"https?://[A-Za-z0-9./?#=&%+_~:;,!*()\[\]$-]+", re.IGNORECASE)
_GAP = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")  # Chinese has no blanks
_NAMING = frozenset((State.ASSIGNED, State.RETURNED))
_HARMLESS = frozenset((State.ACKNOWLEDGED, State.WORKING))


class Mailbox(Struct, frozen=True, kw_only=True):
    """What it takes to read answers: the links that signed the addresses, who may answer, the desk's own address."""

    links: Links
    recipients: Recipients
    sender: str
    zone: ZoneInfo
    locale: Locale = "zh"

    @property
    def people(self) -> dict[str, Person]:
        """Everybody whom a mail of the desk may have gone to, duty addresses too, by id."""
        routing = Routing(self.recipients, self.sender, self.locale, {})
        duty = [person for office in routing.offices for person in routing.on_duty(office)]
        return {person.id: person for person in (*duty, *routing.people)}


class _Said(Struct, frozen=True):
    """The word of the first line, as written; what it asks for; whether a stop follows it; what else is said."""

    word: str
    to: State
    stopped: bool
    rest: str
    below: list[str]


def is_ours(address: str, sender: str) -> bool:
    """Tell whether an address has the form of a reply address of this desk; only its signature says that it is one.

    >>> is_ours("Desk+bcd-1-20796-x@lanting.example", "desk@lanting.example")
    True
    """
    local, _, domain = sender.casefold().rpartition("@")
    return address.casefold().startswith(f"{local}+") and address.casefold().endswith(f"@{domain}")


def read(message: bytes, to: str, box: Mailbox, now: int) -> Action:
    """Return what a mail to the reply address `to` asks for ("" = the address in its headers).

    Raises Refused for what no person of the desk wrote, or where it is not clear what is wanted.
    """
    letter = open_letter(message)
    people = box.people
    reply = box.links.read_reply(to or _address(letter, box.sender), people, now)
    person = people[reply.person]
    if letter.machine:
        raise refusal("machine", person.locale)
    if letter.author.casefold() != person.mail.casefold():
        raise refusal("sender", person.locale)
    lines = next((words for body in letter.bodies if (words := own_words(body))), None)
    if lines is None:
        raise refusal("nothing", person.locale)
    return _action(_said(lines, person.locale), reply, person.locale, box, now)


def up_to_date(action: Action, entry: Entry, person: Person) -> Action | None:
    """Return an action at the ledger's version of today, None where it was done already (a mail that came twice).

    A person who answers one mail twice knows what they did themselves, and that somebody else acknowledged takes
    nothing from anybody; for whatever else happened since, it raises Refused. Where an office is accused, only those
    who have the matter now are heard.
    """
    if entry.supervision and person.offices and not {entry.lead, *entry.co_handlers} & set(person.offices):
        raise refusal("supervision", person.locale)
    since = [event for event in entry.history if event.version > action.version]
    mine = [event for event in since if event.who == action.who]
    if mine and mine[-1].after is action.to and mine[-1].text == action.text and mine[-1].link == action.link:
        return None
    if any(event.who != action.who and event.after is not State.ACKNOWLEDGED for event in since):
        raise refusal("moved", person.locale, version=entry.version)
    return replace(action, version=entry.version)


def _address(letter: Letter, sender: str) -> str:
    for address in letter.to:
        if is_ours(address, sender):
            return address
    raise Refused("no reply address of this desk stands in this mail; name it with --to")


def _said(lines: list[str], locale: Locale) -> _Said:
    """Read the first line; raise Refused where no word of ours begins it, or where it asks a question."""
    match = _FIRST.match(lines[0])
    if match is None:
        raise refusal("unclear", locale)
    word = match["zh"] or match["en"]
    to = _ZH[word] if match["zh"] else _EN[word.lower()]
    after = lines[0][match.end() :]
    stop = _STOP.match(after)
    rest = after[stop.end() :] if stop else after.strip()
    stopped = stop is not None or not rest or (rest != after and match["zh"] is not None)
    colon = stop is not None and stop[0].strip() in (":", "：")
    if not colon and (rest.startswith(("?", "？", "吗")) or rest.endswith(("?", "？"))):
        raise refusal("colon", locale, word=word)
    return _Said(word, to, stopped, rest, lines[1:])


def _action(said: _Said, reply: Reply, locale: Locale, box: Mailbox, now: int) -> Action:
    """Put together what is wanted; raise Refused where the rest does not fit the word."""
    lines, office, helpers = [said.rest, *said.below], None, tuple[str, ...]()
    if said.to in _NAMING:
        found, below = _named(said, box, locale)
        office, helpers, lines = found.offices[0], found.offices[1:], [found.rest, *below]
    elif not said.stopped and not _runs_on(said):
        raise refusal("colon", locale, word=said.word)
    promised, link = None, None
    if said.to is State.ANSWERED:
        lines, promised = split(lines, box.zone, now)
        lines, link = _linked(lines)
        if promised is not None and (promised.due_at is None or not promised.words):
            raise refusal("promise", locale)
    text = _text(lines)
    _complete(said, text, link, locale)
    return Action(
        incident=reply.incident, version=reply.version, to=said.to, who=reply.person, text=text, link=link,
        promised=_text([promised.words]) if promised else None, due_at=promised.due_at if promised else None,
        office=office, co_handlers=helpers,
    )  # fmt: skip


def _runs_on(said: _Said) -> bool:
    """Tell whether text may follow the word without a stop: where little hangs on it, or where a link follows."""
    return (said.to in _HARMLESS and said.word.isascii()) or _LINK.match(said.rest) is not None


def _named(said: _Said, box: Mailbox, locale: Locale) -> tuple[Named, list[str]]:
    """Return the offices that stand behind the word or, where nothing does, in the next line."""
    line, below = (said.rest, said.below) if said.rest else ("".join(said.below[:1]), said.below[1:])
    found = named(line, box.recipients.offices)
    several = found is not None and len(found.offices) > 1 and said.to is State.RETURNED
    if found is None or several:
        offices = "; ".join(
            f"{office.id} ({office.name.get(locale) or next(iter(office.name.values()))})"
            for office in box.recipients.offices
        )
        raise refusal("one_office" if several else "office", locale, word=said.word, offices=harmless(offices))
    return found, below


def _linked(lines: Sequence[str]) -> tuple[list[str], str | None]:
    """Take the first link of an answer; a line that is only the link is no text."""
    for at, line in enumerate(lines):
        match = _LINK.search(line)
        if match:
            link = match[0].rstrip(".,;:!*()[]")
            link = link[:5].lower() + link[5:]
            if is_web(link):
                alone = line.replace(match[0], "").strip(" \t。.<>")
                return [*lines[:at], *([line] if alone else []), *lines[at + 1 :]], link
    return list(lines), None


def _text(lines: Sequence[str]) -> str:
    """Return lines as one, harmless in any header, of at most so many letters."""
    text = _GAP.sub("", " ".join(line for line in map(harmless, lines) if line))
    return text if len(text) <= _MOST else text[: _MOST - 1].rstrip() + "…"


def _complete(said: _Said, text: str, link: str | None, locale: Locale) -> None:
    match said.to:
        case State.ANSWERED if not text and link is None:
            raise refusal("answer", locale, word=said.word)
        case State.CLOSED | State.FALSE_ALARM if not text:
            raise refusal("reason", locale, word=said.word)
