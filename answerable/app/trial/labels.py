"""Which posts are about which known matter, from a file; bad lines are told on stderr, counted and skipped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from answerable.app.goodlines import GoodLines
from answerable.lines import each, numbered

__all__ = ["Labels", "read_labels"]

_REPAIR = 'write {"id":"…","incident":"…"}'
_Id = Annotated[str, Meta(min_length=1)] | int


class _Line(Struct, frozen=True):
    id: _Id
    incident: _Id | None


class Labels(Struct, frozen=True):
    """The matter of each labelled post, by the id that the input gives the post; how many lines were bad."""

    matters: dict[str, str]
    bad: int = 0


def read_labels(path: Path, *, strict: bool = False) -> Labels:
    """Read lines of id and incident; a post whose incident is null has no label.

    Raise SettingsError where the file cannot be opened, Rejected at the first bad line where strict.
    """
    matters: dict[str, str] = {}
    lines = each(numbered(path, repair="; fetch it again"), lambda line: _labelled(line, matters))
    labelled = GoodLines(str(path), lines, strict=strict)
    for post, matter in labelled:
        if matter is not None:
            matters[post] = matter
    labelled.report(f"{len(matters)} labels read")
    return Labels(matters, labelled.bad)


def _labelled(line: bytes, known: Mapping[str, str]) -> tuple[str, str | None]:
    """Read one line; raise ValueError that says what is wrong and the repair, never what it quotes.

    >>> _labelled(b'{"id":7}', {})
    Traceback (most recent call last):
        ...
    ValueError: has no incident; write {"id":"…","incident":"…"}
    """
    try:
        found = msgspec.json.decode(line, type=_Line)
    except msgspec.ValidationError as error:
        missing = next((key for key in ("id", "incident") if f"missing required field `{key}`" in str(error)), None)
        what = f"has no {missing}" if missing else "id or incident is no word"
        raise ValueError(f"{what}; {_REPAIR}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ValueError(f"is no JSON object; {_REPAIR}") from None
    post, matter = str(found.id), None if found.incident is None else str(found.incident)
    if matter is not None and known.get(post, matter) != matter:
        raise ValueError("gives a post a second incident; leave one of the lines")
    return post, matter
