"""Whose job an incident is, and who hears of it: by topic and area, the most specific office first.

An office that is accused is never lead nor addressee; the matter goes to its supervision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from alerts.names import Locale
from alerts.recipients import Office, Person, Recipients
from answerable.incident import IncidentUpdate

__all__ = ["Route", "Routing"]

_SHARE = 0.25
_CO_HANDLERS = 3


class Route(Struct, frozen=True):
    """The lead office, those who share the work, and the offices of this desk that are accused."""

    lead: str | None
    co_handlers: tuple[str, ...] = ()
    accused: tuple[str, ...] = ()


class Routing:
    """Finds offices and people; `parents` gives the parent of a gazetteer id.

    Where recipients.yaml names nobody, one person "desk" with the sender's address gets everything.
    """

    def __init__(self, recipients: Recipients, sender: str, locale: Locale, parents: Mapping[str, str]) -> None:
        self._offices = {office.id: office for office in recipients.offices}
        self._people = recipients.people or [Person(id="desk", mail=sender, locale=locale)]
        self._locale = locale
        self._parents = parents

    @property
    def people(self) -> list[Person]:
        """Everybody who reads mails."""
        return self._people

    @property
    def offices(self) -> Mapping[str, Office]:
        """Every office by id."""
        return self._offices

    def route(self, update: IncidentUpdate) -> Route:
        """Return whose job an incident is."""
        accused = self.accused(update)
        ranked = [office for office in self._ranked(update) if office not in accused]
        if accused:
            return Route(self.supervisor(accused[0], accused), (), accused)
        return Route(ranked[0] if ranked else None, tuple(ranked[1 : 1 + _CO_HANDLERS]))

    def accused(self, update: IncidentUpdate) -> tuple[str, ...]:
        """Return the offices of this desk that at least a tenth of the posts accuse, most accused first."""
        found: dict[str, int] = {}
        for word, votes in update.accused:
            office = self._named(word)
            if office is not None:
                found[office] = found.get(office, 0) + votes
        return tuple(
            office for office, votes in sorted(found.items(), key=lambda item: (-item[1], item[0]))
            if votes * 10 >= update.posts
        )  # fmt: skip

    def supervisor(self, office: str, accused: Iterable[str] = ()) -> str | None:
        """Return the nearest office above one that is not accused itself, or None."""
        barred, seen = set(accused), set[str]()
        above = self._offices[office].supervised_by if office in self._offices else None
        while above is not None and above in barred and above not in seen:
            seen.add(above)
            above = self._offices[above].supervised_by if above in self._offices else None
        return None if above in barred else above

    def readers(self, offices: Iterable[str | None], accused: Iterable[str] = ()) -> tuple[Person, ...]:
        """Return the people of some offices and those who read for all, never anybody of an accused office.

        Offices without people hand on to those that supervise them; where that leads to nobody, everybody reads.
        """
        barred = set(accused)
        allowed = [person for person in self._people if not barred & set(person.offices)]
        wanted = {office for office in offices if office is not None}
        while wanted:
            fit = [person for person in allowed if not person.offices or wanted & set(person.offices)]
            if any(person.offices for person in fit):
                return tuple(fit)
            wanted = {above for office in sorted(wanted) if (above := self.supervisor(office, barred))} - wanted
        return tuple(person for person in allowed if not person.offices) or tuple(allowed)

    def on_duty(self, office: str | None) -> tuple[Person, ...]:
        """Return the duty addresses of an office as readers, its supervision's where it has none."""
        at: str | None = office
        while at is not None and at in self._offices and not self._offices[at].on_duty:
            at = self._offices[at].supervised_by
        if at is None or at not in self._offices:
            return ()
        return tuple(
            Person(id=f"{at}.duty{number}", mail=mail, offices=[at], locale=self._locale)
            for number, mail in enumerate(self._offices[at].on_duty, 1)
        )

    def _ranked(self, update: IncidentUpdate) -> list[str]:
        """Rank offices: those the posts themselves were read to concern, then those of the topics and areas."""
        votes = [(office, count) for office, count in update.offices if office in self._offices]
        most = votes[0][1] if votes else 0
        ranked = [office for office, count in votes if count >= most * _SHARE]
        places = self._places(update)
        for topic in update.topics:
            fits = [
                (fit, office.id) for office in self._offices.values() if (fit := _fit(office, topic.id, places))
            ]  # fmt: skip
            ranked += [office for _, office in sorted(fits, key=lambda item: (-item[0][0], -item[0][1], item[1]))[:1]]
        rest = [office.id for office in self._offices.values() if not office.topics and _near(office, places)]
        return list(dict.fromkeys(ranked or sorted(rest)[:1]))

    def _places(self, update: IncidentUpdate) -> list[str]:
        """Return the places an incident lies in, the finest first."""
        chain: list[str] = []
        at = update.title.place or (update.districts[0][0] if update.districts else None)
        while at and at not in chain:
            chain.append(at)
            at = self._parents.get(at)
        return chain if update.area in chain else [*chain, update.area]

    def _named(self, word: str) -> str | None:
        """Return the office of this desk that an id, name or alias means."""
        if word in self._offices:
            return word
        folded = word.casefold()
        for office in self._offices.values():
            names = [name.casefold() for name in (*office.name.values(), *office.aliases)]
            if any(
                folded == name or (len(folded) > 1 and folded in name) or name in folded for name in names if name
            ):
                return office.id
        return None


def _fit(office: Office, topic: str, places: list[str]) -> tuple[int, int] | None:
    """Return how closely an office fits a topic and places, greater is closer; None where it does not."""
    depths = [
        part.count(".") + 1 for part in office.topics if topic == part or topic.startswith(f"{part}.")
    ]  # fmt: skip
    near = _near(office, places)
    return (max(depths), near) if depths and near else None


def _near(office: Office, places: list[str]) -> int:
    """Return how close an office is: 1 for everywhere, more for a finer place, 0 for elsewhere."""
    if not office.areas:
        return 1
    return max((len(places) - index + 1 for index, place in enumerate(places) if place in office.areas), default=0)
