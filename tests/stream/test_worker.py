from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.errors import DecodeError, Rejected, Unavailable
from answerable.metrics import render
from stream.deadletter import DeadLetter, SqliteDeadLetters
from stream.embedded import SqliteLog
from stream.log import Batch, Message
from stream.worker import Worker

TOPIC, GROUP, STAGE = "posts.raw", "index", "index"


class Desk:
    """A log with numbered messages, a worker on it, and what its handler saw."""

    def __init__(self, log: SqliteLog, poison: set[int], error: Callable[[], Exception]) -> None:
        self.log, self.poison, self.error = log, poison, error
        self.down = 0
        self.handled: list[int] = []
        self.calls: list[list[int]] = []
        self.moves: list[Batch] = []
        self.pauses: list[float] = []
        self.letters = SqliteDeadLetters(log.database)
        self.subscription = log.subscribe(TOPIC, GROUP)
        self.worker = Worker(self.subscription, self.handle, self.letters, TOPIC, STAGE, self.pauses.append)

    def handle(self, batch: Batch) -> None:
        if batch.gained or batch.lost:
            self.moves.append(batch)
            return
        numbers = [int(message.value) for message in batch.messages]
        self.calls.append(numbers)
        if self.down:
            self.down -= 1
            raise Unavailable("the index does not answer")
        if self.poison.intersection(numbers):
            raise self.error()
        self.handled += numbers

    def work(self, limit: int = 50) -> None:
        for _ in range(1000):
            self.worker.step(limit, 0.0, now=60)
            if not self.log.backlog(TOPIC, GROUP):
                return
        raise AssertionError("the worker did not come to an end")


def numbered(count: int) -> list[Message]:
    return [Message("k", str(n).encode()) for n in range(count)]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    opened = SqliteLog(tmp_path / "log.db", {})
    yield opened
    opened.close()


def desk(log: SqliteLog, poison: set[int] | None = None, error: Callable[[], Exception] = ValueError) -> Desk:
    return Desk(log, poison or set(), error)


def test_batches_are_handled_in_order_and_committed(log: SqliteLog) -> None:
    log.append(TOPIC, numbered(120))
    one = desk(log)
    one.work()
    assert one.handled == list(range(120))
    assert [len(call) for call in one.calls] == [50, 50, 20]
    assert log.restore(TOPIC, GROUP, 0).offset == 120


def test_a_step_tells_whether_anything_was_handled(log: SqliteLog) -> None:
    one = desk(log)
    assert not one.worker.step(10, 0.0, now=0)
    log.append(TOPIC, numbered(1))
    assert one.worker.step(10, 0.0, now=0)
    assert not one.worker.step(10, 0.0, now=0)


def test_the_handler_hears_of_gained_partitions_first(log: SqliteLog) -> None:
    one = desk(log)
    one.worker.step(10, 0.0, now=0)
    assert one.moves == [Batch(0, 0, gained=True)]


@pytest.mark.parametrize("error", [ValueError, KeyError, lambda: DecodeError("no record")])
def test_a_poison_message_is_set_aside_after_three_tries_and_the_others_go_on(
    log: SqliteLog, error: Callable[[], Exception]
) -> None:
    log.append(TOPIC, numbered(100))
    one = desk(log, {37}, error)
    one.work()
    assert one.handled == [n for n in range(100) if n != 37]
    assert one.calls.count([37]) == 3
    assert one.letters.all() == [DeadLetter(TOPIC, 0, 37, STAGE, type(error()).__name__, 3, 60)]


def test_what_is_rejected_is_tried_alone_once(log: SqliteLog) -> None:
    log.append(TOPIC, numbered(100))
    one = desk(log, {0, 99}, lambda: Rejected("never"))
    one.work()
    assert [(letter.offset, letter.tries) for letter in one.letters.all()] == [(0, 1), (99, 1)]


def test_healthy_messages_never_wait_by_the_clock_for_a_poison_one(log: SqliteLog) -> None:
    log.append(TOPIC, numbered(100))
    one = desk(log, {3, 50})
    one.work()
    assert one.pauses == []


@settings(max_examples=25, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(poison=st.sets(st.integers(0, 39)), limit=st.integers(1, 40), down=st.integers(0, 5))
def test_each_message_is_handled_once_in_order_or_set_aside(
    tmp_path_factory: pytest.TempPathFactory, poison: set[int], limit: int, down: int
) -> None:
    log = SqliteLog(tmp_path_factory.mktemp("log") / "log.db", {})
    log.append(TOPIC, numbered(40))
    one = desk(log, poison)
    one.down = down
    one.work(limit)
    assert one.handled == [n for n in range(40) if n not in poison]
    assert [letter.offset for letter in one.letters.all()] == sorted(poison)
    log.close()


def test_the_same_batch_is_held_while_something_cannot_be_reached(log: SqliteLog) -> None:
    log.append(TOPIC, numbered(10))
    one = desk(log)
    one.down = 9
    one.work()
    assert one.calls == [list(range(10))] * 10
    assert one.pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    assert one.letters.count() == 0


def test_the_pauses_begin_anew_after_something_was_handled(log: SqliteLog) -> None:
    log.append(TOPIC, numbered(20))
    one = desk(log)
    one.down = 2
    one.work(limit=10)
    one.down = 1
    log.append(TOPIC, numbered(5))
    one.work(limit=10)
    assert one.pauses == [0.5, 1.0, 0.5]


def test_nothing_is_committed_before_it_was_handled(log: SqliteLog) -> None:
    log.append(TOPIC, numbered(10))
    one = desk(log)
    one.down = 1
    one.worker.step(10, 0.0, now=0)
    one.worker.step(10, 0.0, now=0)
    assert log.backlog(TOPIC, GROUP) == 10
    one.worker.step(10, 0.0, now=0)
    assert log.backlog(TOPIC, GROUP) == 0


def test_a_worker_that_holds_a_batch_lets_go_of_it_when_the_partition_is_lost(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db", {TOPIC: 2})
    for partition in (0, 1):
        log.append(TOPIC, numbered(5), partition)
    first = desk(log)
    first.worker.step(10, 0.0, now=0)
    first.down = 1
    second = log.subscribe(TOPIC, GROUP)
    first.worker.step(10, 0.0, now=0)
    first.worker.step(10, 0.0, now=0)
    first.worker.step(10, 0.0, now=0)
    assert [batch.partition for batch in first.moves if batch.lost] == [1]
    assert first.handled == list(range(5))
    (gained,) = second.poll(10, 0.0)
    assert (gained.partition, gained.first) == (1, 0)
    log.close()


def test_a_commit_that_fails_is_made_up_for_without_handling_again(log: SqliteLog) -> None:
    class Stubborn:
        """The real subscription, whose first two commits meet a full disk."""

        failures = 2

        def poll(self, limit: int, timeout: float) -> list[Batch]:
            return inner.poll(limit, timeout)

        def commit(self, partition: int, offset: int) -> None:
            if self.failures:
                self.failures -= 1
                raise Unavailable("disk full")
            inner.commit(partition, offset)

        def close(self) -> None:
            inner.close()

    inner = log.subscribe(TOPIC, GROUP)
    log.append(TOPIC, numbered(10))
    seen: list[int] = []

    def handle(batch: Batch) -> None:
        seen.extend(batch.first + n for n in range(len(batch.messages)))

    worker = Worker(Stubborn(), handle, SqliteDeadLetters(log.database), TOPIC, STAGE, sleep=lambda _: None)
    for _ in range(6):
        worker.step(5, 0.0, now=0)
    assert seen == list(range(10))
    assert log.backlog(TOPIC, GROUP) == 0


def test_an_error_over_an_empty_batch_ends_the_worker(log: SqliteLog) -> None:
    def handle(batch: Batch) -> None:
        raise RuntimeError("the state cannot be read")

    worker = Worker(
        log.subscribe(TOPIC, GROUP), handle, SqliteDeadLetters(log.database), TOPIC, STAGE, sleep=lambda _: None
    )
    with pytest.raises(RuntimeError, match="cannot be read"):
        worker.step(10, 0.0, now=0)


def test_what_was_set_aside_is_counted_for_operators(log: SqliteLog) -> None:
    log.append(TOPIC, numbered(10))
    one = desk(log, {4})
    one.work()
    assert b'answerable_set_aside_total{stage="index"}' in render()


def test_a_running_worker_ends_when_told_and_leaves_its_group(log: SqliteLog) -> None:
    log.append(TOPIC, numbered(20))
    one, stop = desk(log), threading.Event()
    thread = threading.Thread(target=one.worker.run, args=(stop, lambda: 60), kwargs={"timeout": 0.05})
    thread.start()
    while log.backlog(TOPIC, GROUP):
        stop.wait(0.01)
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert one.handled == list(range(20))
    assert log.subscribe(TOPIC, GROUP).poll(1, 0.0) == [Batch(0, 20, gained=True)]
