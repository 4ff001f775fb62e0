"""The engines' official builds: fetched once a machine by their Maven coordinates, kept in a cache folder.

`ANSWERABLE_ENGINES_CACHE` chooses another folder. A build counts as there once its folder bears its final name, which
it gets in one rename after everything has been unpacked.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from deploy.local import tools
from deploy.local.errors import NotBuilt, NotStarted

NODE_VERSION = "8.19.21"
BROKER_VERSION = "4.1.1"
_HERE = Path(__file__).parent
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
_ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{NODE_VERSION}:zip"
_DESCRIPTOR = f"""\
name=cjk-local
description=The cjk analyzer of a full server
version=1
elasticsearch.version={NODE_VERSION}
java.version=17
"""
_COMPONENTS = '{"org.elasticsearch.plugin.analysis.AnalyzerFactory":{"cjk":"local.CjkAnalysis"}}\n'


def cache() -> Path:
    """Return the folder that builds are kept in; root's is one that the engines' account can read."""
    if chosen := os.environ.get("ANSWERABLE_ENGINES_CACHE"):
        return Path(chosen).absolute()
    if os.geteuid() == 0:
        return Path("/var/cache/answerable/engines")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "answerable" / "engines"


def broker_build() -> Path:
    """Return the folder with the broker's jars, fetched where it is not there yet."""
    return once(f"kafka-{BROKER_VERSION}-{_digest('broker.pom.xml')}", _fetch_broker)


def node_build() -> Path:
    """Return the home folder of the node's build with the cjk analyzer in it, fetched where it is not there yet."""
    return once(f"elasticsearch-{NODE_VERSION}-{_digest('CjkAnalysis.java')}", _fetch_node)


def once(name: str, fetch: Callable[[Path], None]) -> Path:
    """Return a folder of the cache, which `fetch` fills beforehand where it is not there yet."""
    final = cache() / name
    if final.is_dir():
        return final
    cache().mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f"{name}.part-", dir=cache()))
    try:
        fetch(part)
        for path in (part, *part.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))  # for the engines' account
        part.rename(final)
    except OSError:
        if not final.is_dir():  # another process was quicker
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return final


def _digest(name: str) -> str:
    return hashlib.sha256((_HERE / name).read_bytes()).hexdigest()[:8]


def _fetch_broker(folder: Path) -> None:
    pom = shutil.copy(_HERE / "broker.pom.xml", folder / "pom.xml")
    _call(
        "mvn",
        "-q",
        "-B",
        "-C",
        "-f",
        str(pom),
        f"{_PLUGIN}:copy-dependencies",
        "-DincludeScope=runtime",
        f"-DoutputDirectory={folder}",
    )


def _fetch_node(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=cache()) as down:
        _call(
            "mvn",
            "-q",
            "-B",
            "-C",
            f"{_PLUGIN}:copy",
            f"-Dartifact={_ARTIFACT}",
            f"-DoutputDirectory={down}",
            cwd=Path(down),
        )
        with ZipFile(Path(down) / f"elasticsearch-{NODE_VERSION}.zip") as archive:
            archive.extractall(down)
        for path in (Path(down) / f"elasticsearch-{NODE_VERSION}").iterdir():
            shutil.move(path, folder / path.name)
    for path in (folder / "bin").iterdir():
        path.chmod(0o755)  # the archive module forgets modes
    _add_cjk(folder)


def _add_cjk(home: Path) -> None:
    plugin = home / "plugins" / "cjk-local"
    with tempfile.TemporaryDirectory() as built:
        source = str(_HERE / "CjkAnalysis.java")
        _call("javac", "--release", "17", "-cp", f"{home}/lib/*", "-d", built, source, error=NotBuilt)
        plugin.mkdir(parents=True)
        with ZipFile(plugin / "cjk-local.jar", "w") as jar:
            jar.write(Path(built) / "local/CjkAnalysis.class", "local/CjkAnalysis.class")
    (plugin / "stable-plugin-descriptor.properties").write_text(_DESCRIPTOR, "utf-8")
    (plugin / "named_components.json").write_text(_COMPONENTS, "utf-8")


def _call(*command: str, cwd: Path | None = None, error: type[NotStarted] = NotStarted) -> None:
    tools.ensure(command[0])
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 — fixed programs
    if done.returncode:
        raise error(f"{command[0]} failed: {(done.stdout + done.stderr).strip()[-2000:]}")
