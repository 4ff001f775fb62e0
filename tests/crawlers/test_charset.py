"""Bytes become text whatever they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.parse.charset import decode

WORDS = "澜汀停水三天€"
META = '<meta charset="gb2312">'


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (WORDS.encode("utf-8-sig"), "text/html; charset=gbk"),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), "text/html; charset=utf-8"),
        (WORDS.encode("gb18030"), "text/html; charset=GB2312"),
        (WORDS.encode("gb18030"), "text/html; charset='gbk'"),
        (WORDS.encode("gb18030"), "text/html; charset=utf-8"),
        (WORDS.encode("gb18030"), ""),
        (WORDS.encode(), ""),
        (WORDS.encode(), "text/html; charset=iso-8859-1"),
        (WORDS.encode(), "text/html; charset=unicode_escape"),
        (WORDS.encode(), "text/html; charset=zlib_codec"),
    ],
)
def test_the_first_word_that_fits_the_bytes_wins(body: bytes, header: str) -> None:
    assert decode(body, header) == WORDS


@pytest.mark.parametrize(
    "page",
    [
        META,
        '<META http-equiv="Content-Type" content="text/html; charset=gbk">',
        '<?xml version="1.0" encoding="GBK"?>',
    ],
)
def test_a_page_may_name_its_own_encoding(page: str) -> None:
    assert decode((page + WORDS).encode("gb18030"), "text/html") == page + WORDS


def test_a_header_stands_above_the_page() -> None:
    assert decode((META + WORDS).encode(), "text/html; charset=utf-8") == META + WORDS


def test_broken_bytes_lose_only_themselves() -> None:
    assert decode(b"ab\xff\xfecd" + WORDS.encode(), "text/html; charset=utf-8").endswith(WORDS)


@settings(max_examples=1000, derandomize=True, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(("", "utf-8", "gbk", "big5", "shift_jis", "utf-16", "iso-2022-jp", "idna", "hex", "\x00")),
    st.sampled_from(
        (b"", b"<meta charset=", b'<?xml version="1.0" encoding="', b"\xfe\xff", b"<meta charset=utf-16>")
    ),
)
def test_no_page_raises(body: bytes, charset: str, head: bytes) -> None:
    assert isinstance(decode(head + body, f"text/html; charset={charset}"), str)
