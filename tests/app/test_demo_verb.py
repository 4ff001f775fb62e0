"""The demo where nobody sits at a terminal: it ends by itself, and says why unless it was asked to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from answerable.app.cli import main
from answerable.app.commands import demo
from answerable.app.demo.show import Shown


@pytest.mark.parametrize(("given", "why"), [((), True), (("--once",), False)])
def test_without_a_terminal_the_demo_ends_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: tuple[str, ...],
    why: bool,
) -> None:  # fmt: skip
    shown = Shown("desk", "site", "admin", "secret", tmp_path, 1, 1, 1, "")
    box = SimpleNamespace(pipeline=SimpleNamespace(deadletters=SimpleNamespace(all=list)))

    @contextmanager
    def stand(folder: Path) -> Iterator[tuple[Shown, SimpleNamespace]]:
        yield shown, box

    monkeypatch.setattr(demo, "show", stand)
    monkeypatch.setattr(demo, "visit", lambda *_: [])
    assert main(["demo", "--dir", str(tmp_path / "d"), *given]) == 0
    assert ("no terminal" in capsys.readouterr().err) is why
