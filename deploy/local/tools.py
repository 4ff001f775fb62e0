"""Java and Maven: found on the machine, or installed where that needs no question (root on Debian)."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import threading
from pathlib import Path

from deploy.local import apt
from deploy.local.errors import NotStarted

OLDEST = 17  # both engines' servers need it
_PROGRAMS = ("java", "javac", "mvn", "openssl")
_PACKAGES = ("default-jdk-headless", "maven", "openssl")
REPAIR = (
    "To repair: install a JDK of version 17 or newer, Maven and openssl, so that they are on PATH; then: make engines"
)


_installing = threading.Lock()  # both engines ask at the same time


def missing(*programs: str) -> list[str]:
    """Return those of some programs (of all, where none is named) that are not on this machine."""
    return [name for name in programs or _PROGRAMS if shutil.which(name) is None]


def ensure(*programs: str) -> None:
    """See that programs are there: apt installs all of them for root on Debian; raises NotStarted elsewhere."""
    with _installing:
        lacking = missing(*programs)
        if lacking and not apt.may_install():
            raise NotStarted(f"not on this machine: {', '.join(lacking)}. {REPAIR}")
        if lacking:
            _install()


@functools.cache
def java_home() -> Path:
    """Return the home folder of the Java on PATH; raises NotStarted where there is none or it is too old."""
    ensure("java")
    done = subprocess.run(
        ["java", "-XshowSettings:properties", "-version"],  # noqa: S607 — the one on PATH is meant
        capture_output=True,
        text=True,
        check=False,
    )
    told = dict(re.findall(r"^\s+(java\.home|java\.specification\.version) = (.+)$", done.stderr, re.MULTILINE))
    version = told.get("java.specification.version", "0").split(".")[0]
    if int(version) < OLDEST:
        raise NotStarted(f"Java {version} is too old. {REPAIR}")
    return Path(told["java.home"])


def _install() -> None:
    try:
        apt.install(_PACKAGES)
    except NotStarted as why:
        raise NotStarted(f"{why}. {REPAIR}") from None
