"""For whom a mail is written: the person, the language, the time zone, and what ids are called there."""

from __future__ import annotations

from functools import cached_property
from zoneinfo import ZoneInfo

from alerts.alert import Alert
from alerts.links import Links
from alerts.mail import said, told
from alerts.mail.catalogue import Phrases, phrases
from alerts.mail.letterhead import Letterhead
from alerts.names import Locale, Names
from alerts.recipients import Person
from answerable.incident import IncidentUpdate

__all__ = ["Reader"]


class Reader:
    """One reader of one mail; `now` is the time of the mail, not of any clock."""

    def __init__(self, person: Person, names: Names, links: Links, head: Letterhead, now: int) -> None:
        self.person, self.names, self.links, self.head, self.now = person, names, links, head, now
        self.locale: Locale = person.locale

    @cached_property
    def say(self) -> Phrases:
        """The phrases of the reader's language."""
        return phrases(self.locale)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the desk."""
        return self.head.zone

    def when(self, at: int) -> str:
        """Write a time as the reader would say it on the day of the mail."""
        return told.when(at, self.now, self.zone, self.say)

    def span(self, seconds: float) -> str:
        """Write a length of time."""
        return told.span(seconds, self.say)

    def office(self, key: str | None) -> str:
        """Name an office; "" for none."""
        return said.clean(self.names.office(key, self.locale))

    def place(self, update: IncidentUpdate) -> str:
        """Name the place of an incident, or its area, or say that the place is not known."""
        for key in (update.title.place, update.area):
            name = said.clean(self.names.place(key, self.locale))
            if name:
                return name
        return self.say("place.unknown")

    def matter(self, alert: Alert) -> str:
        """Say what an incident is about: shared terms, or the topic, or the kind of unconfirmed danger."""
        if alert.unconfirmed:
            return self.say("matter.unconfirmed", kinds=self.dangers(alert.update))
        terms = said.matter_terms(alert.update)
        if terms:
            return self.say.enumerate(terms)
        topics = [said.clean(self.names.topic(topic.id, self.locale)) for topic in alert.update.topics[:1]]
        return topics[0] if topics else self.say("matter.unknown")

    def dangers(self, update: IncidentUpdate) -> str:
        """Name the kinds of danger reported, or danger as such."""
        kinds = [self.say.word("harm", kind) for kind, _ in update.components.danger]
        return self.say.enumerate(kinds) or self.say("harm.danger")

    def headline(self, alert: Alert) -> str:
        """Write place and matter as a headline."""
        return self.say("headline", place=self.place(alert.update), matter=self.matter(alert))
