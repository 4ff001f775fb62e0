"""robots.txt per RFC 9309, as one table."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.robots import PARSED_BYTES, parse, product_token, verdict

BOT = "AnswerableBot"
OURS = "User-agent: AnswerableBot"
ALL = "User-agent: *\nDisallow: /"
CASES = (
    ("an empty file allows", "", "/a", True),
    ("a page of HTML allows", "<html><body>Not found: sorry</body></html>", "/a", True),
    ("everything barred", ALL, "/a", False),
    ("the file itself is never barred", ALL, "/robots.txt", True),
    ("an empty Disallow bars nothing", "User-agent: *\nDisallow:", "/a", True),
    ("another bot's group is not ours", "User-agent: OtherBot\nDisallow: /", "/a", True),
    ("our group replaces the star", f"{ALL}\n\nUser-agent: AnswerableBot\nDisallow: /p", "/a", True),
    ("our group holds", f"{ALL}\n\nUser-agent: AnswerableBot\nDisallow: /p", "/p/1", False),
    ("an empty group of ours allows all", f"{ALL}\n\nUser-agent: AnswerableBot\nDisallow:", "/a", True),
    ("names know no case", "user-AGENT: answerablebot\ndisALLOW: /a", "/a", False),
    ("a version behind our name", "User-agent: AnswerableBot/1.0\nDisallow: /a", "/a", False),
    ("a longer name is another bot", "User-agent: AnswerableBotNews\nDisallow: /", "/a", True),
    ("a shorter name is another bot", "User-agent: Answerable\nDisallow: /", "/a", True),
    ("two names share a group", "User-agent: x\nUser-agent: AnswerableBot\nDisallow: /a", "/a", False),
    ("groups of one name are joined", f"{OURS}\nDisallow: /a\n\n{OURS}\nDisallow: /b", "/b", False),
    (
        "star groups are joined",
        "User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /c\nUser-agent: *\nDisallow: /b", "/b", False,
    ),
    ("rules before any group are nobody's", "Disallow: /\nUser-agent: *\nAllow: /a", "/b", True),
    ("the longest rule wins", "User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
    ("the longest rule wins, whatever the order", "User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
    ("as long: Allow wins", "User-agent: *\nDisallow: /page\nAllow: /page", "/page", True),
    ("a longer bar inside an allowed folder", "User-agent: *\nAllow: /a\nDisallow: /a/secret", "/a/secret/1", False),
    ("a rule is a prefix", "User-agent: *\nDisallow: /fish", "/fishing/1", False),
    ("a folder's slash counts", "User-agent: *\nDisallow: /fish/", "/fish", True),
    ("paths know case", "User-agent: *\nDisallow: /Fish", "/fish", True),
    ("a star in the middle", "User-agent: *\nDisallow: /*/edit", "/t/12/edit", False),
    ("a star at the end adds nothing", "User-agent: *\nDisallow: /a*", "/abc", False),
    ("a dollar ends", "User-agent: *\nDisallow: /*.php$", "/a.php", False),
    ("a dollar ends, so more is free", "User-agent: *\nDisallow: /*.php$", "/a.php?x", True),
    ("a dollar alone", "User-agent: *\nDisallow: /$", "/a", True),
    ("a dollar alone bars the root", "User-agent: *\nDisallow: /$", "/", False),
    ("a dollar inside is a letter", "User-agent: *\nDisallow: /a$b", "/a$b", False),
    ("many stars", "User-agent: *\nDisallow: /*a*b*c$", "/xxaxxbxxc", False),
    ("many stars, no end", "User-agent: *\nDisallow: /*a*b*c$", "/xxaxxbxxcd", True),
    ("overlap is no match", "User-agent: *\nDisallow: /ab*ba$", "/aba", True),
    ("the query counts", "User-agent: *\nDisallow: /*?sort=", "/list?sort=new", False),
    ("the query counts, other", "User-agent: *\nDisallow: /*?sort=", "/list?page=2", True),
    ("encoded and plain are one", "User-agent: *\nDisallow: /%7Ejoe", "/~joe/x", False),
    ("plain and encoded are one", "User-agent: *\nDisallow: /~joe", "/%7ejoe/x", False),
    ("Han in the file, encoded in the address", "User-agent: *\nDisallow: /信访", "/%E4%BF%A1%E8%AE%BF/1", False),
    ("encoded in the file, Han in the address", "User-agent: *\nDisallow: /%e4%bf%a1", "/信访", False),
    ("an encoded slash is no slash", "User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
    ("comments are dropped", "User-agent: * # all\nDisallow: /a # private", "/a", False),
    ("a comment eats a rule", "User-agent: *\n#Disallow: /", "/a", True),
    ("blanks around the colon", "User-agent :  *\nDisallow :   /a  ", "/a", False),
    ("old Mac line ends", "User-agent: *\rDisallow: /a\rAllow: /b", "/a", False),
    ("a byte order mark", "\ufeffUser-agent: *\nDisallow: /a", "/a", False),
    ("an empty line does not end a group", "User-agent: *\n\n\nDisallow: /a", "/a", False),
    (
        "unknown lines do not end a group",
        f"{OURS}\nSitemap: https://x.example/s\nCrawl-delay: 3\nUser-agent: *\nDisallow: /a", "/a", False,
    ),
    ("a misspelt Disallow still bars", "User-agent: *\nDissallow: /a", "/a", False),
    ("no slash at the start matches nothing", "User-agent: *\nDisallow: a", "/a", True),
    ("Allow alone bars nothing", "User-agent: *\nAllow: /a", "/b", True),
)  # fmt: skip


@pytest.mark.parametrize(("what", "text", "path", "allowed"), CASES, ids=[case[0] for case in CASES])
def test_the_table_holds(what: str, text: str, path: str, allowed: bool) -> None:
    assert parse(text, BOT).allows(f"https://city.example{path}") is allowed, what


def test_the_table_is_long_enough() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (400, True),
        (401, True),
        (403, True),
        (404, True),
        (410, True),
        (500, False),
        (503, False),
        (302, False),
        (0, False),
    ],
)
def test_a_missing_file_allows_and_a_failing_server_bars(status: int, allowed: bool) -> None:
    robots = verdict(status, "User-agent: *\nDisallow: /", BOT)
    assert (robots.allows("https://city.example/a"), robots.reachable) == (allowed, allowed)


def test_a_file_that_was_read_is_heeded() -> None:
    assert not verdict(200, ALL, BOT).allows("https://city.example/a")


def test_rules_behind_five_hundred_kibibytes_still_count_and_the_rest_is_cut() -> None:
    early = "User-agent: *\n" + "# filler\n" * 57_500 + "Disallow: /a\n"
    assert 500 * 1024 < len(early) < PARSED_BYTES
    assert not parse(early, BOT).allows("https://city.example/a")
    late = "User-agent: *\n" + "# filler\n" * 61_000 + "Disallow: /a\n"
    assert parse(late, BOT).allows("https://city.example/a")


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 7\nDisallow:", 7.0),
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: 9\nUser-agent: AnswerableBot\nDisallow: /x", 0.0),
    ],
)
def test_a_crawl_delay_is_read_from_our_group(text: str, delay: float) -> None:
    if "AnswerableBot" in text:
        text = text.replace("\nUser-agent: AnswerableBot", "\nAllow: /\nUser-agent: AnswerableBot")
    assert parse(text, BOT).delay == delay


def test_our_name_is_the_first_word_of_the_user_agent() -> None:
    assert [product_token(name) for name in ("AnswerableBot/2 (+x)", "Answerable_Bot", "")] == [
        BOT,
        "Answerable_Bot",
        "",
    ]


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=300), st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_file_and_no_path_breaks_the_reading(text: str, path: str) -> None:
    assert parse(f"User-agent: *\nDisallow: {text}", BOT).allows(f"https://city.example/{path}") in (True, False)


def test_many_stars_take_linear_time() -> None:
    rule = "/" + "*a" * 4000
    assert parse(f"User-agent: *\nDisallow: {rule}$", BOT).allows("https://city.example/" + "a" * 3999)
