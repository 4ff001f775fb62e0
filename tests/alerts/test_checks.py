from __future__ import annotations

import pytest

from alerts.checks import check
from answerable.errors import SettingsError
from answerable.settings import load


def test_the_defaults_are_sound() -> None:
    check(load(None, {}))
    assert load(None, {}).alerts.digest == ["08:30", "17:30"]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("ALERTS__QUIET", "late", "alerts.quiet: 'late' is no span of hours; write it like 22:00-07:00"),
        ("ALERTS__DIGEST", '["8:30"]', "alerts.digest: '8:30' is no time of day; write it like 08:30"),
        ("GENERAL__TIMEZONE", "Lanting/City", "general.timezone: No time zone found with key Lanting/City"),
        ("ALERTS__DAILY_CAP", "-1", "alerts.daily_cap: is below zero; write 0 or more"),
    ],
)
def test_a_mistake_names_the_key_where_it_was_set_and_the_repair(key: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check(load(None, {f"ANSWERABLE_{key}": value}))
    assert message in str(caught.value)
    assert caught.value.file == f"ANSWERABLE_{key}"
