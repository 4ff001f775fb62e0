"""What an area remembers is bounded, and what it has counted stays counted."""

from __future__ import annotations

from answerable.settings import load
from incidents import policy
from incidents.area import AreaFold
from incidents.policy import Policy
from tests.incidents.town import AREA, START, WATER, a_crowd, a_day, run, updates


def test_an_area_remembers_no_more_posts_than_its_policy_says() -> None:
    fold = AreaFold(AREA, Policy(records=50))
    told = updates(run(a_day(5, 400), fold))
    assert len(fold.memory.records) == 50
    assert sum(map(len, fold.memory.members.values())) == 50
    assert told
    assert list(fold.memory.tokens) == list(fold.memory.live)
    known = set(fold.memory.groups)
    assert all(group in known for group in fold.memory.sums.terms)


def test_an_incident_whose_posts_are_not_remembered_any_more_keeps_its_counts() -> None:
    told = updates(run(a_crowd(WATER, 60, START, 60), AreaFold(AREA, Policy(records=10))))
    assert told[-1].posts > 10
    assert [update.posts for update in told] == sorted(update.posts for update in told)


def test_the_limit_is_a_setting() -> None:
    assert policy.of(load(environ={}).incidents).records == 60_000
