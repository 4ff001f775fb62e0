"""Who of a consumer group reads which partition: values only, no waiting."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Membership", "Moved"]


class Moved(Struct, frozen=True):
    """The partitions that came to a member and went from it, each in rising order."""

    gained: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()


class Membership:
    """Shares the partitions of one topic among the members of one group, moving as few as it can.

    A partition changes hands only once its holder has heard of it in `sync` (or has left), so no two
    members ever hold it at once.

    >>> group = Membership(partitions=2)
    >>> a = group.join(); group.sync(a)
    Moved(gained=(0, 1), lost=())
    >>> b = group.join(); group.sync(b)
    Moved(gained=(), lost=())
    >>> group.sync(a), group.sync(b)
    (Moved(gained=(), lost=(1,)), Moved(gained=(1,), lost=()))
    """

    def __init__(self, partitions: int) -> None:
        self._holder: list[int | None] = [None] * partitions
        self._wanted: list[int | None] = [None] * partitions
        self._members: list[int] = []
        self._joined = 0

    def join(self) -> int:
        """Add a member; return its number."""
        self._joined += 1
        self._members.append(self._joined)
        self._share()
        return self._joined

    def leave(self, member: int) -> None:
        """Take a member out; its partitions are free at once."""
        if member in self._members:
            self._members.remove(member)
        self._holder = [None if holder == member else holder for holder in self._holder]
        self._share()

    def sync(self, member: int) -> Moved:
        """Tell a member what it lost and give it what is free for it."""
        pairs = list(enumerate(zip(self._holder, self._wanted, strict=True)))
        lost = tuple(p for p, (holder, wanted) in pairs if holder == member and wanted != member)
        gained = tuple(p for p, (holder, wanted) in pairs if holder is None and wanted == member)
        for partition in lost:
            self._holder[partition] = None
        for partition in gained:
            self._holder[partition] = member
        return Moved(gained, lost)

    def holds(self, member: int, partition: int) -> bool:
        """Tell whether a member holds a partition now."""
        return self._holder[partition] == member

    def held(self, member: int) -> list[int]:
        """List the partitions a member holds, in rising order."""
        return [partition for partition, holder in enumerate(self._holder) if holder == member]

    def _share(self) -> None:
        """Decide who should hold what: equal shares, each member keeping the lowest of its own."""
        if not self._members:
            self._wanted = [None] * len(self._wanted)
            return
        least, more = divmod(len(self._wanted), len(self._members))
        room = {member: least + (place < more) for place, member in enumerate(self._members)}
        wanted: list[int | None] = []
        for holder in self._holder:
            keeps = holder if holder is not None and room.get(holder, 0) > 0 else None
            if keeps is not None:
                room[keeps] -= 1
            wanted.append(keeps)
        free = [member for member in self._members for _ in range(room[member])]
        for partition, member in enumerate(wanted):
            if member is None:
                wanted[partition] = free.pop(0)
        self._wanted = wanted
