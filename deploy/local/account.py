"""Who runs the engines: whoever asks, but never root, which the node refuses and the broker does not need."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from deploy.local.errors import NotStarted


def unprivileged() -> pwd.struct_passwd | None:
    """Return the account that engines run as when root starts them; None means the present user."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def hand_over(folder: Path) -> None:
    """Give a folder with all below it to the engines' account."""
    account = unprivileged()
    if account is None:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def reaches(folder: Path) -> bool:
    """Return whether the engines' account can enter a folder: one below a closed home is out of reach."""
    return run(["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)], cwd=Path("/"), env={}) == 0


def run(
    command: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    output: BinaryIO | int = subprocess.DEVNULL,
    timeout_s: float = 180.0,
) -> int:
    """Run a command as the engines' account in a session of its own, so that Ctrl-C reaches the caller alone.

    Returns its exit code; raises NotStarted where it takes too long.
    """
    account = unprivileged()
    try:
        return subprocess.run(  # noqa: S603 — commands are put together here, from no one's input
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            timeout=timeout_s,
            check=False,
            umask=0o022,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        ).returncode
    except subprocess.TimeoutExpired as late:
        raise NotStarted(f"{command[0]} did not come back within {timeout_s:.0f} s") from late
