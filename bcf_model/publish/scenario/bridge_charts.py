"""The bridge as a waterfall: inline SVG in the manner of `charts`, and the same in words.

Steps go down, amounts go across. Each bar begins where the one before it ended; a thin line joins
them. What is added is a filled bar, what is taken off an outlined one. Where the steps are small
beside the budget, the scale begins above nil: the bars of the opening and the closing budget are
then drawn with a cut, and the words beside the chart say so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from bcf_model.core.expressions import NIL, Expression
from bcf_model.core.money import shown
from bcf_model.publish.charts import NARROWEST, ems, framed
from bcf_model.publish.house_style import CHART_TYPE

_BAR: Final = 14
_PITCH: Final = 42
_UNDER: Final = 6  # between words and their bar
_CUT_BELOW: Final = 0.5
"""Share of the largest amount that the steps must span for the scale to begin at nil."""
_MARGIN: Final = 0.15
_SHORTEST: Final = 0.4  # percent of the width: what is not nil is seen


@dataclass(frozen=True)
class Fall:
    """One bar of a waterfall.

    Attributes:
        label, amount: as printed. start, end: in whole pence. whole: an opening or a closing.
    """

    label: str
    amount: str
    start: int
    end: int
    whole: bool = False


@dataclass(frozen=True)
class Scale:
    """Where an amount lies across the chart: the lowest at its left, the highest at its right."""

    lowest: int
    highest: int

    @staticmethod
    def over(falls: Sequence[Fall]) -> "Scale":
        """Span every bar; from nil on, unless the steps would then hardly be seen."""
        ends = [
            amount for fall in falls for amount in (fall.end, fall.start) if amount or fall.whole
        ]
        reached = [fall.end for fall in falls]
        least, most = min(*reached, reached[0]), max(*reached, reached[0])
        if least <= 0 or most - least >= _CUT_BELOW * most:
            return Scale(min(0, *ends), max(0, *ends))
        span = max(most - least, most // 100)
        step = _round(span // 4)
        lowest = max(0, (least - max(int(span * _MARGIN), 1)) // step * step)
        return Scale(lowest, most)

    @property
    def is_cut(self) -> bool:
        """Whether it begins above nil."""
        return self.lowest > 0

    def at(self, pence: int) -> float:
        """Return the place of an amount, in percent of the width."""
        span = self.highest - self.lowest
        return 100 * (max(pence, self.lowest) - self.lowest) / span if span else 0.0


def _round(pence: int) -> int:
    """Return the power of ten below an amount."""
    return int(10 ** (len(str(max(pence, 1))) - 1))


def falls(
    amounts: Sequence[tuple[str, Expression | None]],
    pence: Callable[[Expression], int],
    unit: str,
) -> list[Fall]:
    """Place steps one after another, between an opening and a closing, which begin at nil.

    Args:
        amounts: by name, the opening first and the closing last; none is nil.
        pence: computes an amount.
        unit: in which amounts are printed.
    """
    found: list[Fall] = []
    reached: Expression = NIL
    for at, (name, amount) in enumerate(amounts):
        whole, step = at in (0, len(amounts) - 1), amount or NIL
        start = NIL if whole else reached
        reached = start + step
        found.append(Fall(name, shown(pence(step), unit), pence(start), pence(reached), whole))
    return found


def in_words(found: Sequence[Fall], unit: str) -> str:
    """Describe a waterfall in words, with every amount."""
    said = "; ".join(f"{fall.label.lower()} {fall.amount}" for fall in found)
    return f"In {unit}: {said}."


def waterfall(name: str, title: str, description: str, found: Sequence[Fall]) -> str:
    """Draw a waterfall.

    Args:
        name: makes the identifiers on the page unique: letters, digits and hyphens.
        title: of the chart.
        description: of what it shows, in words.
        found: the bars, opening first, closing last.

    Returns:
        An ``<svg>`` element that takes the width it is given. All text in it is escaped.
    """
    scale = Scale.over(found)
    parts = []
    for i, fall in enumerate(found):
        top = i * _PITCH
        parts.append(_bar(fall, top, scale))
        if i + 1 < len(found):
            parts.append(_joint(scale.at(fall.end), top))
    return framed(name, title, description, len(found) * _PITCH, "".join(parts), "fall")


def _bar(fall: Fall, top: int, scale: Scale) -> str:
    label = _short(fall.label, fall.amount)
    words = (
        f'<text class="{"head" if fall.whole else "label"}" x="0" y="{top + CHART_TYPE}">'
        f"{escape(label)}</text>"
        f'<text class="amount" x="100%" y="{top + CHART_TYPE}">{escape(fall.amount)}</text>'
    )
    at = top + CHART_TYPE + _UNDER
    ends = sorted((scale.at(fall.start), scale.at(fall.end)))
    moved = fall.end != fall.start
    width = max(ends[1] - ends[0], _SHORTEST) if moved else 0
    left = min(ends[0], 100 - width)
    way = "whole" if fall.whole else "over" if fall.end > fall.start else "under"
    bar = (
        f'<rect class="{way}" x="{left:.2f}%" y="{at}" width="{width:.2f}%" height="{_BAR}"/>'
        if width
        else f'<line x1="{left:.2f}%" x2="{left:.2f}%" y1="{at}" y2="{at + _BAR}"/>'
    )
    return f"<g>{words}{bar}{_cut(at) if fall.whole and scale.is_cut else ''}</g>"


def _cut(at: int) -> str:
    """Draw the cut through a bar that does not begin at nil."""
    return f'<rect class="cut" x="3%" y="{at - 2}" width="4" height="{_BAR + 4}"/>'


def _joint(place: float, top: int) -> str:
    """Join the end of a bar with the beginning of the next."""
    start = top + CHART_TYPE + _UNDER + _BAR
    end = top + _PITCH + CHART_TYPE + _UNDER
    return f'<line class="joint" x1="{place:.2f}%" x2="{place:.2f}%" y1="{start}" y2="{end}"/>'


def _short(label: str, amount: str) -> str:
    """Cut a label that would run into its amount on the narrowest phone."""
    room = NARROWEST / CHART_TYPE - ems(amount) - 1
    if ems(label) <= room:
        return label
    while label and ems(f"{label}…") > room:
        label = label[:-1]
    return f"{label.rstrip()}…"
