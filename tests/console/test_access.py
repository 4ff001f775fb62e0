"""Who may ask for what: the whole matrix, from the table of pages, against the application itself."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from starlette.routing import Route

from answerable.incident import State
from console.routes import PAGES
from console.users import Role
from tests.console import city
from tests.console.browser import Browser
from tests.console.conftest import Console

# Reviewed by people; a change of rights shows here. o = official, a = analyst, r = operator, A = admin, - = nobody.
MATRIX = """
GET /                    oarA
GET /incidents           oarA
GET /incidents.csv       oarA
GET /incidents/{id}      oarA
POST /incidents/{id}/act oaA
GET /held                aA
GET /search              aA
POST /search             aA
GET /settings            oarA
POST /settings           oarA
GET /users               A
POST /users              A
GET /sign-in             -oarA
POST /sign-in            -oarA
POST /sign-out           oarA
GET /act/{token}         -oarA
POST /act/{token}        -oarA
GET /transparency        -oarA
GET /desk.css            -oarA
GET /robots.txt          -oarA
GET /livez               -oarA
GET /readyz              -oarA
GET /metrics             rA
"""
_MARKS: dict[str, Role | None] = {
    "-": None, "o": Role.OFFICIAL, "a": Role.ANALYST, "r": Role.OPERATOR, "A": Role.ADMIN,
}  # fmt: skip


def test_the_table_of_pages_grants_exactly_the_rights_that_were_reviewed() -> None:
    granted = {
        f"{page.method} {page.path}": "".join(mark for mark, role in _MARKS.items() if role in page.roles)
        for page in PAGES
    }

    reviewed = dict(line.rsplit(maxsplit=1) for line in MATRIX.strip().splitlines())

    assert granted == {key.strip(): marks for key, marks in reviewed.items()}


def test_the_application_answers_no_path_outside_the_table(console: Console) -> None:
    served = [(route.path, route.methods) for route in console.app.routes if isinstance(route, Route)]

    assert len(served) == len(console.app.routes) == len(PAGES)
    assert [path for path, _ in served] == [page.path for page in PAGES]
    assert [(methods or set()) - {"HEAD"} for _, methods in served] == [{page.method} for page in PAGES]


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_page_lets_in_the_roles_of_the_table_and_no_other(console: Console, role: Role | None) -> None:
    visitor = console.visitor(role)
    for page in sorted(PAGES, key=lambda page: page.path == "/sign-out"):
        answer = _try(console, visitor, page.method, page.path)
        turned_away = answer.status_code == 403 and "does not include this page" in answer.text
        sent_to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
        if role in page.roles:
            assert not turned_away, page.path
            assert not sent_to_sign_in or page.path == "/sign-out", page.path
        else:
            assert sent_to_sign_in if role is None else turned_away, page.path


def test_no_form_is_accepted_without_its_proof(console: Console) -> None:
    visitor = console.visitor(Role.ADMIN)
    for page in PAGES:
        if page.method == "POST":
            path = _path(console, page.path)
            for proof in ([], [("proof", "")], [("proof", "0" * 64)], [("proof", "好")]):
                answer = visitor.post(path, [*proof, ("to", "closed"), ("version", "2"), ("text", "done")])
                assert answer.status_code == 403, path

    assert console.desk.actions == []
    assert visitor.get("/").status_code == 200


def test_a_form_sent_by_another_site_is_refused_even_with_its_proof(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    visitor.get("/incidents/7kd2m4p")
    form = visitor.form(to="acknowledged")

    answer = visitor.post(form.action, form.fields, **{"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert console.desk.actions == []


def test_metrics_are_open_to_a_program_on_the_same_machine_only(console: Console) -> None:
    here = Browser(console.app, peer="127.0.0.1")
    elsewhere = Browser(console.app)

    assert here.get("/metrics").text == "answerable_posts_total 1\n"
    assert elsewhere.get("/metrics").status_code == 303
    assert here.get("/metrics", **{"x-forwarded-for": "192.0.2.1"}).status_code == 303
    assert here.get("/metrics", host="rebound.example").status_code == 303
    assert here.get("/incidents").status_code == 303


def test_a_removed_user_is_out_at_once(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)

    console.users.remove("official")

    assert visitor.get("/").headers["location"] == "/sign-in"


def test_cookies_are_bound_to_the_host_where_the_desk_is_reached_by_https(make: Callable[..., Console]) -> None:
    console = make("https://desk.lanting.example")
    visitor = Browser(console.app, "https://desk.lanting.example")

    visitor.sign_in("admin")

    cookie = next(value for value in visitor.page.headers.get_list("set-cookie") if "session" in value)
    assert cookie.startswith("__Host-desk_session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "max-age=31536000" in visitor.page.headers["strict-transport-security"]


def _path(console: Console, path: str) -> str:
    token = console.links.act("7kd2m4p", 2, State.WORKING, "lead", city.NOW + 60).rpartition("/")[2]
    return path.replace("{id}", "7kd2m4p").replace("{token}", token)


def _try(console: Console, visitor: Browser, method: str, path: str) -> httpx.Response:
    if method == "GET":
        return visitor.get(_path(console, path))
    proof = next((value for key, value in _any_form(visitor) if key == "proof"), "")
    return visitor.post(_path(console, path), [("proof", proof)])


def _any_form(visitor: Browser) -> list[tuple[str, str]]:
    visitor.get("/settings")
    if visitor.page.status_code != 200:
        visitor.get("/sign-in")
    return [pair for form in visitor.forms() for pair in form.fields]
