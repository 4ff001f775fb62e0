"""The alert mail as a whole."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from alerts.alert import Alert, AlertKind
from alerts.compose import Composer
from alerts.mail import Letterhead, MailComposer, compose_alert, compose_digest, draw, page
from alerts.mail.catalogue import phrases
from alerts.mail.layout import columns
from answerable.clock import HOUR
from answerable.errors import Rejected
from answerable.incident import Change, DemandCount, Evidence, Level, SharedWord, State, Title
from tests.alerts.givens import CLOCKS
from tests.alerts.mail import example
from tests.alerts.mail.example import Locale
from tests.alerts.mail.reading import Mail, read

HEADINGS = ("asks", "words", "known", "why", "job", "act", "because")
LOCALES: tuple[Locale, ...] = ("zh", "en")


def mail(alert: Alert, locale: Locale = "en") -> Mail:
    return read(compose_alert(alert, example.person(locale), example.NAMES, example.LINKS))


def top(alert: Alert) -> str:
    return mail(alert).text.splitlines()[0]


def test_the_composer_fits_the_port() -> None:
    composer: Composer = MailComposer(Letterhead(sender="desk@lanting.example"))
    content = composer.compose_alert(example.alert(), example.person(), example.NAMES, example.LINKS)
    assert "desk@lanting.example" in read(content).headers["From"]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_eleven_parts_stand_in_order_in_html(locale: Locale) -> None:
    html = mail(example.alert(locale), locale).html
    assert re.findall(r'id="part-(\d+)"', html) == [str(n) for n in range(1, 12)]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_eleven_parts_stand_in_order_in_text(locale: Locale) -> None:
    say = phrases(locale)
    text = mail(example.alert(locale), locale).text
    place = 0
    for mark in [say("badge.red"), "23", "46–61", say("curve.hour"), *(say(f"heading.{name}") for name in HEADINGS)]:
        place = text.index(mark, place)
    assert place > 0


@pytest.mark.parametrize("locale", LOCALES)
def test_text_keeps_to_78_columns_but_for_addresses(locale: Locale) -> None:
    lines = mail(example.alert(locale), locale).text.splitlines()
    assert [line for line in lines if columns(line) > 78 and "https://" not in line] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_what_the_html_says_the_text_says(locale: Locale) -> None:
    read_back = mail(example.alert(locale), locale)
    flat = re.sub(r"\s", "", read_back.text)
    for demand in example.update(locale).demands:
        assert re.sub(r"\s", "", demand.act) in flat
        assert demand.act in read_back.shown
    for url in re.findall(r'href="([^"]+)"', read_back.html):
        assert url in read_back.text


def test_headers_make_one_thread_an_incident_and_level() -> None:
    orange = replace(example.alert(), number=4, thread=1, level=Level.ORANGE)
    red, later = example.alert(), replace(example.alert(), number=30, kind=AlertKind.UPDATE)
    one, two, three = (mail(alert).headers for alert in (orange, red, later))
    assert two["References"] == three["References"] == three["In-Reply-To"] != one["References"]
    assert two["Subject"] == three["Subject"] != one["Subject"]
    assert len({one["Message-ID"], two["Message-ID"], three["Message-ID"]}) == 3
    assert two["X-Incident-Id"] == "k3x9b2d"
    assert two["Auto-Submitted"] == "auto-generated"
    assert two["Date"] == "Mon, 12 Oct 2026 10:12:00 +0800"
    assert two["List-Id"].endswith("<alerts.localhost>")


def test_the_message_id_is_the_readers_own_and_the_same_each_time() -> None:
    ids = [mail(example.alert(), locale).headers["Message-ID"] for locale in ("zh", "en", "en")]
    assert ids[0] != ids[1] == ids[2]


def test_equal_arguments_give_equal_bytes() -> None:
    alert, person = example.alert(), example.person()
    first = compose_alert(alert, person, example.NAMES, example.LINKS)
    draw.draw.cache_clear()
    draw._layers.cache_clear()
    page._templates.cache_clear()
    assert compose_alert(alert, person, example.NAMES, example.LINKS) == first


def test_the_reply_address_is_signed_for_the_reader() -> None:
    address = mail(example.alert()).headers["Reply-To"]
    reply = example.LINKS.read_reply(address, ["lead-en"], example.AT)
    assert (reply.incident, reply.version) == ("k3x9b2d", 3)


def test_every_button_is_a_signed_offer_to_the_reader() -> None:
    tokens = re.findall(r"/act/(\S+)", mail(example.alert()).text)
    offers = [example.LINKS.read(token, example.AT + HOUR) for token in tokens]
    steps = [State.ACKNOWLEDGED, State.WORKING, State.ASSIGNED, State.RETURNED, State.FALSE_ALARM]
    assert [offer.to for offer in offers] == steps
    assert {(offer.incident, offer.version, offer.person) for offer in offers} == {("k3x9b2d", 3, "lead-en")}


def test_an_address_that_is_none_is_rejected() -> None:
    person = replace(example.person(), mail="lead@x\r\nBcc: all@lanting.example")
    with pytest.raises(Rejected):
        compose_alert(example.alert(), person, example.NAMES, example.LINKS)


def test_each_kind_of_news_is_told_at_the_top() -> None:
    base = replace(example.alert("en"), kind=AlertKind.UPDATE, why=())
    grown = replace(base, why=(Evidence("doubled", 61, 30),), answer="Water is back.")
    assert top(example.alert("en")) == "■ RED · raised from orange at 10:12"
    assert "twice as many" in top(grown)
    assert "80 % of the clock" in top(replace(base, rule="clock", why=(Evidence("clock.percent", 80, 100),)))
    assert "ran out" in top(replace(base, rule="clock", why=(Evidence("clock.percent", 100, 100),)))
    assert "nobody has acknowledged" in top(replace(base, rule="unacknowledged"))
    assert top(replace(base, answer="Water is back.")) == "■ RED · answered"
    merged = replace(base.update, merged_into="b4c7d9f", change=Change.MERGED)
    assert "joined with #b4c7d9f" in top(replace(base, kind=AlertKind.MERGE, update=merged))
    assert "closed" in top(replace(base, kind=AlertKind.CLOSE, state=State.CLOSED))
    assert "false alarm" in top(replace(base, kind=AlertKind.CLOSE, state=State.FALSE_ALARM))


def test_a_closing_mail_offers_no_steps_and_no_forecast() -> None:
    closed = mail(replace(example.alert("en"), kind=AlertKind.CLOSE, state=State.CLOSED))
    assert "/act/" not in closed.text + closed.html
    assert "expected" not in closed.text


def test_an_answer_is_quoted_and_linked() -> None:
    told = replace(example.alert("en"), answer="Water is back.", answer_link="https://water.lanting.example/41")
    answered = mail(told)
    assert "“Water is back.”" in answered.text
    assert 'href="https://water.lanting.example/41"' in answered.html
    assert "Nobody has answered" not in answered.text


def test_a_link_that_is_no_web_page_is_left_out() -> None:
    told = replace(example.alert("en"), answer="Back.", answer_link="javascript:alert(1)")
    assert "javascript" not in mail(told).html + mail(told).text


def test_where_an_office_is_accused_there_are_no_words_and_no_links_to_posts() -> None:
    told = replace(
        example.alert("en"), supervision=True, lead="city", answer="Nothing wrong here.", answer_link="https://a.example/1"
    )  # fmt: skip
    supervised = mail(told)
    for part in (supervised.text, supervised.shown):
        assert "elderly" not in part
        assert "Nothing wrong here" not in part
        assert "a.example" not in part
        assert "Lanting City Desk" in part
        assert "an office is accused" in " ".join(part.split())


def test_one_report_of_danger_is_told_by_place_and_kind_only() -> None:
    parts = replace(example.update("en").components, danger=(("gas", 1),))
    update = replace(example.update("en"), components=parts)
    told = replace(example.alert("en"), unconfirmed=True, kind=AlertKind.OPEN, update=update)
    unconfirmed = mail(told)
    assert unconfirmed.headers["Subject"] == "[RED] Linhe Street: gas (unconfirmed) (#k3x9b2d)"
    assert unconfirmed.pictures == {}
    for part in (unconfirmed.text, unconfirmed.shown):
        for hidden in ("46", "98", "tanker", "no water", "letters", "11 Oct", "fast-growing"):
            assert hidden not in part.replace("k3x9b2d", "")


@pytest.mark.parametrize(("locale", "office"), [("zh", "澜汀市供水公司"), ("en", "Lanting Water Company")])
def test_the_first_screen_names_the_lead_office(locale: Locale, office: str) -> None:
    told = mail(example.alert(locale), locale)
    assert all(office in part.partition("46–61")[0] for part in (told.text, told.shown))
    nobody = mail(replace(example.alert(locale), lead=None), locale)
    assert office not in nobody.text.partition("46–61")[0]


def test_few_residents_are_not_counted_exactly() -> None:
    text = mail(example.alert("en")).text
    assert "explain why no notice was given · fewer than 3" in text


def test_markup_in_what_people_write_stays_text() -> None:
    update = replace(
        example.update("en"),
        title=Title("3701-12", ("<script>alert(1)</script>", "{{ 7*7 }}")),
        words=(SharedWord("<img src=x>", 9, 2),),
        demands=(DemandCount("<b onclick=x>pay</b>", "pay", None, 9, example.AT),),
    )
    html = mail(replace(example.alert("en"), update=update)).html
    assert not re.search(r"<script|<img src=x|<b onclick", html)
    assert "{{ 7*7 }}" in html


def test_the_longest_mail_stays_below_100_kilobytes() -> None:
    update = replace(
        example.update("en"),
        title=Title("3701-12", tuple(f"matter{n}" * 20 for n in range(40))),
        words=tuple(SharedWord("x" * 300, 99, 8) for _ in range(200)),
        demands=tuple(DemandCount("y" * 500, "pay", None, 9, example.AT) for _ in range(300)),
        hourly=tuple((example.AT - example.AT % HOUR - n * HOUR, n % 90) for n in range(900)),
        first_at=example.AT - 900 * HOUR,
    )
    why = tuple(Evidence(f"figure{n}", n, n) for n in range(300))
    told = replace(example.alert("en"), update=update, why=why, answer="z" * 5000)
    content = compose_alert(told, example.person("en"), example.NAMES, example.LINKS)
    assert len(content) < 100_000


def test_the_curve_comes_light_and_dark_with_the_same_words() -> None:
    told = mail(example.alert("en"))
    assert len(told.pictures) == 2
    sources = re.findall(r'src="cid:([^"]+)"', told.html)
    assert sorted(sources) == sorted(told.pictures)
    assert len(set(re.findall(r'alt="([^"]+)"', told.html))) == 1


def test_nothing_is_fetched_when_the_mail_is_opened() -> None:
    html = (
        mail(example.alert()).html
        + read(compose_digest(example.digest(), example.person(), example.NAMES, example.LINKS)).html
    )
    assert re.findall(r'(?:src|background)="(?!cid:)[^"]*"|url\(', html) == []


def test_styles_are_inline_and_only_queries_stay_in_the_head() -> None:
    html = mail(example.alert()).html
    style = html[html.index("<style>") : html.index("</style>")]
    assert 'style="' in html
    assert re.sub(r"@media[^{]+\{(?:[^{}]*\{[^}]*\})*\s*\}", "", style).strip() == "<style>"


@pytest.mark.parametrize(
    ("locale", "days", "said"),
    [
        ("en", 6, "Compared with 6 days of listening; early figures are rough."),
        ("en", 90, "Compared with 90 days of listening."),
        ("zh", 6, "比较基准仅有 6 天的公开帖文，初期数字较为粗略。"),
        ("zh", 90, "以此前 90 天的公开帖文为比较基准。"),
    ],
)
def test_a_mail_says_on_how_many_days_the_usual_rests(locale: Locale, days: int, said: str) -> None:
    components = replace(example.update(locale).components, baseline_days=days)
    told = replace(example.alert(locale), update=replace(example.update(locale), components=components))
    assert said in mail(told, locale).text


def test_a_clock_is_named_in_the_language_of_the_reader() -> None:
    clock = CLOCKS.start(CLOCKS.rules[0], example.AT - HOUR, example.AT, "zh")
    told = mail(replace(example.alert("en"), clock=clock), "en")
    assert "Authoritative information" in told.text
    assert "发布权威信息" not in told.text + told.html
