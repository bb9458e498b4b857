"""Lines over years or months as inline SVG, in the manner of `charts`.

Places across are percentages of the width and type is in pixels. Colours are those of the text, so
a chart is readable in print and on a dark page; lines differ in how they are drawn, never by colour
alone, and what each is stands at its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, NamedTuple

from bcf_model.publish.charts import NARROWEST, ems, framed
from bcf_model.publish.house_style import CHART_TYPE

LEAST: Final = 16  # pixels between words above each other
UNDER: Final = 6
_ROOM: Final = 0.08  # of the range of the amounts, left free above and below


@dataclass(frozen=True)
class Frame:
    """Where amounts lie: years or months across, in percent, and amounts down, in pixels."""

    left: float
    right: float
    count: int
    least: int
    most: int
    height: int

    def across(self, year: int) -> float:
        """Return the place of a year or a month, counted from 0."""
        return self.left + (self.right - self.left) * year / (self.count - 1)

    def down(self, pence: int) -> float:
        """Return the place of an amount."""
        free = max((self.most - self.least) * _ROOM, 1)
        return self.height * (self.most + free - pence) / (self.most - self.least + 2 * free)

    def line(self, amounts: Sequence[int | None]) -> list[tuple[float, float]]:
        """Place one amount of each year; a year without one is left out."""
        return [(self.across(i), self.down(p)) for i, p in enumerate(amounts) if p is not None]


def points(some: Sequence[tuple[float, float]]) -> str:
    """Write places as a shape takes them."""
    return " ".join(f"{x:.2f},{y:.1f}" for x, y in some)


def level(frame: Frame, pence: int) -> str:
    """Draw a thin line across, at an amount."""
    y = f"{frame.down(pence):.1f}"
    return (
        f'<line x1="{frame.left:.2f}" x2="{frame.right:.2f}" y1="{y}" y2="{y}" '
        f'stroke="currentColor" stroke-opacity="0.2" vector-effect="non-scaling-stroke"/>'
    )


def path(some: Sequence[tuple[float, float]], style: str) -> str:
    """Draw a line through places; `style` is further attributes."""
    return (
        f'<polyline points="{points(some)}" fill="none" stroke="currentColor" {style} '
        f'vector-effect="non-scaling-stroke"/>'
    )


def ring(x: float, y: float) -> str:
    """Mark a place with a ring."""
    return f'<circle cx="{x:.2f}%" cy="{y:.1f}" r="4" fill="none" stroke="currentColor"/>'


def apart(places: Sequence[float], height: int) -> list[float]:
    """Move words, from above to below, so far apart that they can be read."""
    found = [max(places[0], CHART_TYPE)]
    for place in places[1:]:
        found.append(max(place, found[-1] + LEAST))
    over = found[-1] - height
    return [place - over for place in found] if over > 0 else found


def text(x: str, y: float, words: str, anchor: str, more: str = "") -> str:
    """Write words at a place; `more` is further attributes."""
    return (
        f'<text x="{x}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor" '
        f'font-size="{CHART_TYPE}"{f" {more}" if more else ""}>{escape(words)}</text>'
    )


class Series(NamedTuple):
    """A line of a chart, with a number for each month; None where it is not known.

    Attributes:
        name: written at its end. numbers: whole ones, by month. labels: the same as printed.
        style: how it is drawn: one of `STYLES`.
    """

    name: str
    numbers: Sequence[int | None]
    labels: Sequence[str]
    style: str


SOLID, DASHED, RINGED = "solid", "dashed", "ringed"
STYLES: Final = {
    SOLID: 'stroke-width="2.5"',
    DASHED: 'stroke-width="1.5" stroke-dasharray="6 4"',
    RINGED: 'stroke-width="1" stroke-dasharray="1 3"',
}
_SMALL: Final = 150  # pixels: of one of several charts beside each other
_SPELT: Final = ((2, 5, 8, 11), (5, 11), (11,))
"""Months that are named: the last of each quarter, or of each half, where there is room."""


def lines(
    name: str, title: str, description: str, drawn: Sequence[Series], months: Sequence[str]
) -> str:
    """Draw numbers month by month, each line with what it is and comes to at its end.

    Args:
        name: makes the identifiers on the page unique: letters, digits and hyphens.
        title: of the chart.
        description: what it shows, in words.
        drawn: one line or more, each with a number at least.
        months: their names, in order.

    Returns:
        An ``<svg>`` element that takes the width it is given; its scale begins at nil, or below.
    """
    known = [number for of in drawn for number in of.numbers if number is not None]
    firsts = [_end(of, first=True) for of in drawn]
    ends = [f"{_end(of, first=False)[1]} {of.name}{_until(of, months)}" for of in drawn]
    frame = Frame(
        100 * (max(ems(said) for _, said in firsts) + 0.8) * CHART_TYPE / NARROWEST,
        100 - 100 * (max(map(ems, ends)) + 1.2) * CHART_TYPE / NARROWEST,
        len(months), min(0, *known), max(0, *known), _SMALL,
    )  # fmt: skip
    paths = (path(frame.line(of.numbers), STYLES[of.style]) for of in drawn)
    shapes = "".join((level(frame, 0), *paths))
    inner = (
        f'<svg width="100%" height="{_SMALL}" viewBox="0 0 100 {_SMALL}" '
        f'preserveAspectRatio="none">{shapes}</svg>'
    )
    marks = [ring(*it) for of in drawn if of.style == RINGED for it in frame.line(of.numbers)]
    at_left = [(frame.down(number), said) for number, said in (*firsts, (0, "0"))]
    at_right = [
        (frame.down(_end(of, first=False)[0]), said) for of, said in zip(drawn, ends, strict=True)
    ]
    words = [
        *_beside(at_left, f"{frame.left - 2:.2f}%", "end"),
        *_beside(at_right, f"{frame.right + 2:.2f}%", "start"),
        *(text(f"{frame.across(i):.2f}%", _SMALL + CHART_TYPE + UNDER, months[i], "middle")
          for i in _spelt(frame, months)),
    ]  # fmt: skip
    inside = "".join([inner, *marks, *words])
    return framed(name, title, description, _SMALL + CHART_TYPE + 2 * UNDER, inside)


def _spelt(frame: Frame, months: Sequence[str]) -> Sequence[int]:
    """Return the months that can be named beside each other on the narrowest screen."""
    needed = 100 * (max(map(ems, months)) + 0.5) * CHART_TYPE / NARROWEST
    month = frame.across(1) - frame.across(0)
    return next((it for it in _SPELT if month * 12 / len(it) >= needed), _SPELT[-1])


def _until(of: Series, months: Sequence[str]) -> str:
    """Return in which month a line ends, where that is before the last."""
    last = max(i for i, number in enumerate(of.numbers) if number is not None)
    return "" if last == len(months) - 1 else f", {months[last]}"


def _end(of: Series, *, first: bool) -> tuple[int, str]:
    """Return the first or the last number that is known, and as it is printed."""
    known = [
        (number, said)
        for number, said in zip(of.numbers, of.labels, strict=True)
        if number is not None
    ]
    return known[0 if first else -1]


def _beside(places: Sequence[tuple[float, str]], x: str, anchor: str) -> list[str]:
    """Write words beside the ends of lines, so far apart that they can be read."""
    ordered = sorted(places)
    moved = apart([place for place, _ in ordered], _SMALL)
    return [
        text(x, place + CHART_TYPE / 3, said, anchor)
        for place, (_, said) in zip(moved, ordered, strict=True)
    ]
