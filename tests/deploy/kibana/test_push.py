"""Pushing: what Kibana takes, and what is said for each of its refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace

from answerable.app.cli import main
from answerable.errors import AnswerableError, Rejected, SettingsError, Unavailable
from answerable.sections import Kibana, Secret
from answerable.settings import load
from deploy.kibana.boards import BOARDS
from deploy.kibana.push import push, push_role
from deploy.kibana.role import indices, role, role_name
from deploy.kibana.saved import ndjson
from tests.fakes.rude_kibana import RudeKibana

BYTES = ndjson(BOARDS, "answerable", "zh")
_OLDER = 'Document "b" belongs to a more recent version of Kibana [10.2.0] when the last known version is [8.9.0].'


@pytest.fixture
def kibana() -> Iterator[RudeKibana]:
    with RudeKibana() as fake:
        yield fake


def config(fake: RudeKibana, **other: object) -> Kibana:
    found = replace(load(environ={}).kibana, url=fake.url, user="clerk", password=Secret("hush"), timeout_s=1.0)
    return replace(found, **other)


def test_boards_are_taken_and_taken_again_over_themselves(kibana: RudeKibana) -> None:
    assert push(config(kibana), "boards.zh.ndjson", BYTES) == 10
    assert push(config(kibana), "boards.zh.ndjson", BYTES) == 10
    assert ("dashboard", "answerable-situation-zh") in kibana.objects
    assert len(kibana.objects) == 10


def test_a_base_path_and_a_space_stand_in_the_address() -> None:
    with RudeKibana(base="/kibana/s/desk") as fake:
        assert push(config(fake, url=f"{fake.url}/"), "boards.zh.ndjson", BYTES) == 10


def test_a_space_that_is_not_there_is_told_and_nothing_is_imported() -> None:
    with RudeKibana(base="/s/desc") as fake:
        with pytest.raises(SettingsError, match=r"kibana\.url: .*/s/desc: there is no space desc; make it in Kibana"):
            push(config(fake), "boards.zh.ndjson", BYTES)
        fake.moods.append(403)
        with pytest.raises(SettingsError, match="forbids this to clerk"):
            push(config(fake), "boards.zh.ndjson", BYTES)
        assert fake.objects == {}


def test_the_role_is_put_as_it_is_described(kibana: RudeKibana) -> None:
    assert push_role(config(kibana), "answerable") == "answerable_boards"
    assert kibana.roles == {"answerable_boards": role("answerable")}


def test_the_page_of_the_engines_shows_the_same_role() -> None:
    page = (Path(__file__).parents[3] / "docs/engines.md").read_text("utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert yaml.safe_load(block)[role_name("answerable")] == {"indices": indices("answerable")}


def test_objects_that_kibana_does_not_take_are_named(kibana: RudeKibana) -> None:
    board = BYTES.splitlines()[4]
    with pytest.raises(
        Rejected, match=r"took 0 objects of b\.ndjson, and not: dashboard answerable-situation-zh \(missing_ref"
    ):
        push(config(kibana), "b.ndjson", board)


@pytest.mark.parametrize(
    ("mood", "kind", "said"),
    [
        (503, Unavailable, "answers 503: it is not ready yet"),
        (429, Unavailable, "answers 429"),
        (1.5, Unavailable, "does not answer within 1 s"),
        (401, SettingsError, r"kibana\.user: Kibana does not know clerk; check user and password_file"),
        (403, SettingsError, r"kibana\.user: Kibana forbids this to clerk; name a user who may manage saved objects"),
        (404, SettingsError, r"kibana\.url: .* has no such door; write the base path too"),
        (302, SettingsError, r"kibana\.url: .* leads elsewhere"),
        (413, Rejected, "takes no file so large"),
        (400, Rejected, "refuses the request: 400$"),
        ((400, "Invalid\n file " + "x" * 300), Rejected, r"refuses the request: 400 Invalid file x{187}$"),
        ((422, _OLDER), SettingsError, r"kibana\.url: Kibana at .* is too old for boards; use 8\.19 or newer"),
        (b"<html>welcome</html>", SettingsError, r"kibana\.url: what answers at .* is not Kibana"),
        (b"\xff\xfe", SettingsError, "is not Kibana"),
        (b'{"success":false}', Rejected, "took 0 objects of b.ndjson, and not: no reason is given"),
    ],
)
def test_a_refusal_is_said_in_words_with_the_repair(
    mood: int | tuple[int, str] | bytes | float, kind: type[AnswerableError], said: str, kibana: RudeKibana
) -> None:
    kibana.moods.append(mood)
    with pytest.raises(kind, match=said) as caught:
        push(config(kibana), "b.ndjson", BYTES)
    assert "hush" not in str(caught.value)


def test_a_wrong_password_is_told_and_nothing_is_imported(kibana: RudeKibana) -> None:
    with pytest.raises(SettingsError, match="does not know clerk"):
        push(config(kibana, password=Secret("wrong")), "b.ndjson", BYTES)
    assert kibana.objects == {}


def test_nobody_at_the_address_is_unavailable(kibana: RudeKibana) -> None:
    with pytest.raises(Unavailable, match="is it running there"):
        push(config(kibana, url="http://127.0.0.1:9"), "b.ndjson", BYTES)


@pytest.mark.parametrize("url", ["", "kibana:5601", "http://[::"])
def test_what_is_no_address_is_a_mistake_in_the_settings(kibana: RudeKibana, url: str) -> None:
    with pytest.raises(SettingsError, match=r"kibana\.url: .* is no address; write https://HOST:5601"):
        push(config(kibana, url=url), "b.ndjson", BYTES)


def test_a_missing_authority_file_is_a_mistake_in_the_settings(kibana: RudeKibana) -> None:
    with pytest.raises(SettingsError, match=r"kibana\.ca_file: /nowhere/ca\.pem cannot be read"):
        push(config(kibana, ca_file="/nowhere/ca.pem"), "b.ndjson", BYTES)


# The verb


def settings(folder: Path, fake: RudeKibana) -> str:
    path = folder / "desk.toml"
    path.write_text(f'[kibana]\nurl = "{fake.url}"\nuser = "clerk"\npassword = "hush"\n', "utf-8")
    return str(path)


def test_the_verb_pushes_the_desks_own_language_and_waits_for_kibana(
    tmp_path: Path, kibana: RudeKibana, capsys: pytest.CaptureFixture[str]
) -> None:
    kibana.moods += [503, 503]
    assert main(["kibana", "push", "--role", "--wait", "30", "--settings", settings(tmp_path, kibana)]) == 0
    assert capsys.readouterr().out == "boards.zh.ndjson: 10 objects\nrole answerable_boards\n"


def test_the_verb_says_what_is_wrong_by_its_exit_code(
    tmp_path: Path, kibana: RudeKibana, capsys: pytest.CaptureFixture[str]
) -> None:
    path = settings(tmp_path, kibana)
    kibana.moods += [503, 403]
    assert main(["kibana", "push", "--settings", path]) == 4
    assert main(["kibana", "push", "--settings", path]) == 3
    assert main(["kibana", "push", "--lang", "all", "--settings", path]) == 0
    assert "forbids this to clerk" in capsys.readouterr().err
    assert len(kibana.objects) == 16


def test_what_the_verb_builds_it_finds_right_and_a_spoilt_file_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "boards"
    assert main(["kibana", "build", "--out", str(out)]) == 0
    files = sorted(map(str, out.iterdir()))
    assert capsys.readouterr().out.split() == files
    assert main(["kibana", "check", *files]) == main(["kibana", "check"]) == 0
    (out / "boards.en.ndjson").write_bytes(b"{}\n")
    assert main(["kibana", "check", *files]) == 1
    assert f"{files[0]}:1: type: '' is no kind of object here" in capsys.readouterr().out
