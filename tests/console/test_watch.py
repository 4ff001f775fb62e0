"""What watchers of machines ask: reasons for a new start, names of parts, numbers; nothing else is there."""

from __future__ import annotations

from starlette.testclient import TestClient

from console.health import Health, Part
from console.watch import build


def test_a_process_that_stands_still_is_to_be_started_anew_though_all_it_needs_works() -> None:
    still = [""]
    client = TestClient(build(lambda: still[0], lambda: Health(parts=(Part("log", True),)), lambda: b"n 1\n"))
    assert (client.get("/livez").status_code, client.get("/livez").text) == (200, "ok\n")

    still[0] = "no step has begun for 400 s"

    assert (client.get("/livez").status_code, client.get("/livez").text) == (503, "no step has begun for 400 s\n")
    assert client.get("/readyz").status_code == 200


def test_what_is_needed_and_away_is_named_without_its_details() -> None:
    parts = (Part("log", False, "secret path"), Part("index", False, needed=False))
    client = TestClient(build(lambda: "", lambda: Health(parts=parts), lambda: b"n 1\n"))

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"ready": False, "parts": {"log": False, "index": False}})
    assert client.get("/metrics").text == "n 1\n"
    assert client.get("/").status_code == 404
    assert client.post("/readyz").status_code == 405
