"""Two bursts on one topic are two matters; one matter with quiet nights stays one."""

from __future__ import annotations

from answerable.clock import HOUR
from answerable.post import Kind
from incidents import merge
from incidents.records import Group
from incidents.series import bulk, count
from tests.incidents.town import START


def a_group(name: str, *bursts: tuple[int, int]) -> Group:
    """Return a group of so many posts in each hour since START."""
    hours = [START + hour * HOUR for hour, posts in bursts for _ in range(posts)]
    group = Group(
        id=name, first_post=name, seq=1, changed=1, first_at=min(hours), last_at=max(hours), kind=Kind.MICROBLOG,
        lang="en",
    )  # fmt: skip
    for at in hours:
        group.posts += 1
        count(group, at, voice=True)
    return group


def hours_of(group: Group) -> tuple[float, float]:
    begin, end = bulk(group)
    return (begin - START) / HOUR, (end - START) / HOUR


def test_stragglers_do_not_move_the_bulk_of_a_burst() -> None:
    burst = a_group("b", (10, 20), (11, 20))
    assert hours_of(a_group("s", (0, 3), (10, 20), (11, 20), (60, 3))) == (10, 12)
    assert hours_of(burst) == (10, 11)


def test_a_few_posts_are_taken_as_they_lie() -> None:
    assert hours_of(a_group("f", (0, 2), (30, 2))) == (0, 30)


def test_of_a_large_burst_at_most_eighty_posts_are_taken_for_stragglers() -> None:
    waves = a_group("w", (0, 300), (24, 1000), (48, 300))
    assert hours_of(waves) == (0, 48)


def near(one: Group, other: Group) -> float:
    return merge.proximity(one, other, bulk(one), bulk(other))


def test_two_matches_two_days_apart_are_far_apart_though_somebody_spoke_in_between() -> None:
    first = a_group("1", (0, 40), (1, 40), (25, 2))
    second = a_group("2", (20, 2), (48, 40), (49, 40))
    assert near(first, second) < 0.1
    assert near(first, second) == near(second, first)


def test_a_night_between_two_days_of_one_matter_parts_nothing() -> None:
    assert near(a_group("1", (0, 20), (10, 20)), a_group("2", (10, 2), (20, 20), (30, 20))) == 1.0


def test_the_gap_of_a_long_matter_counts_for_less() -> None:
    short, later = a_group("s", (0, 30), (2, 30)), a_group("l", (40, 30))
    long = a_group("g", *((hour, 10) for hour in range(-70, 3)))
    assert near(short, later) < near(long, later) < 1.0
