"""An invented matter in an invented city: three days without water in 临河街道, 澜汀市."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from msgspec.structs import replace

from alerts.alert import Alert, AlertKind, Clock, Digest, DigestLine
from alerts.links import Links
from alerts.names import Names
from alerts.recipients import Office, Person, Recipients
from answerable.clock import HOUR
from answerable.incident import (
    Between,
    Change,
    Components,
    DemandCount,
    Evidence,
    Forecast,
    IncidentUpdate,
    Indicator,
    IndicatorName,
    Level,
    SharedWord,
    State,
    Title,
)
from answerable.post import Kind, Topic

AT = int(datetime(2026, 10, 12, 2, 12, tzinfo=UTC).timestamp())  # 10:12 in 澜汀市
_HOURS = (0, 0, 1, 0, 0, 1, 1, 0, 2, 1, 2, 3, 2, 4, 3, 5, 6, 5, 8, 9, 8, 11, 12, 14)

RECIPIENTS = Recipients(
    offices=[
        Office(id="water", name={"zh": "澜汀市供水公司", "en": "Lanting Water Company"}, supervised_by="city"),
        Office(id="linhe", name={"zh": "临河街道办事处", "en": "Linhe Street Office"}, supervised_by="city"),
        Office(id="city", name={"zh": "澜汀市政务服务中心", "en": "Lanting City Desk"}),
    ],
    people=[],
)
NAMES = Names(
    {
        "3701": ("澜汀市", "Lanting"),
        "3701-12": ("临河街道", "Linhe Street"),
        "3701-13": ("码头社区", "Dock Quarter"),
    },
    {"urban": {"zh": "城乡建设", "en": "Urban construction"}, "urban.water": {"zh": "供水", "en": "Water supply"}},
    RECIPIENTS,
)
LINKS = Links("https://desk.lanting.example", b"an example key of 26 bytes")

_WORDS = {
    "zh": (("停水", 38), ("三天", 21), ("水车", 12), ("老人", 9), ("没有通知", 7)),
    "en": (("no water", 38), ("three days", 21), ("tanker", 12), ("elderly", 9), ("no notice", 7)),
}
_ACTS = {
    "zh": ("公布恢复供水时间", "承担水车费用", "说明为何没有提前通知"),
    "en": ("say when the water returns", "pay for tanker water", "explain why no notice was given"),
}
_MATTER = {"zh": ("停水", "水车"), "en": ("no water", "tanker")}
_CLOCK = {"zh": "发布权威信息", "en": "Authoritative information"}

Locale = Literal["zh", "en"]


def person(locale: Locale = "zh") -> Person:
    return Person(id=f"lead-{locale}", mail=f"lead.{locale}@water.lanting.example", offices=["water"], locale=locale)


def update(locale: Locale = "zh") -> IncidentUpdate:
    first = AT - 23 * HOUR - 12 * 60
    hours = tuple((AT - AT % HOUR - (24 - n) * HOUR, posts) for n, posts in enumerate(_HOURS) if posts)
    return IncidentUpdate(
        incident="k3x9b2d",
        revision=7,
        area="3701",
        at=AT,
        change=Change.ROSE,
        title=Title("3701-12", _MATTER[locale]),
        opened_at=first + 5 * HOUR,
        first_post="bd388e3814467dfa6244be47",
        first_at=first,
        last_at=AT - 300,
        posts=98,
        duplicates=11,
        vanished=3,
        authors=Between(46, 61),
        token_days=61,
        strongest_day=46,
        sources=("letters.linhe", "forum.dock", "hotline.city", "news.lanting"),
        kinds=((Kind.LETTER, 40), (Kind.FORUM, 31), (Kind.HOTLINE, 24), (Kind.NEWS, 3)),
        components=Components(
            heat=11.7, usual=3.9, growth=1.9, doubling_h=3.2, breadth=5, tail=5.3, effective=45.6, shared_wording=0.12
        ),
        indicators=(
            Indicator(IndicatorName.UNMET, 3, (Evidence("hours", 23),)),
            Indicator(IndicatorName.WIDENING, 2, ()),
            Indicator(IndicatorName.REGIONS, 0, ()),
        ),
        shown=True,
        topics=(Topic("urban.water", 0.93),),
        offices=(("water", 88), ("linhe", 10)),
        districts=(("3701-12", 71), ("3701-13", 19)),
        langs=((locale, 98),),
        moods=(("anger", 41), ("fear", 12), ("none", 45)),
        demands=tuple(
            DemandCount(act, category, "water", residents, first)
            for act, category, residents in zip(_ACTS[locale], ("inform", "pay", "explain"), (38, 11, 2), strict=True)
        ),
        words=tuple(SharedWord(word, authors, 3) for word, authors in _WORDS[locale]),
        hourly=hours,
        peak_at=AT - AT % HOUR - HOUR,
        peak_per_hour=14,
        forecast=(Forecast(1, 11, 16, 22), Forecast(3, 36, 58, 84), Forecast(24, 70, 190, 420)),
    )


def clock(locale: Locale = "zh") -> Clock:
    return Clock(
        name=_CLOCK[locale],
        source="国办发〔2016〕80号",
        hours=5.0,
        seen_at=AT - 23 * HOUR,
        informed_at=AT - 3 * HOUR - 40 * 60,
        due_at=AT + HOUR + 20 * 60,
    )


def alert(locale: Locale = "zh") -> Alert:
    return Alert(
        number=17,
        at=AT,
        incident="k3x9b2d",
        kind=AlertKind.RAISE,
        level=Level.RED,
        previous=Level.ORANGE,
        thread=2,
        rule="fast-spread",
        why=(
            Evidence("heat", 11.7, 1.0),
            Evidence("points.heat", 3),
            Evidence("authors", 45.6, 3.9),
            Evidence("points.authors", 2),
            Evidence("growth", 1.9),
            Evidence("points.growth", 1),
            Evidence("breadth", 5, 1),
            Evidence("points.breadth", 2),
            Evidence("points", 8, 8),
            Evidence("rule.authors", 46, 8),
        ),
        update=update(locale),
        state=State.NEW,
        version=3,
        lead="water",
        co_handlers=("linhe",),
        clock=clock(locale),
        precision=(17, 19),
    )


def other(incident: str, number: int, place: str, matter: tuple[str, ...], act: str, locale: Locale) -> Alert:
    """Return an alert on another, smaller matter, newly opened at yellow."""
    base = update(locale)
    ask = DemandCount(act, "act", None, 8, base.first_at)
    parts = replace(base, incident=incident, title=Title(place, matter), posts=19, authors=Between(12, 17))
    return replace(
        alert(locale), incident=incident, number=number, kind=AlertKind.OPEN, level=Level.YELLOW, previous=None,
        update=replace(parts, demands=(ask,)),
    )  # fmt: skip


SLOW = (Evidence("unanswered_hours", 700.0), Evidence("weeks", 4.0))


def digest(locale: Locale = "zh") -> Digest:
    zh = locale == "zh"
    waste = ("垃圾清运", "异味") if zh else ("waste collection", "smell")
    lamps = ("路灯",) if zh else ("street lights",)
    orange = other("b4c7d9f", 18, "3701-13", waste, "恢复每日清运" if zh else "collect every day again", locale)
    orange = replace(orange, level=Level.ORANGE, kind=AlertKind.RAISE, previous=Level.YELLOW, clock=None)
    yellow = other("m2n5p8q", 19, "3701-12", lamps, "修复路灯" if zh else "repair the street lights", locale)
    lorries = ("渣土车", "夜间") if zh else ("lorries", "at night")
    slow = other("w3x5z7b", 20, "3701", lorries, "限制夜间通行" if zh else "keep them out at night", locale)
    return Digest(
        at=AT,
        lines=(DigestLine(alert=orange, held="quiet"), DigestLine(alert=yellow, held="cadence")),
        ages=(("crawl", 95), ("analyse", 130), ("track", 140), ("index", 400)),
        silent=("forum.dock",),
        slow=(replace(slow, clock=None, why=SLOW, update=replace(slow.update, first_at=AT - 700 * HOUR)),),
        answered_in_time=4,
        open_count=2,
    )
