"""Folding a state topic's records, without a server."""

from __future__ import annotations

from stream.kafka_records import Claim, Piece, Snapshot, StateFold, cut, encoded
from stream.log import Message
from stream.state import Closed


def batch(start: int, end: int, **changes: bytes | None) -> Closed:
    return Closed(0, start, end, changes, (("incidents", Message(str(end), b"")),))


def pieces(owner: str, whole: str, value: Closed | Snapshot, size: int = 20) -> list[Claim | Piece]:
    return list(cut(owner, whole, value, size))


def folded(*records: Claim | Piece, first: int = 0) -> StateFold:
    fold = StateFold()
    for place, record in enumerate(records, first):
        fold.read(place, encoded(record))
    return fold


def test_batches_that_follow_each_other_are_applied() -> None:
    fold = folded(Claim("a"), *pieces("a", "1", batch(0, 3, x=b"1", y=b"2")), *pieces("a", "2", batch(3, 4, x=None)))
    assert (fold.offset, fold.items, fold.batches) == (4, {"y": b"2"}, 2)
    assert [to for to, _ in fold.emits] == [3, 4]


def test_a_batch_that_was_written_twice_counts_once() -> None:
    fold = folded(Claim("a"), *pieces("a", "1", batch(0, 3, x=b"1")), *pieces("a", "2", batch(0, 3, x=b"1")))
    assert (fold.offset, fold.batches) == (3, 1)


def test_a_batch_that_was_not_closed_counts_for_nothing() -> None:
    cut_off = pieces("a", "1", batch(0, 3, x=b"1"))[:-1]
    assert folded(Claim("a"), *cut_off).offset == 0
    fold = folded(Claim("a"), *cut_off, *pieces("a", "2", batch(0, 2, x=b"2")))
    assert (fold.offset, fold.items) == (2, {"x": b"2"})


def test_what_comes_from_an_owner_after_the_next_claim_is_passed_over() -> None:
    late = pieces("a", "1", batch(0, 3, x=b"late"))
    split = len(late) // 2
    fold = folded(Claim("a"), *late[:split], Claim("b"), *late[split:], *pieces("b", "2", batch(0, 2, x=b"2")), *late)
    assert (fold.owner, fold.offset, fold.items) == ("b", 2, {"x": b"2"})


def test_pieces_of_a_zombie_between_the_owners_own_do_no_harm() -> None:
    own, late = pieces("b", "1", batch(0, 3, x=b"own")), pieces("a", "1", batch(0, 3, x=b"late"))
    mixed = [record for pair in zip(own, late, strict=False) for record in pair]
    fold = folded(Claim("a"), Claim("b"), *mixed)
    assert (fold.offset, fold.items) == (3, {"x": b"own"})


def test_a_snapshot_stands_for_all_before_it() -> None:
    records = [Claim("a"), *pieces("a", "1", batch(0, 3, x=b"1")), *pieces("a", "s", Snapshot(3, {"x": b"1"}))]
    after = pieces("a", "2", batch(3, 4, y=b"2"))
    whole, place = folded(*records, *after), 1 + len(pieces("a", "1", batch(0, 3, x=b"1")))
    cut_off = folded(*records[place:], *after, first=place)
    for fold in (whole, cut_off):
        assert (fold.offset, fold.items, fold.snapshots) == (4, {"x": b"1", "y": b"2"}, [place])
        assert (fold.batches, [to for to, _ in fold.emits]) == (1, [4])


def test_records_of_a_version_with_more_fields_are_read() -> None:
    class Later(Claim, frozen=True, tag="claim"):
        since: int = 7

    assert folded(Later("a")).owner == "a"
