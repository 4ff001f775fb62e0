"""The file of users: closed to others, changed in one step, argon2id inside."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from argon2 import PasswordHasher, Type

from answerable.errors import Refused, SettingsError
from console.users import Role, Users
from tests.console.browser import PASSWORD
from tests.console.conftest import QUICK, Console


def test_the_first_start_makes_an_admin_with_a_random_password_once(tmp_path: Path) -> None:
    users = Users.load(tmp_path / "desk" / "users.json", QUICK)

    password = users.first_admin()

    assert password is not None
    assert len(password) >= 20
    admin = users.verify("admin", password)
    assert admin is not None
    assert admin.role is Role.ADMIN
    assert users.first_admin() is None


def test_users_come_back_from_disk_and_the_file_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    Users.load(path, QUICK).create("lin", Role.OFFICIAL, PASSWORD, ("water",))

    again = Users.load(path, QUICK)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert again.all() == [again.find("lin")]
    assert again.verify("lin", PASSWORD) == again.find("lin")
    assert PASSWORD not in path.read_text("utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_hashes_are_argon2id_of_the_strength_that_the_rfc_recommends(tmp_path: Path) -> None:
    path = tmp_path / "users.json"

    Users.load(path).create("lin", Role.OFFICIAL, PASSWORD)

    assert "$argon2id$v=19$m=65536,t=3,p=4$" in path.read_text("utf-8")
    assert PasswordHasher().type is Type.ID


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_may_read_is_refused_with_the_repair(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "users.json"
    path.write_text("[]", "utf-8")
    path.chmod(mode)

    with pytest.raises(SettingsError, match=f"chmod 600 {path}"):
        Users.load(path, QUICK)


@pytest.mark.parametrize("text", ["{", "[1]", '[{"user":{"name":"a","role":"king"},"hash":""}]', "\udcff"])
def test_a_broken_file_is_refused_and_not_overwritten(tmp_path: Path, text: str) -> None:
    path = tmp_path / "users.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    path.chmod(0o600)

    with pytest.raises(SettingsError, match="is no list of users"):
        Users.load(path, QUICK)

    assert path.read_bytes() == text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", ["", "a b", "a/b", "<b>", "x" * 65])
def test_odd_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="a name has"):
        Users.load(tmp_path / "users.json", QUICK).create(name, Role.OFFICIAL, PASSWORD)


def test_a_name_is_given_once_and_the_last_admin_stays(tmp_path: Path) -> None:
    users = Users.load(tmp_path / "users.json", QUICK)
    users.create("admin", Role.ADMIN, PASSWORD)

    with pytest.raises(Refused, match="already"):
        users.create("admin", Role.OFFICIAL, PASSWORD)
    with pytest.raises(Refused, match="last admin"):
        users.remove("admin")
    with pytest.raises(Refused, match="12 to 256"):
        users.set_password("admin", "short")
    with pytest.raises(Refused, match="any more"):
        users.set_password("gone", PASSWORD)


def test_an_admin_makes_a_user_whose_password_is_shown_once(console: Console) -> None:
    visitor = console.visitor(Role.ADMIN)
    visitor.get("/users")
    form = visitor.form(do="create")

    page = visitor.fill(form, ("name", "lin"), ("role", "official"), ("office", "water"), ("office", "streets"))

    password = page.text.partition("<code>")[2].partition("</code>")[0]
    user = console.users.verify("lin", password)
    assert user is not None
    assert user.offices == ("water", "streets")
    assert password not in visitor.get("/users").text


def test_an_admin_removes_a_user_who_is_then_signed_out(console: Console) -> None:
    visitor, other = console.visitor(Role.ADMIN), console.visitor(Role.ANALYST)
    visitor.get("/users")
    form = visitor.form(name="analyst")

    visitor.fill(form, ("do", "remove"))

    assert "removed" in visitor.follow().text
    assert other.get("/").status_code == 303


def test_a_new_password_ends_the_sessions_that_had_the_old_one(console: Console) -> None:
    visitor, other = console.visitor(Role.ADMIN), console.visitor(Role.ANALYST)
    visitor.get("/users")

    visitor.fill(visitor.form(name="analyst"), ("do", "password"))

    assert visitor.page.status_code == 200
    assert other.get("/").status_code == 303


@pytest.mark.parametrize(
    "fields", [[("do", "rule")], [("do", "create"), ("name", "x"), ("role", "king")], [("x", "y")]]
)
def test_what_the_page_does_not_offer_is_no_request(console: Console, fields: list[tuple[str, str]]) -> None:
    visitor = console.visitor(Role.ADMIN)
    visitor.get("/users")
    proof = visitor.form(do="create").fields[0]

    assert visitor.post("/users", [proof, *fields]).status_code == 400
