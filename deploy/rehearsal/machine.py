"""Commands of this machine: found or installed, called, their words kept."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local import apt
from deploy.local.errors import NotStarted

_PACKAGES = {
    **{"dockerd": "docker.io", "docker": "docker.io"},
    **{"debootstrap": "debootstrap", "iptables": "iptables", "ip": "iproute2"},
}


class Failed(Exception):
    """A command ended with another code than 0; the text has its last words."""


def say(
    command: Sequence[str], env: Mapping[str, str] | None = None, within_s: float = 600.0, cwd: Path | None = None
) -> str:
    """Run a command and return what it said on standard output; raise Failed with the end of all it said."""
    return hear(command, env, within_s, cwd)[0]


def hear(
    command: Sequence[str], env: Mapping[str, str] | None = None, within_s: float = 600.0, cwd: Path | None = None
) -> tuple[str, str]:
    """Run a command as `say` does, and return what it said on standard output and beside it."""
    try:
        done = subprocess.run(  # noqa: S603 — commands are put together here, from no one's input
            list(command), env=dict(env) if env else None, cwd=cwd, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=within_s,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Failed(f"{' '.join(command[:6])} … did not end within {within_s:g} s") from None
    if done.returncode:
        raise Failed(f"{' '.join(command[:6])} … ended with {done.returncode}: {(done.stdout + done.stderr)[-3000:]}")
    return done.stdout, done.stderr


def obtain(
    command: Sequence[str], env: Mapping[str, str] | None = None, within_s: float = 600.0, cwd: Path | None = None
) -> None:
    """Run a command that fetches from elsewhere; raise NotStarted where it fails."""
    try:
        say(command, env, within_s, cwd)
    except Failed as failed:
        raise NotStarted(str(failed)) from None


def ensure(*programs: str) -> None:
    """See that programs are there, by apt where root may; raise NotStarted elsewhere."""
    lacking = [name for name in programs if shutil.which(name) is None]
    packages = sorted({_PACKAGES[name] for name in lacking if name in _PACKAGES})
    if not lacking:
        return
    if len([name for name in lacking if name in _PACKAGES]) < len(lacking) or not apt.may_install():
        raise NotStarted(f"not on this machine: {', '.join(lacking)}")
    apt.install(packages)


def authorities() -> Path:
    """Return the file of certificate authorities that this machine trusts."""
    known = (
        os.environ.get("SSL_CERT_FILE"),
        ssl.get_default_verify_paths().cafile,
        "/etc/ssl/certs/ca-certificates.crt",
    )
    found = next((Path(path) for path in known if path and Path(path).is_file()), None)
    if found is None:
        raise NotStarted("this machine has no file of certificate authorities")
    return found
