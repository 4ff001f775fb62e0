"""The HTML part: tables of 600 px, styles inlined, dark where the reader's screen is; everything escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import css_inline
import jinja2

from alerts.mail.catalogue import phrases
from alerts.mail.sheet import DigestSheet, Sheet

__all__ = ["alert_page", "digest_page"]


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, auto_reload=False
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def alert_page(sheet: Sheet, subject: str, day: str, night: str) -> str:
    """Lay out a sheet; `day` and `night` are the content ids of its curve."""
    return _page("alert.html", sheet, subject, day=day, night=night)


def digest_page(sheet: DigestSheet, subject: str) -> str:
    """Lay out a digest."""
    return _page("digest.html", sheet, subject)


def _page(template: str, sheet: Sheet | DigestSheet, subject: str, **more: str) -> str:
    say = phrases(sheet.locale)
    html = _templates().get_template(template).render(sheet=sheet, say=say, subject=subject, **more)
    return _inliner().inline(html)
