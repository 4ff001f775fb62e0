from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stream.membership import Membership


@settings(max_examples=150, derandomize=True)
@given(
    partitions=st.integers(1, 12), steps=st.lists(st.tuples(st.sampled_from("jls"), st.integers(0, 5)), max_size=40)
)
def test_no_two_members_ever_hold_a_partition_and_shares_come_out_even(
    partitions: int, steps: list[tuple[str, int]]
) -> None:
    group, members = Membership(partitions), list[int]()
    held: dict[int, set[int]] = {}
    for step, which in steps:
        if step == "j":
            members.append(group.join())
            held[members[-1]] = set()
        elif members:
            member = members[which % len(members)]
            if step == "l":
                group.leave(member)
                members.remove(member)
                del held[member]
            else:
                moved = group.sync(member)
                held[member] = (held[member] - set(moved.lost)) | set(moved.gained)
        everything = [partition for mine in held.values() for partition in mine]
        assert len(everything) == len(set(everything))
        assert all(group.held(member) == sorted(mine) for member, mine in held.items())
    for member in members * 2:
        moved = group.sync(member)
        held[member] = (held[member] - set(moved.lost)) | set(moved.gained)
    shares = [len(mine) for mine in held.values()]
    assert not members or (sum(shares) == partitions and max(shares) - min(shares) <= 1)


def test_a_third_member_takes_only_its_share() -> None:
    group = Membership(6)
    first, second = group.join(), group.join()
    for member in (first, second, first, second):
        group.sync(member)
    before = {member: set(group.held(member)) for member in (first, second)}
    group.join()
    assert len(group.sync(first).lost) == len(group.sync(second).lost) == 1
    assert set(group.held(first)) < before[first]
    assert set(group.held(second)) < before[second]


def test_leaving_twice_is_leaving_once() -> None:
    group = Membership(2)
    first, second = group.join(), group.join()
    group.leave(first)
    group.leave(first)
    assert group.sync(second).gained == (0, 1)
