"""Images that cannot be pulled, made here: a base from Debian's packages, the engines from their official builds."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from zipfile import ZipFile

from deploy.local import fetch, tools
from deploy.rehearsal.engine import Engine
from deploy.rehearsal.machine import authorities, ensure, obtain, say

__all__ = ["COMPOSE_VERSION", "base", "builds", "client", "engines", "packages"]

COMPOSE_VERSION = "v2.40.3"
_HERE = Path(__file__).parent
_DEPLOY = _HERE.parent
_BASE = "answerable-stand-in"
_AUTHORITIES = "/etc/ssl/machine.pem"  # of its own: installing ca-certificates writes the usual one anew
_PACKAGES = (
    *("ca-certificates", "curl", "netcat-openbsd", "openjdk-17-jre-headless"),
    *("python3", "python3-pip", "python3-venv", "tini"),
)
_DESCRIPTOR = f"""\
name=rehearsal
description=What the index of users names
version=1
elasticsearch.version={fetch.NODE_VERSION}
java.version=17
"""
_MODULE = "github.com/docker/compose/v2"


def client() -> Path:
    """Return docker compose, built from its Go module once a machine."""
    return fetch.once(f"compose-{COMPOSE_VERSION}", _build_client) / "docker-compose"


def packages() -> Path:
    """Return the folder with what the base holds, fetched once a machine."""
    return fetch.once("stand-in-bookworm-1", _build_base)


def base(engine: Engine) -> None:
    """Put an image of Debian's packages under the name that the Dockerfile begins with."""
    tar = packages() / "base.tar"
    trust = [f"ENV PIP_CERT={_AUTHORITIES} SSL_CERT_FILE={_AUTHORITIES} LANG=C.UTF-8"]
    engine.docker("import", *(f"--change={line}" for line in trust), str(tar), _BASE)
    engine.docker("tag", _BASE, _python_image())


def builds() -> None:
    """Fetch what the engines' images are made of, so that nothing is fetched beside the steps."""
    tools.ensure("javac")
    fetch.broker_build()
    fetch.node_build()


def engines(engine: Engine) -> None:
    """Put an image under the names of the broker and the node, on the base; Kibana has no stand-in."""
    _build(
        engine, "kafka", {"libs": fetch.broker_build(), "log4j2.properties": _DEPLOY / "local" / "log4j2.properties"}
    )
    with tempfile.TemporaryDirectory() as folder:
        _build(engine, "elasticsearch", {"home": fetch.node_build(), "plugin": _plugin(Path(folder))})


def _build(engine: Engine, name: str, more: dict[str, Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = Path(shutil.copytree(_HERE / name, Path(folder) / name))
        for target, source in more.items():
            (shutil.copytree if source.is_dir() else shutil.copy)(source, context / target)
        engine.docker("build", "--quiet", "--tag", _image(name), str(context))


def _plugin(folder: Path) -> Path:
    """Make the plugin without which the small build cannot keep users; return its folder."""
    classes, made = folder / "classes", folder / "plugin"
    libraries = f"{fetch.node_build()}/lib/*"
    say(["javac", "--release", "17", "-cp", libraries, "-d", str(classes), str(_HERE / "plugin" / "Words.java")])
    made.mkdir()
    with ZipFile(made / "rehearsal.jar", "w") as jar:
        for path in sorted(classes.rglob("*.class")):
            jar.write(path, path.relative_to(classes))
    shutil.copy(_HERE / "plugin" / "named_components.json", made)
    (made / "stable-plugin-descriptor.properties").write_text(_DESCRIPTOR, "utf-8")
    return made


def _image(name: str) -> str:
    """Return the image that the composed file names for an engine."""
    return _found(rf"image: (\S*{name}:\S+)", "compose.yaml")


def _python_image() -> str:
    return _found(r"ARG PYTHON_IMAGE=(\S+)", "Dockerfile")


def _found(pattern: str, file: str) -> str:
    found = re.search(pattern, (_DEPLOY / file).read_text("utf-8"))
    if found is None:
        raise ValueError(f"{file} names no image like {pattern}")
    return found[1]


def _build_base(folder: Path) -> None:
    ensure("debootstrap")
    root = folder / "root"
    obtain(
        ["debootstrap", "--variant=minbase", f"--include={','.join(_PACKAGES)}", "bookworm", str(root)],
        within_s=900.0,
    )
    shutil.copy(authorities(), f"{root}{_AUTHORITIES}")
    shutil.rmtree(root / "var/cache/apt/archives", ignore_errors=True)
    say(["tar", "--create", "--file", str(folder / "base.tar"), "--directory", str(root), "."])
    shutil.rmtree(root)


def _build_client(folder: Path) -> None:
    ensure("go")
    module = folder / "module"
    module.mkdir()
    env = os.environ | {"GOFLAGS": "-mod=mod"}
    obtain(["go", "mod", "init", "local/compose"], env, cwd=module)
    obtain(["go", "get", f"{_MODULE}@{COMPOSE_VERSION}"], env, within_s=900.0, cwd=module)
    obtain(["go", "build", "-o", str(folder / "docker-compose"), f"{_MODULE}/cmd"], env, within_s=1800.0, cwd=module)
    shutil.rmtree(module)
