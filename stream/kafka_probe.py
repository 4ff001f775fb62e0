"""What stands between this machine and the brokers, layer by layer: address, TLS, protocol, login, the way back."""

from __future__ import annotations

import socket
import ssl
import struct
from contextlib import closing

from msgspec import Struct, structs

from answerable.errors import SettingsError, Unavailable
from answerable.sections import Kafka
from stream.kafka_client import Clients, in_our_words

__all__ = ["Broker", "identity", "probe"]

_PATIENCE_S = 10.0
_VERSIONS, _METADATA, _LOGIN = (
    (18, 0, b""),
    (3, 1, struct.pack("!i", 0)),
    (17, 1, struct.pack("!h", 13) + b"SCRAM-SHA-256"),
)
_NO_SUCH_LOGIN, _NO_LOGIN_HERE = 33, 34
_ONE_BY_ONE = 44  # the request that sets one key of a topic and leaves the others, as `migrate` does; since Kafka 2.3


class Broker(Struct, frozen=True):
    """A broker under the address that it tells its clients; `why` it cannot be reached from here, "" where it can."""

    address: str
    why: str = ""


def probe(config: Kafka) -> tuple[Broker, ...]:
    """Return the cluster's brokers, in the order of their addresses.

    A client lists brokers at the bootstrap addresses and then comes back to the addresses that these tell, so each is
    tried. Raises SettingsError, with the key, for a certificate that nobody vouches for, a wrong kind of security,
    a refused login, and a broker that is too old; Unavailable where no bootstrap address answers.
    """
    refusals: list[SettingsError | Unavailable] = []
    for address in config.bootstrap:
        try:
            _greet(address, config)
        except (SettingsError, Unavailable) as error:
            refusals.append(error)
        else:
            return tuple(Broker(told, _way_to(told)) for told in _brokers(config))
    raise refusals[0]


def _brokers(config: Kafka) -> list[str]:
    """Log in and return the addresses that the cluster tells."""
    clients = Clients(structs.replace(config, timeout_s=min(config.timeout_s, _PATIENCE_S)))
    try:
        admin = clients.admin()
    except Unavailable:
        if config.security not in ("sasl", "sasl_tls"):
            raise
        raise SettingsError(
            f"{clients.where} refuses the login of {config.user}",
            key="kafka.password_file" if config.password_file else "kafka.user",
            repair="correct user and password, or make the user with its SCRAM-SHA-256 password on the brokers",
        ) from None  # fmt: skip
    with closing(admin):
        # Asked for anew, the list would come from a told address, and that is what may not be reached.
        found = admin._manager.cluster.brokers()
        return sorted(f"[{one.host}]:{one.port}" if ":" in one.host else f"{one.host}:{one.port}" for one in found)


def identity(config: Kafka) -> str:
    """Return the id that a cluster was given when it was made; raise Unavailable where it does not tell it."""
    clients = Clients(structs.replace(config, timeout_s=min(config.timeout_s, _PATIENCE_S)))
    with closing(clients.admin()) as admin, in_our_words(f"{clients.where} does not tell its id"):
        return str(admin.describe_cluster()["cluster_id"])


def _way_to(address: str) -> str:
    try:
        _connect(address).close()
    except Unavailable as error:
        return str(error).removeprefix(f"{address}: ")
    return ""


def _connect(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    try:
        return socket.create_connection((host.strip("[]"), int(port)), _PATIENCE_S)
    except socket.gaierror:
        raise Unavailable(f"{address}: the name has no address now") from None
    except OSError as error:
        raise Unavailable(f"{address}: {error.strerror or 'no answer in time'}") from None


def _greet(address: str, config: Kafka) -> None:
    """Speak to one address as far as it goes without a password."""
    with _connect(address) as plain:
        try:
            with _covered(plain, address, config) as peer:
                _speak(peer, address, config)
        except ssl.SSLCertVerificationError as error:
            what = f"the certificate of {address} is not accepted: {error.verify_message}"
            repair = "name the file of the authority that signed it, and the host that it was made for"
            raise SettingsError(what, key="kafka.ca_file", repair=repair) from None
        except ssl.SSLError:
            raise _wrong_kind(f"{address} does not speak TLS", "none", "sasl") from None
        except OSError as error:
            raise Unavailable(f"{address}: {error.strerror or 'no answer in time'}") from None


def _covered(plain: socket.socket, address: str, config: Kafka) -> socket.socket:
    if config.security not in ("tls", "sasl_tls"):
        return plain
    context = ssl.create_default_context(cafile=config.ca_file or None)
    return context.wrap_socket(plain, server_hostname=address.rpartition(":")[0].strip("[]"))


def _speak(peer: socket.socket, address: str, config: Kafka) -> None:
    tls = config.security in ("tls", "sasl_tls")
    known = _known(_asked(peer, _VERSIONS))
    if not known:
        raise Unavailable(f"{address} closes the connection: it is no broker" + ("" if tls else ", or asks for TLS"))
    if _ONE_BY_ONE not in known:
        what = f"{address} is a broker older than Kafka 2.3"
        raise SettingsError(what, key="kafka.bootstrap", repair="update it; tried is version 4.1")
    if config.security in ("none", "tls"):
        if not _asked(peer, _METADATA):
            raise _wrong_kind(f"{address} asks for a login", "sasl_tls" if tls else "sasl")
        return
    answer = _asked(peer, _LOGIN)
    code = struct.unpack_from("!h", answer)[0] if len(answer) >= 2 else _NO_LOGIN_HERE
    if code == _NO_SUCH_LOGIN:
        what = f"{address} does not offer SCRAM-SHA-256"
        raise SettingsError(what, key="kafka.security", repair="let the brokers offer it, or use another listener")
    if code == _NO_LOGIN_HERE:
        raise _wrong_kind(f"{address} asks for no login", "tls" if tls else "none")


def _known(answer: bytes) -> set[int]:
    """Return the kinds of requests that a broker says it knows.

    >>> sorted(_known(struct.pack("!hi6h", 0, 2, 18, 0, 4, 44, 0, 1)))
    [18, 44]
    """
    kinds = answer[6:]  # behind a code and the number of kinds: each with its oldest and newest version
    return {kind for kind, _, _ in struct.iter_unpack("!hhh", kinds[: len(kinds) // 6 * 6])}


def _wrong_kind(what: str, *kinds: str) -> SettingsError:
    told = " or ".join(f'"{kind}"' for kind in kinds)
    return SettingsError(what, key="kafka.security", repair=f"write security = {told}, or name another listener")


def _asked(peer: socket.socket, request: tuple[int, int, bytes]) -> bytes:
    """Send a request (its kind, its version, its body) and return the answer's body; nothing where none comes."""
    kind, version, body = request
    head = struct.pack("!hhih", kind, version, 1, -1)  # number 1, no client's name
    peer.sendall(struct.pack("!i", len(head) + len(body)) + head + body)
    length = int.from_bytes(_received(peer, 4))
    answer = _received(peer, min(length, 1 << 20))
    return answer[4:] if len(answer) == length and answer.startswith(struct.pack("!i", 1)) else b""


def _received(peer: socket.socket, length: int) -> bytes:
    """Receive exactly so many bytes; fewer where the other side closes."""
    data = b""
    while len(data) < length and (piece := peer.recv(length - len(data))):
        data += piece
    return data
