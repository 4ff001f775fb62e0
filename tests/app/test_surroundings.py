"""What `answerable check` says of the machine and the services around a desk."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from alerts.ledger import Ledger
from answerable.app import wiring
from answerable.app.check.machine import machine
from answerable.app.check.services import services
from answerable.app.door import only_one
from answerable.settings import Settings, load
from nlp.heads import FOLDER
from tests.app.greeter import greeter

Given = Mapping[str, str]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a data folder below the working folder, closed to others."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


def settings(**keys: object) -> Settings:
    return load(None, {f"ANSWERABLE_{key.upper()}": str(value) for key, value in keys.items()})


def below(given: Settings, models: Path = FOLDER) -> list[str]:
    return [one.text for one in machine(given, models) if one.text[0] != "✓"]


def around(given: Settings) -> list[str]:
    return [f"{one.grade}: {one.text}" for one in services(given) if one.text[0] != "✓"]


def test_a_data_folder_under_a_file_is_a_mistake(data: Path) -> None:
    (data / "file").touch()

    assert below(settings(general__data_dir="data/file/x")) == [
        "✗ ANSWERABLE_GENERAL__DATA_DIR: general.data_dir: data/file/x cannot be made: data/file is no folder; "
        "name a folder that this user may write"
    ]


def test_a_data_folder_that_others_may_read_is_something_to_think_about(data: Path) -> None:
    data.chmod(0o755)

    assert below(settings()) == ["! data: others may read it; chmod 700 data"]


def test_users_that_others_may_read_are_a_mistake(data: Path) -> None:
    (data / "users.json").write_text("[]", "utf-8")
    (data / "users.json").chmod(0o644)

    assert below(settings()) == ["✗ data/users.json: others may read it; chmod 600 data/users.json"]


def test_a_password_file_that_others_may_read_is_a_mistake(data: Path) -> None:
    Path("secret").write_text("hush", "utf-8")
    Path("secret").chmod(0o640)

    found = below(settings(smtp__password_file="secret"))

    assert found == ["✗ ANSWERABLE_SMTP__PASSWORD_FILE: smtp.password_file: others may read secret; chmod 600 secret"]
    Path("secret").chmod(0o600)
    assert below(settings(smtp__password_file="secret")) == []


def test_a_password_in_a_settings_file_that_others_may_read_is_a_mistake(data: Path) -> None:
    Path("answerable.toml").write_text('[smtp]\npassword = "hush"\n', "utf-8")
    Path("answerable.toml").chmod(0o644)

    found = below(load(Path("answerable.toml"), {}))

    assert found == [
        "✗ answerable.toml:2: smtp.password: others may read the password; "
        "put it into a file of mode 0600 and name that as password_file, or chmod 600 answerable.toml"
    ]
    assert "hush" not in found[0]


def test_partitions_are_for_life(data: Path) -> None:
    wiring.log(settings(stream__partitions=4), data / "log.db").close()

    assert below(settings(stream__partitions=4)) == []
    assert below(settings(stream__partitions=8)) == [
        "✗ data/log.db: stream.partitions: posts.analysed was made with 4 partitions, which is for life; "
        "8 are asked for; set stream.partitions = 4"
    ]


def test_a_changed_byte_in_a_model_is_a_mistake(data: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    shutil.copytree(FOLDER, models)
    content = bytearray((models / "zh.safetensors").read_bytes())
    content[-1] ^= 1
    (models / "zh.safetensors").write_bytes(content)

    assert below(settings(), models) == [
        "✗ models/zh.safetensors: is not the file that the manifest vouches for (SHA-256 differs); "
        "restore the file, or rebuild models and manifest together"
    ]


@pytest.fixture
def closed() -> Iterator[int]:
    """Give a port that is bound, so that it stays ours, but where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_a_mail_server_out_of_reach_is_said_with_the_mails_that_wait(data: Path, closed: int) -> None:
    given = settings(smtp__port=closed, console__port=0)

    before = around(given)
    ledger = Ledger(data / "ledger.db")
    ledger.commit([("put_mail", (number, "lead@lanting.test", "a", b"x", 0, 0)) for number in (1, 2, 3)])
    live = around(given)
    ledger.close()
    written = [(path.name, path.stat().st_mtime_ns) for path in data.iterdir()]
    after = around(given)

    told = f"unreachable: ✗ mail: 127.0.0.1:{closed} cannot be reached: Connection refused; "
    assert before == [f"{told}start it, or correct [smtp]; no mail waits yet"]
    assert live == after == [f"{told}start it, or correct [smtp]; 3 mails wait in the outbox and are kept"]
    assert [(path.name, path.stat().st_mtime_ns) for path in data.iterdir()] == written


def test_mails_are_counted_in_no_file_that_is_none(data: Path, closed: int) -> None:
    (data / "ledger.db").touch()

    (said,) = around(settings(smtp__port=closed, console__port=0))

    assert "mails wait in the outbox and are kept (the ledger" in said
    assert (data / "ledger.db").read_bytes() == b""


def test_a_server_that_refuses_the_login_is_a_wrong_setting(data: Path) -> None:
    with greeter("AUTH PLAIN") as port:
        found = around(settings(smtp__port=port, smtp__user="desk", smtp__password="hush", console__port=0))

    assert found == [
        f"wrong: ✗ ANSWERABLE_SMTP__USER: smtp.user: 127.0.0.1:{port} refuses the login (535); correct it"
    ]


@pytest.mark.parametrize(
    ("key", "given", "what"),
    [
        ("smtp.security", {"smtp__security": "starttls"}, "STARTTLS extension not supported by server."),
        ("smtp.user", {"smtp__user": "desk"}, "SMTP AUTH extension not supported by server."),
    ],
)
def test_what_a_server_does_not_offer_is_a_wrong_setting(data: Path, key: str, given: Given, what: str) -> None:
    with greeter() as port:
        found = around(settings(smtp__port=port, console__port=0, **given))

    variable = f"ANSWERABLE_{key.upper().replace('.', '__')}"
    assert found == [
        f"wrong: ✗ {variable}: {key}: 127.0.0.1:{port} does not offer that ({what}); ask for what the server offers"
    ]


def test_a_port_that_is_taken_is_out_of_reach_unless_our_own_desk_has_it(data: Path) -> None:
    with socket.socket() as other, greeter() as mail:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        given = settings(console__port=port, smtp__port=mail)

        stranger = around(given)
        with only_one(data):
            ours = around(given)

    assert stranger == [
        f"unreachable: ✗ console: 127.0.0.1:{port} cannot be had: Address already in use; end what listens there, "
        "or choose another console.port"
    ]
    assert ours == []


def test_an_open_console_without_https_is_something_to_think_about(data: Path) -> None:
    with greeter() as mail:
        found = around(settings(console__host="0.0.0.0", console__port=0, smtp__port=mail))  # noqa: S104 — what is checked

    assert found == [
        "warning: ! console.base_url: the console is open to others, and its address is not https; "
        "put a proxy with TLS before it and write its address here"
    ]
