"""The curve as a PNG: hourly posts, the usual, the likely next hours, the answer; numerals only, no system font."""

from __future__ import annotations

import io
import itertools
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from alerts.mail.sheet import Plot
from answerable.incident import Level

__all__ = ["HEIGHT", "PALETTES", "WIDTH", "draw"]

WIDTH, HEIGHT = 560, 132  # as shown; drawn at twice that
_SCALE, _FINE = 2, 2  # pixels a point, and the oversampling of slanted lines
_LEFT, _RIGHT, _TOP, _BOTTOM = 4, 4, 28, 6
_PAST = 0.84  # share of the width where a forecast follows
_STEPS = 15  # shades a layer
_LAYERS = ("rule", "band", "good", "level", "ink")

Colour = tuple[int, int, int]
Points = list[tuple[float, float]]

# paper and the layers' colours by scheme; the level's own colour comes from LEVELS
PALETTES: dict[bool, dict[str, Colour]] = {
    False: {"paper": (251, 250, 247), "ink": (29, 28, 26), "rule": (150, 144, 132), "good": (47, 107, 58)},
    True: {"paper": (23, 22, 20), "ink": (236, 232, 223), "rule": (122, 116, 104), "good": (143, 209, 158)},
}
_LEVELS: dict[bool, dict[Level, Colour]] = {
    False: {
        Level.RED: (168, 32, 26),
        Level.ORANGE: (168, 84, 0),
        Level.YELLOW: (122, 98, 0),
        Level.WATCH: (68, 86, 107),
    },
    True: {
        Level.RED: (255, 138, 128),
        Level.ORANGE: (255, 176, 103),
        Level.YELLOW: (230, 200, 90),
        Level.WATCH: (169, 189, 211),
    },
}


class _Frame:
    """Where bins and posts lie in points: x from the left edge, y from the top."""

    def __init__(self, plot: Plot) -> None:
        self.plot = plot
        peak = max(*plot.counts, 1)
        high = max((point[3] for point in plot.ahead), default=0.0)
        self.top = max(float(peak), min(high, 1.8 * peak), plot.usual)
        self.past = (WIDTH - _LEFT - _RIGHT) * (_PAST if plot.ahead else 1.0)
        self.future = WIDTH - _LEFT - _RIGHT - self.past

    def x(self, position: float) -> float:
        """Place a position in bins; what lies ahead of the newest bin is stretched to the right edge."""
        last = len(self.plot.counts) - 1
        if position <= last or not self.plot.ahead:
            return _LEFT + self.past * min(max(position, 0), last) / last
        return _LEFT + self.past + self.future * (position - last) / self.plot.ahead[-1][0]

    def y(self, posts: float) -> float:
        """Place a number of posts; what lies above the frame is cut at its edge."""
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * min(posts, self.top) / self.top

    def line(self) -> Points:
        """Return the past."""
        return [(self.x(n), self.y(count)) for n, count in enumerate(self.plot.counts)]

    def ahead(self, column: int) -> Points:
        """Return what may come (1 low, 2 middle, 3 high), from the newest bin on."""
        last = len(self.plot.counts) - 1
        return [self.line()[-1], *((self.x(last + point[0]), self.y(point[column])) for point in self.plot.ahead)]


@lru_cache(maxsize=32)
def draw(plot: Plot, level: Level, *, dark: bool) -> bytes:
    """Draw a plot on light or dark paper; equal plots give equal bytes."""
    image = _layers(plot).copy()
    image.putpalette(_palette(level, dark))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=3)
    return out.getvalue()


@lru_cache(maxsize=32)
def _layers(plot: Plot) -> Image.Image:
    """Draw every layer into one image of shades; the palette gives them their colours afterwards."""
    frame = _Frame(plot)
    masks = {
        "rule": _usual(frame),
        "band": _band(frame),
        "good": _answer(frame),
        "level": _middle(frame),
        "ink": _past(frame),
    }
    image = Image.new("P", (WIDTH * _SCALE, HEIGHT * _SCALE))
    for number, name in enumerate(_LAYERS):
        shades = [0, *(1 + number * _STEPS + (a * (_STEPS - 1) + 127) // 255 for a in range(1, 256))]
        mask = masks[name]
        image.paste(mask.point(shades), None, mask.point([0] * 12 + [255] * 244))
    return image


def _palette(level: Level, dark: bool) -> list[int]:
    scheme = PALETTES[dark]
    colour = _LEVELS[dark][level]
    band = _mix(scheme["paper"], colour, 0.22 if dark else 0.14)
    colours = {**scheme, "level": colour, "band": band}
    entries = list(scheme["paper"])
    for name in _LAYERS:
        for shade in range(1, _STEPS + 1):
            entries.extend(_mix(scheme["paper"], colours[name], shade / _STEPS))
    return entries


def _mix(paper: Colour, colour: Colour, share: float) -> Colour:
    red, green, blue = (round(p + (c - p) * share) for p, c in zip(paper, colour, strict=True))
    return red, green, blue


def _blank(fine: int = 1) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (WIDTH * _SCALE * fine, HEIGHT * _SCALE * fine))
    return image, ImageDraw.Draw(image)


def _scaled(points: Points, fine: int = 1) -> Points:
    return [(x * _SCALE * fine, y * _SCALE * fine) for x, y in points]


def _usual(frame: _Frame) -> Image.Image:
    """Draw the usual as a dotted line, level over the past."""
    image, pen = _blank()
    y = round(frame.y(frame.plot.usual) * _SCALE)
    for x in range(_LEFT * _SCALE, round((_LEFT + frame.past) * _SCALE), 12):
        pen.line([(x, y), (x + 3, y)], fill=255, width=2)
    return image


def _band(frame: _Frame) -> Image.Image:
    image, pen = _blank()
    if frame.plot.ahead:
        pen.polygon(_scaled(frame.ahead(3) + frame.ahead(1)[:0:-1]), fill=255)
    return image


def _answer(frame: _Frame) -> Image.Image:
    """Mark the newest answer with a line and a small flag at its top."""
    image, pen = _blank()
    if frame.plot.answered is not None:
        x = round(frame.x(frame.plot.answered - 0.5) * _SCALE)
        pen.line([(x, 16), (x, (HEIGHT - _BOTTOM) * _SCALE)], fill=255, width=3)
        pen.polygon([(x + 2, 8), (x + 2, 26), (x + 18, 17)], fill=255)
    return image


def _middle(frame: _Frame) -> Image.Image:
    """Draw the likeliest course as dashes, and the range at the right edge in numerals."""
    image, pen = _blank(_FINE)
    points = _scaled(frame.ahead(2), _FINE) if frame.plot.ahead else []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1.0)
        for step in range(0, int(length), 36):
            a, b = step / length, min((step + 20) / length, 1.0)
            dash = [(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)]
            pen.line(dash, fill=255, width=7)
    return image.reduce(_FINE)


def _past(frame: _Frame) -> Image.Image:
    """Draw what was counted, a dot at the newest bin, and the highest and newest figures."""
    image, pen = _blank(_FINE)
    line = _scaled(frame.line(), _FINE)
    pen.line(line, fill=255, width=8, joint="curve")
    x, y = line[-1]
    pen.ellipse([x - 12, y - 12, x + 12, y + 12], fill=255)
    small = image.reduce(_FINE)
    _numerals(frame, ImageDraw.Draw(small))
    return small


def _numerals(frame: _Frame, pen: ImageDraw.ImageDraw) -> None:
    counts = frame.plot.counts
    font = ImageFont.load_default(30)
    marked = sorted({counts.index(max(counts)), len(counts) - 1})
    if len(marked) == 2 and marked[1] - marked[0] < 2:
        marked = marked[:1] if counts[marked[0]] > counts[marked[1]] else marked[1:]
    for place in marked:
        x, y = frame.x(place) * _SCALE, frame.y(counts[place]) * _SCALE
        pen.text((min(max(x, 36), WIDTH * _SCALE - 36), y - 16), str(counts[place]), fill=255, font=font, anchor="ms")
