"""Words that are never a place by themselves, though a gazetteer may list them: general words, hazards, peoples."""

from __future__ import annotations

import re

from nlp.lexicon import rows

__all__ = [
    "GENERAL",
    "GIVEN",
    "NOWHERE",
    "PERSON_AFTER",
    "is_event",
    "is_locative",
    "is_office",
    "is_paper",
    "stripped",
]


def _words(kind: str) -> frozenset[str]:
    return frozenset(word for row in rows("common_names") if row[0] == kind for word in row[1].split("|"))


GENERAL = _words("general")  # what kind of place, never which: a mention only where somebody is or goes there
NOWHERE = _words("nowhere")  # peoples, languages and bodies that bear a place's name
GIVEN = _words("given")
PERSON_AFTER = re.compile(
    r"(?:某|先生|女士|小姐|老师|同志|医生|主任|书记|局长|市长|县长|校长|总(?!站|部|院)|师傅|阿姨|大爷|大妈|经理"
    r"|妈妈|爸爸|爷爷|奶奶|大哥|大姐|叔叔|姑娘|同学|教授|院长|会计|律师|教练|所长|站长|组长|队长)"
)
_STORM = r"(?:hurricane|cyclone|typhoon|tropical storm)"
_FEATURE = r"(?:creek|ridge|mills?|lake|hills?|valley|branch|city|township|point|island|road|street|park|harbou?r)\b"
_HAZARD = (
    r"(?:wild|bush|forest )?fires?|(?:flash )?floods?|flooding|earthquakes?|quakes?|hurricane|cyclone|typhoon|tornado"
    r"|tsunami|landslides?|blackout"
)
_EVENT = re.compile(
    rf"{_STORM} (?!{_FEATURE})[\w'-]+(?: \w+)?|(?:hurricane|cyclone|typhoon)\w{{3,}}"
    rf"|[\w' -]*\w (?:{_HAZARD})|\w{{2,}}(?:earthquake|quake|floods?|flooding|wildfires?|tsunami)"
)
_TOWARDS = re.compile(r"[到在于从往至向赴](?=..)")
_TRAILING = re.compile(r"(?<=\w{4})[.,;:!]+$")
_GOING = re.compile(r"[在到往至于从向赴进入回离出临过去开](?:了|达)?[该这那]?$")
_WITHIN = re.compile(r"[内里外上中处]|附近|门口|周边|周围|旁|发生")
_PAPER = re.compile(
    r"(?:市|省|县)?(?:日报|晚报|晨报|早报|商报|时报|都市报|青年报|法制报|电视台|新闻网|电台|网讯|网记者|时间[\d上下今昨])"
)
_OFFICE = re.compile(
    r"[省市县区州镇乡]?(?:公安|消防|交警|交管|警方|警察|警官|政府|委(?!托|屈)|市委|媒体|报纸|官方|官员|疾控|指挥部|新闻办"
    r"|(?:内政|外交|国防)部|大使馆|海军|[\u4e00-\u9fff]{2,4}局(?![部面势])|副?[省市县区州镇]长|总统|总理"
    r"|(?:市|网)民|网友|籍|人[\u4e00-\u9fff]某)"
)


def is_locative(before: str, after: str) -> bool:
    """Tell whether the words around a name say that somebody is or goes there, or something happens there."""
    return _GOING.search(before) is not None or _WITHIN.match(after) is not None


def is_paper(after: str) -> bool:
    """Tell whether a name is that of a paper, a channel or a time zone, by what follows it.

    >>> is_paper("晚报报道"), is_paper("时间10时"), is_paper("发生火灾")
    (True, True, False)
    """
    return _PAPER.match(after) is not None


def is_office(after: str) -> bool:
    """Tell whether a name says whose office, press or person something is, by what follows it.

    >>> is_office("市公安局接到报警"), is_office("市和平区")
    (True, False)
    """
    return _OFFICE.match(after) is not None


def is_event(surface: str) -> bool:
    """Tell whether a folded name is a hazard's: it happens at a place and is none.

    >>> [is_event(name) for name in ("hurricane ada", "bay fire", "keralafloods", "hurricane creek", "fire island")]
    [True, True, True, False, False]
    """
    return _EVENT.fullmatch(surface) is not None


def stripped(surface: str) -> str:
    """Return a folded name without the preposition before it in Chinese or the stop behind it.

    >>> stripped("在西湖公园"), stripped("mexico."), stripped("u.s.")
    ('西湖公园', 'mexico', 'u.s.')
    """
    return _TRAILING.sub("", _TOWARDS.sub("", surface, count=1) if _TOWARDS.match(surface) else surface)
