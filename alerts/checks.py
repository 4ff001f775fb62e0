"""What of the settings the desk cannot work with, said before it starts."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from alerts.hours import read_quiet, read_time
from answerable.errors import SettingsError
from answerable.settings import Settings

__all__ = ["check"]


def check(config: Settings) -> None:
    """Raise SettingsError, with where the key was set and a repair, for times and zones that cannot be read."""
    _read(config, "general.timezone", config.general.timezone, ZoneInfo)
    _read(config, "alerts.quiet", config.alerts.quiet, read_quiet)
    for time in config.alerts.digest:
        _read(config, "alerts.digest", time, read_time)
    for key in ("group_minutes", "daily_cap", "repeat_hours", "outbox_days"):
        if getattr(config.alerts, key) < 0:
            raise _wrong(config, f"alerts.{key}", "is below zero", "write 0 or more")


def _read(config: Settings, key: str, text: str, read: Callable[[str], object]) -> None:
    try:
        read(text)
    except (ValueError, OSError, LookupError) as error:
        what, _, repair = str(error.args[0]).partition("; ")
        raise _wrong(config, key, what, repair or "write a name such as Asia/Shanghai") from None


def _wrong(config: Settings, key: str, what: str, repair: str) -> SettingsError:
    return SettingsError(what, file=config.origin.get(key, ""), key=key, repair=repair)
