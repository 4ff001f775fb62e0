from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.judge import Event, Ledger, Op, judge, read

OK = [Event(Op.INVOKE, "a"), Event(Op.OK, "a")]
UNKNOWN = [Event(Op.INVOKE, "b"), Event(Op.UNKNOWN, "b")]


def test_a_post_that_was_called_durable_and_is_nowhere_is_lost() -> None:
    found = judge(OK, ["a"], [], [], [])
    assert (found.lost, found.balanced, found.clean) == (("a",), False, False)


@pytest.mark.parametrize(("dead", "dropped"), [(["a"], []), ([], ["a"])])
def test_what_was_set_aside_or_dropped_by_a_policy_is_accounted_for(dead: list[str], dropped: list[str]) -> None:
    assert judge(OK, ["a"], [], dead, dropped).clean


@pytest.mark.parametrize("there", [True, False])
def test_a_post_without_a_word_may_be_there_or_not(there: bool) -> None:
    ids = ["b"] if there else []
    assert judge(UNKNOWN, ids, ids, [], []).clean


def test_a_post_without_a_word_that_was_accepted_must_come_out_at_the_other_end() -> None:
    found = judge(UNKNOWN, ["b"], [], [], [])
    assert (found.lost, found.balanced, found.clean) == ((), False, False)


def test_a_post_seen_twice_is_doubled() -> None:
    found = judge(OK, ["a"], ["a", "a"], [], [])
    assert (found.doubled, found.indexed, found.clean) == (("a",), 1, False)


def test_a_post_nobody_asked_for_is_stray_and_so_is_one_that_was_refused_or_dropped() -> None:
    events = [*OK, Event(Op.INVOKE, "c"), Event(Op.FAIL, "c")]
    assert judge([Event(Op.OK, "a")], ["a"], ["a", "x"], [], []).stray == ("x",)
    assert judge(OK, ["a"], ["a"], [], ["a"]).stray == ("a",)
    assert judge(events[:2] + events[3:], ["a"], ["a", "c"], [], []).stray == ("c",)


def test_the_later_word_counts_where_a_batch_was_tried_again() -> None:
    events = [*UNKNOWN, Event(Op.INVOKE, "b"), Event(Op.OK, "b")]
    assert judge(events, [], [], [], []).lost == ("b",)


def test_a_ledger_reads_back_what_was_written_but_for_a_line_cut_short(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.note(Op.INVOKE, ["a", "b"])
    ledger.note(Op.OK, ["a"])
    ledger.close()
    with ledger.path.open("ab") as file:
        file.write(b'{"op":"ok","po')
    assert list(read(ledger.path)) == [Event(Op.INVOKE, "a"), Event(Op.INVOKE, "b"), Event(Op.OK, "a")]
