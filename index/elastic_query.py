"""A query in Elasticsearch's language; words are tokens of ours, so nothing of what a person types is syntax."""

from __future__ import annotations

from typing import Any

from answerable.tokens import Phrase
from index.store import Query
from index.wanted import Wanted, read

__all__ = ["needs_texts", "where", "whole"]

Clause = dict[str, Any]  # a node of the query language
_EXACT = ("area", "topic", "source", "kind", "lang", "incident", "group")
_EXPANSIONS = 50_000
_FURTHEST = 10**11  # seconds; a date's milliseconds end at 2^63


def whole(number: int) -> int:
    """Bring a time into the range that a date knows.

    >>> whole(10**30)
    100000000000
    """
    return max(-_FURTHEST, min(_FURTHEST, number))


def needs_texts(query: Query) -> bool:
    """Tell whether only the texts can answer: words, finer places and groups are known of texts alone."""
    return query.place is not None or query.group is not None or read(query.text) != Wanted()


def where(query: Query) -> Clause:
    """Say which documents a query asks for; raise Refused for an overlong text.

    >>> where(Query(text="停水", kind="letter"))["bool"]["filter"]
    [{'term': {'kind': 'letter'}}, {'term': {'terms_text': '停水'}}]
    """
    wanted = read(query.text)
    if wanted.nothing:
        return {"match_none": {}}
    asked = [(name, getattr(query, name)) for name in _EXACT] + [("places", query.place)]
    filters: list[Clause] = [{"term": {name: _storable(value)}} for name, value in asked if value is not None]
    bounds = {key: whole(at) for key, at in (("gte", query.since), ("lt", query.until)) if at is not None}
    if bounds:
        filters.append({"range": {"published_at": {**bounds, "format": "epoch_second"}}})
    filters += [_phrase(phrase) for phrase in wanted.required]
    return {"bool": {"filter": filters, "must_not": [_phrase(phrase) for phrase in wanted.excluded]}}


def _phrase(phrase: Phrase) -> Clause:
    """Ask for tokens side by side; the last one of an open phrase may be the start of a token.

    An open token is one character, and these are kept as prefixes of their own (`index_prefixes`), so
    nothing is expanded and nothing left out; `max_expansions` is for the rarest of them, which are longer.
    """
    text, single = " ".join(phrase.tokens), len(phrase.tokens) == 1
    if single:
        return {"prefix" if phrase.open else "term": {"terms_text": text}}
    if phrase.open:
        return {"match_phrase_prefix": {"terms_text": {"query": text, "max_expansions": _EXPANSIONS}}}
    return {"match_phrase": {"terms_text": text}}


def _storable(text: str) -> str:
    """Replace what no UTF-8 text can hold, so that it is found nowhere instead of failing."""
    return text.encode("utf-8", "replace").decode("utf-8")
