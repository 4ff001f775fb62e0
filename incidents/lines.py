"""Fitted lines: an interval that is linear in what was seen, and never runs on where nothing was."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

__all__ = ["LARGEST", "Lines", "along", "weigh", "within"]

LARGEST = 7.0
_STRANGE = 1.0


class Lines(Struct, frozen=True):
    """What was fitted to one kind of case.

    Each of `low`, `middle`, `high` and `double` holds an intercept and one weight a trait; `least` and `most` bound
    the traits that the fit has seen (first and last percentile). `double` is empty where nothing doubles.
    """

    least: tuple[float, ...]
    most: tuple[float, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]
    double: tuple[float, ...] = ()


def along(lines: Lines, found: Sequence[float]) -> tuple[float, float, float]:
    """Return the middle, 0 to LARGEST, and how far the interval reaches down and up from it.

    Beyond what the fit has seen a trait counts as at its bound; the interval is up to twice as wide there.

    >>> line = Lines((0.0,), (2.0,), (0.0, 0.5), (0.0, 1.0), (0.0, 2.0))
    >>> along(line, [1.0]), along(line, [3.0])
    ((1.0, 0.5, 1.0), (2.0, 1.5, 3.0))
    """
    kept = within(lines, found)
    strange = 0.0
    for value, inside, least, most in zip(found, kept, lines.least, lines.most, strict=True):
        if value != inside:
            strange = max(strange, abs(value - inside) / max(most - least, 0.05))
    low, middle, high = (weigh(line, kept) for line in (lines.low, lines.middle, lines.high))
    middle, wider = min(max(0.0, middle), LARGEST), 1 + min(strange, _STRANGE)
    return middle, max(0.0, middle - low) * wider, max(0.0, high - middle) * wider


def within(lines: Lines, found: Sequence[float]) -> list[float]:
    """Cut traits to what the fit has seen."""
    return [min(max(value, least), most) for value, least, most in zip(found, lines.least, lines.most, strict=True)]


def weigh(line: Sequence[float], found: Sequence[float]) -> float:
    """Return an intercept and the weighted sum, in the order of the traits.

    >>> weigh((1.0, 2.0, 3.0), (10.0, 100.0))
    321.0
    """
    return line[0] + sum(weight * value for weight, value in zip(line[1:], found, strict=True))
