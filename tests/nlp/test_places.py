from __future__ import annotations

from pathlib import Path

import pytest

from answerable.errors import SettingsError
from answerable.post import PlaceMention
from nlp.clean import folded
from nlp.gazetteer import Gazetteer, Place
from nlp.places import Places
from tests.nlp.reading import GAZETTEER as FILE

GAZETTEER = Gazetteer.load(FILE)
PLACES = Places(GAZETTEER)
HEAD = "id,parent,level,name,aliases,lat,lon,kind\n"


def find(text: str, field: str | None = None, home: str | None = None) -> tuple[PlaceMention, ...]:
    return PLACES.find(folded(text), field, home)


def test_offsets_count_in_the_body_whatever_was_folded_away() -> None:
    body = "快看\u200b！澜汀\u200b市停电"
    (mention,) = find(body)
    assert body[mention.start : mention.end] == mention.text == "澜汀\u200b市"


def test_a_place_that_is_only_a_comparison_is_doubtful() -> None:
    here, there = find("澜汀市办证要半年，能不能像梧川市那样快")
    assert here.p > 0.9
    assert there.p < 0.5


@pytest.mark.parametrize(
    ("words", "home", "place"),
    [
        ("100101", None, "100101"),
        ("临河区", "1002", "100202"),
        ("澜汀市临河区桥西街道3号", None, "10010101"),
        ("某处", None, None),
        (None, "1001", None),
    ],
)
def test_a_place_field_holds_an_id_or_words(words: str | None, home: str | None, place: str | None) -> None:
    assert PLACES.resolve(words, home) == place


def test_ancestors_and_districts_are_found_upwards() -> None:
    assert GAZETTEER.ancestor_at("10010101", "city") == "1001"
    assert GAZETTEER.ancestor_at("10", "city") is None
    assert GAZETTEER.district_of("10010401") == "100104"
    assert GAZETTEER.district_of("1001") is None
    assert GAZETTEER.district_of("10010401", "1001") == "100104"
    assert GAZETTEER.district_of("10010401", "1002") is None
    assert GAZETTEER.name("1001") == "澜汀市"
    assert GAZETTEER.name("nowhere") == "nowhere"
    assert GAZETTEER.aliases("1001") == ("澜汀", "Lanting City", "Lanting")


@pytest.mark.parametrize(
    ("text", "home", "ids"),
    [
        ("澜汀市的亲戚说，梧川市和平区停水", "1001", ["1001", "1002", "100201"]),
        ("梧川市的亲戚说，澜汀市和平区停水", "1002", ["1002", "1001", "100103"]),
        ("临河区柳塘街道停水", "1001", ["100202", "10020201"]),
        ("Old Town and Elm Street flooded, and that in Paris", "2001", ["200201", "20020101", "2002"]),
    ],
)
def test_a_shared_name_is_that_of_the_nearest_ancestor_or_of_its_kin(text: str, home: str, ids: list[str]) -> None:
    assert [mention.id for mention in find(text, home=home)] == ids


def test_an_empty_gazetteer_knows_no_place() -> None:
    empty = Gazetteer.load(None)
    assert Places(empty).find(folded("澜汀市")) == ()
    assert empty.ancestor_at("1001", "city") is None


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "1,,city,甲市,,,,\n1,,city,乙市,,,,\n",
            "3: id: 1 stands already in line 2; give each place an id of its own",
        ),
        ("1,9,city,甲市,,,,\n", "2: parent: there is no place 9; valid here: 1"),
        ("1,2,city,甲市,,,,\n2,1,city,乙市,,,,\n", "2: parent: lies in itself: 1 > 2 > 1; break the circle"),
        ("1,,city,甲市,,north,,\n", "2: lat: 'north' is no number; write degrees such as 36.65"),
        ("1,,city,甲市,,91,,\n", "2: lat: 91 is out of range; write degrees between -90 and 90"),
        ("1,,city,,,,,\n", "2: name: is empty; give the place's name"),
        ("1,,city,甲市\n", "2: has 4 columns; write 8 columns: id,parent,level,name,aliases,lat,lon,kind"),
    ],
)
def test_a_mistake_in_a_gazetteer_names_line_key_and_repair(tmp_path: Path, rows: str, message: str) -> None:
    path = tmp_path / "places.csv"
    path.write_text(HEAD + rows, "utf-8")
    with pytest.raises(SettingsError) as error:
        Gazetteer.load(path)
    assert str(error.value) == f"{path}:{message}"


def test_a_line_ends_where_the_file_says_so_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.csv"
    rows = ["id,parent,level,name,aliases,lat,lon,kind", "1,,city,Lanting,Lan\u2028ting|Lan\x85ting,,,", "2,1,x,,,,,"]
    path.write_text("\r\n".join(rows[:2]), "utf-8", newline="")
    assert Gazetteer.load(path).aliases("1") == ("Lan\u2028ting", "Lan\x85ting")
    path.write_text("\r\n".join(rows), "utf-8", newline="")
    with pytest.raises(SettingsError, match=r"gazetteer\.csv:3: name: is empty"):
        Gazetteer.load(path)


def test_an_unknown_column_names_the_nearest_one(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("id,parent,level,nmae,aliases,lat,lon,kind\n", "utf-8")
    with pytest.raises(SettingsError, match="nmae: unknown column; did you mean 'name'"):
        Gazetteer.load(path)


def listing(*names: str) -> Places:
    places = [Place(str(number), None, "city", name) for number, name in enumerate(names)]
    return Places(Gazetteer({place.id: place for place in places}, "listed"))


@pytest.mark.parametrize(
    ("names", "text", "found"),
    [
        (["Mill Bay", "Mill Bay fire", "Hurricane Ada"], "Mill Bay fire after Hurricane Ada", ["Mill Bay"]),
        (["Hurricane Creek", "Bay Isle"], "Flooded: Hurricane Creek, Bay Isle", ["Hurricane Creek", "Bay Isle"]),
        (["Armstrong", "Westfield"], "No water in Armstrong nor in Westfield", ["Armstrong", "Westfield"]),
        (["Oakton", "Oakton."], "The road to Oakton.", ["Oakton"]),
        (["Red Cross"], "The Red Cross is here", []),
        (["学校"], "学校领导不作为，学生在学校停课", ["学校"]),
        (["西岭公园", "在西岭公园"], "昨天在西岭公园停电", ["西岭公园"]),
        (["西岭"], "据西岭晚报报道，西岭时间8时停电", []),
        (["西岭", "东滩"], "西岭市公安局接到报警，西岭多处停水，东滩区政府未回应", ["西岭", "东滩"]),
    ],
)  # fmt: skip
def test_hazards_general_words_papers_and_repeated_offices_are_no_mentions(
    names: list[str], text: str, found: list[str]
) -> None:
    mentions = listing(*names).find(folded(text))
    sure = [mention for mention in mentions if mention.p >= 0.5]
    assert [mention.text for mention in sure] == found
    if "公安局" in text:
        assert text[sure[0].end] == "多"  # of two, the one that is not an office


def test_a_mention_tells_of_the_others_of_its_name_where_only_the_home_or_nothing_decides() -> None:
    rows = [("1", None, "澜汀市"), ("2", None, "梧川市"), ("11", "1", "和平区"), ("21", "2", "和平区")]
    places = Places(Gazetteer({id: Place(id, over, "city", name) for id, over, name in rows}, "two"))
    text = folded("和平区停水")
    assert [(one.id, one.p, one.others) for one in places.find(text)] == [("11", 0.45, ("21",))]
    assert [(one.id, one.p, one.others) for one in places.find(text, home="2")] == [("21", 0.85, ("11",))]
    assert [(one.id, one.others) for one in places.find(text, field="2")] == [("21", ())]
    assert [(one.id, one.others) for one in places.find(folded("梧川市和平区停水"))] == [("2", ()), ("21", ())]
