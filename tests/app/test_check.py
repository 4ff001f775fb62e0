"""`answerable check`: everything that is wrong is said in one run, and the exit code says how bad it is."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from alerts.ledger import Ledger
from answerable.app.check.hosts import look_up
from answerable.app.cli import main
from crawlers.cursor import Cursor
from index.sqlite import SqliteIndex
from tests.app.desk import Desk
from tests.app.greeter import greeter

Said = pytest.CaptureFixture[str]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Give a desk in the working folder, with a mail server and a free port."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANSWERABLE_CONSOLE__PORT", "0")
    with greeter() as port:
        monkeypatch.setenv("ANSWERABLE_SMTP__PORT", str(port))
        (tmp_path / "below").mkdir()
        yield Desk(tmp_path)


def unwell(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("✓ ")]


def test_where_all_is_well_each_thing_has_its_line_and_the_code_is_zero(desk: Desk, capsys: Said) -> None:
    code = main(["check"])

    told = capsys.readouterr()
    assert code == 0
    assert unwell(told.out) == []
    assert told.out.splitlines()[:9] == [
        "✓ answerable.toml: every key is known and every value can be meant",
        "✓ legal: basis, assessment and contact are named",
        "✓ sources.yaml: 1 source",
        "✓ rules.yaml: 1 rule",
        "✓ recipients.yaml: 1 office, 1 reader",
        "✓ gazetteer.csv: 3 places",
        "✓ taxonomy.yaml: 2 topics",
        "✓ clocks: 8 clocks",
        "✓ data: will be made at the first start",
    ]
    assert told.err == "all is well\n"
    assert "\x1b" not in told.out


def test_a_check_leaves_nothing_behind(desk: Desk) -> None:
    before = sorted(desk.folder.rglob("*"))

    main(["check"])

    assert sorted(desk.folder.rglob("*")) == before


def test_without_a_settings_file_the_next_step_is_named(
    desk: Desk, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder / "below")

    code = main(["check"])

    assert code == 3
    assert unwell(capsys.readouterr().out) == [
        "! settings: there is no answerable.toml here; run `answerable init`, or name one with --settings",
        "✗ legal.legal_basis: is empty; name the law, mandate or decision that lets this desk read public posts",
        "✗ legal.dpia_reference: is empty; name the data protection impact assessment and where it is kept",
        "✗ legal.contact: is empty; give a mail address or page where residents can ask about this desk",
        "! files.sources: no file is named: nothing is crawled; "
        "name a sources.yaml, or take posts in with `answerable import`",
        "! files.recipients: no file is named: every mail goes to smtp.sender; name a recipients.yaml",
        "! files.gazetteer: no file is named: no post can be located; name a gazetteer.csv",
    ]


def test_a_named_settings_file_that_is_not_there_is_a_mistake(desk: Desk, capsys: Said) -> None:
    code = main(["check", "--settings", "elsewhere.toml"])

    assert code == 3
    assert unwell(capsys.readouterr().out)[0] == (
        "✗ elsewhere.toml: cannot be read: No such file or directory; check the path"
    )


def test_relative_paths_count_from_the_settings_file(
    desk: Desk, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder / "below")

    code = main(["check", "--settings", "../answerable.toml"])

    told = capsys.readouterr().out
    assert code == 0
    assert unwell(told) == []
    assert "sources.yaml: 1 source" in told


def test_mistakes_in_every_file_are_all_said_at_once(
    desk: Desk, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERABLE_NLP__TIRE", "fast")
    monkeypatch.setenv("ANSWERABLE_ALERTS__DAILY_CAP", "many")
    desk.write(
        "answerable.toml",
        '[legal]\nlegal_basis = "Order 12"\ncontact = "desk"\n[general]\ntimezone = "Mars"\nlcoale = "zh"\n'
        '[alerts]\ndigest = [\n  "8:30",\n]\nquite = [\n  "x",\n]\nthis is no TOML\n[smpt]\nport = 1\nhost = "x"\n'
        '[files]\nsources = "sources.yaml"\nrules = "rules.yaml"\nrecipients = "recipients.yaml"\n'
        'gazetteer = "gazetteer.csv"\ntaxonomy = "zh-civc"\nclocks = "none.toml"\n',
    )
    desk.write("sources.yaml", "- {id: board}\n")
    desk.write("rules.yaml", "- {id: a, wehn: {}}\n")
    desk.write("recipients.yaml", "offices: []\npeople: [{id: lead, mail: nobody}]\n")
    desk.write("gazetteer.csv", "id\n")

    code = main(["check"])

    told = capsys.readouterr()
    found = unwell(told.out)
    assert code == 3
    assert told.err == f"{len(found)} to put right, 0 to think about\n"
    assert found == [
        "✗ answerable.toml:14: Expected '=' after a key in a key/value pair; write key = value",
        "✗ answerable.toml:6: general.lcoale: unknown key; did you mean 'locale'?",
        "✗ answerable.toml:11: alerts.quite: unknown key; did you mean 'quiet'?",
        "✗ answerable.toml:15: smpt: unknown section; did you mean 'smtp'?",
        "✗ ANSWERABLE_NLP__TIRE: unknown variable; did you mean 'ANSWERABLE_NLP__TIER'?",
        "✗ ANSWERABLE_ALERTS__DAILY_CAP: alerts.daily_cap: expected `int`, got `str`; "
        "write a whole number, without quotes",
        "✗ answerable.toml:5: general.timezone: 'Mars' is no time zone; write a name such as Asia/Shanghai",
        "✗ answerable.toml:8: alerts.digest: '8:30' is no time of day; write it like 08:30",
        "✗ answerable.toml: legal.dpia_reference: is empty; "
        "name the data protection impact assessment and where it is kept",
        "✗ sources.yaml:1: adapter is missing; add adapter: …",
        "✗ rules.yaml:1: wehn: unknown key; did you mean 'when'?",
        "✗ recipients.yaml:2: people[0].mail: 'nobody' is no mail address; write name@example.org",
        "✗ gazetteer.csv:1: is not the head of a gazetteer; write id,parent,level,name,aliases,lat,lon,kind",
        "✗ answerable.toml:23: files.taxonomy: there is no taxonomy 'zh-civc'; did you mean 'zh-civic'?",
        "✗ none.toml: cannot be read: No such file or directory; check the path",
    ]


def test_every_faulty_entry_of_a_file_is_said_with_its_place_in_the_whole_file(desk: Desk, capsys: Said) -> None:
    desk.write(
        "recipients.yaml",
        "offices:\n- {id: above, name: {}}\n"
        "- {id: town, name: {zh: 镇}, supervised_by: above, areas: [x, '9901', y]}\n"
        "- id: late\n  name: {zh: 迟}\n  on_duty: [a@lanting.test, b, c]\n"
        "people: [{id: lead, mail: lead@lanting.test, offices: [late, sky]}, {id: two, mail: m, digest: ['8']}]\n",
    )

    main(["check"])

    assert unwell(capsys.readouterr().out) == [
        "✗ recipients.yaml:2: offices[0].name: is empty; write {zh: …, en: …}",
        "✗ recipients.yaml:3: offices[1].areas: there is no place 'x'; valid here: 9901, 990101, 99010101",
        "✗ recipients.yaml:3: offices[1].areas: there is no place 'y'; valid here: 9901, 990101, 99010101",
        "✗ recipients.yaml:6: offices[2].on_duty[1]: 'b' is no mail address; write name@example.org",
        "✗ recipients.yaml:6: offices[2].on_duty[2]: 'c' is no mail address; write name@example.org",
        "✗ recipients.yaml:7: people[0].offices[1]: there is no office 'sky'; valid here: late, town",
        "✗ recipients.yaml:7: people[1].mail: 'm' is no mail address; write name@example.org",
    ]


def test_what_refers_to_a_faulty_entry_is_not_blamed_for_it(desk: Desk, capsys: Said) -> None:
    desk.write(
        "gazetteer.csv",
        "id,parent,level,name,aliases,lat,lon,kind\n9901,,city,澜汀市,,north,,\n1,9901,district,甲,,,,\n",
    )

    code = main(["check"])

    assert code == 3
    assert unwell(capsys.readouterr().out) == [
        "✗ gazetteer.csv:2: lat: 'north' is no number; write degrees such as 36.65"
    ]


def test_topics_that_are_nobodys_job_are_something_to_think_about(desk: Desk, capsys: Said) -> None:
    desk.write(
        "recipients.yaml",
        "offices: [{id: water, name: {zh: 水}, topics: [urban.water]}]\n"
        "people: [{id: lead, mail: lead@lanting.example}]\n",
    )

    code = main(["check"])

    told = capsys.readouterr()
    assert code == 0
    assert unwell(told.out) == [
        "! recipients.yaml: offices: no office answers for 1 topic (urban); "
        "add one without topics, it takes the rest",
        "! recipients.yaml:2: people[0].mail: lead@lanting.example is an invented address, nobody reads it; "
        "write a real one",
    ]
    assert told.err == "all is well, 2 to think about\n"


def test_json_has_one_row_a_finding_with_sorted_keys(desk: Desk, capsys: Said) -> None:
    desk.write("rules.yaml", "\n\n- {id: a, wehn: {}}\n")

    code = main(["check", "--json"])

    lines = capsys.readouterr().out.splitlines()
    rows = [json.loads(line) for line in lines]
    assert code == 3
    assert all(line == json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
               for line, row in zip(lines, rows, strict=True))  # fmt: skip
    assert [row for row in rows if not row["ok"]] == [
        {
            "check": "rules", "ok": False, "grade": "wrong", "message": "unknown key",
            "repair": "did you mean 'when'?", "file": "rules.yaml", "line": 3, "key": "[0].wehn",
        }
    ]  # fmt: skip
    assert {"settings", "legal", "sources", "recipients", "gazetteer", "mail", "console"} <= {
        r["check"] for r in rows
    }


def test_names_are_looked_up_all_at_once_and_one_without_an_answer_is_left_out() -> None:
    found = look_up(["localhost", "a" * 64 + ".test"])

    assert list(found) == ["localhost"]
    assert all(re.fullmatch(r"127\.0\.0\.1|::1", address) for address in found["localhost"])


@pytest.mark.parametrize(
    ("verb", "answer", "said", "exit_code"),
    [
        (
            "MAIL",
            "550 not yours",
            "smtp.sender: 127.0.0.1:{port} refuses mails from this sender (550); let the server",
            3,
        ),
        (
            "",
            "554 go away",
            "mail: 127.0.0.1:{port} refuses this machine (554); let the mail server take its mails; ",
            4,
        ),
    ],
)
def test_a_mail_server_that_refuses_is_told_with_what_it_refuses(
    desk: Desk, capsys: Said, monkeypatch: pytest.MonkeyPatch, verb: str, answer: str, said: str, exit_code: int
) -> None:
    with greeter("SIZE", answers={verb: answer}) as port:
        monkeypatch.setenv("ANSWERABLE_SMTP__PORT", str(port))
        assert main(["check"]) == exit_code

    (line,) = unwell(capsys.readouterr().out)
    assert said.format(port=port) in line


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"USER": "desk"}, "smtp.user: has no password; name a file with it"),
        ({"PASSWORD": "hush"}, "smtp.password: is of no use without smtp.user"),
    ],
)
def test_half_a_login_is_a_mistake(
    desk: Desk, capsys: Said, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for key, value in given.items():
        monkeypatch.setenv(f"ANSWERABLE_SMTP__{key}", value)

    assert main(["check"]) == 3

    assert said in capsys.readouterr().out


def test_a_secret_that_is_no_text_is_told_without_its_bytes(
    desk: Desk, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk.folder / "secret").write_bytes(b"\xff\xfe hush")
    monkeypatch.setenv("ANSWERABLE_SMTP__PASSWORD_FILE", str(desk.folder / "secret"))

    assert main(["check"]) == 3

    told = capsys.readouterr().out
    assert "smtp.password_file: " in told
    assert "secret cannot be read: it is no text" in told
    assert "hush" not in told


def test_a_port_of_the_watch_that_is_taken_is_told(desk: Desk, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("ANSWERABLE_WATCH__PORT", str(port))

        assert main(["check"]) == 4

    assert f"✗ watch: 127.0.0.1:{port} cannot be had: Address already in use" in capsys.readouterr().out


@pytest.mark.parametrize(("version", "said"), [(99, "a newer"), (-1, "an older")])
def test_files_of_another_version_are_told_before_a_desk_stops_at_them(
    desk: Desk, capsys: Said, version: int, said: str
) -> None:
    data = desk.folder / "data"
    SqliteIndex(data / "index", b"key").close()
    Ledger(data / "ledger.db").close()
    Cursor(data / "crawl" / "letters.cursor").close()
    files = ("index/facts.db", "ledger.db", "crawl/letters.cursor")
    for name in files:
        with closing(sqlite3.connect(data / name)) as file:
            file.execute(f"PRAGMA user_version = {version:d}")

    assert main(["check"]) == 3

    told = capsys.readouterr().out
    for name in files:
        assert f"✗ data/{name}: was written by {said} version of this program ({version}, here 1); " in told


def test_a_desk_does_not_start_on_a_ledger_of_a_newer_version(desk: Desk, capsys: Said) -> None:
    path = desk.folder / "data" / "ledger.db"
    path.parent.mkdir(exist_ok=True)
    Ledger(path).close()
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 99")

    assert main(["run"]) == 3

    assert capsys.readouterr().err.endswith(
        "data/ledger.db: was written by a newer version of this program (99, here 1); "
        "update the program, or restore a backup of this version\n"
    )


@pytest.mark.parametrize(("version", "said"), [(99, "a newer"), (-1, "an older")])
def test_a_desk_does_not_start_on_a_cursor_of_another_version(
    desk: Desk, capsys: Said, version: int, said: str
) -> None:
    path = desk.folder / "data" / "crawl" / "letters.cursor"
    Cursor(path).close()
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {version:d}")

    assert main(["run"]) == 3

    told = capsys.readouterr().err
    assert f"data/crawl/letters.cursor: was written by {said} version of this program ({version}, here 1); " in told
    assert told.count("\n") == 1


def test_the_settings_alone_ask_neither_servers_nor_resolver_nor_ports(
    desk: Desk, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERABLE_SMTP__HOST", "nobody.invalid")
    desk.set("private_hosts", "[]")
    desk.write("sources.yaml", (desk.folder / "sources.yaml").read_text("utf-8").replace("127.0.0.1:9", "no.invalid"))

    code = main(["check", "--settings-alone"])

    told = capsys.readouterr().out
    assert code == 0
    assert unwell(told) == []
    assert not re.search("mail|console|data|disk", told)
    desk.set("contact", '""')
    assert main(["check", "--settings-alone"]) == 3
    assert "legal.contact" in capsys.readouterr().out
