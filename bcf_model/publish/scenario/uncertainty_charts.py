"""How sure a scenario is, drawn: a fan of its percentiles (`tornado` draws what drives them).

Inline SVG in the manner of `charts`: places across are percentages of the width and type is in
pixels. Colours are those of the text, so a chart is readable in print and on a dark page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bcf_model.publish.charts import NARROWEST, ems, framed
from bcf_model.publish.house_style import CHART_TYPE
from bcf_model.publish.line_chart import (
    LEAST,
    UNDER,
    Frame,
    apart,
    level,
    path,
    points,
    ring,
    text,
)

_HEIGHT: Final = 240  # of a fan, without the words under it
_SLANT: Final = 0.71  # of a label at 45°, how far down it goes
_BANDS: Final = ((0, 4, 0.16), (1, 3, 0.28))
"""Which of the five amounts of a year bound a band, and how dark it is."""

Tick = tuple[int, str]
"""A line across a fan: pence, and as printed."""


@dataclass(frozen=True)
class Spread:
    """A year of a fan: percentiles 5, 25, 50, 75 and 95 in pence, lowest first.

    `central` is what the scenario itself comes to.
    """

    label: str
    amounts: tuple[int, int, int, int, int]
    funding: int | None = None
    central: int | None = None

    @property
    def reached(self) -> list[int]:
        """Every amount that is drawn."""
        return [pence for pence in (*self.amounts, self.funding, self.central) if pence is not None]


def fan(
    name: str,
    title: str,
    description: str,
    years: Sequence[Spread],
    ends: Sequence[str],
    begins: str = "",
    ticks: Sequence[Tick] = (),
) -> str:
    """Draw how far spending may go, year by year: darker where it is likelier.

    Args:
        name: makes the identifiers on the page unique: letters, digits and hyphens.
        title: of the chart.
        description: what it shows, in words.
        years: two or more; the first may be the opening, whose five amounts are one.
        ends: percentiles 5, 50 and 95 of the last year, as printed.
        begins: the middle of the first year, as printed; written beside it.
        ticks: where a line goes across, with what is written at its left.

    Returns:
        An ``<svg>`` element that takes the width it is given. The scale does not begin at nil.
    """
    every = [pence for year in years for pence in year.reached]
    beside = max(map(ems, ["", begins, *(words for _, words in ticks)]))
    frame = Frame(
        100 * (beside + 0.8) * CHART_TYPE / NARROWEST if beside else 0.0,
        100 - 100 * (max(map(ems, ends)) + 1.2) * CHART_TYPE / NARROWEST,
        len(years), min(every), max(every), _HEIGHT,
    )  # fmt: skip
    shapes = [level(frame, pence) for pence, _ in ticks]
    for low, high, dark in _BANDS:
        upper = frame.line([year.amounts[high] for year in years])
        lower = frame.line([year.amounts[low] for year in years])
        shapes.append(
            f'<polygon points="{points([*upper, *reversed(lower)])}" fill="currentColor" '
            f'fill-opacity="{dark}" stroke="none"/>'
        )
    shapes.append(path(frame.line([year.amounts[2] for year in years]), 'stroke-width="2"'))
    funded = frame.line([year.funding for year in years])
    if len(funded) > 1:
        shapes.append(path(funded, 'stroke-width="1.5" stroke-dasharray="6 4"'))
    marks = [ring(*funded[0])] if len(funded) == 1 else []
    marks += [_cross(*place) for place in frame.line([year.central for year in years])]
    inner = (
        f'<svg width="100%" height="{_HEIGHT}" viewBox="0 0 100 {_HEIGHT}" '
        f'preserveAspectRatio="none">{"".join(shapes)}</svg>'
    )
    under, below = _years(frame, years)
    words = [*_at_the_right(frame, years[-1], ends), *_at_the_left(frame, years[0], begins, ticks)]
    inside = inner + "".join([*marks, *words, *under])
    return framed(name, title, description, _HEIGHT + below, inside)


def _at_the_right(frame: Frame, last: Spread, ends: Sequence[str]) -> list[str]:
    places = apart([frame.down(last.amounts[i]) for i in (4, 2, 0)], _HEIGHT)
    return [
        text(f"{frame.right + 3:.2f}%", y + CHART_TYPE / 3, amount, "start")
        for y, amount in zip(places, reversed(ends), strict=True)
    ]


def _at_the_left(frame: Frame, first: Spread, begins: str, ticks: Sequence[Tick]) -> list[str]:
    """Write what the first year begins with, and the lines that do not run into it."""
    x = f"{frame.left - 2:.2f}%"
    middle = frame.down(first.amounts[2])
    apart = [tick for tick in ticks if not begins or abs(frame.down(tick[0]) - middle) >= LEAST]
    words = [text(x, frame.down(pence) + CHART_TYPE / 3, said, "end") for pence, said in apart]
    bold = 'font-weight="650"'
    return [*words, *([text(x, middle + CHART_TYPE / 3, begins, "end", bold)] if begins else [])]


def _years(frame: Frame, years: Sequence[Spread]) -> tuple[list[str], float]:
    """Label every year: at an angle where they would run into each other on a phone.

    Returns:
        The labels, and the pixels they need.
    """
    wide = max(ems(year.label) for year in years)
    pitch = (frame.across(1) - frame.across(0)) / 100 * NARROWEST / CHART_TYPE
    places = [(f"{frame.across(i):.2f}%", year.label) for i, year in enumerate(years)]
    if wide + 0.5 <= pitch:
        y = _HEIGHT + CHART_TYPE + UNDER
        return [text(x, y, label, "middle") for x, label in places], y + UNDER - _HEIGHT
    turned = [
        f'<svg x="{x}" y="{_HEIGHT + UNDER}" overflow="visible">'
        + text("0", CHART_TYPE / 2, label, "end", 'transform="rotate(-45)"')
        + "</svg>"
        for x, label in places
    ]
    return turned, (wide * _SLANT + 1) * CHART_TYPE + UNDER


def _cross(x: float, y: float) -> str:
    """Mark the central case of a year."""
    return (
        f'<svg x="{x:.2f}%" y="{y:.1f}" overflow="visible"><path d="M-5-5L5 5M-5 5L5-5" '
        f'fill="none" stroke="currentColor" stroke-width="2"/></svg>'
    )
