"""What the first start chooses is kept, for one checkout alone, where the engines' account can reach it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import account, state
from deploy.local.ports import free_ports


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[Path]:
    """Yield the `.engines` of a checkout that only its owner can enter."""
    home = tmp_path / "home"
    (home / ".engines").mkdir(parents=True)
    home.chmod(0o700)
    yield home / ".engines"
    state.forget(home / ".engines")


def test_a_second_start_keeps_what_the_first_chose(engines: Path) -> None:
    assert state.load(engines) is None
    chosen = state.choose(engines)
    assert state.choose(engines) == chosen == state.load(engines)


def test_the_state_holds_a_password_and_is_its_owners_alone(engines: Path) -> None:
    chosen = state.choose(engines)
    assert len(chosen.password) > 20
    assert (engines / "state.json").stat().st_mode & 0o777 == 0o600


def test_the_engines_account_reaches_their_folder_even_from_a_closed_home(engines: Path) -> None:
    root = Path(state.choose(engines).root)
    assert account.reaches(root)
    assert account.reaches(engines) == (os.geteuid() != 0)
    assert root.is_relative_to(engines) == (os.geteuid() != 0)


def test_a_copied_checkout_has_no_engines_yet(engines: Path, tmp_path: Path) -> None:
    state.choose(engines)
    copied = Path(shutil.copytree(engines.parent, tmp_path / "copy")) / ".engines"
    assert state.load(copied) is None


def test_forgetting_deletes_data_and_choice(engines: Path) -> None:
    root = Path(state.choose(engines).root)
    state.forget(engines)
    assert (root.exists(), state.load(engines)) == (False, None)


def test_ports_differ_and_are_none_that_the_machine_gives_to_outgoing_connections() -> None:
    ports = free_ports(50)
    assert len(set(ports)) == 50
    assert all(20_000 <= port < 32_000 for port in ports)
