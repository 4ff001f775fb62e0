"""Handles in URLs: cut from a post's own address, painted over in an address that stands in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from crawlers.masks import mail, own, phones
from crawlers.masks.fold import Span, beginning

__all__ = ["clean", "find"]

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'，。；、（）【】《》]{3,2000}", re.IGNORECASE)
_URL_FIRST = re.compile(r"[hHwW](?=[tTwW])")
_TOP = re.compile(r"\.(?:com|cn|me|org|net|social|tv)/", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w./@])(?:[\w\-]{1,30}\.){1,3}(?:com|cn|me|org|net|social|tv)/[^\s<>\"'，。；、（）【】《》]{1,500}",
    re.IGNORECASE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MARKERS = _words(
    "u user users people person profile profiles member members author authors space uid userinfo user-info blogger "
    "fans followers following"
)
_HANDLE_HOSTS = _words(
    "twitter.com x.com t.me instagram.com facebook.com fb.com tiktok.com weibo.com weibo.cn threads.net github.com "
    "linkedin.com snapchat.com pinterest.com medium.com vk.com twitch.tv wa.me mastodon.social bsky.app"
)
_NO_HANDLE = _words(
    "i intent hashtag search share status groups events watch p reel explore tv permalink.php story.php story posts "
    "topic tag tags ttarticle detail video videos photo photos login home about help privacy in s joinchat"
)
_BLOG_HOSTS = (
    ".tumblr.com",
    ".blogspot.com",
    ".substack.com",
    ".livejournal.com",
    ".wordpress.com",
    ".blog.sina.com.cn",
)
_SUBDOMAIN = re.compile(r"^(?:www|m|mobile|web)\.")
_DASHED = re.compile(r"(?<![a-z])(?:uid|username|userid|user|author|member)[-_=]([^-_./?&#]+)", re.IGNORECASE)
_PERSONAL = _words(
    "uid user userid user_id username user_name u author authorid author_id member memberid member_id mid openid "
    "unionid account accountid account_id handle nick nickname name screen_name from_user touid fuid ruid puid "
    "customerid mail email phone mobile tel idcard"
)
_TRACKING = re.compile(
    r"^(?:utm_.*|fbclid|gclid|dclid|msclkid|igshid|igsh|spm|scm|share.*|from|isappinstalled|wvr|refer.*|ref|ref_src|"
    r"s_trans|s_channel|wx.*|sourcetype|featurecode|sid|session.*|sess|jsessionid|phpsessid|aspsessionid.*|token|"
    r"access_token|sign|signature|auth|ticket|_t|timestamp|nonce|device.*|imei|idfa|oaid|mc_[ce]id|yclid)$",
    re.IGNORECASE,
)
_SESSION = re.compile(r";(?:jsessionid|sid|phpsessid)=[^/?#]*", re.IGNORECASE)


def find(text: str) -> Iterator[Span]:
    """Yield the span of each handle inside an address in the text.

    >>> list(find("see https://forum.example/u/river_li?uid=77&page=2"))
    [(28, 36), (41, 43)]
    """
    if "." not in text or not ("/" in text or "www" in text):
        return
    for url in (*beginning(_URL_FIRST, _URL, text), *(_BARE.finditer(text) if _TOP.search(text) else ())):
        for start, end in _handles(url[0]):
            yield url.start() + start, url.start() + end


def clean(url: str | None, author: str | None) -> str | None:
    """Return an address without tracking, session and user parameters; None where a handle carries it.

    >>> clean("https://Forum.example/t/12?uid=77&page=2&utm_source=x#p9", None)
    'https://forum.example/t/12?page=2'
    >>> clean("https://forum.example/u/river_li/t/12", None) is None
    True
    """
    try:
        parts = urlsplit((url or "").strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or len(url or "") > 2000:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    path = _SESSION.sub("", parts.path)
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_cut(pair))
    bare = f"{parts.scheme.lower()}://{host}{f':{port}' if port else ''}{path}{f'?{query}' if query else ''}"
    return None if _names_someone(bare, author) else bare


def _is_cut(pair: str) -> bool:
    key = unquote(pair.partition("=")[0]).strip().lower()
    return key in _PERSONAL or _TRACKING.match(key) is not None


def _names_someone(url: str, author: str | None) -> bool:
    plain = unquote(url)
    if (
        any(True for _ in _handles(url))
        or any(True for _ in mail.find(plain))
        or any(True for _ in phones.find(plain))
    ):
        return True
    return author is not None and any(any(True for _ in own.find(form, author)) for form in (url, plain))


def _handles(url: str) -> Iterator[Span]:
    """Yield the handles of one address: user info, blog host, path segments, parameters."""
    scheme = url.find("://")
    start = scheme + 3 if scheme >= 0 else 0
    cuts = [at for at in (url.find(mark, start) for mark in "/?#") if at >= 0]
    path = min(cuts, default=len(url))
    authority = url[start:path]
    if "@" in authority:
        yield start, start + authority.rindex("@")
    host = authority.rpartition("@")[2].partition(":")[0].lower()
    if host.endswith(_BLOG_HOSTS):
        yield start, start + authority.index(".") if "." in authority else path
    query = url.find("?", path)
    yield from _in_path(url, path, query if query >= 0 else len(url), host)
    if query >= 0:
        yield from _in_query(url, query + 1)


def _in_path(url: str, start: int, end: int, host: str) -> Iterator[Span]:
    known_host = _SUBDOMAIN.sub("", host) in _HANDLE_HOSTS
    after_marker, at, depth = known_host, start, 0
    for segment in url[start:end].split("/"):
        low = segment.lower()
        if segment and depth:
            marker = low in _MARKERS or (known_host and low == "n")
            marked = after_marker and not marker and low not in _NO_HANDLE
            if marked or segment[0] in "@~" or low.startswith("%40"):
                yield at, at + len(segment)
            after_marker = marker
        at, depth = at + len(segment) + 1, depth + 1
    for found in _DASHED.finditer(url, start, end):
        yield found.span(1)


def _in_query(url: str, start: int) -> Iterator[Span]:
    at = start
    for pair in url[start:].split("&"):
        key, sign, value = pair.partition("=")
        if sign and value and unquote(key).strip().lower() in _PERSONAL:
            yield at + len(key) + 1, at + len(pair)
        at += len(pair) + 1
