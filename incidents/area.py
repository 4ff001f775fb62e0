"""The fold of one area: records in log order in, updates and memberships out; nothing else is looked at."""

from __future__ import annotations

from collections.abc import Callable

from answerable.incident import IncidentUpdate, Membership
from answerable.post import AnalysedPost, Correction, Forget, Kind, Tick
from incidents import answers, correcting, forgetting, housekeeping, intake
from incidents.agenda import Agenda
from incidents.baseline import Baseline
from incidents.components import main_topic
from incidents.memory import Memory
from incidents.policy import SLOW, Policy
from incidents.records import Group

__all__ = ["AreaFold", "Input", "Output"]

Input = AnalysedPost | Forget | Correction | Tick
Output = IncidentUpdate | Membership


class AreaFold:
    """One area's incidents as a pure function of its records.

    The clock is the greatest instant of any record so far. Work that time alone makes due is done on
    five-minute boundaries, at its own due time, before the record that moves the clock there: a tick
    over an hour does what sixty ticks over a minute each would do. `district_of` maps a place to the
    district of the area that it lies in, None where it lies in none.
    """

    def __init__(
        self,
        area: str,
        policy: Policy | None = None,
        district_of: Callable[[str, str], str | None] = lambda place, area: None,
    ) -> None:
        self.area = area
        self._district_of = district_of
        self.memory = Memory(policy or Policy())
        self.work = housekeeping.Housekeeping(area, self.memory, Agenda())

    @classmethod
    def restored(
        cls, area: str, items: dict[str, bytes], policy: Policy | None = None,
        district_of: Callable[[str, str], str | None] = lambda place, area: None,
    ) -> AreaFold:  # fmt: skip
        """Return the fold that stored these entries."""
        fold = cls(area, policy, district_of)
        fold.memory.restore(items)
        fold.work.resume()
        return fold

    @property
    def next_due(self) -> int | None:
        """The boundary on which time alone makes something happen next."""
        return self.work.due

    def changes(self) -> dict[str, bytes | None]:
        """Return the state entries changed since the last call, None for those that are gone."""
        return self.memory.changes()

    def unkept(self) -> None:
        """Let go of what changed since the last call: nobody will ask for it."""
        self.memory.unkept()

    def fold(self, record: Input) -> list[Output]:
        """Take one record in; return what is to be told, in order."""
        told = self.work.advance(record.at)
        match record:
            case AnalysedPost():
                told += self._post(record)
            case Forget():
                told += self._forget(record)
            case Correction():
                told += self._correct(record)
            case Tick():
                pass
        return told

    def _post(self, item: AnalysedPost) -> list[Output]:
        memory, head = self.memory, self.memory.head
        head.seq += 1
        if item.post.kind is Kind.OFFICIAL:
            group = answers.take_answer(memory, item) if item.post.reply_to else None
        else:
            group = self._resident(item)
        told = list(self.work.look(group, head.clock)) if group is not None else []
        self.work.replan()
        return told

    def _resident(self, item: AnalysedPost) -> Group | None:
        memory, head = self.memory, self.memory.head
        seq = head.seq
        if memory.idf.pending >= memory.policy.freeze_after:
            memory.idf.freeze()
            head.frozen = seq - 1
        group = intake.take(memory, item, self.area, self._district_of)
        record = memory.records.get(item.post.id)
        if group is None or record is None or record.seq != seq:
            return group
        if record.kind in SLOW:
            head.fresh_slow += 1
            head.merged_slow_at = head.merged_slow_at or head.clock
        else:
            head.fresh_fast += 1
        if record.first and not record.twin:
            for topic in ("", main_topic(group)):
                begun = memory.usual[""].first if topic else 0  # a topic never heard of was listened for all the same
                memory.usual.setdefault(topic, Baseline(first=begun)).note(record.published_at, head.clock)
                memory.touch(f"b/{topic}")
        forgetting.shrink(memory)
        return group

    def _forget(self, record: Forget) -> list[Output]:
        self.memory.head.seq += 1
        group = forgetting.forget(self.memory, record)
        told = self.work.look(group, self.memory.head.clock) if group is not None else []
        self.work.replan()
        return told

    def _correct(self, record: Correction) -> list[Output]:
        self.memory.head.seq += 1
        told = self.work.tell_corrected(correcting.correct(self.memory, record), self.memory.head.clock)
        self.work.replan()
        return told
