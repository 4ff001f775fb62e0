"""Packages that an engine brings along: looked for before they are used, so that a missing one has its repair."""

from __future__ import annotations

from importlib.util import find_spec

from answerable.errors import SettingsError
from answerable.settings import Settings

__all__ = ["need"]

# The extra's name is the engine's, where none stands here; a slower stand-in for crc32c exists, thirty times slower,
# so it is needed too.
_BRINGS = {
    "stream.engine": ("kafka", "crc32c", "lz4"), "index.engine": ("elasticsearch",),
    "nlp.tier": ("onnxruntime", "transformers"),
}  # fmt: skip
_EXTRAS = {"nlp.tier": "models"}
_OWN = ("embedded", "fast")  # need nothing


def need(settings: Settings, key: str) -> None:
    """Raise SettingsError where a package is missing that the engine named by a key needs."""
    section, _, name = key.partition(".")
    engine: str = getattr(getattr(settings, section), name)
    missing = [] if engine in _OWN else [package for package in _BRINGS[key] if find_spec(package) is None]
    if missing:
        raise SettingsError(
            f"{engine} needs packages that are not installed: {', '.join(missing)}", key=key,
            file=settings.origin.get(key, ""), repair=f"pip install 'answerable[{_EXTRAS.get(key, engine)}]'",
        )  # fmt: skip
