"""Serving on a real socket: the port is known at once, pages come, the end is clean."""

from __future__ import annotations

import logging
import socket
import threading

import httpx
import pytest

from answerable.errors import Unavailable
from console.serve import Serving, serve
from tests.console.conftest import Console


def test_a_free_port_is_found_and_pages_are_served_until_the_end(console: Console) -> None:
    stop = threading.Event()
    serving = Serving(console.app, "127.0.0.1", 0, stop)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{serving.port}") as client:
            page = client.get("/sign-in")
            assert "Sign in to the desk" in page.text
            assert "server" not in page.headers
            assert client.get("/metrics").text == "answerable_posts_total 1\n"
    finally:
        serving.stop()

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", serving.port)) != 0


def test_no_log_keeps_the_address_that_was_asked_for(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "uvicorn")
    caplog.set_level(logging.DEBUG, "uvicorn.access")
    serving = Serving(console.app, "127.0.0.1", 0, threading.Event())
    try:
        httpx.post(f"http://127.0.0.1:{serving.port}/a/tokenofalink")
    finally:
        serving.stop()
    told = [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")]
    assert told, "the server's own log has to be heard"
    assert [line for line in told if "tokenofalink" in line] == []


def test_setting_the_event_ends_the_thread(console: Console) -> None:
    stop = threading.Event()

    port = serve(console.app, "127.0.0.1", 0, stop)
    stop.set()
    for thread in threading.enumerate():
        if thread.name == "console":
            thread.join(timeout=10)

    assert port > 0
    assert all(thread.name != "console" for thread in threading.enumerate())


def test_a_port_that_is_taken_is_told_with_the_repair(console: Console) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(Unavailable, match=r"or choose another console\.port"):
            serve(console.app, "127.0.0.1", taken.getsockname()[1], threading.Event())
