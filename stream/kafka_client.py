"""How this program speaks to Kafka: connection settings, each client's explicit arguments, errors in our words."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from answerable.errors import Rejected, SettingsError, Unavailable
from answerable.sections import Kafka
from stream.kafka_joining import Member
from stream.kafka_library import (
    CooperativeStickyAssignor,
    KafkaAdminClient,
    KafkaConsumer,
    KafkaNetClient,
    KafkaProducer,
    errors,
)
from stream.kafka_sockets import DIRECT

__all__ = ["MESSAGE_BYTES", "Clients", "in_our_words"]

MESSAGE_BYTES = 4_000_000  # the largest message, key and value together
_PROTOCOLS = {"none": "PLAINTEXT", "tls": "SSL", "sasl": "SASL_PLAINTEXT", "sasl_tls": "SASL_SSL"}
_CONNECT_S = 5.0  # the first connection; a worker tries again by itself
_REASONS = {
    "KafkaTimeoutError": "it did not answer in time",
    "RequestTimedOutError": "it did not answer in time",
    "KafkaConnectionError": "the connection broke",
    "NodeNotReadyError": "the connection broke",
    "NotEnoughReplicasError": "too few replicas are in step",
    "NotEnoughReplicasAfterAppendError": "too few replicas are in step",
    "KafkaStorageError": "its disk fails",
    "SaslAuthenticationFailedError": "it refuses user or password",
    "TopicAuthorizationFailedError": "this user may not use the topic",
    "GroupAuthorizationFailedError": "this user may not use the consumer group",
    "ClusterAuthorizationFailedError": "this user may not do that",
    "UnknownTopicOrPartitionError": "a topic is missing; run `answerable migrate`",
}
_NEVER = (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError, errors.InvalidRecordError)


@contextmanager
def in_our_words(what: str) -> Iterator[None]:
    """Turn what the client raises into Unavailable (`what`: a short reason), or what will never do into Rejected."""
    try:
        yield
    except _NEVER as error:
        raise Rejected(f"{what}: a message is refused by the server ({type(error).__name__})") from None
    except errors.KafkaConfigurationError as error:
        raise SettingsError(f"what is asked of Kafka contradicts itself: {error}", key="kafka") from None
    except errors.KafkaError as error:
        name = type(error).__name__
        raise Unavailable(f"{what}: {_REASONS.get(name, name)}") from None
    except RuntimeError as error:  # a client that was closed, or whose thread has died
        raise Unavailable(f"{what}: {error}") from None


class Clients:
    """Makes producers, consumers and admin clients for one cluster; what it makes never creates topics by itself.

    Every argument on which a promise rests is given, so that a conflict with it raises instead of
    weakening it. Making a client raises Unavailable where no server answers within 5 s (or `timeout_s`, if
    shorter).
    """

    def __init__(self, config: Kafka) -> None:
        self.config = config
        self.timeout_ms = int(config.timeout_s * 1000)

    def named(self, name: str) -> str:
        """Return a topic's or group's name on the cluster."""
        return self.config.prefix + name

    @property
    def where(self) -> str:
        """Name the cluster, for messages to people."""
        return "Kafka at " + ", ".join(self.config.bootstrap)

    def producer(self, **more: object) -> KafkaProducer:
        """Make an idempotent producer: a message is acknowledged by every replica in step, in order, or fails.

        What cannot be delivered within 4/5 of `timeout_s` fails.
        """
        return self._made(
            KafkaProducer, enable_idempotence=True, acks="all", compression_type="lz4", linger_ms=20,
            batch_size=262_144, max_request_size=MESSAGE_BYTES + 100_000, allow_auto_create_topics=False,
            delivery_timeout_ms=self.timeout_ms * 4 // 5, request_timeout_ms=self.timeout_ms * 2 // 5,
            max_block_ms=self.timeout_ms * 4 // 5, **more,
        )  # fmt: skip

    def member(self, group: str, **more: object) -> Member:
        """Make a consumer that may join a group; it commits only when told, and begins at the earliest message.

        A member that hangs keeps its partitions for `session_s` after its last heartbeat; one that lives but handles
        a single batch for more than ten minutes loses them too.
        """
        member: Member = self._consumer(
            Member, group_id=group, partition_assignment_strategy=[CooperativeStickyAssignor],
            session_timeout_ms=int(self.config.session_s * 1000), heartbeat_interval_ms=1_000,
            max_poll_interval_ms=600_000, **more,
        )  # fmt: skip
        return member

    def reader(self) -> KafkaConsumer:
        """Make a consumer that reads by place, without a group."""
        return self._consumer(KafkaConsumer, group_id=None)

    def admin(self) -> KafkaAdminClient:
        """Make a client for topics, committed offsets and the dropping of records."""
        return self._made(KafkaAdminClient, request_timeout_ms=self.timeout_ms)

    def _consumer(self, kind: type[KafkaConsumer], **more: object) -> KafkaConsumer:
        return self._made(
            kind, auto_offset_reset="earliest", enable_auto_commit=False, allow_auto_create_topics=False,
            request_timeout_ms=self.timeout_ms, fetch_max_bytes=8_000_000, max_partition_fetch_bytes=524_288,
            metrics_enabled=False, **more,
        )  # fmt: skip

    def _made(self, make: Callable[..., object], **arguments: object) -> object:
        """Make a client; where that fails, close what it had opened already, which it leaves behind."""
        begun: list[KafkaNetClient] = []

        def net(**options: object) -> KafkaNetClient:
            begun.append(KafkaNetClient(**options))
            return begun[-1]

        with in_our_words(f"{self.where} cannot be reached"):
            try:
                return make(**self._connection(), **arguments, kafka_client=net)
            except (errors.KafkaError, RuntimeError):
                for client in begun:
                    client.close()
                raise

    def _connection(self) -> dict[str, object]:
        config = self.config
        arguments: dict[str, object] = {
            "bootstrap_servers": list(config.bootstrap),
            "client_id": "answerable",
            "security_protocol": _PROTOCOLS[config.security],
            "bootstrap_timeout_ms": min(self.timeout_ms, int(_CONNECT_S * 1000)),
            "reconnect_backoff_max_ms": 2_000,
            "proxy_url": DIRECT,
        }
        if config.security in ("tls", "sasl_tls"):
            arguments["ssl_context"] = self._trust()
        if config.security in ("sasl", "sasl_tls"):
            arguments |= {
                "sasl_mechanism": "SCRAM-SHA-256", "sasl_plain_username": config.user,
                "sasl_plain_password": config.password.reveal(),
            }  # fmt: skip
        return arguments

    def _trust(self) -> ssl.SSLContext:
        """Return a context that checks certificate and host name."""
        try:
            return ssl.create_default_context(cafile=self.config.ca_file or None)
        except OSError as error:  # also what the library finds wrong in the file
            raise SettingsError(
                f"{self.config.ca_file} cannot be used: {error.strerror or error}", key="kafka.ca_file",
                repair="name a readable file of certificates in PEM form",
            ) from None  # fmt: skip
