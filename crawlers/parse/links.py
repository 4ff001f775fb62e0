"""One address for one page: session ids and campaign parameters are cut, so that a trap of them closes."""

from __future__ import annotations

import re
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

__all__ = ["canonical", "resolve"]

_NOISE = re.compile(
    r"^(?:utm_.*|fbclid|gclid|spm|sid|session_?id|sess|jsessionid|phpsessid|aspsessionid.*|cfid|cftoken|_t|timestamp"
    r"|rnd|random|nonce)$",
    re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";(?:jsessionid|sid|phpsessid)=[^/?#]*", re.IGNORECASE)
_SKIPPED = ("javascript:", "mailto:", "tel:", "data:", "#")


def canonical(url: str) -> str:
    """Return an address without fragment, session ids and campaign parameters.

    >>> canonical("https://a.example/t;jsessionid=9F?id=3&PHPSESSID=77&utm_source=x#end")
    'https://a.example/t?id=3'
    """
    parts = urlsplit(urldefrag(url).url)
    query = "&".join(pair for pair in parts.query.split("&") if not _NOISE.match(unquote(pair.partition("=")[0])))
    return urlunsplit(parts._replace(path=_PATH_SESSION.sub("", parts.path), query=query))


def resolve(base: str, href: str | None) -> str | None:
    """Return the address that a link leads to, or None where it leads to no page.

    >>> resolve("https://a.example/x/", "../t?id=3"), resolve("https://a.example/", "javascript:go()")
    ('https://a.example/t?id=3', None)
    """
    target = (href or "").strip()
    if not target or target.lower().startswith(_SKIPPED):
        return None
    try:
        url = canonical(urljoin(base, target))
        return url if urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None
