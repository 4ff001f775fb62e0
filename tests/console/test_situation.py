"""The first page, the list, the export and the public page: exact, and nobody made out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from msgspec.structs import replace

from alerts.alert import Clock
from alerts.entry import Entry
from answerable.clock import DAY, HOUR
from answerable.incident import Between, LedgerEvent, Level, State
from console.export import coarse
from console.health import Health, Part
from console.situation import kept_in_time, matters, next_clock
from console.users import Role
from tests.console import city
from tests.console.browser import Browser
from tests.console.conftest import Console


def test_the_first_page_says_how_many_wait_and_which_spreads(console: Console) -> None:
    page = console.visitor(Role.OFFICIAL).get("/").text

    for said in (
        "Four matters wait for an answer", "Spreading fastest: Liudu Street: 停水, 恢复时间.", "412 public posts",
        "usual for this day of the week: 390", "One source is unusually quiet.", "1 / 38", "1 h 20 min left",
        "2 h overdue", "layout changed", "6 → 1 a day", "Closed groups and short videos are not covered.",
        "<b>board</b> 41% of the last 400 posts name no place that the gazetteer knows",
    ):  # fmt: skip
        assert said in page, said


def test_the_first_page_in_chinese(make: Callable[..., Console]) -> None:
    page = make(locale="zh").visitor(Role.OFFICIAL).get("/").text

    assert "有四件事等着答复" in page
    assert "其中传播最快的是“柳渡街道：停水、恢复时间”。过去 24 小时收到 412 条公开发言" in page
    assert "还剩 1 小时 20 分" in page


def test_levels_always_come_with_a_word(console: Console) -> None:
    page = console.visitor(Role.ANALYST).get("/").text

    for level, word in ((Level.RED, "Red"), (Level.ORANGE, "Orange"), (Level.YELLOW, "Yellow")):
        assert f'<span class="level {level}">{word}</span>' in page


def test_what_is_one_matter_in_two_cities_is_one_line_with_its_part(console: Console) -> None:
    page = console.visitor(Role.OFFICIAL).get("/").text

    lines = page.split('<article class="incident">')[1:]
    water = next(line for line in lines if "/incidents/7kd2m4p" in line)
    assert "/incidents/6pb2s9q" in water
    assert "Hewan City: 停水, 恢复时间" in water
    assert "12–15 residents" in water
    assert sum("/incidents/6pb2s9q" in line for line in lines) == 1


def test_a_line_waits_as_long_as_any_part_does_under_the_clock_that_ends_first() -> None:
    water, part = city.water(), city.downstream()
    late = replace(water.clocks[0], due_at=city.NOW - HOUR)
    lines = matters([replace(water, state=State.ANSWERED), city.noise(), replace(part, clocks=(late,))])
    assert [(line.entry.update.incident, [one.update.incident for one in line.parts]) for line in lines] == [
        ("7kd2m4p", ["6pb2s9q"]), ("3xv8b2n", []),
    ]  # fmt: skip
    assert (lines[0].waits, lines[0].clock, lines[0].due.update.incident) == (True, late, "6pb2s9q")


def test_two_incidents_of_one_city_are_two_lines_though_both_are_joined_with_a_third() -> None:
    water, part = city.water(), city.downstream()
    noise = replace(city.noise(), joined=("6pb2s9q",))
    lines = matters([water, noise, replace(part, joined=("7kd2m4p", "3xv8b2n"))])
    assert [(line.entry.update.incident, len(line.parts)) for line in lines] == [("7kd2m4p", 1), ("3xv8b2n", 0)]


def test_a_quiet_city_has_a_quiet_page(console: Console) -> None:
    console.desk.clear()
    console.health[0] = Health()

    page = console.visitor(Role.OFFICIAL).get("/").text

    assert "No matter waits for an answer" in page
    assert "Nothing is open." in page


def test_closed_incidents_are_listed_and_not_open(console: Console) -> None:
    visitor = console.visitor(Role.OFFICIAL)
    visitor.get("/incidents/3xv8b2n")
    visitor.fill(visitor.form(to="closed"), ("text", "Lorries take the ring road since Monday."))

    assert "渣土车" not in visitor.get("/").text
    assert "渣土车" in visitor.get("/incidents").text


def test_the_export_tells_no_small_cell_and_nothing_that_one_person_reports(console: Console) -> None:
    answer = console.visitor(Role.ANALYST).get("/incidents.csv")

    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))}
    assert "4cd7k9w" not in rows
    assert rows["3xv8b2n"]["residents_least"] == "<5"
    assert rows["7kd2m4p"]["residents_least"] == "45"
    assert rows["7kd2m4p"]["due_at"] == "2026-11-23T04:00:00Z"
    counts = [row[key] for row in rows.values() for key in ("residents_least", "residents_most", "posts")]
    assert all(count == "<5" or int(count) % 5 == 0 for count in counts)
    assert answer.headers["content-disposition"].startswith("attachment")


def test_every_told_count_stands_for_several_counts() -> None:
    told = [coarse(count, 5) for count in range(203)]

    assert all(told.count(value) >= 3 for value in told)
    assert all(value == "<5" or abs(int(value) - count) <= 2 for count, value in enumerate(told))


def test_a_formula_in_a_title_stays_text(console: Console) -> None:
    entry = console.desk.entries()[1]
    title = replace(entry.update.title, place=None, matter=("=cmd|x",))
    console.desk.hold(replace(entry, update=replace(entry.update, title=title, area="~board")))

    assert ",'=cmd|x," in console.visitor(Role.ANALYST).get("/incidents.csv").text


def test_the_public_page_needs_no_sign_in_and_suppresses_small_counts(console: Console) -> None:
    page = Browser(console.app).get("/transparency").text

    assert "nobody can search by author" in page
    assert '<td class="n">&lt;5</td>' in page
    assert "too few to tell" in page
    assert "Liudu" not in page


def test_clocks_are_kept_by_an_answer_before_they_end_and_missed_otherwise() -> None:
    def case(due: int, answered: int | None, state: State = State.ANSWERED) -> Entry:
        entry = city.noise()
        event = LedgerEvent(
            incident="3xv8b2n", version=1, at=answered or 0, who="liu", before=State.NEW, after=State.ANSWERED,
            level=Level.YELLOW, area=city.AREA,
        )  # fmt: skip
        clock = Clock("c", "s", 48, due - 60 * HOUR, due - 48 * HOUR, due)
        return replace(entry, clocks=(clock,), history=(event,) if answered else (), state=state)

    now = city.NOW
    kept, late = case(now - HOUR, now - 2 * HOUR), case(now - 3 * HOUR, now - 2 * HOUR)
    missed, runs = case(now - HOUR, None, State.NEW), case(now + HOUR, None, State.NEW)
    false, old = case(now - HOUR, None, State.FALSE_ALARM), case(now - 40 * DAY, now - 41 * DAY)

    found = kept_in_time([kept, late, missed, runs, false, old], now)

    assert (found.kept, found.all, found.percent) == (1, 3, 33)
    assert next_clock(runs) == runs.clocks[0]
    assert next_clock(kept) is None


def test_a_range_of_people_is_told_as_it_is_and_few_people_not_at_all(console: Console) -> None:
    entry = city.noise()
    console.desk.hold(replace(entry, update=replace(entry.update, authors=Between(2, 4))))

    page = console.visitor(Role.OFFICIAL).get("/incidents/3xv8b2n").text

    assert "<dd>fewer than 5</dd>" in page


def test_readiness_names_the_parts_and_fails_only_for_what_alerts_need(console: Console) -> None:
    visitor = Browser(console.app)
    assert visitor.get("/livez").text == "ok\n"
    assert visitor.get("/readyz").json() == {"ready": True, "parts": {"ledger": True, "index": True}}

    console.health[0] = Health(parts=(Part("ledger", True), Part("index", False, "secret path", needed=False)))
    assert visitor.get("/readyz").status_code == 200
    console.health[0] = Health(parts=(Part("ledger", False, "secret path"),))

    assert visitor.get("/readyz").status_code == 503
    assert "secret path" not in visitor.page.text
