"""Solving backwards: which value of one assumption brings a figure to a target.

docs/method.md, 9. Values are whole numbers (pence, or millionths), so there is a last step, at
which the figure may jump over the target; the nearer side is then the answer, and both are told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from bcf_model.core.money import LARGEST_PENCE

Number = int | float | Fraction
ValueOf = Callable[[int], Number | None]
"""Gives the figure for a value; none where it has none, as a share of nothing."""
Tell = Callable[[int], object]
"""Is told, after each try, how many values were tried so far."""

ONE: Final = 1_000_000
"""One percent, or £10,000: the first step away from where the search starts."""


class Point(NamedTuple):
    """A value that was tried, and the figure it gives."""

    value: int
    figure: Number


@dataclass(frozen=True)
class Answer:
    """What a search found.

    Attributes:
        value: the value that brings the figure to the target, or nearest to it; none where the
            figure does not reach it.
        reached: what the figure is then.
        found: there is such a value.
        lowest, highest: the lowest and the highest figure of all values tried, with its value;
            none where no value gave a figure.
        sides: where the figure jumps over the target from one whole number to the next, these
            two, the lower value first; none where it is reached exactly.
        tried: how many values were tried.
        within: the least and the most a value could be: it was not looked beyond.
        nearest: of all values tried, the one whose figure is nearest to the target; of two equally
            near the lower value; none where no value gave a figure.
    """

    value: int | None
    reached: Number | None
    found: bool
    lowest: Point | None
    highest: Point | None
    sides: tuple[Point, Point] | None
    tried: int
    within: tuple[int, int]
    nearest: Point | None


def solve(
    value_of: ValueOf,
    target: Number,
    between: tuple[int, int] | None = None,
    *,
    start: int = 0,
    step: int = ONE,
    bounds: tuple[int, int] = (-LARGEST_PENCE, LARGEST_PENCE),
    tell: Tell = lambda _: None,
    halving: bool = False,
) -> Answer:
    """Find the value of one assumption at which a figure is what it should be.

    Args:
        value_of: gives the figure for a value in whole pence or millionths. It is taken to go one
            way all along, up or down, flat parts included; where it does not, a value found is
            still right, but another may not be found.
        target: what the figure is to be, in the unit of the figure.
        between: the two values between which to look. Without them, they are found by doubling.
        start: value from which the doubling starts: what the assumption is now.
        step: first step of the doubling.
        bounds: how far the doubling goes at most. A direction in which the figure moves away from
            the target is given up at once.
        tell: called after each try.
        halving: look halfway each time, and never by a straight line: slower, but where the figure
            goes back and forth near the target, which value is found is said by that alone.

    Returns:
        The answer. Of two values equally near to the target it is the lower one. The same
        arguments give the same answer.

    >>> solve(lambda value: 7 - 2 * value, -3).value
    5
    """
    figures: dict[int, Number | None] = {}

    def at(value: int) -> Number | None:
        if value not in figures:
            figures[value] = value_of(value)
            tell(len(figures))
        return figures[value]

    low, high = sorted(between or bounds)
    if between is not None:
        ends = (low, high) if _lies_between(at(low), target, at(high)) else None
    else:
        ends = _doubled(at, target, start, step, bounds)
    sides = _closed_in(at, target, *ends, halving=halving) if ends is not None else None
    return _answer(figures, target, (low, high), sides)


def _lies_between(one: Number | None, target: Number, other: Number | None) -> bool:
    if one is None or other is None:
        return False
    return min(one, other) <= target <= max(one, other)


def _off(figure: Number, target: Number) -> Fraction:
    return abs(Fraction(figure) - Fraction(target))


def _doubled(
    at: ValueOf, target: Number, start: int, step: int, bounds: tuple[int, int]
) -> tuple[int, int] | None:
    """Step away from the start, up and down in turn and twice as far each time."""
    first = at(start)
    if first is None or first == target:
        return None if first is None else (start, start)
    reached = {1: Point(start, first), -1: Point(start, first)}
    while reached:
        for direction, last in list(reached.items()):
            value = min(max(start + direction * step, bounds[0]), bounds[1])
            figure = at(value)
            if _lies_between(last.figure, target, figure):
                return min(last.value, value), max(last.value, value)
            ended = (value - last.value) * direction <= 0
            if figure is None or ended or _off(figure, target) > _off(last.figure, target):
                del reached[direction]
            else:
                reached[direction] = Point(value, figure)
        step *= 2
    return None


def _closed_in(
    at: ValueOf, target: Number, low: int, high: int, *, halving: bool
) -> tuple[int, int] | None:
    """Close in from two values until they are neighbours, or one is the answer.

    In turn where a straight line would reach the target, and halfway: what a plan gives is nearly
    straight, so that most searches end after a few, and none needs more than twice what halving
    alone would.
    """
    first, last = at(low), at(high)
    if first is None or last is None or first == target:
        return low, low
    rising, by_line = last > first, not halving
    while high - low > 1:
        middle = _on_the_line(at, target, low, high) if by_line else (low + high) // 2
        by_line = not by_line and not halving
        figure = at(middle)
        if figure is None:
            return None
        if figure >= target if rising else figure <= target:
            high = middle
        else:
            low = middle
    return (high, high) if at(high) == target else (low, high)


def _on_the_line(at: ValueOf, target: Number, low: int, high: int) -> int:
    """Return the value between two others at which the straight line through them is nearest."""
    first, last = at(low), at(high)
    if first is None or last is None or first == last:
        return (low + high) // 2
    way = (Fraction(target) - Fraction(first)) / (Fraction(last) - Fraction(first))
    return min(max(low + round(way * (high - low)), low + 1), high - 1)


def _answer(
    figures: dict[int, Number | None],
    target: Number,
    within: tuple[int, int],
    sides: tuple[int, int] | None,
) -> Answer:
    points = [Point(v, f) for v, f in sorted(figures.items()) if f is not None]
    lowest = min(points, key=lambda point: point.figure, default=None)
    highest = max(points, key=lambda point: point.figure, default=None)
    if sides is None:
        near = min(points, key=lambda point: _off(point.figure, target), default=None)
        return Answer(None, None, False, lowest, highest, None, len(figures), within, near)
    one, other = (next(point for point in points if point.value == value) for value in sides)
    near = min(one, other, key=lambda point: _off(point.figure, target))
    both = (one, other) if near.figure != target else None
    return Answer(near.value, near.figure, True, lowest, highest, both, len(figures), within, near)
