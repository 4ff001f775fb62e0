"""The digest: full, empty, and long."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from alerts.alert import AlertKind, Digest
from alerts.digests import in_parts
from alerts.mail import compose_digest
from alerts.mail.catalogue import phrases
from alerts.mail.layout import columns
from answerable.incident import Level, State
from tests.alerts.mail import example
from tests.alerts.mail.example import Locale
from tests.alerts.mail.reading import Mail, read


def mail(digest: Digest, locale: Locale = "en") -> Mail:
    return read(compose_digest(digest, example.person(locale), example.NAMES, example.LINKS))


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_lines_stand_by_level_with_why_they_were_held(locale: Locale) -> None:
    say, digest = phrases(locale), mail(example.digest(locale), locale)
    marks = [say("badge.orange"), say("held.quiet"), say("badge.yellow"), say("held.cadence"), say("digest.slow"),
             say("digest.fresh"), say("digest.silent"), "forum.dock", say("digest.uncovered")]  # fmt: skip
    for part in (digest.text, digest.shown):
        places = [part.index(mark) for mark in marks]
        assert places == sorted(places)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_one_matter_in_two_areas_is_one_row_that_leads_to_its_part(locale: Locale) -> None:
    digest = example.digest(locale)
    whole, part = digest.lines
    told = mail(replace(digest, lines=(replace(whole, parts=(part.alert,)),), slow=()), locale)
    say, place = phrases(locale), example.NAMES.place("3701-12", locale)
    for shown in (told.text, told.shown):
        assert say("digest.elsewhere") in shown
        assert say("digest.part", level=say("badge.yellow"), place=place, people="12–17") in shown
    assert example.LINKS.incident(part.alert.incident) in told.text


def test_a_row_shows_the_clock_that_ends_first_and_counts_parts_it_leaves_out() -> None:
    digest = example.digest("en")
    whole, part = digest.lines
    late = replace(part.alert, clock=replace(example.clock("en"), due_at=example.AT - 7200))
    told = mail(replace(digest, lines=(replace(whole, parts=(late,) * 9),), slow=())).text
    assert "2 h late" in told
    assert "and 3 more" in told


def test_what_is_over_keeps_a_line_of_its_own() -> None:
    whole, part = example.digest("en").lines
    both = {whole.alert.incident: [part.alert.incident], part.alert.incident: [whole.alert.incident]}
    elsewhere = replace(part, alert=replace(part.alert, update=replace(part.alert.update, area="3702")))
    assert len(in_parts((whole, elsewhere), both.__getitem__)) == 1
    over = replace(whole, alert=replace(whole.alert, kind=AlertKind.CLOSE))
    answered = replace(whole, alert=replace(whole.alert, state=State.ANSWERED))
    for line in (over, answered):
        assert in_parts((line, elsewhere), both.__getitem__) == (line, elsewhere)


def test_an_empty_digest_says_that_the_desk_is_running_and_how_fresh_it_is() -> None:
    empty = mail(Digest(at=example.AT, lines=(), ages=(("crawl", 95), ("index", 4000))))
    assert empty.headers["Subject"] == "[Digest] 12 Oct 10:12: 0 open"
    for part in (empty.text, empty.shown):
        assert "Nothing new to tell" in part
        assert "1 h 6 ago" in part
        assert "Closed groups" in part


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_text_keeps_to_78_columns_but_for_addresses(locale: Locale) -> None:
    lines = mail(example.digest(locale), locale).text.splitlines()
    assert [line for line in lines if columns(line) > 78 and "https://" not in line] == []


def test_a_long_digest_stays_below_100_kilobytes_and_counts_what_it_leaves_out() -> None:
    line = example.digest("en").lines[0]
    lines = tuple(replace(line, alert=replace(line.alert, level=level)) for level in Level for _ in range(300))
    digest = replace(example.digest("en"), lines=lines, slow=(line.alert,) * 300, silent=("source",) * 400)
    content = compose_digest(digest, example.person("en"), example.NAMES, example.LINKS)
    assert len(content) < 100_000
    assert read(content).text.count("and 288 more") == 5


def test_a_missed_clock_is_told_as_late() -> None:
    clock = replace(example.clock("en"), due_at=example.AT - 7200)
    line = example.digest("en").lines[1]
    late = replace(example.digest("en"), lines=(replace(line, alert=replace(line.alert, clock=clock)),))
    assert "2 h late" in mail(late).text


def test_equal_digests_are_equal_bytes_and_each_time_has_its_message_id() -> None:
    digest, person = example.digest(), example.person()
    first = compose_digest(digest, person, example.NAMES, example.LINKS)
    assert compose_digest(digest, person, example.NAMES, example.LINKS) == first
    other = compose_digest(replace(digest, at=digest.at + 60), person, example.NAMES, example.LINKS)
    assert read(first).headers["Message-ID"] != read(other).headers["Message-ID"]
