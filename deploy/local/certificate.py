"""A certificate for loopback that is its own authority, made by openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path

from deploy.local import tools
from deploy.local.errors import NotStarted

_EXTENSIONS = (
    "subjectAltName=IP:127.0.0.1,DNS:localhost",
    "keyUsage=critical,digitalSignature,keyCertSign",
    "extendedKeyUsage=serverAuth",
)


def make(folder: Path) -> None:
    """Write key.pem, ca.pem and server.pem (both in one file) into a folder; good for ten years."""
    tools.ensure("openssl")
    folder.mkdir(parents=True, exist_ok=True)
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=localhost"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem")]
    more = [word for extension in _EXTENSIONS for word in ("-addext", extension)]
    done = subprocess.run([*command, *files, *more], capture_output=True, text=True, check=False)  # noqa: S603 — a fixed program
    if done.returncode:
        raise NotStarted(f"openssl failed: {done.stderr.strip()[-500:]}")
    both = (folder / "key.pem").read_text("ascii") + (folder / "ca.pem").read_text("ascii")
    (folder / "server.pem").write_text(both, "ascii")


def broker_settings(folder: Path) -> dict[str, str]:
    """Return what a broker needs to present this certificate."""
    return {"ssl.keystore.type": "PEM", "ssl.keystore.location": str(folder / "server.pem")}


def node_settings(folder: Path) -> dict[str, str]:
    """Return what a node needs to present this certificate over HTTP."""
    return {
        "xpack.security.http.ssl.enabled": "true",
        "xpack.security.http.ssl.key": str(folder / "key.pem"),
        "xpack.security.http.ssl.certificate": str(folder / "ca.pem"),
    }
