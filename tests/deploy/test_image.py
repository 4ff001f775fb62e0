"""The programs that stand in the image beside the product: its health, and the node's users."""

from __future__ import annotations

import http.server
import threading
import time
from contextlib import nullcontext
from http import HTTPStatus
from pathlib import Path

import pytest
import yaml

from deploy.image import health, users
from deploy.kibana import role as kibana
from deploy.local.ports import free_ports
from tests.house.test_house import ROOT


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers with one status."""

    status = HTTPStatus.OK

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b'{"ready":false}')

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(("status", "wrong"), [(200, ""), (503, 'not ready: {"ready":false}')])
def test_a_process_that_serves_pages_is_asked(status: int, wrong: str) -> None:
    answer = type("Told", (Answer,), {"status": HTTPStatus(status)})
    with http.server.HTTPServer(("127.0.0.1", 0), answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert health.asked(str(server.server_address[1])) == wrong
        thread.join()


def test_a_port_that_nobody_listens_on_is_told() -> None:
    assert health.asked(str(free_ports(1)[0])).startswith("nothing answers on port")


def test_roles_are_those_of_the_page() -> None:
    page = (ROOT / "docs/engines.md").read_text("utf-8")
    shown = yaml.safe_load(page.rpartition("```yaml\n")[2].partition("```")[0])
    for name, role in users.ROLES.items():
        bare = {key: value for key, value in role.items() if value and key != "applications"}
        assert bare == shown[f"answerable_{name}"]


def test_who_looks_at_boards_may_do_what_the_boards_say() -> None:
    told = kibana.role("answerable")
    assert users.ROLES["boards"]["indices"] == told["elasticsearch"]["indices"]
    allowed = [f"feature_{name}.{right}" for name, rights in told["kibana"][0]["feature"].items() for right in rights]
    assert [one["privileges"] for one in users.ROLES["boards"]["applications"]] == [allowed]


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, "secrets/desk_password cannot be read: No such file"), ("", "holds no password of six"), ("hush", "six")],
)
def test_a_secret_that_is_missing_or_empty_is_named_with_the_repair(
    tmp_path: Path, text: str | None, told: str
) -> None:
    if text is not None:
        (tmp_path / "desk_password").write_text(text, "utf-8")
    with pytest.raises(users.Wrong, match=told) as wrong:
        users.password("desk", tmp_path)
    assert "answerable init --compose" in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(("answers", "refused"), [((401, 401, 200), False), ((401,), True)])
def test_a_refusal_counts_once_it_has_lasted(
    monkeypatch: pytest.MonkeyPatch, answers: tuple[int, ...], refused: bool
) -> None:
    told = list(answers)

    def answer(_: object) -> HTTPStatus:
        return HTTPStatus(told.pop(0) if len(told) > 1 else told[0])

    node = type("Node", (Answer,), {"status": property(answer)})
    with http.server.HTTPServer(("127.0.0.1", 0), node) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        monkeypatch.setattr(users, "_NODE", f"http://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setattr(users, "_UNSURE_S", 1.5 if refused else 30.0)
        until = time.monotonic() + 30.0
        if refused:
            with pytest.raises(users.Wrong, match="secrets/elastic_password"):
                users.patiently("GET", "/", None, "word", until)
        else:
            users.patiently("GET", "/", None, "word", until)
        server.shutdown()
    assert len(told) == 1


class Watch:
    """A clock that moves while somebody waits."""

    now = 0.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@pytest.mark.parametrize(
    ("answers", "refused"),
    [
        ([503] * 25 + [401, 200], False),
        ([401] * 15 + [503] + [401] * 15 + [200], False),
        ([503] * 25 + [401] * 22 + [200], True),
    ],
)
def test_the_doubt_begins_with_the_first_refusal_and_anew_after_a_node_that_is_away(
    monkeypatch: pytest.MonkeyPatch, answers: list[int], refused: bool
) -> None:
    told = iter(answers)

    def ask(*_: object) -> None:
        status = next(told)
        if status == 401:
            raise users.Refused("not this one")
        if status == 503:
            raise OSError("not yet")

    monkeypatch.setattr(users, "time", Watch())
    monkeypatch.setattr(users, "ask", ask)
    with pytest.raises(users.Refused) if refused else nullcontext():
        users.patiently("GET", "/", None, "word", 120.0)
    assert list(told) == ([200] if refused else [])
