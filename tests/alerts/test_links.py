from __future__ import annotations

import base64

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.links import Links, Offer, Reply
from answerable.errors import Refused
from answerable.incident import State
from tests.alerts.givens import DAY, MORNING

LINKS = Links("http://desk.example/", b"k" * 32)
SENDER = "desk@lanting.example"


def test_a_link_says_who_may_do_what_until_when() -> None:
    url = LINKS.act("bcdfghj", 3, State.ACKNOWLEDGED, "lead", MORNING + DAY)
    assert url.startswith("http://desk.example/act/")
    assert LINKS.read(_token(url), MORNING) == Offer("bcdfghj", 3, State.ACKNOWLEDGED, "lead", MORNING + DAY)


def test_reading_a_link_again_gives_the_same() -> None:
    token = _token(LINKS.act("bcdfghj", 3, State.CLOSED, "lead", MORNING))
    assert LINKS.read(token, MORNING) == LINKS.read(token, MORNING)


def test_a_link_expires() -> None:
    token = _token(LINKS.act("bcdfghj", 3, State.ACKNOWLEDGED, "lead", MORNING))
    assert LINKS.read(token, MORNING).person == "lead"
    with pytest.raises(Refused, match="expired"):
        LINKS.read(token, MORNING + 1)


@pytest.mark.parametrize("token", ["", ".", "a", "a.b", "%.%", "ü.ü", "x" * 5000])
def test_what_is_no_link_is_refused(token: str) -> None:
    with pytest.raises(Refused):
        LINKS.read(token, MORNING)


def test_a_link_of_another_desk_is_refused() -> None:
    other = Links("http://desk.example", b"j" * 32)
    with pytest.raises(Refused, match="not made by this desk"):
        LINKS.read(_token(other.act("bcdfghj", 3, State.ACKNOWLEDGED, "lead", MORNING)), MORNING)


def test_an_altered_link_is_refused() -> None:
    payload, _, mark = _token(LINKS.act("bcdfghj", 3, State.ACKNOWLEDGED, "lead", MORNING)).partition(".")
    offer = Offer("bcdfghj", 3, State.FALSE_ALARM, "lead", MORNING)
    forged = base64.urlsafe_b64encode(msgspec.msgpack.encode(offer)).decode().rstrip("=")
    for token in (f"{forged}.{mark}", f"{payload}.{mark[::-1]}", payload, f"{payload}."):
        with pytest.raises(Refused):
            LINKS.read(token, MORNING)


@settings(derandomize=True, max_examples=200)
@given(token=st.text(max_size=80))
def test_no_text_is_a_link_by_accident(token: str) -> None:
    with pytest.raises(Refused):
        LINKS.read(token, MORNING)


def test_a_reply_address_survives_servers_that_lower_the_case() -> None:
    address = LINKS.reply_address(SENDER, "bcdfghj", 12, "lead", MORNING + DAY)
    local = address.partition("@")[0]
    assert len(local) <= 64
    for written in (address, address.upper()):
        assert LINKS.read_reply(written, ["boss", "lead"], MORNING) == Reply("bcdfghj", 12, "lead")


def test_a_reply_address_is_one_persons_and_expires_with_its_day() -> None:
    address = LINKS.reply_address(SENDER, "bcdfghj", 12, "lead", MORNING)
    assert LINKS.read_reply(address, ["lead"], MORNING).version == 12
    with pytest.raises(Refused, match="not made by this desk"):
        LINKS.read_reply(address, ["boss"], MORNING)
    with pytest.raises(Refused, match="expired"):
        LINKS.read_reply(address, ["lead"], MORNING + 2 * DAY)


@pytest.mark.parametrize(
    "address", ["", "desk@x.example", "desk+a-b-c-d@x.example", "desk+bcdfghj-1-20000-aaaa@x.example"]
)
def test_what_is_no_reply_address_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="not made by this desk"):
        LINKS.read_reply(address, ["lead"], MORNING)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Links("http://desk.example", b"short")


def test_pages_have_addresses() -> None:
    assert LINKS.incident("bcdfghj") == "http://desk.example/incidents/bcdfghj"
    assert LINKS.page("transparency") == "http://desk.example/transparency"


def _token(url: str) -> str:
    return url.rpartition("/")[2]
