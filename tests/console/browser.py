"""A browser without JavaScript: follows links, keeps cookies, fills in the forms that a page really has."""

from __future__ import annotations

import asyncio
from html.parser import HTMLParser
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette

PASSWORD = "a quiet long sentence"


class Form:
    """One form of a page: its method, address, and the fields with the values they begin with."""

    def __init__(self, method: str, action: str) -> None:
        self.method, self.action = method, action
        self.fields: list[tuple[str, str]] = []
        self.names: set[str] = set()


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.found.append(Form(values.get("method") or "get", values.get("action") or ""))
        elif tag in ("input", "select", "textarea", "button") and self.found and values.get("name"):
            name = str(values["name"])
            self.found[-1].names.add(name)
            if tag == "input" and (values.get("type") != "checkbox" or "checked" in values):
                self.found[-1].fields.append((name, values.get("value") or ""))


class Browser:
    """Visits one application; every request runs to its end before the next begins."""

    def __init__(self, app: Starlette, base_url: str = "http://127.0.0.1:8000", peer: str = "192.0.2.7") -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(peer, 40000))
        self._base_url = base_url
        self.cookies = httpx.Cookies()
        self.page = httpx.Response(204)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page, without following where it sends on to."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: list[tuple[str, str]], **headers: str) -> httpx.Response:
        """Send fields as a form would."""
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), {**kind, **headers})

    def send(self, method: str, path: str, content: bytes, **headers: str) -> httpx.Response:
        """Send anything at all."""
        return self._ask(method, path, content, headers)

    def follow(self) -> httpx.Response:
        """Go where the last answer sends on to."""
        return self.get(self.page.headers["location"])

    def forms(self) -> list[Form]:
        """Return the forms of the page that is open."""
        parser = _Forms()
        parser.feed(self.page.text)
        return parser.found

    def form(self, **having: str) -> Form:
        """Return the form of the open page that holds these values."""
        return next(form for form in self.forms() if set(having.items()) <= set(form.fields))

    def fill(self, form: Form, *typed: tuple[str, str]) -> httpx.Response:
        """Fill in a form and send it; a field that the form does not have is a mistake of the test."""
        assert {name for name, _ in typed} <= form.names, f"the form has only {sorted(form.names)}"
        kept = [pair for pair in form.fields if pair[0] not in dict(typed)]
        return self.post(form.action, [*kept, *typed])

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in as a person would."""
        self.get("/sign-in")
        return self.fill(self.form(next=""), ("name", name), ("password", password))

    def _ask(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=self._transport, base_url=self._base_url, cookies=self.cookies
            ) as client:
                response = await client.request(method, path, content=content, headers=headers)
                self.cookies = client.cookies
                return response

        self.page = asyncio.run(ask())
        return self.page
