"""The programs that stand in the image beside the product: its health, and the node's users."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
import time
from http import HTTPStatus
from pathlib import Path

import pytest
import yaml

from deploy.image import health, users
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


def task(pid: int) -> Path:
    return Path(f"/proc/{pid}/task/{pid}")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells of threads")
def test_a_main_thread_that_takes_steps_works_and_one_that_stands_still_does_not() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time\nwhile True: time.sleep(0.05)"]) as stepping:
        time.sleep(0.3)
        moving = health.turns(task(stepping.pid), 2.0)
        stepping.kill()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as waiting:
        time.sleep(1.0)
        still = health.turns(task(waiting.pid), 0.6)
        waiting.kill()
    assert moving == ""
    assert still == "the main thread has not moved for 0.6 seconds"


def test_a_process_that_is_gone_is_told(tmp_path: Path) -> None:
    assert health.turns(tmp_path).startswith("process 1 is gone")


def test_roles_are_those_of_the_page() -> None:
    page = (ROOT / "docs/engines.md").read_text("utf-8")
    shown = yaml.safe_load(page.rpartition("```yaml\n")[2].partition("```")[0])
    for name, role in users.ROLES.items():
        bare = {key: value for key, value in role.items() if value and key != "applications"}
        assert bare == shown[f"answerable_{name}"]


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
