"""Signing in: a new session each time, an end to idle ones, and waiting after failures."""

from __future__ import annotations

import pytest

from answerable.clock import HOUR, MINUTE
from console.sessions import Sessions
from console.users import Role
from tests.console.browser import PASSWORD, Browser
from tests.console.conftest import Console


def _session(visitor: Browser) -> str | None:
    return visitor.cookies.get("desk_session")


def test_a_user_signs_in_and_goes_on_to_where_the_link_led(console: Console) -> None:
    visitor = console.browser
    visitor.get("/incidents/7kd2m4p")
    visitor.follow()

    visitor.fill(visitor.form(next="/incidents/7kd2m4p"), ("name", "official"), ("password", PASSWORD))

    assert visitor.page.headers["location"] == "/incidents/7kd2m4p"
    assert "Liudu Street" in visitor.follow().text


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\nb", "x"])
def test_signing_in_leads_to_no_other_site(console: Console, onward: str) -> None:
    visitor = console.browser
    visitor.get("/sign-in")
    form = visitor.form(next="")

    visitor.fill(form, ("name", "official"), ("password", PASSWORD), ("next", onward))

    assert visitor.page.headers["location"] == "/"


def test_each_sign_in_begins_a_session_under_a_new_name(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    first = _session(visitor)
    visitor.get("/settings")
    visitor.fill(visitor.forms()[0])
    assert _session(visitor) is None

    visitor.sign_in("official")

    assert first is not None
    assert _session(visitor) not in (None, first)
    old = Browser(console.app)
    old.cookies.set("desk_session", first)
    assert old.get("/").status_code == 303


def test_a_session_set_by_somebody_else_is_not_taken_over(console: Console) -> None:
    visitor = console.browser
    visitor.cookies.set("desk_session", "chosen-by-somebody-else", domain="127.0.0.1")

    visitor.sign_in("official")

    fixed = Browser(console.app)
    fixed.cookies.set("desk_session", "chosen-by-somebody-else")
    assert fixed.get("/").status_code == 303


def test_thirty_idle_minutes_end_a_session_and_use_keeps_it(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    for _ in range(3):
        console.clock[0] += 29 * MINUTE
        assert visitor.get("/").status_code == 200

    console.clock[0] += 30 * MINUTE

    assert visitor.get("/").headers["location"] == "/sign-in"


def test_twelve_hours_end_a_session_however_busy() -> None:
    sessions = Sessions(idle=30 * MINUTE)
    secret = sessions.open("official", now=0).secret
    for at in range(0, 12 * HOUR, 20 * MINUTE):
        assert sessions.find(secret, at) is not None

    assert sessions.find(secret, 12 * HOUR) is None


def test_a_user_has_ten_sessions_at_most_and_the_oldest_ends() -> None:
    sessions = Sessions(idle=30 * MINUTE)

    secrets = [sessions.open("official", now=0).secret for _ in range(12)]

    assert [sessions.find(secret, 1) is not None for secret in secrets] == [False] * 2 + [True] * 10


def test_five_wrong_passwords_make_a_name_wait_and_the_right_one_too(console: Console) -> None:
    visitor = console.browser
    statuses = [visitor.sign_in("official", "a wrong long sentence").status_code for _ in range(7)]
    assert statuses == [401] * 6 + [429]

    waiting = visitor.sign_in("official")
    console.clock[0] += 31

    assert waiting.status_code == 429
    assert int(waiting.headers["retry-after"]) == 30
    assert visitor.sign_in("official").status_code == 303


def test_an_address_that_tries_many_names_waits_too(console: Console) -> None:
    visitor = console.browser
    statuses = [visitor.sign_in(f"guess{number}", "a wrong long sentence").status_code for number in range(22)]

    assert statuses == [401] * 21 + [429]
    assert Browser(console.app, peer="192.0.2.8").sign_in("official").status_code == 303


def test_an_unknown_name_and_a_wrong_password_look_alike(console: Console) -> None:
    unknown = console.browser.sign_in("nobody.there").text
    wrong = console.browser.sign_in("official", "a wrong long sentence").text

    assert unknown.replace("nobody.there", "official") == wrong


def test_a_form_sent_after_the_session_ended_says_that_nothing_was_changed(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    visitor.get("/incidents/7kd2m4p")
    form = visitor.form(to="acknowledged")
    console.clock[0] += HOUR

    visitor.fill(form)

    assert "nothing was changed" in visitor.follow().text
    assert console.desk.actions == []


def test_language_follows_the_address_then_the_choice_then_the_settings(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    assert '<html lang="en">' in visitor.get("/").text

    visitor.get("/?lang=zh")
    assert '<html lang="zh-Hans">' in visitor.get("/incidents").text

    visitor.get("/settings")
    visitor.post("/settings", [*visitor.forms()[1].fields, ("locale", "en")])
    assert '<html lang="en">' in visitor.get("/").text
    user = console.users.find("official")
    assert user is not None
    assert user.locale == "en"


def test_a_changed_password_ends_the_other_sessions(console: Console) -> None:
    here, there = console.visitor(Role.OFFICIAL), console.visitor(Role.OFFICIAL)
    here.get("/settings")
    form = next(form for form in here.forms() if "new" in form.names)

    assert here.fill(form, ("old", "a wrong long sentence"), ("new", "another long sentence")).status_code == 409
    assert here.fill(form, ("old", PASSWORD), ("new", "short")).status_code == 409
    assert here.fill(form, ("old", PASSWORD), ("new", "another long sentence")).status_code == 303

    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303
    assert there.sign_in("official", "another long sentence").status_code == 303
