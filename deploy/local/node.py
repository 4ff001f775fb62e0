"""One Elasticsearch node: a cluster of its own, with or without security."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import shutil
import ssl
import urllib.error
import urllib.request
from pathlib import Path

from deploy.local import account, certificate, fetch, tools
from deploy.local.errors import NotStarted
from deploy.local.server import LOOPBACK, Server

_HERE = Path(__file__).parent
_ROUNDS = 10_000
ROLES = {"admin": "superuser", "writer": "writer", "reader": "facts_reader"}  # user → role; see roles.yml


class Node(Server):
    """A node on loopback.

    `secured` turns security on: HTTPS with the certificate authority `ca_file`, and the users admin, writer and
    reader, all with `password`.
    """

    def __init__(
        self, folder: Path, port: int, secured: bool = False, password: str = "", heap_mb: int = 1024
    ) -> None:
        super().__init__(folder, port)
        self.secured = secured
        self.password = password
        self.heap_mb = heap_mb

    @property
    def address(self) -> str:
        """The node's URL."""
        return f"{'https' if self.secured else 'http'}://{LOOPBACK}:{self.port}"

    @property
    def ca_file(self) -> Path:
        """The certificate authority of a secured node. It lies where the node may read it."""
        return self.folder / "config" / "tls" / "ca.pem"

    def healthy(self) -> bool:
        """Return whether all shards that a single node can hold are there."""
        request = urllib.request.Request(f"{self.address}/_cluster/health?wait_for_status=yellow&timeout=5s")  # noqa: S310 — loopback
        try:
            context = ssl.create_default_context(cafile=self.ca_file) if self.secured else None
            if self.secured:
                token = base64.b64encode(f"admin:{self.password}".encode()).decode("ascii")
                request.add_header("Authorization", f"Basic {token}")
            with urllib.request.urlopen(request, timeout=10.0, context=context) as reply:  # noqa: S310 — loopback
                return bool(reply.status == 200)
        except OSError:  # refused, reset, timed out, a status of 4xx or 5xx, no certificate yet
            return False

    def _lay_out(self) -> None:
        config = self.folder / "config"
        (config / "jvm.options.d").mkdir(parents=True, exist_ok=True)
        for name in ("jvm.options", "log4j2.properties"):
            shutil.copyfile(fetch.node_build() / "config" / name, config / name)
        heap = f"-Xms{self.heap_mb}m\n-Xmx{self.heap_mb}m\n-Xlog:disable\n-Xlog:all=warning:stderr\n"
        (config / "jvm.options.d" / "local.options").write_text(heap, "ascii")
        settings = _settings(self.folder, self.port, self.secured)
        if self.secured:
            self._secure(config)
            settings |= certificate.node_settings(config / "tls")
        (config / "elasticsearch.yml").write_text("".join(f"{k}: {v}\n" for k, v in settings.items()), "utf-8")
        (self.folder / "tmp").mkdir(exist_ok=True)

    def _secure(self, config: Path) -> None:
        if not self.ca_file.exists():
            certificate.make(config / "tls")
        (config / "roles.yml").write_bytes((_HERE / "roles.yml").read_bytes())
        (config / "users").write_text("".join(f"{user}:{hashed(self.password)}\n" for user in ROLES), "ascii")
        (config / "users_roles").write_text("".join(f"{role}:{user}\n" for user, role in ROLES.items()), "ascii")

    def _launch(self) -> None:
        home = fetch.node_build()
        env = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "ES_JAVA_HOME": str(tools.java_home()),
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_TMPDIR": str(self.folder / "tmp"),
            "CLI_JAVA_OPTS": "-Xmx64m",
        }
        (self.folder / "pid").unlink(missing_ok=True)
        command = [str(home / "bin" / "elasticsearch"), "-d", "-p", str(self.folder / "pid")]
        with self.log.open("ab") as output:
            if account.run(command, self.folder, env, output):
                raise NotStarted(f"the node does not start:\n{self._tail()}")


def hashed(password: str) -> str:
    """Return a password as the node's file of users holds it: PBKDF2 over SHA-512, salted."""
    salt = secrets.token_bytes(32)
    key = hashlib.pbkdf2_hmac("sha512", password.encode("utf-8"), salt, _ROUNDS, 32)
    return f"{{PBKDF2}}{_ROUNDS}${base64.b64encode(salt).decode('ascii')}${base64.b64encode(key).decode('ascii')}"


def _settings(folder: Path, port: int, secured: bool) -> dict[str, str]:
    """Return the node's settings, apart from those of its certificate."""
    return {
        "cluster.name": "local",
        "node.name": "local",
        "discovery.type": "single-node",
        "network.host": LOOPBACK,
        "http.port": str(port),
        "transport.port": "0",
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "cluster.routing.allocation.disk.threshold_enabled": "false",  # a laptop's full disk must not stop a test
        "cluster.max_shards_per_node": "5000",  # every test has indices of its own
        "xpack.license.self_generated.type": "basic",
        "xpack.security.enabled": str(secured).lower(),
        "xpack.security.autoconfiguration.enabled": "false",
    }
