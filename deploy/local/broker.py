"""One Kafka broker in KRaft combined mode: its own controller, one replica of everything."""

from __future__ import annotations

import base64
import os
import secrets
import socket
import struct
from collections.abc import Mapping
from pathlib import Path

from deploy.local import account, certificate, fetch, tools
from deploy.local.errors import NotStarted
from deploy.local.ports import free_ports
from deploy.local.server import LAUNCH, LOOPBACK, Server

_HERE = Path(__file__).parent
_HEAP = "512m"
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
_METADATA = struct.pack("!hhihi", 3, 1, 1, -1, 0)  # request 3, version 1, number 1, no client name, no topics asked


class Broker(Server):
    """A broker on loopback.

    `port` is listened on, `advertised_port` is what clients are told to come back to (a proxy in front of it).
    With `secure_port` and `password` it also listens with TLS and SCRAM-SHA-256 for the user `desk`, whose
    certificate authority is the file `ca_file`. `properties` overrides settings of the server.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        advertised_port: int | None = None,
        secure_port: int | None = None,
        password: str = "",
        properties: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder, port)
        self.advertised_port = advertised_port or port
        self.secure_port = secure_port
        self.password = password
        self.properties = dict(properties or {})

    @property
    def address(self) -> str:
        """What clients bootstrap from: the advertised address."""
        return f"{LOOPBACK}:{self.advertised_port}"

    @property
    def ca_file(self) -> Path:
        """The certificate authority of the secure listener."""
        return self.folder / "tls" / "ca.pem"

    def healthy(self) -> bool:
        """Return whether the broker lists itself as one that takes requests."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=5.0) as peer:
                peer.sendall(struct.pack("!i", len(_METADATA)) + _METADATA)
                head = peer.recv(12, socket.MSG_WAITALL)
        except OSError:
            return False
        return len(head) == 12 and struct.unpack("!iii", head)[2] >= 1

    def _lay_out(self) -> None:
        if self.secure_port is not None and not self.ca_file.exists():
            certificate.make(self.folder / "tls")
        controller = self.folder / "controller.port"
        if not controller.exists():
            controller.write_text(str(free_ports(1)[0]), "ascii")
        lines = _settings(self, int(controller.read_text("ascii"))) | self.properties
        (self.folder / "server.properties").write_text("".join(f"{k}={v}\n" for k, v in lines.items()), "utf-8")

    def _launch(self) -> None:
        if not (self.folder / "data" / "meta.properties").exists():
            self._format()
        env = self._env() | {"LOG": str(self.log), "PID_FILE": str(self.folder / "pid")}
        command = self._java("kafka.Kafka", str(self.folder / "server.properties"), heap=_HEAP)
        account.run(["/bin/sh", "-c", LAUNCH, "sh", *command], cwd=self.folder, env=env)

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").replace("-", "A")
        arguments = ["format", "-t", cluster, "-c", str(self.folder / "server.properties")]
        if self.secure_port is not None:
            arguments += ["--add-scram", f"SCRAM-SHA-256=[name=desk,password={self.password}]"]
        with self.log.open("ab") as output:
            done = account.run(
                self._java("kafka.tools.StorageTool", *arguments, heap="128m"), self.folder, self._env(), output
            )
        if done:
            raise NotStarted(f"the broker's storage cannot be formatted:\n{self._tail()}")

    def _java(self, main: str, *arguments: str, heap: str) -> list[str]:
        java = str(tools.java_home() / "bin" / "java")
        logs = f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}"
        (self.folder / "log4j2.properties").write_bytes((_HERE / "log4j2.properties").read_bytes())
        return [
            java,
            f"-Xmx{heap}",
            "-XX:+ExitOnOutOfMemoryError",
            logs,
            "-cp",
            f"{fetch.broker_build()}/*",
            main,
            *arguments,
        ]

    def _env(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.folder), "LANG": "C.UTF-8"}


def _settings(broker: Broker, controller: int) -> dict[str, str]:
    """Return the server's settings: small and quick, never more forgiving than a production server's."""
    plain = f"PLAIN://{LOOPBACK}"
    listeners, advertised = (
        f"{plain}:{broker.port},CONTROLLER://{LOOPBACK}:{controller}",
        f"{plain}:{broker.advertised_port}",
    )
    if broker.secure_port is not None:
        listeners += f",SECURE://{LOOPBACK}:{broker.secure_port}"
        advertised += f",SECURE://{LOOPBACK}:{broker.secure_port}"
    once = dict.fromkeys(
        (
            "default.replication.factor",
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "share.coordinator.state.topic.replication.factor",
            "share.coordinator.state.topic.min.isr",
        ),
        "1",
    )
    return once | {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAIN",
        "listeners": listeners,
        "advertised.listeners": advertised,
        "listener.security.protocol.map": "PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL",
        "sasl.enabled.mechanisms": "SCRAM-SHA-256",
        "listener.name.secure.scram-sha-256.sasl.jaas.config": f"{_SCRAM} required;",
        "broker.session.timeout.ms": "3000",  # a killed broker is let in again only after this
        "broker.heartbeat.interval.ms": "500",
        "log.dirs": str(broker.folder / "data"),
        "auto.create.topics.enable": "false",
        "offsets.topic.num.partitions": "4",  # 50 would be made at the first group's first join
        "transaction.state.log.num.partitions": "4",
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",  # so tests can see a member given up soon
        "log.segment.bytes": str(16 << 20),
        "log.retention.check.interval.ms": "1000",  # deleted records and topics leave the disk while a test looks
        "log.segment.delete.delay.ms": "1000",
        "log.cleaner.backoff.ms": "1000",
        "log.cleaner.dedupe.buffer.size": str(16 << 20),
        **(certificate.broker_settings(broker.folder / "tls") if broker.secure_port is not None else {}),
    }
