"""The files behind a box that keeps everything on one machine."""

from __future__ import annotations

from answerable.app.box import Box
from index.sqlite import SqliteIndex
from stream.embedded import SqliteLog


def own_log(box: Box) -> SqliteLog:
    assert isinstance(box.stores.log, SqliteLog)
    return box.stores.log


def own_index(box: Box) -> SqliteIndex:
    assert isinstance(box.stores.index, SqliteIndex)
    return box.stores.index
