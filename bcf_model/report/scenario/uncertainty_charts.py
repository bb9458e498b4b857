"""How sure a scenario is, drawn: a fan of its percentiles and a tornado of its drivers.

Inline SVG in the manner of `charts`: places across are percentages of the width and type is in
pixels. Colours are those of the text, so a chart is readable in print and on a dark page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Final

from bcf_model.report.charts import ems

_TYPE: Final = 13  # pixels, as the page's style sheet sets `svg text`
_HEIGHT: Final = 240  # of a fan, without the words under it
_LEAST: Final = 16  # pixels between the words at the right
_NARROWEST: Final = 328
_PITCH: Final = 44
_BAR: Final = 14
_UNDER: Final = 6
_ROOM: Final = 0.08  # of the range of the amounts, left free above and below
_BANDS: Final = ((0, 4, 0.16), (1, 3, 0.28))
"""Which of the five amounts of a year bound a band, and how dark it is."""


@dataclass(frozen=True)
class Spread:
    """A year of a fan: percentiles 5, 25, 50, 75 and 95 in pence, lowest first."""

    label: str
    amounts: tuple[int, int, int, int, int]
    funding: int | None = None


@dataclass(frozen=True)
class Width:
    """A bar of a tornado: what the low and the high end of one range do, in pence, as printed."""

    label: str
    low: int
    high: int
    low_amount: str
    high_amount: str


def fan(
    name: str, title: str, description: str, years: Sequence[Spread], ends: Sequence[str]
) -> str:
    """Draw how far spending may go, year by year: darker where it is likelier.

    Args:
        name: makes the identifiers on the page unique: letters, digits and hyphens.
        title: of the chart.
        description: what it shows, in words.
        years: two or more; the first may be the opening, whose five amounts are one.
        ends: percentiles 5, 50 and 95 of the last year, as printed.

    Returns:
        An ``<svg>`` element that takes the width it is given. The scale does not begin at nil.
    """
    right = 100 - 100 * (max(map(ems, ends)) + 0.8) * _TYPE / _NARROWEST
    across = [right * i / (len(years) - 1) for i in range(len(years))]
    every = [a for year in years for a in (*year.amounts, year.funding) if a is not None]
    least, most = min(every), max(every)
    free = max((most - least) * _ROOM, 1)

    def down(pence: int) -> float:
        return _HEIGHT * (most + free - pence) / (most - least + 2 * free)

    shapes = []
    for low, high, dark in _BANDS:
        upper = [(x, down(y.amounts[high])) for x, y in zip(across, years, strict=True)]
        lower = [(x, down(y.amounts[low])) for x, y in zip(across, years, strict=True)]
        shapes.append(
            f'<polygon points="{_points([*upper, *reversed(lower)])}" fill="currentColor" '
            f'fill-opacity="{dark}" stroke="none"/>'
        )
    middle = [(x, down(y.amounts[2])) for x, y in zip(across, years, strict=True)]
    shapes.append(_path(middle, 'stroke-width="2"'))
    funded = [
        (x, down(y.funding)) for x, y in zip(across, years, strict=True) if y.funding is not None
    ]
    if len(funded) > 1:
        shapes.append(_path(funded, 'stroke-width="1.5" stroke-dasharray="6 4"'))
    marks = "" if len(funded) != 1 else _mark(*funded[0])
    last = [years[-1].amounts[i] for i in (4, 2, 0)]
    places = _apart([down(amount) for amount in last])
    words = [
        _text(f"{right + 2:.2f}%", y + _TYPE / 3, amount, "start")
        for y, amount in zip(places, reversed(ends), strict=True)
    ]
    words += [
        _text(f"{x:.2f}%", _HEIGHT + _TYPE + _UNDER, year.label, "start" if not x else "middle")
        for x, year in _labelled(across, years)
    ]
    inner = (
        f'<svg width="100%" height="{_HEIGHT}" viewBox="0 0 100 {_HEIGHT}" '
        f'preserveAspectRatio="none">{"".join(shapes)}</svg>'
    )
    return _svg(
        name, title, description, _HEIGHT + _TYPE + 2 * _UNDER, inner + marks + "".join(words)
    )


def _labelled(across: Sequence[float], years: Sequence[Spread]) -> list[tuple[float, Spread]]:
    """Leave out labels that would run into each other on the narrowest phone; never the last."""
    wide = max(ems(year.label) for year in years) + 0.5
    pitch = across[1] / 100 * _NARROWEST / _TYPE
    every = max(1, ceil(wide / pitch))
    return [*zip(across, years, strict=True)][::-every]


def _points(some: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.1f}" for x, y in some)


def _path(some: Sequence[tuple[float, float]], style: str) -> str:
    return (
        f'<polyline points="{_points(some)}" fill="none" stroke="currentColor" {style} '
        f'vector-effect="non-scaling-stroke"/>'
    )


def _mark(x: float, y: float) -> str:
    """Mark funding that is stated for one year only."""
    return f'<circle cx="{x:.2f}%" cy="{y:.1f}" r="4" fill="none" stroke="currentColor"/>'


def _apart(places: Sequence[float]) -> list[float]:
    """Move words, from above to below, so far apart that they can be read."""
    found = [max(places[0], _TYPE)]
    for place in places[1:]:
        found.append(max(place, found[-1] + _LEAST))
    over = found[-1] - _HEIGHT
    return [place - over for place in found] if over > 0 else found


def tornado(name: str, title: str, description: str, drivers: Sequence[Width]) -> str:
    """Draw what each range does by itself, the widest first.

    Args:
        name: makes the identifiers on the page unique.
        title: of the chart.
        description: what it shows, in words.
        drivers: the bars. That of the low end is outlined, that of the high end filled.

    Returns:
        An ``<svg>`` element that takes the width it is given.
    """
    ends = [pence for driver in drivers for pence in (driver.low, driver.high)]
    least, most = min(0, *ends), max(0, *ends)

    def at(pence: int) -> float:
        return 100 * (pence - least) / (most - least) if most > least else 50.0

    parts = []
    for i, driver in enumerate(drivers):
        top = i * _PITCH
        words = f"low {driver.low_amount}, high {driver.high_amount}"
        room = _NARROWEST / _TYPE - ems(words) - 1
        label = driver.label
        while label and ems(label) > room:
            label = f"{label[:-2].rstrip()}…" if label[2:] else ""
        parts.append(_text("0", top + _TYPE, label, "start"))
        parts.append(_text("100%", top + _TYPE, words, "end"))
        y = top + _TYPE + _UNDER
        for pence, filled in ((driver.low, False), (driver.high, True)):
            left, right = sorted((at(0), at(pence)))
            style = (
                'fill="currentColor" fill-opacity="0.75"' if filled
                else 'fill="none" stroke="currentColor"'
            )  # fmt: skip
            if pence:
                parts.append(
                    f'<rect x="{left:.2f}%" y="{y}" width="{max(right - left, 0.4):.2f}%" '
                    f'height="{_BAR}" {style}/>'
                )
        parts.append(
            f'<line x1="{at(0):.2f}%" x2="{at(0):.2f}%" y1="{y - 3}" y2="{y + _BAR + 3}" '
            f'stroke="currentColor"/>'
        )
    return _svg(name, title, description, len(drivers) * _PITCH, "".join(parts))


def _text(x: str, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor" '
        f'font-size="{_TYPE}">{escape(text)}</text>'
    )


def _svg(name: str, title: str, description: str, height: int, inside: str) -> str:
    return (
        f'<svg role="img" aria-labelledby="{name}-title {name}-words" width="100%" '
        f'height="{height}"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-words">{escape(description)}</desc>{inside}</svg>'
    )
