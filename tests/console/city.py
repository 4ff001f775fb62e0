"""A small invented city: entries as the desk would hold them, posts as the index would, all from real Structs."""

from __future__ import annotations

from alerts.alert import Clock
from alerts.entry import Effect, Entry, HeldBack, LevelChange, Response
from alerts.names import Names
from alerts.recipients import Office, Recipients
from answerable.clock import DAY, HOUR, MINUTE
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
    LedgerEvent,
    Level,
    SharedWord,
    State,
    Title,
)
from answerable.post import Kind, Topic
from index.store import Hit

NOW = 1795392000 + 2 * HOUR + 40 * MINUTE  # 2026-11-23 10:40 in Lanting
AREA = "5101"

_OFFICES = (
    ("water", "澜汀水务公司", "Lanting Water Company"),
    ("education", "教育局", "Education Bureau"),
    ("streets", "城管局", "Street Office"),
    ("housing", "住建局", "Housing Bureau"),
    ("inspection", "市政府督查室", "City Inspection Office"),
)

RECIPIENTS = Recipients(offices=[Office(id=key, name={"zh": zh, "en": en}) for key, zh, en in _OFFICES], people=[])
OFFICES = tuple(office.id for office in RECIPIENTS.offices)
NAMES = Names(
    {
        AREA: ("澜汀市", "Lanting City"),
        "5102": ("河湾市", "Hewan City"),
        "510101": ("柳渡街道", "Liudu Street"),
        "510102": ("东坪区", "Dongping"),
        "510103": ("石桥路", "Shiqiao Road"),
    },
    {
        "urban.water": {"zh": "供水", "en": "Water supply"},
        "education": {"zh": "教育文体", "en": "Education"},
        "environment": {"zh": "环境保护", "en": "Environment"},
        "land": {"zh": "国土资源", "en": "Land"},
    },
    RECIPIENTS,
)


def _hourly(first: int, counts: list[int]) -> tuple[tuple[int, int], ...]:
    start = first // HOUR * HOUR
    return tuple((start + hour * HOUR, posts) for hour, posts in enumerate(counts) if posts)


def update(
    key: str, place: str, matter: tuple[str, ...], first: int, counts: list[int], **other: object
) -> IncidentUpdate:
    """Make an incident's update whose posts an hour are `counts`, from `first` on."""
    hourly = _hourly(first, counts)
    peak = max(hourly, key=lambda pair: pair[1])
    values: dict[str, object] = {
        "incident": key, "revision": 7, "area": AREA, "at": NOW - 2 * MINUTE, "change": Change.GREW,
        "title": Title(place, matter), "opened_at": first + 2 * HOUR, "first_post": "0" * 24, "first_at": first,
        "last_at": hourly[-1][0] + 20 * MINUTE, "posts": sum(counts), "duplicates": 3, "vanished": 0,
        "authors": Between(46, 61), "token_days": 61, "strongest_day": 46,
        "sources": ("letters.lanting", "forum.lanting", "hotline.lanting"),
        "kinds": ((Kind.LETTER, 31), (Kind.FORUM, 18), (Kind.HOTLINE, 9)), "components": Components(),
        "indicators": (), "shown": True, "hourly": hourly, "peak_at": peak[0], "peak_per_hour": peak[1],
    }  # fmt: skip
    return IncidentUpdate(**{**values, **other})  # type: ignore[arg-type] # any field may be given


def water() -> Entry:
    """Return a matter that spreads: no water for three days, five hours to say when it returns."""
    first = NOW - 52 * HOUR
    counts = [1, 0, 1, 0, 0, 1, 2, 1, 0, 1, 0, 0, 1, 1, 0, 0, 2, 1, 1, 2, 1, 0, 0, 0, 1, 1, 0, 1, 2, 1, 1, 2, 2, 1, 2]
    counts += [3, 2, 2, 3, 2, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 14]
    told = Components(
        heat=12.0,
        usual=3.8,
        growth=1.9,
        doubling_h=3.2,
        breadth=5,
        tail=4.3,
        effective=44.1,
        service=(("water", 38),),
    )
    demands = (
        DemandCount("公布恢复供水时间", "inform", "water", 38, first),
        DemandCount("安排送水车", "provide", None, 11, first + 20 * HOUR),
        DemandCount("解释为何没有提前通知", "explain", "water", 3, first + 30 * HOUR),
    )
    indicators = (
        Indicator(IndicatorName.UNMET, 3, (Evidence("oldest_unanswered_days", 2.2), Evidence("residents", 38))),
        Indicator(IndicatorName.ECONOMIC, 1, (Evidence("money_demands", 4),)),
        Indicator(IndicatorName.HARM, 1, (Evidence("service", 38),)),
        Indicator(IndicatorName.WIDENING, 2, (Evidence("source_kinds", 5), Evidence("topics", 2))),
        Indicator(IndicatorName.DIFFICULTY, 1, (Evidence("offices", 2),)),
        Indicator(IndicatorName.REGIONS, 2, (Evidence("districts", 3),)),
    )
    told_by = update(
        "7kd2m4p", "510101", ("停水", "恢复时间"), first, counts, components=told, demands=demands,
        indicators=indicators,
        topics=(Topic("urban.water", 0.94),), offices=(("water", 40), ("streets", 6)),
        districts=(("510101", 41), ("510102", 9), ("510103", 2)), moods=(("anger", 34), ("sadness", 12), ("none", 8)),
        words=(SharedWord("停水三天", 21, 3), SharedWord("老人上不了楼", 6, 2), SharedWord("送水车", 5, 2)),
        forecast=(Forecast(1, 9, 15, 24), Forecast(3, 26, 47, 80), Forecast(24, 90, 220, 510)), vanished=2,
    )  # fmt: skip
    why = (
        Evidence("heat", 12.0, 1.0), Evidence("points.heat", 3), Evidence("authors", 44.1, 3.8),
        Evidence("points.authors", 2), Evidence("growth", 1.9), Evidence("points.growth", 1),
        Evidence("breadth", 5, 1), Evidence("points.breadth", 2), Evidence("unanswered_hours", 52),
        Evidence("points.unanswered_hours", 1), Evidence("points", 9, 8), Evidence("rule.authors", 46, 5),
    )  # fmt: skip
    informed = NOW - 3 * HOUR - 40 * MINUTE
    return Entry(
        update=told_by, level=Level.RED, why=why, state=State.ACKNOWLEDGED, version=2, lead="water",
        co_handlers=("streets",),
        clocks=(Clock("发布权威信息", "国办发〔2016〕80号", 5, first, informed, informed + 5 * HOUR),),
        levels=(
            LevelChange(first + 2 * HOUR, Level.WATCH, ()), LevelChange(first + 30 * HOUR, Level.ORANGE, ()),
            LevelChange(NOW - 90 * MINUTE, Level.RED, why),
        ),
        history=(
            LedgerEvent(
                incident="7kd2m4p", version=2, at=NOW - 3 * HOUR, who="chen", before=State.NEW,
                after=State.ACKNOWLEDGED, level=Level.ORANGE, area=AREA,
            ),
        ),
        joined=("6pb2s9q",),
    )  # fmt: skip


def downstream() -> Entry:
    """Return the same matter as `water` in the next city: a smaller part of it, told of later."""
    first = NOW - 9 * HOUR
    return Entry(
        update=update(
            "6pb2s9q", "5102", ("停水", "恢复时间"), first, [1, 0, 2, 1, 3, 2, 4, 3, 5], area="5102",
            authors=Between(12, 15), topics=(Topic("urban.water", 0.9),), offices=(("water", 20),),
        ),
        level=Level.YELLOW, why=(Evidence("heat", 2.5, 1.0),), state=State.NEW, version=0, lead="water",
        joined=("7kd2m4p",),
    )  # fmt: skip


def canteen() -> Entry:
    """Return a matter that eases: school meals cost more, partly answered."""
    first = NOW - 30 * HOUR
    told = Components(heat=5.2, usual=2.0, growth=-0.8, breadth=3, tail=2.1, effective=20.0)
    counts = [1, 1, 3, 5, 8, 9, 7, 5, 4, 2, 1, 0, 0, 1, 2, 2, 1, 1, 2, 1, 0, 1, 1, 2, 1, 1, 0, 1]
    demands = (
        DemandCount("公开餐费构成", "inform", "education", 17, first, NOW - 9 * HOUR),
        DemandCount("退回多收费用", "pay", "education", 8, first + 4 * HOUR),
    )
    informed = NOW - 29 * HOUR
    event = LedgerEvent(
        incident="9wq3r5t", version=3, at=NOW - 9 * HOUR, who="liu", before=State.WORKING, after=State.WORKING,
        level=Level.ORANGE, area=AREA, text="已与学校核对账目", office="education",
    )  # fmt: skip
    return Entry(
        update=update(
            "9wq3r5t", "510102", ("食堂", "餐费"), first, counts, components=told, demands=demands,
            authors=Between(23, 30), topics=(Topic("education", 0.9),), offices=(("education", 25),),
        ),
        level=Level.ORANGE, why=(Evidence("heat", 5.2, 1.0), Evidence("points.heat", 2), Evidence("points", 5, 5)),
        state=State.WORKING, version=3, lead="education", history=(event,),
        clocks=(Clock("作出回应", "国办发〔2016〕61号", 48, first, informed, informed + 48 * HOUR, confirmed=True),),
    )  # fmt: skip


def noise() -> Entry:
    """Return a slow matter: lorries at night, few people, four weeks, the clock is over."""
    first = NOW - 26 * DAY
    counts = [1 if hour % 53 == 0 else 0 for hour in range(26 * 24)]
    informed = NOW - 50 * HOUR
    return Entry(
        update=update(
            "3xv8b2n", "510103", ("渣土车", "夜间噪声"), first, counts, authors=Between(3, 12),
            sources=("letters.lanting",), kinds=((Kind.LETTER, 12),), topics=(Topic("environment", 0.8),),
        ),
        level=Level.YELLOW, why=(Evidence("unanswered_hours", 600), Evidence("points.unanswered_hours", 3)),
        state=State.NEW, version=0, lead="streets",
        clocks=(Clock("作出回应", "国办发〔2016〕61号", 48, first, informed, informed + 48 * HOUR),),
    )  # fmt: skip


def bus() -> Entry:
    """Return an answered matter: a bus line moved, and the demand fell."""
    first, answered = NOW - 5 * DAY, NOW - 18 * HOUR
    event = LedgerEvent(
        incident="5tr6y8z", version=4, at=answered, who="liu", before=State.ASSIGNED, after=State.ANSWERED,
        level=Level.YELLOW, area=AREA, office="streets", text="临时站点今日恢复。", promised="两周内公布新线路图",
        link="https://streets.lanting.example/notice/12", due_at=NOW + 12 * DAY,
    )  # fmt: skip
    return Entry(
        update=update("5tr6y8z", "510102", ("公交改线",), first, [2] * 60, authors=Between(14, 20)),
        level=Level.YELLOW, why=(), state=State.ANSWERED, version=4, lead="streets", history=(event,),
        clocks=(Clock("作出回应", "国办发〔2016〕61号", 48, first, answered - 9 * HOUR, answered + 39 * HOUR),),
        response=Response(answered, 6.0, 1.0, Effect.FELL),
    )  # fmt: skip


def accused() -> Entry:
    """Return a matter with its supervision, because an office is accused."""
    first = NOW - 2 * DAY
    return Entry(
        update=update(
            "8hj4f6g", "510102", ("拆迁", "补偿"), first, [1, 2, 1, 3, 2], accused=(("housing", 7),),
            offices=(("housing", 7),), topics=(Topic("land", 0.9),), authors=Between(7, 9),
            words=(SharedWord("补偿标准", 5, 1),),
        ),
        level=Level.YELLOW, why=(Evidence("authors", 7, 1.0),), state=State.NEW, version=0, lead="inspection",
        supervision=True,
    )  # fmt: skip


def danger() -> Entry:
    """Return what one person reports: a smell of gas."""
    first = NOW - 12 * MINUTE
    return Entry(
        update=update(
            "4cd7k9w", "510103", ("燃气", "气味"), first, [1], authors=Between(1, 1), duplicates=0,
            components=Components(danger=(("gas", 1),)), demands=(DemandCount("派人检查", "check", None, 1, first),),
        ),
        level=Level.RED, why=(Evidence("danger", 1),), state=State.NEW, version=0, lead="water", unconfirmed=True,
    )  # fmt: skip


def entries() -> list[Entry]:
    """Return the whole city, as the desk orders it."""
    return [danger(), water(), canteen(), downstream(), noise(), accused(), bus()]


def held() -> list[HeldBack]:
    """Return what the gate holds back: talk, a mixture, an accusation, and a few people of whom nothing is told."""
    first = NOW - 3 * DAY
    return [
        HeldBack(
            group="2talk77", area=AREA, reason="nothing_public", told=True, title=Title(None, ("晚霞", "好看")),
            authors=Between(9, 14), posts=16, first_at=first, last_at=NOW - HOUR,
        ),
        HeldBack(
            group="3mix777", area=AREA, reason="no_one_matter", told=True, title=Title("510102", ("地铁", "装修")),
            topic="land", authors=Between(3, 4), posts=4, first_at=first, last_at=NOW - 2 * HOUR,
        ),
        HeldBack(
            group="4blame7", area="5102", reason="no_one_matter", told=True, accused=("housing",),
            title=Title("510103", ()), authors=Between(6, 8), posts=9, first_at=first, last_at=NOW - 3 * HOUR,
        ),
        HeldBack(group="5few777", area=AREA, reason="few_people"),
    ]  # fmt: skip


def hits() -> list[Hit]:
    """Return a few posts, masked as the border leaves them."""
    places = (
        ("7kd2m4p", "urban.water", "停水已经三天，什么时候恢复？"),
        ("8hj4f6g", "land", "补偿标准一直没有公布。"),
    )
    found = [
        Hit(
            id=f"{number:024d}", source="letters.lanting", kind="letter", title="", text=text, topic=topic,
            url=f"https://letters.lanting.example/{number}", published_at=NOW - number * HOUR, area=AREA,
            incident=key,
        )
        for number in range(1, 31)
        for key, topic, text in (places[number % 2],)
    ]  # fmt: skip
    odd = Hit(
        id="f" * 24, source="forum.lanting", kind="forum", title="<script>alert(1)</script>", topic=None, area=AREA,
        text="<img src=x onerror=alert(1)> water & power", url="javascript:alert(1)", published_at=NOW, incident=None,
    )  # fmt: skip
    return [odd, *found]
