from __future__ import annotations

from hashlib import blake2b

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from answerable.post import Analysis, Harm, HarmClass, Kind, Post
from nlp.fast import _RULES, FastAnalyser
from nlp.gazetteer import Gazetteer
from nlp.heads import Heads
from nlp.taxonomy import Taxonomies
from tests.nlp.reading import GAZETTEER, accusing, texts

ANALYSER = FastAnalyser(
    Gazetteer.load(GAZETTEER), Taxonomies.load("zh-civic"), Heads.load(),
    ["zh", "en", "fr", "ja", "ko"],
    "city", {"城管": "city-management", "澜汀水务": "water-bureau", "自来水公司": "water-bureau"},
)  # fmt: skip


PINNED = ("7", "52a63397c07c")  # the version of the rules, and the digest of what they answer


def post(text: str, *, title: str = "", kind: Kind = Kind.LETTER, lang: str | None = None, place: str | None = None,
         home: str | None = None, number: int = 0) -> Post:  # fmt: skip
    return Post(
        id=f"{number:024x}", source="letters", kind=kind, text=text, title=title, published_at=1772352000,
        fetched_at=1772352600, seen_at=1772352600, lang=lang, place=place, home=home,
    )  # fmt: skip


def read(text: str, **fields: str | Kind | None) -> Analysis:
    (analysis,) = ANALYSER.analyse([post(text, **fields)])  # type: ignore[arg-type]
    return analysis


def test_a_letter_is_read_in_all_its_parts() -> None:
    written = post("临河区桥西街道停水三天了，请自来水公司尽快恢复供水！", title="桥西街道停水", home="1001")
    (found,) = ANALYSER.analyse([written])
    (demand,) = found.demands
    assert (found.lang, found.area, found.office) == ("zh", "1001", "water-bureau")
    assert found.topics[0].id == "urban.water"
    assert (demand.act, demand.to) == ("恢复供水", "water-bureau")
    assert written.body[demand.start : demand.end] == "请自来水公司尽快恢复供水"
    assert [mention.text for mention in found.places] == ["桥西街道", "临河区", "桥西街道"]
    assert found.harm == (Harm(HarmClass.SERVICE, "water"),)
    assert {"停水", "桥西"} <= {term.text for term in found.terms}
    assert found.sentiment.label == max(found.sentiment.p, key=lambda label: found.sentiment.p[label])
    assert len(found.signature) > 8
    assert found.versions == ANALYSER.versions


def test_an_english_post_reaches_the_same_office_as_a_chinese_one() -> None:
    found = read("No water on Harbour Road since Monday. When will the water supply be restored?", home="1001")
    assert (found.lang, found.area, found.office) == ("en", "1001", "water-bureau")
    assert [demand.act for demand in found.demands] == ["restore the water supply"]


@pytest.mark.parametrize(
    ("fields", "area"),
    [
        ({"text": "澜汀市停电", "place": "1002", "home": "1003"}, "1001"),
        ({"text": "停电了", "place": "1002", "home": "1003"}, "1002"),
        ({"text": "停电了", "place": "梧川市和平区", "home": "1003"}, "1002"),
        ({"text": "停电了", "place": "某处", "home": "1003"}, "1003"),
        ({"text": "停电了", "home": "100101"}, "1001"),
        ({"text": "停电了", "home": "elsewhere"}, "elsewhere"),
        ({"text": "停电了"}, None),
    ],
)
def test_the_area_goes_by_places_then_place_field_then_home(fields: dict[str, str], area: str | None) -> None:
    assert read(**fields).area == area


def test_an_office_speaks_neither_demand_nor_accusation() -> None:
    found = read("您好，我局将于3月15日前修复水管，请市民清理门前积雪。", kind=Kind.OFFICIAL)
    assert (found.demands, found.harm, found.accused) == ((), (), ())
    assert found.reply is not None
    assert found.reply.promise
    assert read("请修复水管").reply is None


def test_news_demand_nothing_and_tell_of_danger_alone() -> None:
    found = read("桥西街道仓库起火，附近停水，居民要求尽快恢复供水。", kind=Kind.NEWS)
    assert found.demands == ()
    assert found.harm == (Harm(HarmClass.DANGER, "fire"),)


def test_accused_offices_are_named_by_their_ids() -> None:
    assert read("执法局不作为，派出所包庇。").accused == ("city-management", "派出所")


def test_the_same_post_reads_the_same_in_any_batch() -> None:
    posts = [post(text, number=n) for n, text in enumerate([*texts(), *(case.text for case in accusing())])]
    together = ANALYSER.analyse(posts)
    assert [ANALYSER.analyse([one])[0] for one in posts[::7]] == together[::7]
    assert ANALYSER.analyse(posts[5:90]) == together[5:90]


def test_rules_that_answer_otherwise_are_a_new_version() -> None:
    given_ = [*texts(), *(case.text for case in accusing())]
    posts = [post(text, kind=kind) for kind in (Kind.LETTER, Kind.OFFICIAL, Kind.NEWS) for text in given_]
    quiet = ANALYSER.analyse([post("")])[0]
    rules = [
        structs.replace(one, sentiment=quiet.sentiment, emotion=quiet.emotion, topics=(), office=None, versions="")
        for one in ANALYSER.analyse(posts)
    ]
    found = blake2b(msgspec.json.encode([structs.asdict(one) for one in rules]), digest_size=6).hexdigest()
    assert (_RULES, found) == PINNED, (
        "rules answer otherwise than this version of them did (or the texts of the sets changed): "
        f"raise _RULES in nlp/fast.py where it is the rules, and pin what they answer now, {found}, here"
    )


def test_versions_change_with_what_is_read_with() -> None:
    other = FastAnalyser(
        Gazetteer.load(None), Taxonomies.load("zh-civic"), Heads.load(), ["zh", "en", "fr", "ja", "ko"], "city"
    )
    assert len(ANALYSER.versions) == 12
    assert other.versions != ANALYSER.versions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\u200b\u200d\ufeff",
        "😀🔥👨‍👩‍👧",
        "停" * 10_000,
        "no water " * 1_200,
        "*" * 500,
        "\x00\x01",
        "م" * 200,
    ],
)
def test_odd_texts_are_read_without_complaint(text: str) -> None:
    found = read(text, title="")
    assert isinstance(found, Analysis)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.text(max_size=200), st.text(max_size=20))
def test_all_offsets_lie_in_the_body(text: str, title: str) -> None:
    written = post("请修复临河区路灯" + text, title=title)
    (found,) = ANALYSER.analyse([written])
    for start, end in [(d.start, d.end) for d in found.demands] + [(p.start, p.end) for p in found.places]:
        assert 0 <= start < end <= len(written.body)
    assert all(written.body[p.start : p.end] == p.text for p in found.places)
