"""The command line: one verb a module; a verb is imported only when it is called."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol

from answerable.errors import AnswerableError, Refused, SettingsError, Unavailable

__all__ = ["EXIT", "VERBS", "main"]

VERBS = {
    "demo": "crawl the bundled city, raise incidents, send mails to a local sink, open the console",
    "init": "write commented settings and the files beside them, and say what comes next",
    "check": "test everything a person can get wrong, and print each repair",
    "run": "crawl, read, group, alert and serve the console until interrupted",
    "migrate": "make the topics and templates that the settings' engines need",
    "replay": "put posts from a file through the whole pipeline with a simulated clock",
    "analyse": "read posts from a file: language, feeling, topic, place, demand, harm",
    "spread": "judge a series of counts row by row: score and alarm",
    "forecast": "foresee how large cascades get from their beginning",
    "rules": "try rules on posts of the past: what would have been sent",
    "import": "take posts from a file into the running pipeline",
    "gazetteer": "make a gazetteer from a dump of places, and find what it lacks",
    "reply": "take in one mail that answers an alert, as a mail server hands it over",
    "kibana": "build, check and push the boards that Kibana shows of the facts",
    "deadletter": "look at messages that were set aside, and replay or drop them",
    "train": "train a head on labelled texts",
    "eval": "score a head on labelled texts",
    "models": "take in, list and verify the models of the full tier, or make int8 ones",
    "version": "print the version",
}
EXIT = {"ok": 0, "failed": 1, "usage": 2, "settings": 3, "unreachable": 4, "set aside": 5, "interrupted": 130}


class Verb(Protocol):
    """What a module under commands/ offers."""

    def options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the verb's arguments."""
        ...

    def run(self, given: argparse.Namespace) -> int:
        """Do it; return an exit code."""
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code; errors for humans go to stderr, with no traceback unless --debug."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help"):
        sys.stdout.write(_overview())
        return EXIT["ok"] if words else EXIT["usage"]
    if words[0] in ("-V", "--version"):
        words[0] = "version"
    if words[0] not in VERBS:
        sys.stderr.write(f"answerable: unknown verb {words[0]!r}; verbs: {', '.join(VERBS)}\n")
        return EXIT["usage"]
    return _call(words[0], words[1:])


def _call(name: str, words: list[str]) -> int:
    verb: Verb = importlib.import_module(f"answerable.app.commands.{name.replace('import', 'import_')}")
    parser = argparse.ArgumentParser(
        prog=f"answerable {name}", description=verb.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--debug", action="store_true", help="show a traceback when something fails")
    verb.options(parser)
    given = parser.parse_args(words)
    try:
        return verb.run(given)
    except KeyboardInterrupt:
        return EXIT["interrupted"]
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone; say no more
        return EXIT["ok"]
    except (AnswerableError, OSError) as error:
        if given.debug:
            raise
        sys.stderr.write(f"answerable {name}: {error}\n")
        return _code(error)


def _code(error: AnswerableError | OSError) -> int:
    if isinstance(error, SettingsError):
        return EXIT["settings"]
    if isinstance(error, Unavailable):
        return EXIT["unreachable"]
    return EXIT["usage"] if isinstance(error, Refused) else EXIT["failed"]


def _overview() -> str:
    width = max(map(len, VERBS)) + 2
    lines = "".join(f"  {name:<{width}}{what}\n" for name, what in VERBS.items())
    return (
        "usage: answerable VERB …\n\n"
        "An early-warning and answering desk for local government.\n\n"
        f"{lines}\n"
        "`answerable VERB --help` tells more. Try `answerable demo` first.\n"
    )
