from __future__ import annotations

import pytest

from alerts.recipients import Office, Person, Recipients
from alerts.routing import Route
from answerable.incident import Title
from answerable.post import Topic
from tests.alerts.givens import CITY, OFFICES, PEOPLE, RECIPIENTS, routing, update

STREET = Office(id="street", name={"zh": "临河街道办"}, topics=["urban"], areas=["4401-03"], supervised_by="city")
LOOP = Recipients(
    offices=[
        Office(id="a", name={"zh": "甲"}, topics=["urban"], supervised_by="b", aliases=["甲局"]),
        Office(id="b", name={"zh": "乙"}, supervised_by="a", aliases=["乙局"]),
    ],
    people=[Person(id="one", mail="one@a.example", offices=["a"]), Person(id="all", mail="all@desk.example")],
)

# What a post may call an office of this desk: ids, names, aliases, parts of names; votes of ten posts.
NAMES = (
    "water", "澜汀水务局", "水务局", "自来水公司", "澜汀水务", "Lanting Water Bureau", "LANTING WATER BUREAU",
    "water bureau", "the waterworks", "The Waterworks",
)  # fmt: skip
ACCUSED = [
    *[((word, votes),) for word in NAMES for votes in (1, 2, 5, 10)],
    *[((word, votes), ("police", 9)) for word in NAMES[:4] for votes in (1, 3, 8)],
    *[(("housing", votes), (word, votes + 1)) for word in NAMES[2:9:3] for votes in (1, 4, 9)],
]


def test_an_incident_goes_to_the_office_of_its_topic_and_area() -> None:
    assert routing().route(update()) == Route("water")


def test_the_more_specific_topic_wins_and_the_broader_shares_the_work() -> None:
    both = update(topics=(Topic("urban.water", 0.6), Topic("urban.roads", 0.3)))
    assert routing().route(both) == Route("water", ("housing",))


def test_the_finer_place_wins_among_equal_topics() -> None:
    with_street = Recipients(offices=[*OFFICES, STREET], people=PEOPLE)
    on_roads = update(topics=(Topic("urban.roads", 0.9),))
    assert routing(with_street).route(on_roads).lead == "street"
    elsewhere = update(topics=(Topic("urban.roads", 0.9),), title=Title("4401-09", ("坑洼",)))
    assert routing(with_street).route(elsewhere).lead == "housing"


def test_an_office_of_another_area_is_not_asked() -> None:
    assert routing().route(update(area="9901", title=Title(None, ()))).lead == "city"


def test_what_the_posts_themselves_were_read_to_concern_comes_first() -> None:
    voted = update(offices=(("housing", 9), ("water", 4), ("unknown", 3)))
    assert routing().route(voted) == Route("housing", ("water",))


def test_without_any_office_the_lead_is_open_and_the_desk_gets_everything() -> None:
    alone = routing(Recipients(offices=[], people=[]))
    assert alone.route(update()) == Route(None)
    assert [person.mail for person in alone.readers((None,))] == ["desk@lanting.example"]


def test_readers_are_the_people_of_the_offices_and_those_who_read_for_all() -> None:
    everybody = Recipients(offices=OFFICES, people=[*PEOPLE, Person(id="desk", mail="desk@city.example")])
    assert [person.id for person in routing(everybody).readers(("water", "housing"))] == ["lead", "builder", "desk"]


def test_an_office_without_people_hands_on_to_its_supervision() -> None:
    without = Recipients(offices=OFFICES, people=[person for person in PEOPLE if person.id != "lead"])
    assert [person.id for person in routing(without).readers(("water",))] == ["boss"]


def test_those_on_duty_are_found_at_the_office_or_above_it() -> None:
    assert [person.mail for person in routing().on_duty("water")] == ["duty@water.example"]
    assert [person.mail for person in routing().on_duty("housing")] == ["duty@city.example"]
    assert routing().on_duty(None) == ()


def test_there_are_sixty_accusations() -> None:
    assert len(ACCUSED) >= 60


@pytest.mark.parametrize("accused", ACCUSED)
def test_an_accused_office_is_never_lead_nor_addressee(accused: tuple[tuple[str, int], ...]) -> None:
    found = routing().route(update(accused=accused, offices=(("water", 9), ("housing", 3))))
    readers = routing().readers((found.lead, *found.co_handlers), found.accused)
    assert "water" in found.accused
    assert found.lead == "city"
    assert found.co_handlers == ()
    assert [person.id for person in readers] == ["boss"]


def test_a_single_voice_among_many_accuses_no_office() -> None:
    assert routing().route(update(accused=(("water", 4),), posts=50)).accused == ()
    assert routing().route(update(accused=(("water", 5),), posts=50)).accused == ("water",)


@pytest.mark.parametrize("word", ["police", "派出所", "somebody", "局", "物业公司"])
def test_an_accusation_of_nobody_on_this_desk_changes_nothing(word: str) -> None:
    assert routing().route(update(accused=((word, 9),))) == Route("water")


def test_offices_that_accuse_each_other_in_a_ring_go_to_those_who_read_for_all() -> None:
    ring = routing(LOOP)
    found = ring.route(update(accused=(("a", 5), ("乙局", 5)), area=CITY))
    assert found == Route(None, (), ("a", "b"))
    assert [person.id for person in ring.readers((found.lead,), found.accused)] == ["all"]


def test_recipients_of_the_tests_are_sound() -> None:
    assert {person.offices[0] for person in RECIPIENTS.people} == {office.id for office in RECIPIENTS.offices}
