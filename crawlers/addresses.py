"""Which network addresses may be asked: public ones, and pairs of host and port that the settings except."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import SplitResult

__all__ = ["Gate", "is_public", "port_of"]

_TUNNELS = tuple(
    ipaddress.ip_network(net)
    for net in (
        "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::ffff:0:0/96", "::ffff:0:0:0/96", "::/96",
        "fec0::/10", "100::/64", "2001:10::/28", "2001:20::/28", "2001:db8::/32", "3fff::/20", "5f00::/16",
    )
)  # fmt: skip
_RESERVED = tuple(
    ipaddress.ip_network(net)
    for net in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4")
)


def is_public(address: str) -> bool:
    """Tell whether an IP address is a public one, reached directly.

    Private, loopback, link-local, metadata, shared, documentation and multicast addresses are not, nor
    are IPv6 addresses that carry an IPv4 one inside (mapped, NAT64, 6to4, Teredo).

    >>> is_public("93.184.215.14"), is_public("169.254.169.254"), is_public("64:ff9b::a00:1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    blocked = _RESERVED if ip.version == 4 else _TUNNELS
    inside = any(ip in net for net in blocked)
    return ip.is_global and not (inside or ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def port_of(parts: SplitResult) -> int:
    """Return the port that an address asks for."""
    return parts.port or (443 if parts.scheme == "https" else 80)


class Gate:
    """Decides where requests may go; `private_hosts` are "host:port" pairs that may be private."""

    def __init__(self, private_hosts: Iterable[str]) -> None:
        self._excepted = frozenset(pair.strip().lower() for pair in private_hosts)

    def lets_private(self, host: str, port: int) -> bool:
        """Tell whether a host may lie on a private address at this port."""
        return f"{host.lower().strip('[]')}:{port}" in self._excepted

    def admits(self, host: str, port: int, addresses: Iterable[str]) -> bool:
        """Tell whether a host that resolves to these addresses may be asked: one private address bars it."""
        found = list(addresses)
        return bool(found) and (self.lets_private(host, port) or all(is_public(address) for address in found))
