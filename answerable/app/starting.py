"""What a process looks at before it begins: a login that is refused now is refused for good."""

from __future__ import annotations

from answerable.app.extras import need
from answerable.app.files import data_dir, same_cluster
from answerable.app.parts import Part
from answerable.errors import SettingsError, Unavailable
from answerable.log import get
from answerable.settings import Settings

__all__ = ["let_in"]


def let_in(settings: Settings, parts: frozenset[Part]) -> None:
    """Raise SettingsError where log or index refuse this process, or the log is not the one that its folder knows.

    Servers that are away are waited for later. A desk begins without the index, for alerts do not need it; it says so
    once.
    """
    try:
        _kafka(settings, parts)
        if parts & {Part.ANALYSE, Part.INDEX, Part.DESK}:
            _elastic(settings)
    except SettingsError as error:
        where = error.file or settings.origin.get(error.key, "")
        told = SettingsError(error.what, file=where, key=error.key, repair=error.repair)
        if Part.DESK in parts and error.key.startswith("elastic."):
            get("desk").error("the index refuses this desk; alerts go out without it", why=str(told))
            return
        raise told from None


def _kafka(settings: Settings, parts: frozenset[Part]) -> None:
    if settings.stream.engine != "kafka":
        return
    need(settings, "stream.engine")
    from stream.kafka_probe import identity, probe

    try:
        probe(settings.kafka)
        if Part.DESK in parts:
            same_cluster(data_dir(settings), identity(settings.kafka))
    except Unavailable:
        return


def _elastic(settings: Settings) -> None:
    if settings.index.engine != "elastic":
        return
    need(settings, "index.engine")
    from index.elastic_install import login

    login(settings.elastic)
