"""Where the models of the full tier lie: a folder each, below the data folder, taken in whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from answerable.app import files
from answerable.errors import Refused, SettingsError
from answerable.settings import Settings
from answerable.strict import nearest
from nlp.pins import Pin, listed, pin, verified, write_pin
from nlp.weights import MANIFEST

__all__ = ["add", "chosen", "named", "names", "shelf"]

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")


def shelf(settings: Settings) -> Path:
    """Return the folder that holds a folder for each model; it need not exist."""
    return settings.beside("general.data_dir", settings.general.data_dir) / "models"


def names(settings: Settings) -> list[str]:
    """Return the names of the models that were added, sorted."""
    folder = shelf(settings)
    return sorted(path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)) if folder.is_dir() else []


def named(settings: Settings, name: str, key: str = "") -> Path:
    """Return a model's folder; raise SettingsError that names the nearest one. `key` is the setting that names it."""
    known = names(settings)
    if name not in known:
        repair = nearest(name, known) if known else "add it: answerable models add FOLDER"
        raise SettingsError(f"no model {name!r} was added", key=key, file=settings.origin.get(key, ""), repair=repair)
    return shelf(settings) / name


def chosen(settings: Settings) -> list[Path]:
    """Return the folders of the models that the full tier reads with; raise SettingsError where two would answer."""
    folders = [named(settings, name, "nlp.models") for name in settings.nlp.models]
    told: dict[tuple[str, str], str] = {}
    for folder, said in [(folder, verified(folder)) for folder in folders]:
        for lang in said.languages:
            other = told.setdefault((said.head, lang), folder.name)
            if other != folder.name:
                what = f"{other} and {folder.name} both answer {said.head} in {lang}"
                where = settings.origin.get("nlp.models", "")
                raise SettingsError(what, key="nlp.models", file=where, repair="name one of them")
    return folders


def add(settings: Settings, source: Path, name: str, said: Pin | None, load: Callable[[Path], object]) -> Pin:
    """Copy a folder's model in under a name once it is verified and `load` has opened it.

    `said` pins a folder that has no manifest; its SHA-256 are taken from what lies there. Raises Refused where the
    name is taken or the folder pins itself otherwise.
    """
    if not _NAME.fullmatch(name):
        raise Refused(f"{name!r} is no name for a model: small letters, digits, dots and hyphens")
    if name in names(settings):
        raise Refused(
            f"there is a model {name} already; choose another with --name, or remove {shelf(settings) / name}"
        )
    pinned = (source / MANIFEST).exists()
    if said is not None and pinned:
        raise Refused(f"{source / MANIFEST} pins the model already; leave out what describes it")
    if said is None and not pinned:
        raise Refused(f"{source} has no {MANIFEST}; say where the model comes from: --repository --revision …")
    files.data_dir(settings)
    shelf(settings).mkdir(exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=shelf(settings), prefix="_") as passing:
        folder = Path(passing) / name
        _copy(source, folder, said)
        found = verified(folder)
        load(folder)
        folder.rename(shelf(settings) / name)
    return found


def _copy(source: Path, folder: Path, said: Pin | None) -> None:
    folder.mkdir(mode=0o700)
    for file in listed(source):
        shutil.copyfile(source / file, folder / file)
    if said is None:
        shutil.copyfile(source / MANIFEST, folder / MANIFEST)
    else:
        write_pin(folder, pin(folder, said))
