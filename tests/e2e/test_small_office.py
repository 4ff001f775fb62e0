"""The small office's choice: the log in a file, the index on Elasticsearch, everything in one process."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from answerable.app.cli import main
from tests import engines

pytestmark = pytest.mark.slow


def test_the_demo_stands_on_an_index_that_is_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prefix, node = engines.prefix(), httpx.Client(base_url=engines.elastic())
    for key, value in (
        ("INDEX__ENGINE", "elastic"),
        ("ELASTIC__URL", engines.elastic()),
        ("ELASTIC__PREFIX", prefix),
    ):
        monkeypatch.setenv(f"ANSWERABLE_{key}", value)
    try:
        assert main(["migrate"]) == 0
        assert main(["demo", "--once", "--dir", str(tmp_path / "demo")]) == 0
        said = capsys.readouterr().out
        posts = int(said.partition(" posts crawled")[0].split("\n")[-1])
        held = {
            family: sum(int(line["docs.count"]) for line in _indices(node, f"{prefix}-{family}-*"))
            for family in ("posts", "facts-posts", "facts-incidents")
        }
        assert held == {"posts": posts, "facts-posts": posts, "facts-incidents": 8}  # one is held back
        assert "7 incidents" in said
        assert len(list((tmp_path / "demo/mail").glob("*.eml"))) >= 5
        assert not (tmp_path / "demo/data/index").exists()
    finally:
        for line in _indices(node, f"{prefix}-*"):
            node.delete(f"/{line['index']}")
        node.delete(f"/_index_template/{prefix}-*")
        node.close()


def _indices(node: httpx.Client, pattern: str) -> list[dict[str, str]]:
    node.post(f"/{pattern}/_refresh")
    found: list[dict[str, str]] = node.get(f"/_cat/indices/{pattern}", params={"format": "json"}).json()
    return found
