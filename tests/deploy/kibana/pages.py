"""The figures that the console's pages show, read off them as a reader does who is signed in."""

from __future__ import annotations

import csv
import io
import re
from functools import cached_property
from urllib.parse import parse_qs, urlencode, urlsplit

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from answerable.clock import parse
from answerable.incident import IndicatorName, State
from console.terms import TEXTS
from console.users import Role
from tests.console.browser import PASSWORD, Browser
from tests.deploy.kibana.town import Town

__all__ = ["Counted", "Matter", "Pages"]

_STATES = {word: State(state) for state, word in TEXTS["state"].items()}
_MARKS = {word: IndicatorName(mark) for mark, word in TEXTS["mark"].items()}
_OVER = (State.CLOSED, State.FALSE_ALARM)


class Counted(Struct, frozen=True):
    """How many posts the search page finds, None where it says only that they are few; posts by a day's first second.

    It lists ten days, and none of few posts.
    """

    total: int | None
    days: dict[int, int]


class Matter(Struct, frozen=True, kw_only=True):
    """What the pages tell of one incident; `more` begins with its topics."""

    incident: str
    area: str
    state: State
    opened_at: int
    last_at: int
    residents: int
    posts: int
    copies: int
    peak: int
    heat: str | None
    unanswered: int
    danger: bool
    more: tuple[str, ...]
    marks: dict[str, int]

    @property
    def open(self) -> bool:
        return self.state not in _OVER


class Pages:
    """The console of a town, in English, as an administrator sees it."""

    def __init__(self, town: Town) -> None:
        town.box.users.create("reader", Role.ADMIN, PASSWORD)
        self._browser = Browser(town.box.console())
        assert self._browser.sign_in("reader").status_code == 303
        self._get("/", lang="en")
        self.least = town.box.settings.incidents.k_authors

    def count(self, **fields: str) -> Counted:
        """Search, and read how many posts there are."""
        page = self._open("/search", **fields)
        head = page.css_first("#reason-head")
        assert head is not None
        days = [row for table in page.css("table") if _text(table, "caption") == "By day" for row in table.css("tr")]
        found = {parse(f"{_text(row, 'th')}T00:00:00Z"): _number(_text(row, "td")) for row in days}
        return Counted(None if "fewer than" in head.text() else _number(head.text()), found)

    def choices(self, by: str) -> set[str]:
        """Return the values that the search page offers for a field."""
        options = self._open("/search").css(f"select[name={by}] option")
        return {value for one in options if (value := one.attributes["value"])}

    def newest(self, **fields: str) -> int:
        """Give a reason for reading what a search finds, and read the moment of the first post."""
        fields["since"] = "2000-01-01"  # the counts of a search for which a reason was given are not shown any more
        self._open("/search", **fields)
        form = self._browser.form(**fields)
        assert self._browser.fill(form, ("reason", "compare with the boards")).status_code == 303
        return _moment(LexborHTMLParser(self._browser.follow().text).css_first("article.hit time"))

    @cached_property
    def held(self) -> dict[tuple[str, str], int]:
        """The groups held back, by area and reason."""
        found = {}
        for row in self._open("/held").css(".quarters tr"):
            asked = parse_qs(urlsplit(_link(row)).query)
            found[asked["area"][0], asked["reason"][0]] = _number(_text(row, "td"))
        return found

    @cached_property
    def kept(self) -> tuple[int, int]:
        """How many clocks that ended in the last 30 days were kept, and how many not."""
        found = re.search(r"answered in time, last 30 days \((\d+) of (\d+)\)", self._get("/"))
        kept, every = (int(found[1]), int(found[2])) if found else (0, 0)
        return kept, every - kept

    @cached_property
    def ages(self) -> dict[str, str]:
        """The age of the newest post, by the name of the stage."""
        (table,) = (one for one in self._open("/").css("table") if _text(one, "caption") == "Age of the newest post")
        return {_text(row, "th"): _text(row, "td") for row in table.css("tr")}

    @cached_property
    def matters(self) -> dict[str, Matter]:
        """Every incident but what one person alone reports, by its id."""
        told = csv.DictReader(io.StringIO(self._get("/incidents.csv").lstrip("\ufeff")))
        return {one["id"]: self._matter(one, self._rows[f"/incidents/{one['id']}"]) for one in told}

    @cached_property
    def ledger(self) -> list[tuple[int, State]]:
        """Every line of every incident's ledger: the moment, and the state after it."""
        lines = [line for link in self._rows for line in self._open(link).css("ol.ledger li")]
        return [(_moment(line.css_first("time")), _STATES[_text(line, "b")]) for line in lines]

    @cached_property
    def _rows(self) -> dict[str, LexborNode]:
        return {_link(row): row for row in self._open("/incidents").css("tbody tr")}

    def _matter(self, told: dict[str, str], row: LexborNode) -> Matter:
        page = self._open(f"/incidents/{told['id']}")
        figures = {_text(one, "dt"): _text(one, "dd") for one in page.css("dl.figures div")}
        ((posts, copies),) = (
            (_number(value), _number(name)) for name, value in figures.items() if name.startswith("posts, ")
        )
        marks = {_MARKS[_text(one, "th")]: one for one in page.css('[aria-labelledby="marks"] tbody tr')}
        asked = page.css('[aria-labelledby="demands"] tbody tr')
        peak = re.search(r"at most ([\d,]+), at", _said(page.css_first("svg.plot"), "aria-label"))
        assert peak is not None
        return Matter(
            incident=told["id"], area=told["area"], state=_STATES[_text(row, "td:nth-child(3)")],
            opened_at=parse(told["opened_at"]), last_at=_moment(row.css("time")[1]),
            residents=_number(_text(row, "td:nth-child(5)").partition("–")[0]), posts=posts, copies=copies,
            peak=_number(peak[1]), heat=figures.get("the usual, last 24 hours"),
            unanswered=sum(one.css_first("td:nth-child(3) span.open") is not None for one in asked),
            danger=bool(re.search(r"telling of danger: [1-9]", _text(marks[IndicatorName.HARM], "td:nth-child(3)"))),
            more=tuple(one.text().strip() for one in page.css('[aria-labelledby="more"] ul.bare:first-of-type li')),
            marks={mark.value: _text(one, "td").count("▮") for mark, one in marks.items()},
        )  # fmt: skip

    def _open(self, path: str, **fields: str) -> LexborHTMLParser:
        return LexborHTMLParser(self._get(path, **fields))

    def _get(self, path: str, **fields: str) -> str:
        answer = self._browser.get(f"{path}?{urlencode(fields)}" if fields else path)
        assert answer.status_code == 200, path
        return answer.text


def _text(node: LexborNode, selector: str) -> str:
    found = node.css_first(selector)
    return "" if found is None else found.text().strip()


def _link(node: LexborNode) -> str:
    return _said(node.css_first("a"), "href")


def _said(node: LexborNode | None, name: str) -> str:
    assert node is not None
    return node.attributes[name] or ""


def _number(text: str) -> int:
    """Read the first number of a text; nothing found is none."""
    found = re.search(r"\d[\d,]*", text)
    return int(found[0].replace(",", "")) if found else 0


def _moment(node: LexborNode | None) -> int:
    return parse(_said(node, "datetime"))
