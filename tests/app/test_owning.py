from __future__ import annotations

from pathlib import Path

from answerable.app.owning import Owner


def test_a_host_is_visited_by_one_process_until_it_ends(tmp_path: Path) -> None:
    first, second = Owner(tmp_path), Owner(tmp_path)
    assert first.owns("board.lanting.example")
    assert first.owns("board.lanting.example")
    assert not second.owns("board.lanting.example")
    assert second.owns("news.lanting.example")
    first.close()
    assert second.owns("board.lanting.example")
    second.close()
