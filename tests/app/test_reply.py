from __future__ import annotations

import email
import io
import smtplib
import sys
from contextlib import closing
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from alerts.desk import Desk
from alerts.entry import Action, Entry
from alerts.links import Links
from answerable.app import answering, files, wiring
from answerable.app.box import Box
from answerable.app.cli import EXIT, main
from answerable.app.demo.city import FOLDER
from answerable.app.demo.official import answer_by_mail, answers_of
from answerable.app.demo.sink import sink
from answerable.app.door import listen, only_one
from answerable.clock import DAY, system_now
from answerable.errors import Refused, Unavailable
from answerable.incident import State
from answerable.settings import load
from stream.topics import LEDGER
from tests.alerts.givens import BURNING, HOT, update

WATER, CHIEF = "water@lanting.example", "chief@lanting.example"
SETTINGS = """
[general]
data_dir = "data"
[files]
recipients = "{city}/recipients.yaml"
gazetteer = "{city}/gazetteer.csv"
[smtp]
port = {smtp}
sender = "desk@lanting.example"
[alerts]
group_minutes = 0
quiet = ""
"""


class Town:
    """A desk in a folder."""

    def __init__(self, folder: Path, smtp: int = 9) -> None:
        self.path = folder / "answerable.toml"
        self.path.write_text(SETTINGS.format(city=FOLDER, smtp=smtp), "utf-8")
        self.settings = load(self.path, {})
        self.data = files.data_dir(self.settings)
        self.kept = wiring.register(self.settings)
        with closing(self.desk()) as desk:
            desk.handle([update(at=system_now(), area="9901", components=HOT)], system_now())

    def desk(self) -> Desk:
        return wiring.desk(self.settings, self.kept, self.data / "ledger.db", files.secret(self.data, "links.key"))

    def entry(self) -> Entry:
        with closing(self.desk()) as desk:
            entry = desk.entry("bcdfghj")
        assert entry is not None
        return entry

    def address(self, person: str = "water") -> str:
        links = Links(self.settings.console.base_url, files.secret(self.data, "links.key"))
        return links.reply_address("desk@lanting.example", "bcdfghj", 1, person, system_now() + DAY)

    def act(self, desk: Desk, action: Action) -> Entry:
        people = answering.mailbox(self.settings, self.kept.recipients, self.data).people
        return answering.do(desk, people, action, system_now())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return Town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(built: Town) -> Town:
    """Return the town with one incident, which the water bureau leads, and an empty past."""
    for left in built.data.glob("ledger.db*"):
        left.unlink()
    with closing(built.desk()) as desk:
        desk.handle([update(at=system_now(), area="9901", components=HOT)], system_now())
    return built


def letter(words: str, to: str, writer: str = WATER) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = writer, to, "Re: [红] 停水"
    message.set_content(f"{words}\n\n> 在 2026年3月2日，上午9:00，澜汀市 <desk@lanting.example> 写道：\n> 停水\n")
    return message


def reply(town: Town, monkeypatch: pytest.MonkeyPatch, message: EmailMessage, *words: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bytes(message))))
    return main(["reply", "--settings", str(town.path), *words])


def test_a_mail_on_standard_input_reaches_the_ledger_where_no_desk_runs(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reply(town, monkeypatch, letter("知悉", town.address())) == EXIT["ok"]
    assert reply(town, monkeypatch, letter("答复：已抢修，今晚来水", town.address())) == EXIT["ok"]
    assert capsys.readouterr().out == "bcdfghj: acknowledged\nbcdfghj: answered\n"
    entry = town.entry()
    assert entry.state is State.ANSWERED
    assert [(event.who, event.after, event.text) for event in entry.history[-2:]] == [
        ("water", State.ACKNOWLEDGED, ""),
        ("water", State.ANSWERED, "已抢修，今晚来水"),
    ]


def test_a_mail_that_the_server_delivers_twice_is_one_line_in_the_ledger(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        assert reply(town, monkeypatch, letter("处理中：抢修队已出发", town.address())) == EXIT["ok"]
    assert [event.text for event in town.entry().history].count("抢修队已出发") == 1


def test_a_running_desk_takes_it_through_its_door(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        only_one(town.data),
        closing(town.desk()) as desk,
        listen(town.data, lambda records: None, lambda action: town.act(desk, action)),
    ):
        words = ("--to", town.address("chief"))
        assert reply(town, monkeypatch, letter("办结：已恢复", "desk@lanting.example", CHIEF), *words) == EXIT["ok"]
        entry = desk.entry("bcdfghj")
    assert entry is not None
    assert (entry.state, entry.history[-1].who) == (State.CLOSED, "chief")


@pytest.mark.parametrize(
    ("words", "writer", "told"),
    [("好的", WATER, "第一行看不出要办什么"), ("知悉", CHIEF, "不属于发件人"), ("误报", WATER, "写明理由")],
)
def test_a_refusal_is_an_exit_code_and_a_kind_sentence_and_nothing_else(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: str, writer: str, told: str,
) -> None:  # fmt: skip
    assert reply(town, monkeypatch, letter(words, town.address(), writer)) == EXIT["usage"]
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("answerable reply: ")
    assert told in shown.err
    assert town.entry().state is State.NEW


def test_what_the_desk_refuses_comes_back_through_the_door(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reply(town, monkeypatch, letter("指派 住建局", town.address("chief"), CHIEF)) == EXIT["ok"]
    with (
        only_one(town.data),
        closing(town.desk()) as desk,
        listen(town.data, lambda records: None, lambda action: town.act(desk, action)),
    ):
        assert reply(town, monkeypatch, letter("办结：已恢复", town.address())) == EXIT["usage"]
    assert "已有他人办理" in capsys.readouterr().err
    assert town.entry().lead == "housing-bureau"


def test_a_desk_that_runs_without_answering_is_unreachable_not_bypassed(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with only_one(town.data):
        assert reply(town, monkeypatch, letter("知悉", town.address())) == EXIT["unreachable"]
    assert "no desk is running" in capsys.readouterr().err
    assert town.entry().state is State.NEW


def test_a_mail_about_an_incident_that_is_not_there_is_refused(town: Town) -> None:
    with closing(town.desk()) as desk, pytest.raises(Refused, match="no incident zzzzzzz"):
        town.act(desk, Action(incident="zzzzzzz", version=1, to=State.ACKNOWLEDGED, who="water"))


def test_the_demos_server_hands_answers_to_the_desk_and_keeps_the_rest(tmp_path: Path) -> None:
    taken: list[tuple[str, bytes]] = []

    def answers(to: str, content: bytes) -> bool:
        if not to.startswith("desk+"):
            return False
        taken.append((to, content))
        return True

    with sink(tmp_path) as mails, smtplib.SMTP("127.0.0.1", mails.port) as server:
        mails.answers = answers
        server.send_message(letter("知悉", "desk+a@lanting.example"))
        server.send_message(letter("知悉", WATER, "desk@lanting.example"))
        server.send_message(letter("知悉", WATER, "desk@lanting.example"), to_addrs=[WATER, "desk+b@lanting.example"])
    assert [to for to, _ in taken] == ["desk+a@lanting.example", "desk+b@lanting.example"]
    assert taken[0][1].startswith(f"Return-Path: <{WATER}>\r\nDelivered-To: desk+a@lanting.example\r\n".encode())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0001.eml", "0002.eml"]


def test_in_the_demo_an_alert_is_acknowledged_and_answered_by_mail_and_the_update_goes_out(tmp_path: Path) -> None:
    with sink(tmp_path / "mail") as mails, closing(Box(Town(tmp_path, mails.port).settings)) as box:
        mails.answers = answers_of(box)
        now, desk = system_now(), box.stores.desk
        desk.handle([update(at=now, area="9901", components=BURNING)], now)
        desk.deliver(box.notifier, now)
        assert answer_by_mail(box, tmp_path / "mail", mails.port, now) == "bcdfghj"
        entry = desk.entry("bcdfghj")
        assert box.stores.log.ends(LEDGER)[0][1] > 2
    assert entry is not None
    assert [(event.who, event.after) for event in entry.history[-2:]] == [
        ("water", State.ACKNOWLEDGED),
        ("water", State.ANSWERED),
    ]
    assert "恢复正常供水" in str(entry.history[-1].promised)
    assert (entry.history[-1].due_at or 0) > now + 2 * DAY
    last = email.message_from_bytes(sorted((tmp_path / "mail").iterdir())[-1].read_bytes(), policy=policy.default)
    body = last.get_body(("plain",))
    assert body is not None
    assert "已有答复" in body.get_content().splitlines()[0]


def test_where_no_alert_went_to_the_official_nothing_is_answered(tmp_path: Path) -> None:
    with sink(tmp_path / "mail") as mails, closing(Box(Town(tmp_path, mails.port).settings)) as box:
        assert answer_by_mail(box, tmp_path / "mail", mails.port, system_now()) == ""


@pytest.mark.parametrize(("error", "code"), [(Refused("写明理由"), 550), (Unavailable("the disk is full"), 451)])
def test_the_demos_server_tells_the_sender_what_the_desk_says(tmp_path: Path, error: Exception, code: int) -> None:
    def answers(to: str, content: bytes) -> bool:
        raise error

    with sink(tmp_path) as mails, smtplib.SMTP("127.0.0.1", mails.port) as server:
        mails.answers = answers
        with pytest.raises(smtplib.SMTPDataError) as refused:
            server.send_message(letter("误报", "desk+a@lanting.example"))
        assert refused.value.smtp_code == code
    assert list(tmp_path.iterdir()) == []
