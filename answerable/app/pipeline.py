"""What one process does with the log: what is appended passes its stages, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from math import inf

from answerable import post
from answerable.app.filing import keyed
from answerable.app.rest import Rest
from answerable.app.stage import Seen, Stage
from answerable.app.wiring import Streams
from answerable.clock import HOUR
from answerable.errors import Unavailable
from answerable.log import get
from answerable.metrics import MESSAGES, SET_ASIDE
from answerable.post import Correction, Forget, Post, Tick
from answerable.pulse import Pulse, encode
from stream.log import Batch, Message
from stream.topics import POSTS_ANALYSED, POSTS_RAW, PULSES
from stream.worker import Worker

__all__ = ["TOPICS_KEPT", "Pipeline"]

TOPICS_KEPT = 71 * HOUR  # with a call an hour nothing in a topic is older than 72 h
_PAUSE_S = 1.0


class Pipeline:
    """Moves everything that waits; one thread calls `step`, any thread may call `take`, `correct` and `tick`.

    `pulse` is called in every step, after the stages. A stage that cannot go on rests while the others go on;
    once `hurried` is true, none rests any more.
    """

    def __init__(
        self, streams: Streams, stages: Sequence[Stage], seen: Seen, hurried: Callable[[], bool],
        pulse: Callable[[int], bool] = lambda now: False,
    ) -> None:  # fmt: skip
        self._log, self._seen, self._pulse, self._rest = streams.log, seen, pulse, Rest(hurried)
        self.deadletters = streams.deadletters
        self._now, self._moved = 0, False
        self.stepped = time.monotonic()  # when the last step began
        self._workers: list[tuple[Worker, int, Rest]] = []
        for stage in stages:
            subscription, rest = streams.log.subscribe(stage.topic, stage.name), Rest(hurried)
            handle = partial(self._handle, stage)
            MESSAGES.labels(stage.name), SET_ASIDE.labels(stage.name)  # so that the first is an increase
            worker = Worker(subscription, handle, self.deadletters, stage.topic, stage.name, rest.begin)
            self._workers.append((worker, stage.limit, rest))

    def take(self, records: Sequence[Post | Forget]) -> None:
        """Append records durably, in the order of publication; the border is behind them."""
        ordered = sorted(records, key=lambda record: (record.published_at, isinstance(record, Post)))
        self._log.append(POSTS_RAW, keyed(ordered))
        self._seen.note("crawl", [record.published_at for record in ordered if isinstance(record, Post)])

    def tick(self, now: int) -> None:
        """Append the desk's clock to every partition."""
        self._log.append(POSTS_ANALYSED, [Message("", post.encode(Tick(now)))], -1)

    def correct(self, correction: Correction) -> None:
        """Append a person's correction to its area."""
        self._log.append(POSTS_ANALYSED, [Message(correction.area, post.encode(correction))])

    def tell(self, pulse: Pulse) -> None:
        """Append how this process is."""
        self._log.append(PULSES, [Message(pulse.process, encode(pulse))])

    def step(self, now: int, wait: float = 0.0) -> bool:
        """Let every stage handle what waits, or wait up to so many seconds for it; tell whether anything moved."""
        self._now, self.stepped = now, time.monotonic()
        share = 0.0 if self._moved else wait / max(1, len(self._workers))  # nobody waits beside a full topic
        moved = False
        for worker, limit, rest in self._workers:
            if rest.over:
                moved = worker.step(limit, share, now) or moved
        self._moved = moved
        if not self._rest.over:
            return moved
        try:
            return self._pulse(now) or moved
        except Unavailable as reason:
            get("pipeline").warning(
                "the desk stands still and goes on by itself", reason=str(reason), pause_s=_PAUSE_S
            )
            self._rest.begin(_PAUSE_S)
            return moved

    def drain(self, now: int, seconds: float = inf) -> None:
        """Step until nothing waits any more, or begin no step after so many seconds.

        Twice in vain is the end, as a worker's first step only hears of its partitions.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until and (self.step(now) or self.step(now)):
            pass

    def close(self) -> None:
        """Leave every group."""
        for worker, *_ in self._workers:
            worker.close()

    def _handle(self, stage: Stage, batch: Batch) -> None:
        stage.handle(batch, self._now)
        MESSAGES.labels(stage.name).inc(len(batch.messages))
