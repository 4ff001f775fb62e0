"""Where no request goes."""

from __future__ import annotations

import ipaddress

import pytest

from crawlers.addresses import Gate, is_public

BARRED = (
    "127.0.0.1", "127.8.8.8", str(ipaddress.IPv4Address(0)), "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1",
    "172.31.255.254", "192.168.0.1", "192.168.255.255", "169.254.0.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.1", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.1", "203.0.113.7", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8", "::7f00:1", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::808:808",
    "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "2001::1", "2001:0:53aa:64c::1",
    "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "fc00::1", "fd00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "", "localhost",
    "1.2.3", "0x7f.1", "2130706433", "127.1",
)  # fmt: skip
OPEN = ("8.8.8.8", "1.1.1.1", "93.184.215.14", "223.5.5.5", "2606:4700:4700::1111", "2a00:1450:4001::1", "240e:e1::1")


def test_there_are_over_sixty_addresses_to_bar() -> None:
    assert len(set(BARRED)) >= 60


@pytest.mark.parametrize("address", BARRED)
def test_a_private_or_tunnelled_address_is_barred(address: str) -> None:
    assert not is_public(address)
    assert not Gate([]).admits("city.example", 80, [address])


@pytest.mark.parametrize("address", OPEN)
def test_a_public_address_is_open(address: str) -> None:
    assert is_public(address)


def test_one_private_address_among_public_ones_bars_the_name() -> None:
    assert not Gate([]).admits("city.example", 443, ["8.8.8.8", "10.0.0.1"])
    assert not Gate([]).admits("city.example", 443, [])


def test_an_exception_holds_for_its_host_and_port_alone() -> None:
    gate = Gate(["127.0.0.1:8080", "Board.local:80"])
    assert gate.admits("127.0.0.1", 8080, ["127.0.0.1"])
    assert gate.admits("board.local", 80, ["10.0.0.9"])
    assert not gate.admits("127.0.0.1", 8081, ["127.0.0.1"])
    assert not gate.admits("other.local", 80, ["10.0.0.9"])
