"""The role on the real node with security on: every panel's figures, and no text by any way of asking."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct
from msgspec.structs import replace

from answerable.sections import Elastic, Secret
from deploy.kibana.boards import BOARDS
from deploy.kibana.query import asked
from deploy.kibana.role import indices, role_name
from deploy.local.node import hashed
from index.elastic import ElasticIndex
from index.elastic_install import install
from tests import engines
from tests.contracts.elastic import KEY, remove, settings
from tests.contracts.posts import analysed

pytestmark = pytest.mark.slow  # the node with security on takes a while to start
_VIEWER = "a password of the tests"


class Node(Struct):
    config: Elastic
    viewer: httpx.Client

    def asked(self, method: str, path: str, body: Any = None) -> int:
        """Ask as one who looks at boards; return the status."""
        return self.viewer.request(method, path.replace("DESK", self.config.prefix), json=body).status_code


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    """Give a node that holds posts, and one user who has the role just as it is described."""
    server = engines.secured()
    admin = replace(
        settings(engines.prefix(), server.address), ca_file=str(server.ca_file), user="admin",
        password=Secret(server.password), timeout_s=30.0,
    )  # fmt: skip
    install(admin)
    index = ElasticIndex(admin, KEY)
    index.put([analysed("p"), analysed("q")])
    index.refresh()
    index.close()
    name, trusted = role_name(admin.prefix), ssl.create_default_context(cafile=str(server.ca_file))
    with (
        standing(server.ca_file.parents[1], name, indices(admin.prefix)),
        httpx.Client(base_url=server.address, verify=trusted, auth=(name, _VIEWER), timeout=30) as viewer,
    ):
        end = time.monotonic() + 60
        while viewer.get("/_security/_authenticate").json().get("roles") != [name]:
            assert time.monotonic() < end, "the node does not read its files of users and roles again"
            time.sleep(0.2)
        yield Node(admin, viewer)
    remove(admin)


@contextmanager
def standing(config: Path, name: str, rights: list[dict[str, Any]]) -> Iterator[None]:
    """Let a user with a role of the same name stand in the node's files, which it reads every few seconds."""
    lines = {
        "roles.yml": f"{name}: {json.dumps({'cluster': [], 'indices': rights})}",
        "users": f"{name}:{hashed(_VIEWER)}",
        "users_roles": f"{name}:{name}",
    }
    before = {file: (config / file).read_text("utf-8") for file in lines}
    for file, line in lines.items():
        (config / file).write_text(f"{before[file]}{line}\n", "utf-8")
    yield
    for file, text in before.items():
        (config / file).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/DESK-posts/_search"),
        ("POST", "/DESK-posts-v1-2026.w09/_search"),
        ("GET", "/DESK-posts/_count"),
        ("GET", "/DESK-posts-v1-2026.w09/_doc/p"),
        ("GET", "/DESK-posts-v1-2026.w09/_source/p"),
        ("GET", "/DESK-posts/_field_caps?fields=*"),
        ("GET", "/DESK-posts/_mapping"),
        ("POST", "/DESK-posts/_pit?keep_alive=1m"),
        ("POST", "/DESK-cards-v1/_search"),
        ("GET", "/DESK-cards-v1/_mapping"),
        ("POST", "/DESK-facts-posts,DESK-posts/_search"),
    ],
)
def test_no_text_is_read(method: str, path: str, node: Node) -> None:
    assert node.asked(method, path) == 403


@pytest.mark.parametrize("path", ["/DESK-facts-posts-v1-2026.03/_doc/z", "/DESK-posts-v1-2026.w09/_doc/z"])
def test_nothing_is_written(path: str, node: Node) -> None:
    assert node.asked("PUT", path, {"lang": "zh"}) == 403
    assert node.asked("DELETE", path.split("/_doc")[0]) == 403


def test_a_pattern_over_texts_finds_nothing_and_one_over_everything_facts_alone(node: Node) -> None:
    assert node.asked("POST", "/DESK-posts-*/_search?allow_no_indices=false") == 404
    found = node.viewer.post("/_all/_search", json={"size": 100}).json()["hits"]["hits"]
    assert {hit["_index"].removeprefix(f"{node.config.prefix}-").split("-v1")[0] for hit in found} == {"facts-posts"}
    assert {hit["_id"] for hit in found} == {"p", "q"}
    assert "停水" not in str(found)


def test_the_figures_of_posts_are_read_and_the_fields_kibana_asks_for(node: Node) -> None:
    panels = [panel for board in BOARDS for panel in board.panels if panel.view.family == "facts-posts"]
    assert len(panels) > 10
    for panel in panels:
        body = asked(panel, 0, 4_000_000_000)
        assert node.asked("POST", "/DESK-facts-posts/_search", body) == 200, panel.id
    assert node.asked("GET", "/DESK-facts-posts/_field_caps?fields=*") == 200
