"""The settings tree: default.toml, then a user's TOML, then ANSWERABLE_SECTION__KEY; frozen, passed as arguments."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from answerable import sections
from answerable.errors import SettingsError
from answerable.strict import convert, nearest, read_toml

__all__ = ["SECRETS", "Settings", "load"]

_DEFAULTS = Path(__file__).parent / "default.toml"
_PREFIX = "ANSWERABLE_"
SECRETS = (
    ("smtp", "password"), ("kafka", "password"), ("elastic", "password"), ("elastic", "api_key"),
    ("kibana", "password"),
)  # fmt: skip


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole tree; `origin` tells where each overridden key was set, `home` from where relative paths count."""

    general: sections.General
    legal: sections.Legal
    files: sections.Files
    crawl: sections.Crawl
    stream: sections.Stream
    kafka: sections.Kafka
    index: sections.Index
    elastic: sections.Elastic
    kibana: sections.Kibana
    nlp: sections.Nlp
    incidents: sections.Incidents
    alerts: sections.Alerts
    smtp: sections.Smtp
    console: sections.Console
    watch: sections.Watch
    retention: sections.Retention
    origin: dict[str, str] = {}
    home: str = ""

    def beside(self, key: str, value: str) -> Path:
        """Return the path that a key's value names; relative ones count from the settings file's folder.

        Where a variable set it, or no file was read, they count from the working folder.

        >>> load(environ={}).beside("general.data_dir", "data")
        PosixPath('data')
        """
        return _beside(self.home, self.origin, key, value)


def load(path: Path | None = None, environ: Mapping[str, str] | None = None, home: Path | None = None) -> Settings:
    """Read the settings; raise SettingsError that names file (or variable), line, key and repair.

    Relative paths in the file count from `home`, by default the file's own folder.
    """
    tree = read_toml(_DEFAULTS)
    origin: dict[str, str] = {}
    if path is not None:
        _overlay(tree, read_toml(path), path, origin)
    _overlay_environment(tree, os.environ if environ is None else environ, origin)
    folder = home or (path.absolute().parent if path else None)
    return _decode(tree, origin, str(folder or ""))


def _beside(home: str, origin: Mapping[str, str], key: str, value: str) -> Path:
    return Path(value) if origin.get(key, "").startswith(_PREFIX) else Path(home) / value


def _overlay(tree: dict[str, Any], user: dict[str, Any], path: Path, origin: dict[str, str]) -> None:
    lines = path.read_text("utf-8").splitlines()
    for section, keys in user.items():
        if section not in tree:
            raise SettingsError(
                "unknown section", file=str(path), line=_line(lines, section, None), key=section,
                repair=nearest(section, tree),
            )  # fmt: skip
        if not isinstance(keys, dict):
            raise SettingsError(
                "is a section, not a value", file=str(path), line=_line(lines, section, None), key=section,
                repair=f"write [{section}] and the keys below it",
            )  # fmt: skip
        for key, value in keys.items():
            line = _line(lines, section, key)
            if key not in tree[section]:
                raise SettingsError(
                    "unknown key", file=str(path), line=line, key=f"{section}.{key}",
                    repair=nearest(key, tree[section]),
                )  # fmt: skip
            tree[section][key] = value
            origin[f"{section}.{key}"] = f"{path}:{line}"


def _overlay_environment(tree: dict[str, Any], environ: Mapping[str, str], origin: dict[str, str]) -> None:
    for name in sorted(environ):
        if not name.startswith(_PREFIX) or "__" not in name:
            continue
        section, _, key = name.removeprefix(_PREFIX).lower().partition("__")
        if section not in tree or key not in tree[section]:
            known = [f"{_PREFIX}{s.upper()}__{k.upper()}" for s, keys in tree.items() for k in keys]
            raise SettingsError("unknown variable", key=name, repair=nearest(name, known))
        tree[section][key] = _typed(environ[name], tree[section][key])
        origin[f"{section}.{key}"] = name


def _typed(text: str, like: Any) -> Any:
    """Read a variable's text as TOML where the default is no string; leave it as it is where that fails."""
    if isinstance(like, str):
        return text
    try:
        return msgspec.toml.decode(f"v = {text}".encode())["v"]
    except msgspec.DecodeError:
        return text


def _decode(tree: dict[str, Any], origin: dict[str, str], home: str) -> Settings:
    values = {section: dict(keys) for section, keys in tree.items()}
    for section, key in SECRETS:
        values[section][key] = _secret(section, values[section], key, origin, home)
    for section in ("kafka", "elastic", "kibana"):
        path = values[section]["ca_file"]
        if isinstance(path, str) and path:
            values[section]["ca_file"] = str(_beside(home, origin, f"{section}.ca_file", path))
    try:
        settings = convert(values, Settings, "", lambda steps: None)
    except SettingsError as error:
        where = origin.get(error.key, "")
        raise SettingsError(error.what, file=where, key=error.key, repair=error.repair) from None
    return msgspec.structs.replace(settings, origin=origin, home=home)


def _secret(section: str, keys: dict[str, Any], key: str, origin: dict[str, str], home: str) -> str:
    name, value = f"{section}.{key}_file", keys[f"{key}_file"]
    if not isinstance(value, str) or not value:
        return str(keys[key])
    try:
        return _beside(home, origin, name, value).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        repair = "create it with mode 0600, or clear the key"
        if isinstance(error, PermissionError):
            repair = f"let the user {os.geteuid()} read it, and nobody else"
        raise SettingsError(
            f"{value} cannot be read: {why}", file=origin.get(name, ""), key=name, repair=repair
        ) from None


def _line(lines: list[str], section: str, key: str | None) -> int | None:
    """Find the line of a key (also of `section.key =` or of an inline table), or of a section's head."""
    current = ""
    dotted = rf'\s*{re.escape(section)}\s*\.\s*"?{re.escape(key or "")}"?\s*='
    for number, line in enumerate(lines, 1):
        head = re.match(r"\s*\[([^\]]+)\]", line)
        current = head[1].strip() if head else current
        if key is None and (current == section or re.match(rf"\s*{re.escape(section)}\s*[.=]", line)):
            return number
        if key is not None and current == section and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return number
        if key is not None and not current and re.match(dotted, line):
            return number
    return _line(lines, section, None) if key is not None else None
