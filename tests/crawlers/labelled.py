"""A seeded set of sentences in which everything personal is marked: [[…]] is to be masked, the rest is not.

Names, streets, numbers and addresses are invented; each template is filled anew, so that the set holds
well over a thousand different sentences.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from msgspec import Struct

__all__ = ["Case", "cases"]


class Case(Struct, frozen=True):
    """A text and, for each code point, whether it is personal."""

    text: str
    marked: tuple[bool, ...]
    template: str


_ZH = (
    "我叫[[{name}]]，家住{place}[[{home}]]，电话[[{mobile}]]，请尽快处理。",
    "您好，我是{place}的居民[[{name}]]，今年停水三次了。",
    "联系人：[[{name}]]，联系电话：[[{landline}]]。",
    "举报人：[[{name}]] 手机 [[{mobile}]]",
    "本人[[{name}]]，身份证号[[{id18}]]，反映{place}噪音扰民。",
    "我的名字叫[[{name}]]，请求帮助。",
    "{place}[[{home}]]已经停水{n}天，打12345没人管。",
    "我们住[[{home}]]，楼道里没有灯。",
    "车牌[[{plate}]]的车长期堵住消防通道。",
    "昨天[[{plate}]]违停，拨打110后离开。",
    "回复[[@{handle}]]：我家也停电了",
    "[[@{handle}]] [[@{handle2}]] 你们那边怎么样",
    "邮箱[[{mail}]]，盼复。",
    "加微信：[[{account}]]详谈，QQ：[[{qq}]]",
    "客服电话[[{service}]]一直打不通。",
    "手机[[{mobile_spaced}]]，座机[[{landline}]]。",
    "电话[[{wide}]]",
    "帖子在https://forum.example/u/[[{account}]]/t/12",
    "我儿子叫[[{name}]]，在{place}上学。",
    "敬请回复。\n[[{name}]]\n2026年3月{d}日",
    "护照号[[E{n8}]]被窗口弄丢了。",
    "家住{place}{road}[[{n}号]]，垃圾没人清。",
    "银行卡号[[{card}]]被扣款。",
    "我是租户[[{name}]]，[[{home}]]漏水。",
    "老人住在[[{home2}]]，没有电梯。",
)
_ZH_PLAIN = (
    "{place}建了{n}栋楼，共{n3}户，停水已经{d}天。",
    "这套两室一厅一年物业费{n4}元。",
    "请拨打12345或者95598，110也可以。",
    "{d}月{d}日，{n}路公交车改道。",
    "我是业主，我叫了物业三次，没有人来。",
    "我是高中生，学校{n}点才放学。",
    "地铁{d}号线{n}号口电梯坏了。",
    "文件号：国办发〔2016〕80号，第3条。",
    "2026-03-{d2} 08:{n2}:00 停水通知",
    "共收到{n4}件来信，同比增长{n}.5%。",
    "我是老师，谢谢领导关心，万分感谢。",
    "第{d}单元测试成绩公布了。",
    "水费{n4}元，电费{n3}.50元，合计很贵。",
    "工单编号20260301{n4}，至今没有答复。",
    "{place}小学三年级{d}班，{n}名学生。",
    "感谢市政府，感谢{place}街道办。",
    "{road}修了{n}个月，长{n4}米，宽{n}米。",
    "下午{d}点到晚上{n}点，{place}一直停电。",
)
_EN = (
    "My name is [[{ename}]] and I live at [[{n}]] {street}, [[Apt {flat}]].",
    "I'm [[{ename}]] from {town}. The water has been off for {d} days.",
    "Please call me at [[{us}]] or write to [[{mail}]].",
    "Contact: [[{ename}]], phone [[{intl}]]",
    "The leak is in [[unit {flat}]], [[room {n}]] has no heat.",
    "[[@{account}]] the street light is out again",
    "posted by [[{account}]] yesterday",
    "A van with license plate [[{eplate}]] blocks the hydrant.",
    "Nobody answered.\nSincerely,\n[[{ename}]]",
    "Thanks, [[{ename}]]",
    "thanks to [[u/{account}]] for the map",
    "See https://x.com/[[{account}]]/status/12345 for a photo",
    "My SSN [[{ssn}]] was on the form.",
    "This is [[{ename}]], I have no water.",
    "Reach me: [[{account} (at) mail (dot) example (dot) com]]",
)
_EN_PLAIN = (
    "I'm tired of this, we have had no water for {d} days.",
    "The bus {n} was late at 5pm @ the corner of {street}.",
    "There are {n3} units in the building and {n} people per room.",
    "I am writing about the pothole at {n} {street}.",
    "Call 911 or 311, the case number is 2026{n4}.",
    "The budget rose by {n4},000 dollars in 2026.",
    "On 03/{d2}/2026 16:05 the power went out.",
    "This is not acceptable. We are residents of {town}.",
    "Route {n}, mile {n3}: the sign fell down.",
    "Meeting 10-12 March, {n} of {n3} lights are out.",
    "It's Sunday and the trash was not collected.",
    "Temperatures of -{d} to {n} degrees, {n3} calls.",
)
_SURNAMES, _GIVEN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁宋唐许韩冯邓曹彭曾",
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛超明霞平刚桂英建国文华志玉兰春梅",
)
_PLACES = ("澜汀市临河区", "阳光里小区", "柳塘街道", "青石桥社区", "望湖花园", "北渡镇南岸村")
_ROADS = ("柳塘路", "临河大道", "青石桥街")
_HOMES = (
    "{a}栋{b}单元{c}室", "{a}号楼{b}单元{c}", "{a}幢{c}室", "{a}#楼{b}单元{c}室", "{a}-{b}-{c}",
    "十二栋三单元五零二室", "A座{c}", "{a}号楼{c}室", "{c}室", "{a}栋{c}",
)  # fmt: skip
_FIRST, _LAST = (
    ("Ada", "Ben", "Clara", "Dario", "Elin", "Femi", "Greta", "Hugo"),
    ("Brook", "Marsh", "Okoro", "Lindt"),
)
_STREETS, _TOWNS = ("Elm Street", "Mill Road", "Harbor Avenue"), ("Lanting City", "Southbank", "Old Ferry")


def cases(seed: int, rounds: int) -> Iterator[Case]:
    """Yield each template filled `rounds` times."""
    dice = random.Random(seed)  # noqa: S311  a seeded set, not a secret
    for template in (*_ZH, *_ZH_PLAIN, *_EN, *_EN_PLAIN):
        for _ in range(rounds):
            yield _marked(template.format(**_values(dice)), template)


def _marked(text: str, template: str) -> Case:
    plain: list[str] = []
    flags: list[bool] = []
    for at, piece in enumerate(text.replace("]]", "[[").split("[[")):
        plain.append(piece)
        flags.extend([at % 2 == 1] * len(piece))
    return Case("".join(plain), tuple(flags), template)


def _digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choice("0123456789") for _ in range(count))


def _values(dice: random.Random) -> dict[str, str]:
    d = dice.randrange
    mobile = f"1{d(3, 10)}{_digits(dice, 9)}"
    home = dice.choice(_HOMES).format(a=d(1, 60), b=d(1, 9), c=d(1, 30) * 100 + d(1, 9))
    account = f"{dice.choice(('river', 'lan_ting', 'kite', 'mo'))}_{d(10, 999)}"
    year, day = d(1950, 2005), f"{d(1, 13):02}{d(1, 29):02}"
    return {
        "name": dice.choice(_SURNAMES) + "".join(dice.choice(_GIVEN) for _ in range(d(1, 3))),
        "ename": f"{dice.choice(_FIRST)} {dice.choice(_LAST)}",
        "place": dice.choice(_PLACES), "road": dice.choice(_ROADS),
        "street": dice.choice(_STREETS), "town": dice.choice(_TOWNS),
        "home": home, "home2": f"{d(1, 40)}号楼{d(1, 6)}单元{d(1, 30)}0{d(1, 5)}",
        "mobile": mobile, "mobile_spaced": f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
        "wide": "".join(chr(ord(c) + 0xFEE0) for c in mobile),
        "landline": f"0{d(100, 999)}-{d(2, 9)}{_digits(dice, 7)}",
        "service": f"400-{_digits(dice, 3)}-{_digits(dice, 4)}",
        "id18": f"{d(11, 65)}{_digits(dice, 4)}{year}{day}{_digits(dice, 3)}{dice.choice('0123456789X')}",
        "plate": f"{dice.choice('鲁京沪苏粤')}{dice.choice('ABCDEF')}{dice.choice(('', '·'))}{_digits(dice, 5)}",
        "eplate": f"{dice.choice(('ABC', 'KDT', 'XR'))}-{_digits(dice, 4)}",
        "handle": dice.choice(("河畔老李", "小鱼_77", "lan-ting9")), "handle2": f"kite{d(10, 99)}",
        "mail": f"{account}@mail{d(1, 9)}.example.com", "account": account, "qq": str(d(10_000_000, 999_999_999)),
        "us": f"({d(201, 989)}) 555-{_digits(dice, 4)}", "intl": f"+49 {d(30, 99)} {d(1000000, 9999999)}",
        "ssn": f"{d(100, 899)}-{d(10, 99)}-{_digits(dice, 4)}", "flat": f"{d(1, 40)}{dice.choice('ABC')}",
        "card": f"6222{_digits(dice, 12)}", "n8": _digits(dice, 8),
        "n": str(d(2, 99)), "n2": f"{d(10, 59)}", "n3": str(d(100, 999)), "n4": str(d(1000, 9999)),
        "d": str(d(1, 10)), "d2": f"{d(10, 29)}",
    }  # fmt: skip
