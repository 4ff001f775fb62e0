"""What residents ask for, counted, and what an office answered to it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from answerable.clock import At

__all__ = ["Answer", "DemandCount"]


class Answer(StrEnum):
    """What an office's answer says; one that only passes the matter on leaves it open."""

    PROMISE = "promise"
    REFUSAL = "refusal"
    REFERRAL = "referral"
    OTHER = "other"


class DemandCount(Struct, frozen=True, array_like=True):
    """One distinct demand of an incident, how many residents make it, and what was answered.

    `again` residents make it once more since the answer of `answered_at`; from three on the demand is open anew,
    since `again_at`. `due_at` is the date an office promised.
    """

    act: str
    category: str
    to: str | None
    residents: int
    first_at: At
    answered_at: At | None = None
    again: int = 0
    again_at: At | None = None
    answer: Answer | None = None
    due_at: At | None = None

    @property
    def waits_since(self) -> At | None:
        """Since when it waits for an answer; None where it has one.

        >>> DemandCount("repair", "repair", None, 9, 100, 200).waits_since
        >>> DemandCount("repair", "repair", None, 9, 100, 200, 3, 300).waits_since
        300
        """
        return self.first_at if self.answered_at is None else self.again_at
