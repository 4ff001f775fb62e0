from __future__ import annotations

import pytest

from alerts.case import News, Told, needs_update
from answerable.incident import Level
from tests.alerts.givens import told


@pytest.mark.parametrize(
    ("before", "now", "news"),
    [
        (None, told(), News.FIRST),
        (None, told(closed=True), None),
        (None, told(merged=True), None),
        (told(), told(), None),
        (told(), told(residents=15), None),
        (told(), told(residents=16), News.DOUBLED),
        (told(residents=0), told(residents=50), None),
        (told(), told(Level.RED), News.RAISED),
        (told(), told(Level.RED, 100, answered=True), News.RAISED),
        (told(), told(Level.YELLOW), None),
        (told(), told(answered=True), News.ANSWERED),
        (told(answered=True), told(answered=True), None),
        (told(), told(merged=True), News.MERGED),
        (told(), told(Level.RED, closed=True), News.CLOSED),
        (told(closed=True), told(Level.RED), None),
        (told(merged=True), told(residents=99), None),
    ],
)
def test_something_is_said_once_and_only_when_it_is_news(before: Told | None, now: Told, news: News | None) -> None:
    assert needs_update(before, now) is news
