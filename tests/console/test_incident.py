"""One incident's page: what it says, what it keeps to itself, and the steps taken from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from answerable.clock import HOUR
from answerable.incident import State
from console.users import Role
from tests.console import city
from tests.console.browser import PASSWORD
from tests.console.conftest import Console

WATER, NOISE, ACCUSED, DANGER = "/incidents/7kd2m4p", "/incidents/3xv8b2n", "/incidents/8hj4f6g", "/incidents/4cd7k9w"


def test_the_page_tells_demands_clock_marks_and_points(console: Console) -> None:
    page = console.visitor(Role.OFFICIAL).get(WATER).text

    for said in (
        "46–61", "公布恢复供水时间", "not answered", "1 h 20 min left", "国办发〔2016〕80号", "first seen in public",
        "Demand unmet", "strong", "In all; red begins at 8", "停水三天", "Lanting Water Company", "fewer than 5",
        "below 1 in 10,000", "acknowledged", "chen", "Hewan City: 停水, 恢复时间",
    ):  # fmt: skip
        assert said in page, said


def test_a_flood_is_told_with_its_figures_and_hides_and_closes_nothing(console: Console) -> None:
    entry = city.water()
    flood = replace(entry.update.components, amplified=True, spoke=(240, 12), synchrony=0.85, effective=1.8)
    visitor = console.visitor(Role.OFFICIAL)
    assert "possibly a petition" not in visitor.get(WATER).text

    console.desk.hold(replace(entry, update=replace(entry.update, components=flood)))

    page = visitor.get(WATER).text
    assert "in one day 12 accounts wrote 240 posts, of which 85% repeat others or come in step" in page
    assert "they count as 1.8 residents" in page
    assert "停水三天" in page


def test_the_curve_has_a_table_with_the_same_figures(console: Console) -> None:
    page = console.visitor(Role.OFFICIAL).get(WATER).text

    assert 'class="line" d="M' in page
    assert "<caption>Posts by day</caption>" in page
    assert '<td class="n">47</td><td class="n">26–80</td>' in page


def test_what_one_person_reports_is_told_as_place_and_kind_only(console: Console) -> None:
    page = console.visitor(Role.OFFICIAL).get(DANGER).text

    assert "Shiqiao Road: gas" in page
    assert "Unconfirmed: one person alone" in page
    for kept in ("燃气", "气味", "派人检查", "<svg", "Six marks", "letter"):
        assert kept not in page


def test_an_incident_is_acknowledged_assigned_and_answered_with_a_promise(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    visitor.get(NOISE)
    visitor.fill(visitor.form(to="acknowledged"))
    assert "Recorded: acknowledged." in visitor.follow().text

    visitor.fill(visitor.form(to="assigned"), ("office", "streets"), ("co", "housing"), ("co", "water"))
    visitor.follow()
    link = "https://streets.lanting.example/9"
    typed = (("text", "自今晚起限行"), ("link", link), ("promised", "加装护栏"), ("due", "2026-12-01"))
    visitor.fill(visitor.form(to="answered"), *typed)
    page = visitor.follow().text

    assert [action.to for action in console.desk.actions] == [State.ACKNOWLEDGED, State.ASSIGNED, State.ANSWERED]
    assert console.desk.actions[1].co_handlers == ("housing", "water")
    assert console.desk.actions[2].due_at == 1796140799  # the last second of that day in the desk's zone
    assert {action.who for action in console.desk.actions} == {"official"}
    assert "自今晚起限行" in page
    assert "加装护栏; by 1 Dec" in page
    assert f'<a href="{link}"' in page


def test_returned_names_the_right_office(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    visitor.get(NOISE)

    visitor.fill(visitor.form(to="returned"), ("office", "housing"), ("text", "施工车辆归住建局"))

    assert console.desk.actions[0].office == "housing"
    assert "Housing Bureau" in visitor.follow().text


def test_an_older_version_is_refused_and_what_was_typed_stays(console: Console) -> None:
    slow, fast = console.visitor(Role.OFFICIAL), console.visitor(Role.ANALYST)
    slow.get(WATER)
    fast.get(WATER)
    fast.fill(fast.form(to="working"), ("text", "抢修队已到现场"))

    page = slow.fill(slow.form(to="answered"), ("text", "今晚八点恢复"))

    assert page.status_code == 409
    assert "Not done: somebody else acted meanwhile" in page.text
    assert "今晚八点恢复</textarea>" in page.text
    assert "抢修队已到现场" in page.text
    slow.fill(slow.form(to="answered"), ("text", "今晚八点恢复"))
    assert slow.page.status_code == 303


@pytest.mark.parametrize(
    ("to", "typed", "why"),
    [
        ("answered", [], "give the answer&#39;s text"),
        ("answered", [("text", "ok"), ("link", "javascript:alert(1)")], "a link begins with"),
        ("answered", [("text", "ok"), ("promised", "soon")], "a promise needs both"),
        ("answered", [("text", "ok"), ("promised", "soon"), ("due", "tomorrow")], "write the day"),
        ("assigned", [("office", "")], "choose the office"),
        ("closed", [("text", " ")], "give a reason"),
        ("false_alarm", [("text", "")], "give a reason"),
        ("working", [("text", "x" * 4001)], "at most 4000"),
    ],
)
def test_an_incomplete_step_says_what_is_missing(
    console: Console, to: str, typed: list[tuple[str, str]], why: str
) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    visitor.get(NOISE)

    page = visitor.fill(visitor.form(to=to), *typed)

    assert page.status_code == 409
    assert why in page.text
    assert console.desk.actions == []


@pytest.mark.parametrize(
    "changed", [("to", "removed"), ("to", "new"), ("version", "-1"), ("version", "²"), ("who", "x")]
)
def test_a_step_that_no_page_offers_is_no_request(console: Console, changed: tuple[str, str]) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    visitor.get(WATER)
    form = visitor.form(to="acknowledged")

    answer = visitor.post(form.action, [*(pair for pair in form.fields if pair[0] != changed[0]), changed])

    assert answer.status_code == 400
    assert console.desk.actions == []


def test_only_steps_that_the_ledger_allows_are_offered(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)

    visitor.get("/incidents/5tr6y8z")

    offered = {value for form in visitor.forms() for key, value in form.fields if key == "to"}
    assert offered == {"working", "answered", "closed"}


def test_an_operator_reads_and_takes_no_step(console: Console) -> None:
    visitor = console.visitor(Role.OPERATOR)

    page = visitor.get(WATER).text

    assert "What to do now" not in page
    assert all("to" not in form.names for form in visitor.forms())


def test_the_accused_office_sees_nothing_of_the_matter(console: Console) -> None:
    visitor = console.browser
    visitor.sign_in("housing")

    assert visitor.get(ACCUSED).status_code == 404
    for path in ("/", "/incidents", "/incidents.csv"):
        page = visitor.get(path).text
        assert "8hj4f6g" not in page
        assert "拆迁" not in page
    assert "Liudu Street" in page


def test_few_accusations_do_not_hide_a_matter_from_the_office_that_answers_for_it(console: Console) -> None:
    entry = city.noise()
    console.desk.hold(replace(entry, update=replace(entry.update, accused=(("streets", 1),))))
    console.users.create("streets", Role.OFFICIAL, PASSWORD, ("streets",))
    visitor = console.browser
    visitor.sign_in("streets")

    assert "渣土车" in visitor.get(NOISE).text


def test_a_supervised_matter_shows_no_words_and_no_way_to_its_posts(console: Console) -> None:
    supervision = console.browser
    supervision.sign_in("inspection")
    analyst, official = console.visitor(Role.ANALYST), console.visitor(Role.OFFICIAL)

    for page in (supervision.get(ACCUSED).text, analyst.get(ACCUSED).text):
        assert "An office is accused here" in page
        assert "补偿标准" not in page
        assert "/search?incident=" not in page
        assert 'value="housing"' not in page
    assert "/search?incident=7kd2m4p" in analyst.get(WATER).text
    assert official.get(ACCUSED).status_code == 404


def test_a_false_alarm_where_an_office_is_accused_is_refused_to_one_person(console: Console) -> None:
    visitor = console.visitor(Role.ANALYST)
    visitor.get(ACCUSED)

    page = visitor.fill(visitor.form(to="false_alarm"), ("text", "already settled"))

    assert page.status_code == 409
    assert "a second person has to agree" in page.text


def test_refusals_are_told_in_chinese_where_the_catalogue_knows_them(make: Callable[..., Console]) -> None:
    visitor = make(locale="zh").visitor(Role.OFFICIAL)
    visitor.get(NOISE)

    page = visitor.fill(visitor.form(to="closed"), ("text", ""))

    assert "未办理：请写明理由；理由会留在办理记录里。" in page.text


def test_words_of_people_are_always_escaped(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    visitor.get(NOISE)

    visitor.fill(visitor.form(to="working"), ("text", "<script>alert(1)</script> & 100%"))

    page = visitor.follow().text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 100%" in page
    assert "<script>" not in page


def test_an_overdue_clock_says_so(console: Console) -> None:
    console.clock[0] += 2 * HOUR
    visitor = console.visitor(Role.OFFICIAL)

    assert "40 min overdue" in visitor.get(WATER).text
