"""What the broker's image does: settings from the environment, storage formatted once, then the broker."""

import os
import shlex
import subprocess
from pathlib import Path

_HOME = Path("/opt/kafka")
_FILE = _HOME / "config" / "server.properties"
_NO_SETTINGS = ("KAFKA_HEAP_OPTS", "KAFKA_OPTS")


def main() -> None:
    """Become the broker."""
    lines = [
        f"{name.removeprefix('KAFKA_').lower().replace('_', '.')}={value}\n"
        for name, value in sorted(os.environ.items())
        if name.startswith("KAFKA_") and name not in _NO_SETTINGS
    ]
    _FILE.write_text("".join(lines), "utf-8")
    cluster = os.environ["CLUSTER_ID"]
    subprocess.run(  # noqa: S603 — a fixed program
        [
            *_java("-Xmx128m", "kafka.tools.StorageTool"),
            "format",
            "--ignore-formatted",
            "-t",
            cluster,
            "-c",
            str(_FILE),
        ],
        check=True,
    )
    broker = [*_java(os.environ.get("KAFKA_HEAP_OPTS", "-Xmx512m"), "kafka.Kafka"), str(_FILE)]
    os.execvp(broker[0], broker)  # noqa: S606 — this process is to become the broker


def _java(options: str, main_class: str) -> list[str]:
    logs = f"-Dlog4j2.configurationFile={_HOME / 'log4j2.properties'}"
    return ["java", *shlex.split(options), logs, "-cp", f"{_HOME}/libs/*", main_class]


if __name__ == "__main__":
    main()
