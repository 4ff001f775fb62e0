"""Links from mails: a GET changes nothing, a POST takes the one step the link was made for."""

from __future__ import annotations

from answerable.clock import DAY
from answerable.incident import State
from tests.console import city
from tests.console.browser import Browser
from tests.console.conftest import Console


def _open(console: Console, to: State, version: int = 2, incident: str = "7kd2m4p") -> Browser:
    url = console.links.act(incident, version, to, "lead", city.NOW + DAY)
    console.browser.get(url.removeprefix(console.links.base_url))
    return console.browser


def test_looking_at_a_link_changes_nothing_and_its_button_acts_for_the_person(console: Console) -> None:
    visitor = _open(console, State.WORKING)
    visitor.get(visitor.page.request.url.path)
    assert console.desk.actions == []

    page = visitor.fill(visitor.forms()[0], ("text", "抢修队在路上"))

    assert "Recorded: working on it." in page.text
    assert [(a.who, a.to, a.version, a.text) for a in console.desk.actions] == [
        ("lead", State.WORKING, 2, "抢修队在路上")
    ]


def test_a_link_cannot_be_bent_to_another_step(console: Console) -> None:
    visitor = _open(console, State.ACKNOWLEDGED)
    form = visitor.forms()[0]

    visitor.post(form.action, [*form.fields, ("to", "closed"), ("version", "9"), ("text", "x")])

    assert [(action.to, action.version) for action in console.desk.actions] == [(State.ACKNOWLEDGED, 2)]


def test_an_altered_an_old_and_a_foreign_link_do_nothing(console: Console) -> None:
    url = console.links.act("7kd2m4p", 2, State.CLOSED, "lead", city.NOW + DAY)
    path = url.removeprefix(console.links.base_url)
    console.clock[0] += 2 * DAY
    visitor = console.browser

    assert "has expired" in visitor.get(path).text
    for bent in (path[:-1], path.replace(".", "A.", 1), "/act/x", "/act/%E5%A5%BD.x"):
        assert visitor.get(bent).status_code == 403, bent
        visitor.get("/sign-in")
        proof = visitor.form(next="").fields[0]
        assert visitor.post(bent, [proof, ("text", "x")]).status_code == 403, bent
    assert console.desk.actions == []


def test_a_link_from_an_older_mail_is_refused_with_the_way_on(console: Console) -> None:
    visitor = _open(console, State.ANSWERED, version=1)

    page = visitor.fill(visitor.forms()[0], ("text", "今晚恢复"))

    assert page.status_code == 409
    assert "somebody else acted meanwhile" in page.text
    assert "今晚恢复</textarea>" in page.text
    assert '<a href="/incidents/7kd2m4p">' in page.text


def test_a_link_to_an_incident_that_is_gone_says_so(console: Console) -> None:
    page = _open(console, State.WORKING, incident="2222222").page

    assert page.status_code == 200
    assert "not shown any more" in page.text


def test_the_button_of_a_link_needs_the_proof_of_this_browser(console: Console) -> None:
    visitor = _open(console, State.WORKING)
    form = visitor.forms()[0]

    stranger = Browser(console.app)

    assert stranger.post(form.action, form.fields).status_code == 403
    assert console.desk.actions == []
