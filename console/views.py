"""From a template and what a page found to an answer in the reader's language."""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from pathlib import Path

import jinja2
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alerts.names import Locale
from console.asked import Asked
from console.catalogue import catalogue
from console.doors import Doors
from console.speech import Speech

__all__ = ["STYLE", "proof", "redirect", "render", "see", "speech"]

_HERE = Path(__file__).parent
STYLE = (_HERE / "static" / "desk.css").read_bytes()
_STAMP = hashlib.blake2b(STYLE, digest_size=6).hexdigest()


@cache
def _templates(locale: Locale) -> jinja2.Environment:
    """Return the templates of a language: everything is escaped, an unknown name is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    texts = catalogue(locale)
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined] # added by the extension
    return environment


def speech(doors: Doors, locale: Locale, now: int) -> Speech:
    """Return how this desk says things to a reader."""
    return Speech(catalogue(locale), locale, doors.zone, doors.names, now, doors.k)


def render(doors: Doors, asked: Asked, template: str, *, status: int = 200, **values: object) -> Response:
    """Write a page."""
    say = speech(doors, asked.locale, asked.now)
    text = _templates(asked.locale).get_template(template).render(
        say=say,
        asked=asked,
        desk_name=doors.settings.general.name,
        stamp=_STAMP,
        said=asked.session.say_once() if asked.session else None,
        **values,
    )  # fmt: skip
    return HTMLResponse(text, status)


def redirect(path: str) -> Response:
    """Send the browser on to a page of ours, by GET."""
    return RedirectResponse(path, 303)


def see(url: str | None) -> str | None:
    """Return an address that a page may link to, None for all but http and https.

    >>> see("javascript:alert(1)"), see("HTTPS://city.example/a")
    (None, 'HTTPS://city.example/a')
    """
    if url is None or any(letter.isspace() or ord(letter) < 32 for letter in url):
        return None
    return url if url.lower().startswith(("http://", "https://")) else None


def proof(key: bytes, cookie: str) -> str:
    """Return the hidden field that proves that a form came from a page of ours in this browser."""
    return hmac.new(key, cookie.encode(), hashlib.sha256).hexdigest()
