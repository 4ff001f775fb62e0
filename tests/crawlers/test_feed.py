"""RSS and Atom, well-formed, odd and hostile."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.post import Counts, Kind
from crawlers.border import RawItem
from crawlers.parse.feed import parse
from crawlers.parse.found import Unparsed
from tests.crawlers.pages import AT, page

RSS = """<?xml version="1.0" encoding="gb2312"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>澜汀新闻</title>
<item><title>临河区停水</title><link>https://news.example/12</link><guid isPermaLink="false">n-12</guid>
<description>short</description>
<content:encoded><![CDATA[<p>今天<b>停水</b></p><script>x</script>
<p>明天恢复</p>]]>
</content:encoded>
<dc:creator>河畔老李</dc:creator><pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate>
<slash:comments>4</slash:comments></item>
<item><title>Only a title</title><guid>https://news.example/13</guid><author>me@x.example (Ada Brook)</author>
<pubDate>2026-03-01 16:00</pubDate></item>
<item><title>no date</title><guid>n-14</guid></item>
<item><description>no id</description><pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:thr="http://purl.org/syndication/thread/1.0"><title>x</title>
<entry><id>tag:1</id><title type="html">Water &amp;amp; power</title><link rel="self" href="/self"/>
<link href="/t/1"/>
<author><name>Ada Brook</name></author><updated>2026-03-02T00:00:00Z</updated>
<published>2026-03-01T08:00:00Z</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>No <b>water</b></p><p>today</p></div></content>
<thr:in-reply-to ref="tag:0"/></entry></feed>"""


def test_rss_gives_its_items_and_tells_those_that_lack_something() -> None:
    first, second, undated, nameless = parse(page(RSS, "https://news.example/rss"))
    assert first == RawItem(
        id="n-12", source="letters", kind=Kind.LETTER, title="临河区停水", text="今天停水\n明天恢复",
        author="河畔老李", lang="zh", url="https://news.example/12", published_at=1772352000, fetched_at=AT,
        counts=Counts(replies=4),
    )  # fmt: skip
    assert isinstance(second, RawItem)
    assert (second.title, second.text, second.author) == ("", "Only a title", "Ada Brook")
    assert (second.url, second.published_at) == ("https://news.example/13", 1772352000)
    assert undated == Unparsed("https://news.example/rss", "entry without published")
    assert nameless == Unparsed("https://news.example/rss", "entry without id")


def test_atom_gives_its_entries() -> None:
    (entry,) = parse(page(ATOM, "https://news.example/atom"))
    assert isinstance(entry, RawItem)
    assert (entry.id, entry.title, entry.text) == ("tag:1", "Water & power", "No water\ntoday")
    assert (entry.url, entry.reply_to, entry.author) == ("https://news.example/t/1", "tag:0", "Ada Brook")
    assert entry.published_at == 1772352000


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8)
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (BOMB + "]><rss><channel><title>&i;</title></channel></rss>", "XML with a document type is refused"),
        ('<!DOCTYPE r SYSTEM "file:///etc/passwd"><rss/>', "XML with a document type is refused"),
        ("<rss><channel><item>&nbsp;</item></channel></rss>", "no well-formed XML at line 1"),
        ("<html><body>Maintenance</body></html>", "no feed"),
        ("", "no well-formed XML at line 1"),
        ("<a>" * 100 + "</a>" * 100, "XML too deep or too large"),
    ],
)
def test_what_is_no_safe_feed_is_told(text: str, what: str) -> None:
    assert list(parse(page(text, "https://news.example/rss"))) == [Unparsed("https://news.example/rss", what)]


def test_a_document_type_inside_a_text_is_harmless() -> None:
    (item,) = parse(
        page(ATOM.replace("Water &amp;amp; power", "&lt;!DOCTYPE html&gt;Water"), "https://news.example/a")
    )
    assert isinstance(item, RawItem)


def test_an_empty_feed_is_calm() -> None:
    assert list(parse(page("<rss><channel><title>x</title></channel></rss>"))) == []


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=100), st.integers(0, len(RSS)), st.integers(0, 400))
def test_no_feed_breaks_the_parsing(noise: str, at: int, cut: int) -> None:
    found = list(parse(page(RSS[:at] + noise + RSS[at + cut :])))
    assert all(isinstance(one, RawItem | Unparsed) for one in found)
