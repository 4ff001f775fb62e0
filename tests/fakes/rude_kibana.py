"""The two doors of Kibana that boards go through, on loopback: as strict as the real ones, rude where a test asks."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

__all__ = ["RudeKibana"]

_IMPORT, _ROLES = "/api/saved_objects/_import?overwrite=true", "/api/security/role/"
_SPACES = "/api/spaces/space/"


class RudeKibana:
    """Keeps what was imported, also into spaces that are not there, as Kibana does.

    `login` is (user, password); `moods` come first: a status, a status with what is said, bytes, or a wait in s.
    """

    def __init__(
        self, login: tuple[str, str] = ("clerk", "hush"), base: str = "", spaces: tuple[str, ...] = ("desk",)
    ) -> None:
        self.login, self.base, self.spaces = login, base, spaces
        self.objects: dict[tuple[str, str], dict[str, Any]] = {}
        self.roles: dict[str, dict[str, Any]] = {}
        self.moods: list[int | tuple[int, str] | bytes | float] = []
        self.asked = 0
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, with its base path."""
        return f"http://127.0.0.1:{self._server.server_port}{self.base}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, data: bytes) -> dict[str, Any]:
        """Import lines; what refers to nothing is refused, the others stay, as Kibana does."""
        lines = [json.loads(line) for line in data.splitlines()]
        there = self.objects.keys() | {(one["type"], one["id"]) for one in lines}
        errors = [
            {"id": one["id"], "type": one["type"], "error": {"type": "missing_references"}}
            for one in lines
            if not {(ref["type"], ref["id"]) for ref in one["references"]} <= there
        ]
        refused = {one["id"] for one in errors}
        taken = {(one["type"], one["id"]): one for one in lines if one["id"] not in refused}
        self.objects |= taken
        return {
            "success": not errors,
            "successCount": len(taken),
            "warnings": [],
            **({"errors": errors} if errors else {}),
        }


class _Server(ThreadingHTTPServer):
    def __init__(self, kibana: RudeKibana) -> None:
        self.kibana = kibana
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self._body()
        if body is not None and self.path == self.server.kibana.base + _IMPORT:
            self._import(body)
        elif body is not None:
            self._say(404, b'{"statusCode":404,"error":"Not Found"}')

    def do_GET(self) -> None:
        head = self.server.kibana.base + _SPACES
        if self._body() is not None:
            there = self.path.startswith(head) and self.path.removeprefix(head) in self.server.kibana.spaces
            self._say(200 if there else 404, b"{}")

    def do_PUT(self) -> None:
        body = self._body()
        if body is not None and self.path.startswith(self.server.kibana.base + _ROLES):
            self.server.kibana.roles[self.path.rpartition("/")[2]] = json.loads(body)
            self._say(204, b"")
        elif body is not None:
            self._say(404, b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def _body(self) -> bytes | None:
        """Return the request's body, or answer by mood or for a missing login or header and return None."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.kibana.asked += 1
        mood = self.server.kibana.moods.pop(0) if self.server.kibana.moods else None
        if isinstance(mood, float):
            time.sleep(mood)
        elif isinstance(mood, tuple):
            self._say(mood[0], json.dumps({"statusCode": mood[0], "message": mood[1]}).encode())
            return None
        elif mood is not None:
            self._say(
                mood if isinstance(mood, int) else 200,
                mood if isinstance(mood, bytes) else b"Kibana server is not ready yet",
            )
            return None
        token = base64.b64encode(":".join(self.server.kibana.login).encode()).decode()
        if self.headers.get("authorization") != f"Basic {token}":
            self._say(401, b'{"statusCode":401}')
        elif "kbn-xsrf" not in self.headers:
            self._say(400, b'{"message":"Request must contain a kbn-xsrf header."}')
        else:
            return body
        return None

    def _import(self, body: bytes) -> None:
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = list(email.message_from_bytes(head + body, policy=email.policy.HTTP).iter_parts())
        names = [(part.get_param("name", header="content-disposition"), part.get_filename() or "") for part in parts]
        if len(names) != 1 or names[0][0] != "file" or not names[0][1].endswith(".ndjson"):
            self._say(400, b'{"message":"Invalid file extension"}')
            return
        data = parts[0].get_payload(decode=True)
        assert isinstance(data, bytes)
        self._say(200, json.dumps(self.server.kibana.take(data)).encode())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("location", "/login")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
