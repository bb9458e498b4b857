"""Charts as inline SVG: bars round a zero line, and the same said in words.

Pure functions from labelled amounts to SVG text. Places along a bar are percentages of the width
and type is in pixels, so a chart fits a phone and a page without shrinking its words. An overspend
is a filled bar to the right of the line, an underspend an outlined bar to its left; bars are never
stacked, so that no negative part hides inside a positive one.
"""

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple
from unicodedata import east_asian_width

from bcf_model.publish.house_style import CHART_TYPE


class Bar(NamedTuple):
    """One bar.

    Attributes:
        label: printed beside it; blank when the heading of its block says it all.
        pence: its length, in whole pence; positive is an overspend.
        amount: the same as printed, with brackets when negative.
    """

    label: str
    pence: int
    amount: str


class Block(NamedTuple):
    """A heading with the bars under it, and a remark in small type at the right of the heading."""

    heading: str
    remark: str
    bars: tuple[Bar, ...]


NARROWEST: Final = 328
"""Pixels: the width of a chart on the narrowest phone. Words that fit here fit anywhere."""

_LINE: Final = 17  # of a heading
_CLEAR: Final = 5  # between a heading's descenders and the zero line
_BAR: Final = 14
_BAR_PITCH: Final = 22
_BETWEEN: Final = 12
_TALLEST: Final = 480  # of a chart in one piece: half a page
_PIECE: Final = 230  # of each piece of a taller one: several to a page
_LABELS: Final = 22  # percent of the width, where bars have labels
_NEAREST: Final = 42  # percent: bars never end further left, however long the amounts
_SHORTEST: Final = 0.4  # percent of the width: what is not nil is seen


def draw(name: str, title: str, description: str, blocks: Sequence[Block]) -> str:
    """Draw horizontal bars, one block under another, all to one scale.

    Args:
        name: makes the identifiers on the page unique: letters and hyphens.
        title: of the chart.
        description: what it shows, in words, with its largest values.
        blocks: in the order drawn.

    Returns:
        An ``<svg>`` element that takes the width it is given; several, where the chart is taller
        than half a page, so that it can be printed. All text in them is escaped.
    """
    scale = _Scale.over(blocks)
    parts = _parts(blocks, scale)
    drawn = []
    for number, part in enumerate(parts, start=1):
        of = f", part {number} of {len(parts)}" if len(parts) > 1 else ""
        said = description
        if number > 1:
            said = f"Continued, to the same scale: {part[0].heading} to {part[-1].heading}."
        drawn.append(_svg(f"{name}-{number}", title + of, said, part, scale))
    return "\n".join(drawn)


def in_words(blocks: Sequence[Block], unit: str, total: str) -> str:
    """Describe blocks of one bar each in words: how many fall which way, and the largest of each.

    Args:
        blocks: one bar each, the remark its percentage of budget if it has one; none where the
            amount is not given.
        unit: such as £000.
        total: of them all, as printed.
    """
    drawn = [block for block in blocks if block.bars]
    over = [block for block in drawn if block.bars[0].pence > 0]
    under = [block for block in drawn if block.bars[0].pence < 0]
    said = [
        f"One bar for each of {len(drawn)}, in {unit}: {len(over)} over budget, "
        f"{len(under)} under, {len(drawn) - len(over) - len(under)} on budget."
    ]
    if len(drawn) < len(blocks):
        blank = ", ".join(block.heading for block in blocks if not block.bars)
        said.append(f"Without a bar, for it is not given: {blank}.")
    for way, chosen in (("overspend", over), ("underspend", under)):
        if chosen:
            most = max(chosen, key=lambda block: abs(block.bars[0].pence))
            rated = any(map(str.isdigit, most.remark))
            rate = f" ({most.remark.strip('()')} of budget)" if rated else ""
            said.append(f"Largest {way}: {most.heading}, {most.bars[0].amount}{rate}.")
    said.append(f"Total: {total}.")
    return " ".join(said)


def bars_in_words(blocks: Sequence[Block], unit: str) -> str:
    """Describe every bar of every block in words."""
    each = (
        f"{block.heading}: "
        + "".join(f"{bar.label.lower()} {bar.amount}, " for bar in block.bars)[:-2]
        + (f"; {block.remark}." if block.bars else f"{block.remark}.")
        for block in blocks
    )
    return " ".join((f"In {unit}.", *each))


class _Scale(NamedTuple):
    """Where an amount lies across the chart, in percent of its width."""

    left: float
    right: float
    lowest: int
    highest: int

    @staticmethod
    def over(blocks: Sequence[Block]) -> "_Scale":
        """Span nil and every bar, leaving room at the left for labels, at the right for amounts."""
        bars = [bar for block in blocks for bar in block.bars]
        amounts = max((ems(bar.amount) for bar in bars), default=0) * CHART_TYPE
        return _Scale(
            left=_LABELS if any(bar.label for bar in bars) else 0,
            right=max(_NEAREST, 100 - 100 * (amounts + CHART_TYPE) / NARROWEST),
            lowest=min(0, *(bar.pence for bar in bars), 0),
            highest=max(0, *(bar.pence for bar in bars), 0),
        )

    def at(self, pence: int) -> float:
        """Return the place of an amount; of nil when every bar is nil."""
        span = self.highest - self.lowest
        share = (pence - self.lowest) / span if span else 0
        return self.left + (self.right - self.left) * share


def _parts(blocks: Sequence[Block], scale: _Scale) -> list[list[Block]]:
    """Keep a chart in one piece up to half a page; part a taller one between its blocks."""
    heights = [_block(block, 0, scale)[1] for block in blocks]
    if sum(heights) <= _TALLEST:
        return [list(blocks)]
    parts: list[list[Block]] = [[]]
    filled = 0
    for block, height in zip(blocks, heights, strict=True):
        if parts[-1] and filled + height > _PIECE:
            parts.append([])
            filled = 0
        parts[-1].append(block)
        filled += height
    return parts


def _svg(name: str, title: str, description: str, blocks: list[Block], scale: _Scale) -> str:
    drawn: list[str] = []
    top = 0
    for block in blocks:
        text, top = _block(block, top, scale)
        drawn.append(text)
    return framed(name, title, description, max(top - _BETWEEN, 1), "".join(drawn))


def framed(
    name: str, title: str, description: str, height: float, inside: str, style: str = ""
) -> str:
    """Assemble a chart, with its title and what it shows in words; it takes the width it has."""
    named = f'class="{style}" ' if style else ""
    return (
        f'<svg {named}role="img" '
        f'aria-labelledby="{name}-title {name}-words" width="100%" height="{height:.0f}">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-words">{escape(description)}</desc>{inside}</svg>'
    )


def _block(block: Block, top: int, scale: _Scale) -> tuple[str, int]:
    """Draw one block from `top` down; give the SVG and the top of the next."""
    room = (NARROWEST - (ems(block.remark) + 1) * CHART_TYPE) / CHART_TYPE
    parts = [_text("remark", "100%", top + CHART_TYPE, block.remark)]
    for line in wrapped(block.heading, room):
        parts.append(_text("head", "0", top + CHART_TYPE, line))
        top += _LINE
    top += _CLEAR
    for bar in block.bars:
        parts.append(_bar(bar, top, scale))
        top += _BAR_PITCH
    return f"<g>{''.join(parts)}</g>", top + _BETWEEN


def _bar(bar: Bar, top: int, scale: _Scale) -> str:
    nil, end = scale.at(0), scale.at(bar.pence)
    parts = []
    if bar.label:
        parts.append(_text("label", "0", top + CHART_TYPE - 1, bar.label))
    if bar.pence:
        width = max(abs(end - nil), _SHORTEST)
        start = nil if bar.pence > 0 else nil - width
        way = "over" if bar.pence > 0 else "under"
        parts.append(
            f'<rect class="{way}" x="{start:.2f}%" y="{top}" width="{width:.2f}%" height="{_BAR}"/>'
        )
    parts.append(
        f'<line x1="{nil:.2f}%" x2="{nil:.2f}%" y1="{top - 3}" y2="{top + _BAR + 3}"/>'
        + _text("amount", "100%", top + CHART_TYPE - 1, bar.amount)
    )
    return "".join(parts)


def _text(style: str, x: str, y: int, text: str) -> str:
    return f'<text class="{style}" x="{x}" y="{y}">{escape(text)}</text>'


def wrapped(text: str, width: float) -> list[str]:
    """Break text into lines no wider than `width` ems, at spaces where there are any.

    >>> wrapped("People Keeping Well in their Local Community", 15)
    ['People Keeping Well in', 'their Local Community']
    """
    lines, line = [], ""
    for word in text.split():
        joined = f"{line} {word}".lstrip()
        if ems(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = ""
        for letter in word:  # a word longer than the line is cut
            if line and ems(line + letter) > width:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line]


def ems(text: str) -> float:
    """Estimate how wide text is set, in ems, for the widest of the usual sans serif faces."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    if letter in "MWmw@%—" or east_asian_width(letter) in "WF":
        return 1.0
    if letter in "iljI.,;:'!| ":
        return 0.36
    if letter in "tfr()[]/-":
        return 0.43
    return 0.75 if letter.isupper() else 0.63
