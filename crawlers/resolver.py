"""The last gate before a connection: what a name resolves to is checked each time, so rebinding does not help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self

from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]  # it ships no types

from crawlers.addresses import Gate

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

__all__ = ["PublicResolver"]


class _Receiver(Protocol):
    """Twisted's IResolutionReceiver."""

    def resolutionBegan(self, resolution: object) -> None: ...
    def addressResolved(self, address: object) -> None: ...
    def resolutionComplete(self) -> None: ...


@implementer(IResolutionReceiver)
class _Checked:
    """Holds a name's addresses back until all are known; hands them on only if the gate admits them."""

    def __init__(self, receiver: _Receiver, gate: Gate, host: str, port: int) -> None:
        self._receiver = receiver
        self._gate = gate
        self._host, self._port = host, port
        self._found: list[object] = []

    def resolutionBegan(self, resolution: object) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: object) -> None:
        self._found.append(address)

    def resolutionComplete(self) -> None:
        hosts = [str(getattr(address, "host", "")) for address in self._found]
        for address in self._found if self._gate.admits(self._host, self._port, hosts) else ():
            self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class PublicResolver:
    """Resolves names to public addresses only; a name with a private one among them does not resolve.

    Nothing is cached: the address that is checked is the address that is asked.
    """

    def __init__(self, reactor: ReactorBase, gate: Gate) -> None:
        self._reactor: Any = reactor
        self._system: Any = reactor.nameResolver  # zope's interfaces carry no usable types
        self._gate = gate

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Build it from Scrapy's settings."""
        return cls(reactor, Gate(crawler.settings.getlist("PRIVATE_HOSTS")))

    def install_on_reactor(self) -> None:
        """Make every connection pass here."""
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: _Receiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type] | None = None,
        transportSemantics: str = "TCP",
    ) -> object:
        """Resolve a name through the system, behind the gate."""
        checked = _Checked(resolutionReceiver, self._gate, hostName, portNumber)
        return self._system.resolveHostName(checked, hostName, portNumber, addressTypes, transportSemantics)
