"""The error tree.

AnswerableError
├── SettingsError   something a person wrote is wrong: file, line, key, repair
├── DecodeError     bytes that are no message of ours: what and where, never the bytes
├── Unavailable     a service cannot be reached now: back off and try again
├── Rejected        this item can never be handled: set it aside as a dead letter
└── Refused         what a person asked cannot be done now: the reason, in words for that person
"""

from __future__ import annotations

import re

__all__ = ["AnswerableError", "DecodeError", "Refused", "Rejected", "SettingsError", "Unavailable"]

_QUOTED = re.compile(r"'.*'", re.DOTALL)


class AnswerableError(Exception):
    """Whatever this program can say about what went wrong."""


class SettingsError(AnswerableError):
    """Something a person wrote is wrong; the text names where, what, and the repair.

    >>> str(SettingsError("unknown key", file="rules.yaml", line=3, key="wehn", repair="did you mean 'when'?"))
    "rules.yaml:3: wehn: unknown key; did you mean 'when'?"
    """

    def __init__(
        self, what: str, *, file: str = "", line: int | None = None, key: str = "", repair: str = ""
    ) -> None:
        self.what, self.file, self.line, self.key, self.repair = what, file, line, key, repair
        where = f"{file}:{line}" if file and line else file
        head = ": ".join(part for part in (where, key, what) if part)
        super().__init__(f"{head}; {repair}" if repair else head)


class DecodeError(AnswerableError):
    """Bytes that are no message of ours; says what and where, never the bytes themselves."""

    @classmethod
    def of(cls, what: str, error: Exception) -> DecodeError:
        """Say why `what` cannot be read, in the reader's words without the values that it quotes.

        >>> print(DecodeError.of("no post", ValueError("Invalid enum value 'a word of it' - at `$.kind`")))
        no post: Invalid enum value '…' - at `$.kind`
        """
        told = _QUOTED.sub("'…'", str(error))
        return cls(f"{what}: {told}")


class Unavailable(AnswerableError):
    """A service cannot be reached now; a worker backs off and tries the same batch again."""


class Rejected(AnswerableError):
    """This item can never be handled; a worker sets it aside as a dead letter."""


class Refused(AnswerableError):
    """What a person asked cannot be done now; the text says why and what to do instead."""
