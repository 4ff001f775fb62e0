from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.chaos.disk import small_disk, why_not


def test_a_small_disk_runs_full_and_can_be_freed(tmp_path: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    try:
        with small_disk(tmp_path / "disk", 2) as disk:
            disk.fill()
            with pytest.raises(OSError, match="No space left") as caught:
                (disk.folder / "more").write_bytes(bytes(1 << 16))
            assert caught.value.errno == errno.ENOSPC
            disk.free()
            (disk.folder / "more").write_bytes(bytes(1 << 16))
            assert disk.room > 1 << 20
        assert list((tmp_path / "disk").iterdir()) == []
    except OSError as error:
        if "permission" not in str(error).lower():
            raise
        pytest.skip(f"no small disk here: {error}")
