"""The fast tier: every part in one pass over a batch of posts.

Each text is folded once, searched once for all word lists, and cut once; the heads read the whole batch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from answerable.post import Analysis, Demand, Harm, HarmClass, Kind, PlaceMention, Post, Term, Topic
from nlp import accusations, demands, harm, replies, signature
from nlp.clean import Folded, folded
from nlp.features import pieces
from nlp.gazetteer import Gazetteer
from nlp.heads import HeadOutput, Heads
from nlp.language import Languages
from nlp.lexicon import Entry, Lexicon, Scan, Tag, rows, shipped
from nlp.places import Places
from nlp.taxonomy import Taxonomies, Taxonomy
from nlp.terms import placed, terms

__all__ = ["FastAnalyser"]

_RULES = "7"  # raised when a rule part changes what it answers
_VOICES = frozenset(Kind) - {Kind.OFFICIAL, Kind.NEWS}  # kinds in which residents speak for themselves
_HOME_VOTE = 0.5


class _Text:
    """One post on its way through the parts."""

    def __init__(self, post: Post, lang: str, lexicon: Lexicon) -> None:
        self.post, self.lang, self.han = post, lang, lang == "zh"
        self.body = post.body
        self.folded: Folded = folded(self.body)
        self.title = self.folded.at(len(post.title))
        self.scan: Scan = lexicon.scan(self.folded, self.han)
        self.cut: list[str] | None = pieces(self.body) if self.han else None

    def shared_cut(self) -> list[str] | None:
        """Return the segmentation for the terms, None where it is not one of the folded text's beginning."""
        whole = (
            self.folded.starts is None and self.cut is not None and "http" not in self.body and "@" not in self.body
        )
        return self.cut if whole else None


class FastAnalyser:
    """Reads posts with linear heads and rules; a pure function of each post, whatever the batch."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        taxonomies: Taxonomies,
        heads: Heads,
        languages: Sequence[str],
        area_level: str,
        bodies: Mapping[str, str] | None = None,
    ) -> None:
        self._gazetteer, self._taxonomies, self._heads = gazetteer, taxonomies, heads
        self._area_level = area_level
        self._places = Places(gazetteer)
        self._languages = Languages(languages)
        aliases = {folded(alias).text: office for alias, office in (bodies or {}).items()}
        self._offices = {row[0]: aliases[row[0]] for row in rows("bodies") if row[0] in aliases}
        named = [Entry(Tag.BODY, office, alias) for alias, office in sorted(aliases.items())]
        self._lexicon = Lexicon(_without(shipped(), set(aliases)) + taxonomies.entries() + named)
        parts = (_RULES, gazetteer.digest, taxonomies.digest, heads.digest, area_level, *languages)
        tail = (f"{alias}={office}" for alias, office in sorted(aliases.items()))
        self._versions = hashlib.blake2b("\0".join((*parts, *tail)).encode(), digest_size=6).hexdigest()

    @property
    def versions(self) -> str:
        """Short digest of rules, gazetteer, taxonomy, models and body aliases."""
        return self._versions

    def analyse(self, posts: Sequence[Post]) -> list[Analysis]:
        """Return one Analysis a post, in order."""
        texts = [_Text(post, self._languages.of(post.body, post.lang), self._lexicon) for post in posts]
        answers = self._heads.read(
            [text.body for text in texts], [text.lang for text in texts], cuts=[text.cut for text in texts]
        )
        marks = signature.of_folded([text.folded.text for text in texts])
        harms = [self._harm(text) for text in texts]
        wants = self._demands(texts, harms)
        return [self._one(*parts) for parts in zip(texts, answers, marks, harms, wants, strict=True)]

    def _one(
        self, text: _Text, answer: HeadOutput, mark: bytes, harms: tuple[Harm, ...], wants: tuple[Demand, ...]
    ) -> Analysis:
        post, scan, han = text.post, text.scan, text.han
        field = self._places.resolve(post.place, post.home)
        mentions = self._places.find(text.folded, field, post.home)
        topics = self._topics(text, answer.topics)
        official = post.kind is Kind.OFFICIAL
        return Analysis(
            lang=text.lang,
            sentiment=answer.sentiment,
            emotion=answer.emotion,
            topics=topics,
            places=mentions,
            area=self._area(mentions, field, post.home, len(post.title)),
            demands=wants,
            harm=harms,
            terms=self._terms(text, mentions),
            office=self._taxonomies.office_of(topics[0].id) if topics else None,
            accused=() if official else accusations.accused(scan, han, self._office),
            reply=replies.read(scan, han, post.published_at, self._office) if official else None,
            signature=mark,
            versions=self._versions,
        )

    def _terms(self, text: _Text, mentions: Sequence[PlaceMention]) -> tuple[Term, ...]:
        """Return the terms; an area or a district is none in Chinese: groups are told apart by it anyway."""
        at = text.folded.at
        spans = [(at(m.start), at(m.end)) for m in mentions if text.lang == "zh" and self._large(m.id)]
        found = terms(text.folded, text.title, text.lang, text.shared_cut(), spans)
        return placed(found, [mention.text for mention in mentions])

    def _large(self, place: str) -> bool:
        """Tell whether a place is a district, an area or more."""
        places = self._gazetteer
        return places.district_of(place) == place or places.ancestor_at(place, self._area_level) in (None, place)

    def _office(self, body: str) -> str:
        return self._offices.get(body, body)

    def _demands(self, texts: Sequence[_Text], harms: Sequence[Sequence[Harm]]) -> list[tuple[Demand, ...]]:
        """Read what the batch demands; the short texts that ask are heard together."""
        asked = [
            demands.request(text.scan, text.lang, danger=harm.is_danger(own)) if text.post.kind in _VOICES else None
            for text, own in zip(texts, harms, strict=True)
        ]
        parts = [one.parts() if one is not None else [] for one in asked]
        han = [text.han for text, own in zip(texts, parts, strict=True) for _ in own]
        heard = iter(self._heads.sounds([part for own in parts for part in own], han))
        sounds = [[next(heard) for _ in own] for own in parts]
        return [
            demands.told(one, own, self._office) if one is not None else ()
            for one, own in zip(asked, sounds, strict=True)
        ]

    def _harm(self, text: _Text) -> tuple[Harm, ...]:
        if text.post.kind is Kind.OFFICIAL:
            return ()
        found = harm.find(text.scan, text.han)
        if text.post.kind is not Kind.NEWS:
            return found
        return tuple(one for one in found if one.cls is HarmClass.DANGER)

    def _topics(self, text: _Text, answers: Sequence[Topic]) -> tuple[Topic, ...]:
        taxonomy: Taxonomy = self._taxonomies.of(text.lang)
        return taxonomy.classify(answers, text.scan.raw(Tag.TOPIC), text.title)

    def _area(self, mentions: Sequence[PlaceMention], field: str | None, home: str | None, title: int) -> str | None:
        """Return the jurisdiction: by the places named, else the place field, else the source's home."""
        votes: dict[str, float] = {}
        for mention in mentions:
            area = self._gazetteer.ancestor_at(mention.id, self._area_level)
            if area is not None and mention.p >= 0.5:
                votes[area] = votes.get(area, 0.0) + mention.p * (2 if mention.start < title else 1)
        base = self._jurisdiction(field) or self._jurisdiction(home)
        if base in votes:
            votes[base] += _HOME_VOTE
        return min(votes, key=lambda area: (-votes[area], area)) if votes else base

    def _jurisdiction(self, place: str | None) -> str | None:
        """Return a place's area; a place above the level, or unknown to the gazetteer, is its own."""
        return None if place is None else self._gazetteer.ancestor_at(place, self._area_level) or place


def _without(entries: list[Entry], aliases: set[str]) -> list[Entry]:
    """Leave out closed body words that an office claims as its alias."""
    return [entry for entry in entries if entry.tag is not Tag.BODY or entry.surface not in aliases]
