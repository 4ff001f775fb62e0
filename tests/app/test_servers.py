"""Settings of the servers for log and index, beside the one mistake a file of tests/app/mistakes."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.app.problems import sound
from answerable.settings import load


def keys(**values: str) -> list[str]:
    return [error.key for error in sound(load(environ={f"ANSWERABLE_{key}": value for key, value in values.items()}))]


def test_a_file_of_certificates_counts_from_the_settings_file_and_one_of_a_variable_from_the_working_folder(
    tmp_path: Path,
) -> None:
    path = tmp_path / "answerable.toml"
    path.write_text('[kafka]\nca_file = "tls/ca.pem"\n', "utf-8")

    settings = load(path, {"ANSWERABLE_ELASTIC__CA_FILE": "ca.pem"})

    assert settings.kafka.ca_file == str(tmp_path / "tls" / "ca.pem")
    assert settings.elastic.ca_file == "ca.pem"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9200", "https://elastic.lanting.test:443/", "http://[::1]:9200", "https://es:9200"]
)
def test_an_address_with_scheme_host_and_port_is_one(url: str) -> None:
    assert keys(ELASTIC__URL=url) == []


@pytest.mark.parametrize(
    "url", ["", "es:9200", "http://es", "http://es:0", "http://es:99999", "http://:9200", "http://e s:9200",
            "ftp://es:21", "http://u@es:9200", "http://u:p@es:9200", "http://es:9200/x", "http://es:9200/?x",
            "http://[::1:9200", "http://城:9200"]
)  # fmt: skip
def test_what_is_less_or_more_than_an_address_is_none(url: str) -> None:
    assert keys(ELASTIC__URL=url) == ["elastic.url"]


def test_a_password_in_an_address_is_not_told_further() -> None:
    for url in ("http://desk:hush@es:9200", "desk:hush@es", "http://desk:hush@es"):
        (error,) = sound(load(environ={"ANSWERABLE_ELASTIC__URL": url}))
        assert "hush" not in str(error)


@pytest.mark.parametrize("pair", ["kafka:9092", "10.0.0.8:9092", "[::1]:9092", "b-1.kafka.lanting.test:9094"])
def test_a_host_with_its_port_is_a_broker(pair: str) -> None:
    assert keys(KAFKA__BOOTSTRAP=f'["{pair}"]') == []


@given(st.text(string.printable, max_size=12))
def test_a_prefix_that_is_let_through_makes_names_that_the_server_takes(prefix: str) -> None:
    wrong = keys(ELASTIC__PREFIX=prefix, KAFKA__PREFIX=prefix)
    if "elastic.prefix" not in wrong:
        assert prefix == prefix.lower()
        assert prefix[0] not in "-_+."
        assert not set(prefix) & set('\\/*?"<>| ,#:\n\t')
    if "kafka.prefix" not in wrong:
        assert set(prefix) <= {*string.ascii_letters, *string.digits, *"._-"}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"KAFKA__SECURITY": "sasl_tls", "KAFKA__USER": "desk", "KAFKA__PASSWORD": "hush"}, []),
        ({"KAFKA__SECURITY": "tls"}, []),
        ({"KAFKA__SECURITY": "sasl"}, ["kafka.security"]),
        ({"KAFKA__SECURITY": "sasl", "KAFKA__PASSWORD": "hush"}, ["kafka.security"]),
        ({"KAFKA__USER": "desk"}, ["kafka.user"]),
        ({"ELASTIC__USER": "desk", "ELASTIC__PASSWORD": "hush"}, []),
        ({"ELASTIC__API_KEY": "hush"}, []),
        ({"ELASTIC__API_KEY": "hush", "ELASTIC__PASSWORD": "hush"}, ["elastic.api_key"]),
    ],
)
def test_a_login_is_whole_or_there_is_none(values: dict[str, str], wrong: list[str]) -> None:
    assert keys(**values) == wrong


def test_a_secret_from_a_file_is_named_by_the_key_that_gives_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n", "utf-8")
    file = str(tmp_path / "secret")

    assert keys(ELASTIC__PASSWORD_FILE=file) == ["elastic.password_file"]
    assert keys(ELASTIC__API_KEY_FILE=file, ELASTIC__USER="desk") == ["elastic.api_key_file"]
    assert keys(KAFKA__PASSWORD_FILE=file) == ["kafka.password_file"]
