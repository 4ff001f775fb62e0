"""Whatever is typed or asked: an answer of ours, never a crash, never somebody's markup."""

from __future__ import annotations

from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from answerable.errors import Refused
from answerable.incident import State
from console.asked import Fields
from console.search import FIELDS, query_of
from console.steps import STEPS, action_of
from console.users import Role
from console.views import see
from tests.console.browser import Browser
from tests.console.conftest import Console

_ODD = st.one_of(
    st.text(max_size=40), st.sampled_from(["'\"><svg/onload=x>", "{{7*7}}", "%s%n", "\x00", "../..", "²"])
)
_QUICK = settings(
    derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_VISITORS: dict[int, Browser] = {}


def _visitor(console: Console) -> Browser:
    if id(console) not in _VISITORS:
        _VISITORS.clear()
        _VISITORS[id(console)] = console.visitor(Role.ANALYST)
    return _VISITORS[id(console)]


@_QUICK
@given(path=_ODD, query=st.dictionaries(st.sampled_from([*FIELDS, "author"]), _ODD, max_size=4))
def test_no_address_breaks_a_page(console: Console, path: str, query: dict[str, str]) -> None:
    asked = urlencode(query, errors="replace")
    for where in (f"/search?{asked}", f"/incidents/{quote(path, safe='', errors='replace')}?{asked}"):
        answer = _visitor(console).get(where)

        assert answer.status_code in (200, 400, 404), where
        assert "<svg/onload" not in answer.text


@_QUICK
@given(text=_ODD, to=st.sampled_from(STEPS))
def test_no_text_breaks_a_step(console: Console, text: str, to: State) -> None:
    visitor = _visitor(console)
    visitor.get("/incidents/7kd2m4p")
    form = next(form for form in visitor.forms() if "to" in form.names)
    rest = [pair for pair in form.fields if pair[0] != "to"]
    safe = text.encode("utf-8", "replace").decode()

    answer = visitor.post(form.action, [*rest, ("to", to), ("text", safe), ("office", safe), ("link", safe)])

    assert answer.status_code in (303, 409)
    assert "<svg/onload" not in visitor.get("/incidents/7kd2m4p").text


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["to", "version", "text", "link", "due", "promised", "office", "co", "x"]), _ODD)
    )
)
def test_a_form_is_an_action_a_refusal_or_no_request(pairs: list[tuple[str, str]]) -> None:
    try:
        action = action_of(Fields(tuple(pairs)), "7kd2m4p", "lead", ZoneInfo("Asia/Shanghai"))
    except (Refused, HTTPException):
        return
    assert action.to in STEPS
    assert action.link is None or see(action.link) == action.link


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), _ODD))
def test_a_query_is_a_query_or_no_request(fields: dict[str, str]) -> None:
    try:
        query = query_of(Fields(tuple(fields.items())), ZoneInfo("Asia/Shanghai"))
    except HTTPException:
        return
    assert 0 <= query.offset <= 10_000
    assert query.limit == 20
