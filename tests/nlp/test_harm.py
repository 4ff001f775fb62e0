from __future__ import annotations

import pytest

from answerable.post import Harm, HarmClass
from nlp import harm
from tests.nlp.reading import scan


def kinds(text: str, lang: str, cls: HarmClass) -> list[str]:
    return [one.kind for one in harm.find(scan(text, lang), lang == "zh") if one.cls is cls]


def test_a_long_letter_has_to_say_that_it_happens_now() -> None:
    story = "我们小区的物业管理一直很混乱，业主多次反映都没有结果。" * 12
    assert not kinds(story + "电梯坠落过，有人受伤。", "zh", HarmClass.DANGER)
    assert kinds(story + "就在刚才电梯坠落，有人受伤。", "zh", HarmClass.DANGER) == ["injury"]


@pytest.mark.parametrize("text", ["", "\n", "😀😀", "***", "\u200b\u200d"])
def test_nothing_is_read_from_nothing(text: str) -> None:
    assert harm.find(scan(text), True) == ()


def test_danger_comes_before_service() -> None:
    found = harm.find(scan("小区停水，三楼着火了"), True)
    assert found == (Harm(HarmClass.DANGER, "fire"), Harm(HarmClass.SERVICE, "water"))


@pytest.mark.parametrize(
    "text",
    [
        "这家的面辣死了",
        "排队排得后悔死了",
        "味道恶心死了！",
        "打死也不再来了",
        "这路堵得我打死不走了",
        "伞丑死了，退货",
    ],
)
def test_what_is_bad_to_death_kills_nobody(text: str) -> None:
    assert kinds(text, "zh", HarmClass.DANGER) == []


@pytest.mark.parametrize("text", ["河边有人死了", "刚才有人被打死了", "楼下老人死了，没人管"])
def test_a_death_is_danger_still(text: str) -> None:
    assert kinds(text, "zh", HarmClass.DANGER) != []


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("电影里那个人从楼上摔下去，一动不动", "zh"),
        ("听说国外商场着火了，烧伤好多人", "zh"),
        ("墙倒了，幸亏没砸到人", "zh"),
        ("楼道堆成这样，怕老人摔下去", "zh"),
        ("三年里这个路口撞死了五个人", "zh"),
        ("The fire was put out an hour ago, everyone is safe", "en"),
        ("A man gets stabbed in episode three", "en"),
        ("The crowd exploded, what a concert", "en"),
    ],
)
def test_what_is_played_far_away_feared_or_over_wakes_nobody(text: str, lang: str) -> None:
    assert kinds(text, lang, HarmClass.DANGER) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("人民路着火了，大家注意安全，绕行", "fire"),
        ("煤气泄漏，已经疏散，大家注意安全", "gas"),
        ("法院门口有人持刀伤人，快报警", "violence"),
        ("电影院着火了，有人被困", "fire"),
        ("足球场看台塌了，压了好多人", "collapse"),
        ("化工厂爆炸了，外地工人被困", "explosion"),
        ("A child is drowning in the pool", "drowning"),
        ("A kid is drowning in their back yard pool right now call 911", "drowning"),
        ("My child is missing, he is 5, weighs 40 pounds", "missing"),
        ("Missing girl, 6 years old, riding her bike", "missing"),
        ("There was a shooting at the football game tonight, two people hurt", "violence"),
        ("A bridge collapsed in the French quarter, people hurt", "injury"),
    ],
)
def test_where_it_happens_and_what_is_advised_silence_no_danger(text: str, kind: str) -> None:
    assert kind in kinds(text, "zh" if ord(text[0]) > 255 else "en", HarmClass.DANGER)


@pytest.mark.parametrize(
    "text",
    [
        "My cat is stuck on the roof and can't get down",
        "My car won't start and I'm stuck on the highway",
        "担心有人从楼上掉下来",
        "旧衣回收箱满了，打上面的电话没人接",
        "We are drowning in paperwork",
    ],
)
def test_animals_cars_and_fears_are_no_danger(text: str) -> None:
    assert kinds(text, "zh" if ord(text[0]) > 255 else "en", HarmClass.DANGER) == []


def test_a_denial_reaches_no_further_than_its_clause() -> None:
    assert kinds("报警没人管，着火了", "zh", HarmClass.DANGER) == ["fire"]
    assert kinds("没着火", "zh", HarmClass.DANGER) == []


def test_a_word_needs_one_of_its_companions_whichever_row_names_it() -> None:
    assert kinds("肚子疼", "zh", HarmClass.DANGER) == []
    assert kinds("食堂吃完饭，好几个学生肚子疼", "zh", HarmClass.DANGER) == ["poisoning"]


@pytest.mark.parametrize(
    "text", ["桥下漂着塑料瓶，环卫船好久没来了", "河里浮着死鱼，没人清理", "垃圾漂在水面上，两岸都有"]
)
def test_what_floats_is_no_drowning_unless_it_is_somebody(text: str) -> None:
    assert kinds(text, "zh", HarmClass.DANGER) == []
    assert kinds(f"{text}，旁边漂着一个人", "zh", HarmClass.DANGER) == ["drowning"]


@pytest.mark.parametrize("what", ["煤气泄漏", "小区燃气泄漏", "工地塌方了", "电梯里有人受伤", "变压器爆炸了"])
@pytest.mark.parametrize("end", ["，请立即处理。", "，请立即处理！", "，请有关部门尽快处理。"])
def test_danger_is_heard_in_a_calm_request_too(what: str, end: str) -> None:
    assert kinds(what + end, "zh", HarmClass.DANGER)


@pytest.mark.parametrize(
    "text",
    [
        "Missing: our grandfather, 84, green cardigan, left the ward at noon",
        "Explosion at the dye works, glass all over Orchard Row",
        "纺织厂发生爆炸，半条街的玻璃都碎了",
        "Gas leak in our stairwell since March, people are dizzy",
        "There is a fire in June Street, people are inside",
    ],
)
def test_a_plain_cry_is_danger(text: str) -> None:
    assert harm.is_danger(harm.find(scan(text, "en" if text.isascii() else "zh"), not text.isascii()))


@pytest.mark.parametrize(
    "text",
    [
        "The ferry has been off since the engine fire in March, and we are an island",
        "The comedian set the hall on fire last night, what a show, we were dying of laughter",
        "这家新店火爆得不行，排队排到要出人命，味道绝了",
    ],
)
def test_a_listed_word_in_a_text_that_sounds_like_none_is_no_danger(text: str) -> None:
    assert not harm.is_danger(harm.find(scan(text, "en" if text.isascii() else "zh"), not text.isascii()))


def test_a_long_letter_goes_by_the_lists_alone() -> None:
    letter = "我们小区的绿化一直没有人管理。" * 20
    assert kinds(letter, "zh", HarmClass.DANGER) == []
    assert kinds(f"{letter}刚刚三号楼着火了，快来人！", "zh", HarmClass.DANGER) == ["fire"]
