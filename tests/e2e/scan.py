"""A byte scan for names that must be nowhere: raw and escaped, in files and in what SQLite files hold."""

from __future__ import annotations

import base64
import html
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import ahocorasick_rs

__all__ = ["Scan", "forms"]

_LONG_ENOUGH = 8  # bytes; the base64 of less stands anywhere by accident
_GAPS = re.compile(rb"=\r?\n|[\s\0]+")


def forms(name: str) -> set[bytes]:
    r"""Return every spelling of a name that is looked for; all but base64 in small letters.

    >>> {b"%e6%be%9c", b"\\u6f9c", b"&#28572;"} <= forms("澜")
    True
    >>> base64.b64encode("…澜汀市民".encode())[4:] in forms("澜汀市民")
    True
    """
    raw = name.encode()
    spelled = {name, quote(name, safe=""), json.dumps(name)[1:-1], html.escape(name)}
    spelled |= {"".join(f"&#{ord(sign)};" for sign in name), "".join(f"&#x{ord(sign):x};" for sign in name)}
    found = {form.lower().encode() for form in spelled} | {form.encode().lower() for form in spelled}
    if len(raw) >= _LONG_ENOUGH:
        for shift in range(3):  # base64 spells a name in three ways, by where it begins
            whole = base64.b64encode(bytes(shift) + raw).rstrip(b"=")
            core = whole[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
            found |= {core, core.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


class Scan:
    """Looks for many names at once."""

    def __init__(self, names: Iterable[str]) -> None:
        pairs = [(form, name) for name in sorted(names) for form in sorted(forms(name))]
        self._owners = [name for _, name in pairs]
        self._automaton = ahocorasick_rs.BytesAhoCorasick([form for form, _ in pairs])

    def data(self, data: bytes) -> set[str]:
        """Return the names that stand in bytes, also where white space was set between their signs."""
        kinds = (data, data.lower(), _GAPS.sub(b"", data.lower()))
        return {self._owners[index] for kind in kinds for index, *_ in self._automaton.find_matches_as_indexes(kind)}

    def folder(self, folder: Path) -> dict[str, set[str]]:
        """Return per file below a folder the names that stand in it or in its name; {} where there are none."""
        paths = sorted(folder.rglob("*"))
        found = {path: self.data(path.name.encode()) for path in paths}
        for path in paths:
            if path.is_file():
                found[path] |= self.data(path.read_bytes())
        for path in paths:  # afterwards, because opening a database may fold its write-ahead log into it
            found[path] |= {name for value in _held(path) for name in self.data(value)}
        return {str(path.relative_to(folder)): hits for path, hits in found.items() if hits}


def _held(path: Path) -> Iterator[bytes]:
    """Yield every text and blob that an SQLite file holds, whole."""
    if not path.is_file() or not path.read_bytes().startswith(b"SQLite format 3"):
        return
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in connection.execute(f"SELECT * FROM '{table.decode()}'"):  # noqa: S608 — the file's own name
                yield from (value for value in row if isinstance(value, bytes))
