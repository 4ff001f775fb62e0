"""Raw items on their way in, kept in a file without a name: memory stays small, and nothing outlives the process."""

from __future__ import annotations

import hashlib
import os
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile, gettempdir

import msgspec
import numpy as np
from numpy.typing import NDArray

from answerable.app.replay.revisions import Revised, What, order, revised, said
from answerable.errors import Unavailable
from answerable.post import post_id
from crawlers.border import RawItem

__all__ = ["Items"]

_ID = np.dtype("S12")


class Items:
    """So many items, in input order; some forty bytes of memory each. `latest` is when the last was fetched.

    Raises Unavailable where the folder for temporary files has no room for them.
    """

    def __init__(self, items: Iterable[RawItem]) -> None:
        with _told():
            self._file = TemporaryFile(buffering=0)  # noqa: SIM115 — it lives as long as this object
        weakref.finalize(self, self._file.close)
        encode, digest = msgspec.msgpack.Encoder().encode, hashlib.blake2b(digest_size=16)
        self._decode = msgspec.msgpack.Decoder(RawItem).decode
        places, fetched, ids = array("q", [0]), array("q"), bytearray()
        for item in items:
            data = encode(item)
            digest.update(data)
            with _told():
                _put(self._file.fileno(), data)
            places.append(places[-1] + len(data))
            fetched.append(item.fetched_at)
            ids += bytes.fromhex(post_id(item.source, item.id))
        self.digest = digest.hexdigest()
        self._places, self._fetched = np.array(places, np.int64), np.array(fetched, np.int64)
        self._ids = np.frombuffer(bytes(ids), _ID)
        self._by_id = np.argsort(self._ids, kind="stable")
        self._sorted = self._ids[self._by_id]
        again = self._sorted[1:][self._sorted[1:] == self._sorted[:-1]]
        self._several = frozenset(one.ljust(12, b"\0").hex() for one in again.tolist())
        self.latest = int(self._fetched.max()) if fetched else 0

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._fetched)

    def __iter__(self) -> Iterator[RawItem]:
        """Yield them in input order."""
        return self._at(np.arange(len(self)))

    def revised(self) -> Iterator[Revised]:
        """Yield what says something new, in the order of (fetched_at, id)."""
        return revised(self.ordered(), self._comes_again)

    def later(self) -> dict[What, int]:
        """Return the revision of what says something new of a post that came before, by what it says."""
        if not self._several:
            return {}
        return {said(one.item): one.revision for one in self.revised() if one.revision > 1}

    def numbers(self, posts: Sequence[str]) -> NDArray[np.int64]:
        """Return the place in input order of each post's first item, by the posts' internal ids; -1 where none."""
        asked = np.frombuffer(bytes.fromhex("".join(posts)), _ID)
        at = np.searchsorted(self._sorted, asked)
        at[at == len(self._sorted)] = 0
        if not len(self._sorted):
            return np.full(len(posts), -1, np.int64)
        return np.where(self._sorted[at] == asked, self._by_id[at], -1)

    def __getitem__(self, number: int) -> RawItem:
        """Return one by its place in input order."""
        return next(self._at(np.array([number])))

    def native(self, post: str) -> str:
        """Return the source's own id of a post; where the post is not among these, its internal one."""
        number = int(self.numbers([post])[0])
        return post if number < 0 else self[number].id

    def ordered(self) -> Iterator[RawItem]:
        """Yield all in the order of (fetched_at, id); between those of one second their words decide."""
        together: list[RawItem] = []
        for item in self._at(np.argsort(self._fetched, kind="stable")):
            if together and together[-1].fetched_at != item.fetched_at:
                yield from sorted(together, key=order)
                together.clear()
            together.append(item)
        yield from sorted(together, key=order)

    def _comes_again(self, item: RawItem) -> bool:
        return bool(self._several) and post_id(item.source, item.id) in self._several

    def _at(self, numbers: NDArray[np.int64]) -> Iterator[RawItem]:
        file = self._file.fileno()
        for number in numbers.tolist():
            first, end = self._places[number], self._places[number + 1]
            yield self._decode(os.pread(file, int(end - first), int(first)))


def _put(file: int, data: bytes) -> None:
    """Write all of it: where a disk is nearly full, some may go and the rest not."""
    while data:
        data = data[os.write(file, data) :]


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"posts cannot be put aside in {gettempdir()}: {error.strerror}"
        raise Unavailable(f"{what}; let TMPDIR name a folder with more room") from None
