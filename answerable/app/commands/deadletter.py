"""Look at messages that a stage set aside, and replay or drop them; what they say is never shown.

answerable deadletter list
answerable deadletter show posts.analysed/7/1234/index
answerable deadletter replay --all --dry-run
answerable deadletter replay --stage index      # after the fault was repaired
answerable deadletter drop posts.analysed/7/1234/index

A replay appends the message to its topic once more, where each group takes it once, and lets the letter go. What
the log no longer holds, or what still cannot be read, stays a dead letter until it is dropped.

exit codes: 0 all is done, 4 the desk or the log cannot be reached, 5 some letters stay or came again
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from answerable.app import options as shared
from answerable.app.cli import EXIT
from answerable.app.deadletters import Asked, Do, Outcome, chosen, name, planned
from answerable.app.pointed import Pointed, look
from answerable.app.rows import Row, line
from answerable.app.setaside import Sight, Watch, hand_in, sight
from answerable.clock import show
from stream.deadletter import DeadLetter

_WAIT_S = 10.0
_STAY = (Outcome.EXPIRED, Outcome.UNREADABLE)
_TOLD = {
    Outcome.REPLAYED: "replayed",
    Outcome.DROPPED: "dropped",
    Outcome.FORGOTTEN: "not replayed, as the post was forgotten; dropped",
    Outcome.GONE: "was replayed or dropped by somebody else",
    Outcome.EXPIRED: "the log no longer holds the message; `answerable deadletter drop` lets the pointer go",
    Outcome.UNREADABLE: "still cannot be read; `answerable deadletter show` says where",
}


def options(parser: argparse.ArgumentParser) -> None:
    """Declare list, show, replay and drop."""
    verbs = parser.add_subparsers(dest="what", required=True, metavar="list|show|replay|drop")
    listed = verbs.add_parser("list", help="where each lies, which stage gave it up, and why")
    listed.add_argument("--stage", metavar="S", help="of one stage")
    shown = verbs.add_parser("show", help="what kind of message one points at, and whether it can be read now")
    shown.add_argument("id", metavar="ID", help="as `list` prints it: TOPIC/PARTITION/OFFSET/STAGE")
    replay = verbs.add_parser("replay", help="hand the messages in again, once each")
    replay.add_argument(
        "--wait", type=float, default=_WAIT_S, metavar="SECONDS",
        help=f"wait so long to see whether any is set aside again (default: {_WAIT_S:g})",
    )  # fmt: skip
    for changing in (replay, verbs.add_parser("drop", help="let the pointers go; the messages are not touched")):
        changing.add_argument("ids", nargs="*", metavar="ID", help="as `list` prints it")
        changing.add_argument("--all", action="store_true", help="every dead letter")
        changing.add_argument("--stage", metavar="S", help="every one of a stage")
        changing.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    for verb in verbs.choices.values():
        verb.add_argument("--json", action="store_true", help="one JSON object a letter")
        shared.settings_file(verb)


def run(given: argparse.Namespace) -> int:
    """Do it; looking disturbs no desk that runs."""
    with sight(shared.of(given)) as seen:
        match given.what:
            case "list":
                return _list(given, seen)
            case "show":
                return _show(given, seen)
            case _:
                return _change(given, seen)


def _list(given: argparse.Namespace, seen: Sight) -> int:
    letters = chosen(seen.letters(), stage=given.stage)
    width = max((len(name(letter)) for letter in letters), default=0)
    for one in letters:
        text = (
            f"{name(one):<{width}}  {show(one.at)}  {one.tries} {'try' if one.tries == 1 else 'tries'}  {one.error}"
        )
        _put(given, _row(one), text)
    sys.stderr.write(f"{_counted(len(letters))}\n")
    return EXIT["ok"]


def _show(given: argparse.Namespace, seen: Sight) -> int:
    (letter,) = chosen(seen.letters(), [given.id])
    facts = _facts(look(letter, seen.log))
    row = _row(letter) | facts
    _put(given, row, "\n".join(f"{key}: {value}" for key, value in row.items() if value is not None))
    return EXIT["ok"]


def _change(given: argparse.Namespace, seen: Sight) -> int:
    if not (given.ids or given.all or given.stage):
        sys.stderr.write("answerable deadletter: name dead letters, a --stage, or --all\n")
        return EXIT["usage"]
    letters, what = chosen(seen.letters(), given.ids, given.stage), Do(given.what)
    if given.dry_run:
        return _tell(given, letters, _foreseen(what, letters, seen), [])
    watch = Watch(seen, letters if what is Do.REPLAY else ())
    outcomes, running = hand_in(shared.of(given), Asked(what, tuple(letters)))
    again: list[DeadLetter] = []
    if Outcome.REPLAYED in outcomes:
        if running:
            again = watch.again(given.wait)
        else:
            sys.stderr.write("no desk is running; what was replayed is handled once it runs\n")
    return _tell(given, letters, outcomes, again)


def _foreseen(what: Do, letters: Sequence[DeadLetter], seen: Sight) -> list[Outcome]:
    if what is Do.DROP:
        return [Outcome.DROPPED] * len(letters)
    found = {letter: plan.outcome for plan in planned(letters, seen.log) for letter in plan.letters}
    return [found[letter] for letter in letters]


def _tell(
    given: argparse.Namespace, letters: Sequence[DeadLetter], outcomes: Sequence[Outcome], again: Sequence[DeadLetter]
) -> int:
    would = "would be: " if given.dry_run else ""
    for letter, outcome in zip(letters, outcomes, strict=True):
        row = {"id": name(letter), "outcome": outcome.value} | ({"dry_run": True} if given.dry_run else {})
        _put(given, row, f"{name(letter)}  {would}{_TOLD[outcome]}")
    for letter in again:
        _put(given, {"id": name(letter), "outcome": "again"}, f"{name(letter)}  set aside again: {letter.error}")
    counts = Counter([*(outcome.value for outcome in outcomes), *("set aside again" for _ in again)])
    said = ", ".join(f"{number} {what}" for what, number in counts.items())
    sys.stderr.write(f"{_counted(len(letters))}{': ' if said else ''}{said}\n")
    return EXIT["set aside" if again or any(outcome in _STAY for outcome in outcomes) else "ok"]


def _counted(number: int) -> str:
    return "1 dead letter" if number == 1 else f"{number or 'no'} dead letters"


def _put(given: argparse.Namespace, row: Row, text: str) -> None:
    sys.stdout.write(line(row).decode() if given.json else f"{text}\n")


def _row(letter: DeadLetter) -> Row:
    return {
        "id": name(letter), "topic": letter.topic, "partition": letter.partition, "offset": letter.offset,
        "stage": letter.stage, "error": letter.error, "tries": letter.tries, "at": show(letter.at),
    }  # fmt: skip


def _facts(found: Pointed) -> Row:
    published = None if found.published_at is None else show(found.published_at)
    return {
        "message": "expired" if found.size is None else "kept", "bytes": found.size, "kind": found.kind,
        "of": found.id, "source": found.source, "published_at": published,
        "readable": None if found.size is None else found.error is None, "unreadable": found.error,
        "unreadable_at": found.place,
    }  # fmt: skip
