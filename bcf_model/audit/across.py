"""Figures of several papers side by side: which may be compared, and which contradict each other.

A quantity is of a subject, a perimeter, a year and, where these do not tell it from others of its
subject, a basis. Two of one subject that differ in any of these are two things: nothing is
subtracted, and no amount of one perimeter is added to one of another. Two that differ in none are
one thing, and agree exactly when the intervals their prints were rounded from meet. What a paper
does not state tells nothing apart: then all that is said is what follows if they are one thing.
"""

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, count
from operator import add, mul, sub, truediv
from typing import Any, Final, NamedTuple

import pandas as pd

from bcf_model.audit.observations import MEDIUM, Observation, ends_written, finely
from bcf_model.audit.statements import Interval, interval, rough
from bcf_model.core.figures import Figure
from bcf_model.core.printed_numbers import RATES, parse_print, scale
from bcf_model.core.quantities import MONEY_KIND, Parts, kind_of, kind_worked, parts_of
from bcf_model.core.tables import TABLES, records
from bcf_model.core.words import NOT_STATED, UNITS

AGREE: Final = "agree"
CONTRADICT: Final = "cannot both be right"
IF_ONE_AGREE: Final = "agree, if they are one thing"
IF_ONE_CONTRADICT: Final = "cannot both be right, if they are one thing"
TWO_THINGS: Final = "two things"
UNTOLD: Final = "cannot be told"
VERDICTS: Final = {
    AGREE: "One thing, printed twice: both may have been rounded from one number",
    CONTRADICT: "One thing, printed twice: no number rounds to both",
    IF_ONE_AGREE: "A paper does not state what it is of; as one thing they would agree",
    IF_ONE_CONTRADICT: "A paper does not state what it is of; as one thing they would not agree",
    TWO_THINGS: "Of another perimeter, year, basis or unit: not to be set beside each other",
    UNTOLD: "How it was rounded is not said, or nothing limits it",
}

_SIGNS: Final = {"+": add, "-": sub, "*": mul, "/": truediv}
_TOLD_APART: Final = {"perimeter": "perimeter", "financial_year": "year", "basis": "basis"}
"""What tells two quantities of a subject apart, in words."""
_UNKNOWN: Final = (float("nan"), float("nan"))
_FINER: Final = 3
_WORKED_TO: Final = 1
"""Decimals in which a gap is told, and at most what is worked out."""


class Number(NamedTuple):
    """A number as printed or worked out: money in pence, a rate as a fraction, or its unit.

    `ends` is what it may have been rounded from, or None for the reason in `unknown`.
    """

    kind: str
    unit: str
    middle: Fraction
    ends: Interval | None
    unknown: str = ""
    decimals: int = 0

    @property
    def scale(self) -> Fraction:
        """What one unit is of what it is held in."""
        return scale(self.unit) * _held_per(self.kind)

    def written(self, *held: Fraction, finer: int = _WORKED_TO) -> list[str]:
        """Write numbers of its kind in its unit, with as few decimals as they need."""
        return finely(self, *(it / self.scale for it in held), finer=finer)


class Entry(NamedTuple):
    """A quantity, by its row of quantities.csv, as it is printed or worked out.

    The place is the row of the print, and code its published_id; None and blank without a print.
    """

    about: Any
    place: int | None
    code: str
    source: str
    printed: str
    number: Number

    @property
    def name(self) -> str:
        """What it is referred to by."""
        return self.code or self.source


class Pair(NamedTuple):
    """Two entries of one subject, what is to be said of them, and why."""

    one: Entry
    other: Entry
    verdict: str
    reason: str


def pairs(
    printed: pd.DataFrame, quantities: pd.DataFrame, turned: Collection[int] = ()
) -> list[Pair]:
    """Set the numbers of each subject beside each other.

    Args:
        printed: of `statements.Paper`.
        quantities: `tables.Quantities`.
        turned: the rows of the figures whose sign is the opposite of the one that is meant.
    """
    rows = list(records(printed))
    prints: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        prints.setdefault(_name(row.figure), []).append(place)
    numbers = [_read(row, place in turned) for place, row in enumerate(rows)]
    best = {
        name: min(places, key=lambda it: _width(numbers[it])) for name, places in prints.items()
    }
    subjects: dict[str, list[Entry]] = {}
    for about in records(quantities):
        if about.subject:
            entries = subjects.setdefault(about.subject, [])
            for place in prints.get(_name(about.figure), ()):
                row = rows[place]
                said = (row.published_id, row.source, row.printed)
                entries.append(Entry(about, place, *said, numbers[place]))
            parts = parts_of(about.worked_from)
            if parts and best.keys() >= {name for _, name in parts}:
                places = [(sign, best[name]) for sign, name in parts]
                number = _worked(parts, [numbers[place] for _, place in places])
                codes = " ".join(f"{sign} {rows[place].published_id}" for sign, place in places)
                (comes_to,) = number.written(number.middle)
                entries.append(Entry(about, None, "", codes.removeprefix("+ "), comes_to, number))
    return [_pair(*two) for entries in subjects.values() for two in combinations(entries, 2)]


def _name(figure: str) -> str:
    return str(Figure.parse(figure))


def _read(row: Any, turned: bool) -> Number:
    """Read a printed number."""
    kind = kind_of(row.unit)
    per = _held_per(kind)
    sign = -1 if turned else 1
    middle = Fraction(parse_print(row.printed, row.unit).number) * scale(row.unit) * per * sign
    low, high = sorted(end * per * sign for end in interval(row))
    unknown = rough(row)
    return Number(kind, row.unit, middle, None if unknown else (low, high), unknown)


def _held_per(kind: str) -> Fraction:
    """Return what one per cent of a rate is held as; of anything else, one."""
    return Fraction(1, 100) if kind in RATES else Fraction(1)


def _width(number: Number) -> tuple[bool, Fraction]:
    """Order numbers by how much they say: of several prints of one figure the finest counts."""
    low, high = number.ends or (number.middle, number.middle)
    return number.ends is None, high - low


def _worked(parts: Parts, numbers: Sequence[Number]) -> Number:
    """Work a quantity out of others, in order."""
    kind = kind_worked(parts, [number.kind for number in numbers])
    middle, ends = numbers[0].middle, numbers[0].ends
    for (sign, _), number in zip(parts[1:], numbers[1:], strict=True):
        nil = sign == "/" and not number.middle
        middle = Fraction(0) if nil else _SIGNS[sign](middle, number.middle)
        ends = _ends(sign, ends, number.ends)
    rough_ones = (it.unknown for it in numbers if it.unknown)
    unknown = next(rough_ones, "" if ends else "what it is divided by may be nil")
    return Number(kind, _unit(kind, middle), middle, ends, unknown)


def _unit(kind: str, amount: Fraction) -> str:
    """Return the greatest unit of money that an amount has one of; of anything else its own."""
    if kind != MONEY_KIND:
        return kind
    return max(
        (it for it in UNITS if UNITS[it] <= abs(amount)), key=UNITS.__getitem__, default="pounds"
    )


def _ends(sign: str, one: Interval | None, other: Interval | None) -> Interval | None:
    """Compute between which ends the result of a sign lies; None where nothing limits it."""
    if one is None or other is None or (sign == "/" and other[0] <= 0 <= other[1]):
        return None
    corners = [_SIGNS[sign](a, b) for a in one for b in other]
    return min(corners), max(corners)


def _pair(one: Entry, other: Entry) -> Pair:
    """Return whether two entries of one subject may be compared, and whether they agree."""
    apart, unsaid = _apart(one, other)
    if apart:
        return Pair(one, other, TWO_THINGS, apart)
    if unknown := one.number.unknown or other.number.unknown:
        return Pair(one, other, UNTOLD, unknown)
    gap = _gap(one.number, other.number)
    agree, contradict = (IF_ONE_AGREE, IF_ONE_CONTRADICT) if unsaid else (AGREE, CONTRADICT)
    reason = "; ".join(filter(None, (unsaid, gap and f"at least {gap} apart")))
    return Pair(one, other, contradict if gap else agree, reason)


def _apart(one: Entry, other: Entry) -> tuple[str, str]:
    """Return what tells two entries apart, and what might and is not stated."""
    if one.number.kind != other.number.kind:
        return "another unit", ""
    apart, unsaid = list[str](), list[str]()
    for column, word in _TOLD_APART.items() if one.about.figure != other.about.figure else ():
        first, second = (getattr(it.about, column) for it in (one, other))
        if NOT_STATED in (first, second):
            unsaid.append(f"{word} of {(one if first == NOT_STATED else other).name} not stated")
        elif first != second:
            apart.append(f"another {word}")
    return ", ".join(apart), ", ".join(unsaid)


def _gap(one: Number, other: Number) -> str:
    """Return by how much the ends of two numbers miss each other; blank where they meet."""
    assert one.ends is not None
    assert other.ends is not None
    gap = max(one.ends[0], other.ends[0]) - min(one.ends[1], other.ends[1])
    if gap <= 0:
        return ""
    finer = next(places for places in count(_FINER) if round(gap / one.scale, places))
    return one.written(gap, finer=finer)[0].replace("%", " percentage points")


def observations(found: Sequence[Pair]) -> Iterator[Observation]:
    """Return the pairs that need explaining; two prints of one figure are told by `cross_table`."""
    for pair in found:
        places = tuple(it.place for it in (pair.one, pair.other) if it.place is not None)
        twice = pair.one.about.figure == pair.other.about.figure and len(places) > 1
        if pair.verdict in (CONTRADICT, IF_ONE_CONTRADICT) and not twice:
            said = (
                f"{pair.one.about.subject}: {_in_words(pair.one)} and {_in_words(pair.other)} "
                f"{pair.verdict} ({pair.reason}). The papers should say what each is of."
            )
            yield Observation("across papers", MEDIUM, places, said)


def _in_words(entry: Entry) -> str:
    if entry.place is not None or entry.number.ends is None:
        return f"{entry.code} ({entry.source}: {entry.printed})"
    ends = (it / entry.number.scale for it in entry.number.ends)
    low, high = ends_written(entry.number, *ends, finer=_WORKED_TO)
    return f"{entry.source} ({entry.printed}, between {low} and {high})"


def table(found: Sequence[Pair], perimeters: pd.DataFrame) -> pd.DataFrame:
    """Return every pair, one row each: `tables.AuditAcrossOut`.

    Args:
        found: of `pairs`.
        perimeters: `tables.Perimeters`, for their names.
    """
    names = dict(zip(perimeters["perimeter"], perimeters["name"], strict=True))

    def told(entry: Entry) -> list[Any]:
        about, number = entry.about, entry.number
        ends = number.ends and [round(float(end / number.scale), 6) for end in number.ends]
        said = (entry.code, entry.source, entry.printed, number.unit, *(ends or _UNKNOWN))
        of = names.get(about.perimeter, about.perimeter)
        return [*said, of, about.financial_year, about.basis]

    rows = [
        [it.one.about.subject, *told(it.one), *told(it.other), it.verdict, it.reason]
        for it in found
    ]
    types = TABLES["AuditAcrossOut"].types
    return pd.DataFrame(rows, columns=[*types]).astype(types)
