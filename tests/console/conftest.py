"""A console over the invented city, with one user of each role and a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from msgspec.structs import replace
from starlette.applications import Starlette

from alerts.links import Links
from answerable.pulse import Placeless
from answerable.settings import Settings, load
from console.app import build
from console.health import Health, Part, Silent
from console.page import Page
from console.routes import PAGES
from console.users import Role, Users
from tests.console import city
from tests.console.browser import PASSWORD, Browser
from tests.console.desk import MemoryDesk, MemoryIndex

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Console:
    """The application and everything around it that a test may look at or move."""

    app: Starlette
    desk: MemoryDesk
    index: MemoryIndex
    users: Users
    links: Links
    clock: list[int]
    health: list[Health]
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.app)

    def visitor(self, role: Role | None, base_url: str = "http://127.0.0.1:8000") -> Browser:
        """Open a browser, signed in as the user of a role."""
        browser = Browser(self.app, base_url)
        if role is not None:
            assert browser.sign_in(role.value).status_code == 303
        return browser


def healthy() -> Health:
    """Return the health of an ordinary morning."""
    return Health(
        parts=(Part("ledger", True), Part("index", True, needed=False)),
        ages=(("crawl", 140), ("analyse", 150), ("index", 160)),
        sources=38,
        silent=(Silent("forum.lanting", city.NOW - 86400, "layout changed"),),
        posts_24h=412,
        usual_24h=390.0,
        placeless=(Placeless("~board", 400, 164),),
    )


def settings(base_url: str = "http://127.0.0.1:8000", locale: str = "en") -> Settings:
    """Return the default settings, at an address and in a language."""
    config = load(environ={"ANSWERABLE_GENERAL__LOCALE": locale, "ANSWERABLE_CONSOLE__BASE_URL": base_url})
    return replace(config, general=replace(config.general, name="Duty desk"))


@pytest.fixture(scope="session")
def user_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of users for all tests that only sign in."""
    path = tmp_path_factory.mktemp("console") / "users.json"
    users = Users.load(path, QUICK)
    for role in Role:
        users.create(role.value, role, PASSWORD)
    users.create("housing", Role.OFFICIAL, PASSWORD, ("housing",))
    users.create("inspection", Role.OFFICIAL, PASSWORD, ("inspection",))
    return path


@pytest.fixture
def make(user_file: Path, tmp_path: Path) -> Callable[..., Console]:
    """Return what makes a console at an address and in a language."""

    def made(base_url: str = "http://127.0.0.1:8000", locale: str = "en", pages: tuple[Page, ...] = PAGES) -> Console:
        path = tmp_path / "users.json"
        path.write_bytes(user_file.read_bytes())
        path.chmod(0o600)
        desk, index = MemoryDesk(city.entries()), MemoryIndex(city.hits())
        desk.groups = city.held()
        index.groups = {"2talk77": {f"{number:024d}" for number in (2, 4, 6, 8, 10, 12)}}
        users, links = Users.load(path, QUICK), Links(base_url, b"sixteen bytes and more")
        clock, health = [city.NOW], [healthy()]
        app = build(
            desk, index, users, city.NAMES, links, settings(base_url, locale), lambda: clock[0], lambda: health[0],
            offices=city.OFFICES, metrics=lambda: b"answerable_posts_total 1\n", pages=pages,
        )  # fmt: skip
        return Console(app, desk, index, users, links, clock, health)

    return made


@pytest.fixture
def console(make: Callable[..., Console]) -> Console:
    """Return the usual console: English, on loopback."""
    return make()
