"""The border: nothing of an author gets through, and the same item gives the same post."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.post import Kind, Post, encode, post_id
from crawlers.border import Border, RawItem
from crawlers.keys import DayKeys

AT = 1772352000


def item(**changes: object) -> RawItem:
    base = RawItem(
        id="1203", source="letters.lanting", kind=Kind.LETTER, text="停水", published_at=AT, fetched_at=AT + 600
    )
    return msgspec.structs.replace(base, **changes)


@pytest.fixture
def border(tmp_path: Path) -> Border:
    return Border(DayKeys(tmp_path / "keys"), "3701")


def forms(handle: str) -> list[str]:
    """List the forms of a handle that a byte scan looks for."""
    raw = handle.encode()
    coded = [base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode().rstrip("=")]
    return [handle, quote(handle, safe=""), json.dumps(handle)[1:-1], *coded]


def everything(post: Post) -> str:
    """All that leaves the border, as bytes in the log and as JSON, in one text, case folded."""
    written = encode(post).decode("utf-8", "replace") + msgspec.json.encode(post).decode()
    return (written + json.dumps(msgspec.to_builtins(post))).lower()


def test_an_item_becomes_a_post_with_hashed_ids_and_its_counts(border: Border) -> None:
    post = border.admit(item(reply_to="1202", repost_of="9", author="河畔老李", place="临河区", title="停水"))
    assert (post.id, post.reply_to) == (post_id("letters.lanting", "1203"), post_id("letters.lanting", "1202"))
    assert (post.home, post.place, post.repost_of) == ("3701", "临河区", post_id("letters.lanting", "9"))


def test_a_future_time_passes_because_the_fold_cuts_it(border: Border) -> None:
    assert border.admit(item(published_at=AT + 9_999_999)).published_at == AT + 9_999_999


@pytest.mark.parametrize("author", [None, "", " ", "匿名", "热心市民", "Anonymous", "guest"])
def test_an_author_that_names_nobody_gives_no_token_and_no_mask(border: Border, author: str | None) -> None:
    post = border.admit(item(author=author, text="热心市民、guest 反映停水"))
    assert (post.author, post.text) == (None, "热心市民、guest 反映停水")


def test_a_token_joins_one_day_and_one_source_only(border: Border) -> None:
    tokens = [
        border.admit(item(author="河畔老李", **change)).author
        for change in ({}, {"id": "2"}, {"published_at": AT + 86400}, {"source": "forum.lanting"})
    ]
    assert tokens[0] == tokens[1]
    assert len(set(tokens)) == 3
    assert border.admit(item(author="  河畔老李 ")).author == tokens[0]


def test_the_same_keys_give_the_same_post(tmp_path: Path) -> None:
    posts = [Border(DayKeys(tmp_path / "keys"), None).admit(item(author="河畔老李")) for _ in range(2)]
    assert posts[0] == posts[1]


@pytest.mark.parametrize(
    ("text", "author", "expected"),
    [
        ("River_Li、river-li、RiverLi说", "river_li", "********、********、*******说"),
        ("河畔 老李说", "河畔老李", "*****说"),
        ("Ｒｉｖｅｒ_Li77", "river_li77", "**********"),
        ("time to go, Tim said", "Tim", "time to go, *** said"),
        ("Brook, Ada wrote; ada.brook too", "Ada Brook", "********** wrote; ********* too"),
        ("id 4711 and 47110", "4711", "id **** and 47110"),
        ("by @kite7 and u/kite7", "@kite7", "by ****** and *******"),
        ("Gull & Sons said, gull - sons or gullsons", "Gull & Sons", "*********** said, *********** or ********"),
        ("so Gull &amp; Sons say", "Gull & Sons", "so *************** say"),
    ],
)
def test_an_authors_own_string_is_masked_in_its_variants(
    border: Border, text: str, author: str, expected: str
) -> None:
    assert border.admit(item(text=text, author=author)).text == expected


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/t/12?page=2", "https://a.example/t/12?page=2"),
        ("https://a.example/t/12?uid=77&page=2&utm_source=x&sid=9#p3", "https://a.example/t/12?page=2"),
        ("https://a.example/t;jsessionid=AB?id=3", "https://a.example/t?id=3"),
        ("https://me:pw@a.example/t/12", "https://a.example/t/12"),
        ("https://a.example/u/kite7/t/12", None),
        ("https://a.example/@kite7/12", None),
        ("https://a.example/t/kite7-asks", None),
        ("https://a.example/t/%6Bite7", None),
        ("https://weibo.com/123456/Nabc", None),
        ("https://kite7.tumblr.com/post/1", None),
        ("ftp://a.example/x", None),
        ("javascript:alert(1)", None),
        ("https://[bad", None),
        ("https://a.example:99999/", None),
        (None, None),
    ],
)
def test_handles_are_cut_from_a_url_or_the_url_goes(border: Border, url: str | None, kept: str | None) -> None:
    assert border.admit(item(url=url, author="kite7")).url == kept


def test_half_surrogates_do_not_pass(border: Border) -> None:
    assert border.admit(item(text="a\ud800b", place="\udfff")).text == "a?b"


def test_a_raw_item_does_not_show_itself() -> None:
    assert repr(item(author="河畔老李", text="我叫王小河")) == f"RawItem({post_id('letters.lanting', '1203')})"


HANDLES = (
    st.from_regex(r"canary[_-][a-z0-9]{4,10}", fullmatch=True)
    | st.from_regex(r"canary[ &<>'.-]{1,8}[a-z0-9]{4,10}", fullmatch=True)
    | st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=3, max_size=8)
)
FRAME = st.sampled_from(
    (
        "{0}说停水了", "请问{0}，", "转自 {0} 的帖子", "https://a.example/u/{0}?uid={0}", "x{0}y", "({0})", '"{0}"',
        "{0}{0}", "https://a.example/q?w={0}", "data:{0};", "@{0} 和 u/{0}", "a\n{0}\nb",
    )
)  # fmt: skip


@settings(max_examples=500, derandomize=True, deadline=None)
@given(handle=HANDLES, frame=FRAME, form=st.integers(0, 4), case=st.sampled_from((str, str.upper, str.title)))
def test_no_canary_survives_in_any_form(
    tmp_path_factory: pytest.TempPathFactory, handle: str, frame: str, form: int, case: type[str]
) -> None:
    keys = DayKeys(tmp_path_factory.getbasetemp() / "canary")
    said = frame.format(forms(handle)[form] if form in (1, 2, 3, 4) else case(handle))
    post = Border(keys, None).admit(
        item(
            id=handle,
            author=handle,
            title=said,
            text=said,
            place=said,
            url=f"https://a.example/{quote(said)}",
            reply_to=handle,
        )
    )
    out = everything(post)
    assert [one for one in forms(handle) if one.lower() in out] == []
