"""What drives the spread of a scenario, drawn: a bar for each range, the widest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bcf_model.publish.charts import NARROWEST, ems, framed
from bcf_model.publish.house_style import CHART_TYPE
from bcf_model.publish.line_chart import LEAST, UNDER, text

_BAR: Final = 14
_BETWEEN: Final = 14  # pixels between a bar and the words of the next


@dataclass(frozen=True)
class Width:
    """A bar of a tornado: what the low and the high end of one range do, in pence, as printed."""

    label: str
    low: int
    high: int
    low_amount: str
    high_amount: str


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

    parts, top = [], 0
    for driver in drivers:
        lines, amounts = _said(driver)
        below = top + len(lines) * LEAST
        parts += [
            text("0", top + CHART_TYPE + i * LEAST, line, "start")
            for i, line in enumerate(lines) if line
        ]  # fmt: skip
        parts.append(text("100%", below - LEAST + CHART_TYPE, amounts, "end"))
        y = below + UNDER
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
        top = y + _BAR + _BETWEEN
    return framed(name, title, description, top, "".join(parts))


def _said(driver: Width) -> tuple[list[str], str]:
    """Return the lines above a bar, the last of which has room for its amounts at the right."""
    amounts = f"low {driver.low_amount}, high {driver.high_amount}"
    room = NARROWEST / CHART_TYPE
    lines = [""]
    for word in driver.label.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if ems(longer) <= room or not lines[-1]:
            lines[-1] = _cut(longer, room)
        else:
            lines.append(_cut(word, room))
    if ems(lines[-1]) + 1 + ems(amounts) > room:
        lines.append("")
    return lines, amounts


def _cut(word: str, room: float) -> str:
    """Cut a single word that is longer than a line."""
    while ems(word) > room:
        word = f"{word[:-2]}…"
    return word
