"""Take in one mail that answers an alert, from standard input, as a mail server hands it to an alias.

The first line of the answer is one word: Acknowledge, Working on it, Assign, Not ours, False alarm, Answer, Close;
or 知悉, 处理中, 指派, 不属我办, 误报, 答复, 办结. Offices, reasons and answers follow it, and a line
"Promised: …" (承诺：…) with a day. Any other mail is refused, with exit code 2 and the reason on stderr, which a
mail server puts into its bounce; 4 says that the desk cannot be reached now.

answerable reply --settings /etc/answerable/answerable.toml < mail.eml
desk: "|answerable reply --settings /etc/answerable/answerable.toml"   # /etc/aliases, with desk+… delivered to desk
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack, closing

from alerts import recipients
from alerts.entry import Action
from alerts.letter import LARGEST
from alerts.recipients import Recipients
from alerts.replies import Mailbox, read
from answerable.app import answering, files, wiring
from answerable.app import options as shared
from answerable.app.door import hand_action, only_one
from answerable.clock import system_now
from answerable.errors import Unavailable
from answerable.settings import Settings


def options(parser: argparse.ArgumentParser) -> None:
    """Declare --to."""
    parser.add_argument(
        "--to", default="", metavar="ADDRESS", help="the address it was delivered to (default: as its headers say)"
    )
    shared.settings_file(parser)


def run(given: argparse.Namespace) -> int:
    """Read the mail here, where it can harm nothing, and let the desk do what it asks."""
    settings = shared.of(given)
    path = files.edited(settings, "recipients")
    people = recipients.load(path) if path else Recipients(offices=[], people=[])
    box = answering.mailbox(settings, people, files.data_dir(settings))
    action = read(sys.stdin.buffer.read(LARGEST + 1), given.to, box, system_now())
    _hand_in(settings, box, action)
    sys.stdout.write(f"{action.incident}: {action.to.value}\n")
    return 0


def _hand_in(settings: Settings, box: Mailbox, action: Action) -> None:
    """Go through the running desk's door; where none runs, open the desk. Its mails go out once it runs again."""
    folder = files.data_dir(settings)
    with ExitStack() as held:
        try:
            hand_action(folder, action)
            return
        except Unavailable as reason:
            try:
                held.enter_context(only_one(folder))
            except Unavailable:
                raise reason from None
        key = files.secret(folder, "links.key")
        desk = wiring.desk(settings, wiring.register(settings), folder / "ledger.db", key)
        with closing(desk):
            answering.do(desk, box.people, action, system_now())
