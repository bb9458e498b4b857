"""What each printed figure says about the unknown, unrounded amounts of a pool's lines.

A printed number stands for the interval it may have been rounded from: 1,927 in £000 for 1,926.5 to
1,927.5, ends included, whichever way halves were rounded. "(0)" is taken as "0": a sign on nil is
no evidence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model.audit.bounds import Bound, Terms, Unknown
from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import MEASURES, OF_INDICATORS, OF_ONE_ROW, STATED, Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.printed_numbers import MONEY, ends, parse_print, scale
from bcf_model.core.stated_amounts import step_of
from bcf_model.core.tables import records
from bcf_model.core.words import ACTUAL, LATEST, PRINTED_UNITS, TARGET
from bcf_model.year.published import rounding

DIFFERENCES: Final = {
    "variance": ("expenditure", "budget"),
    "budget_change": ("next_initial_budget", "closing_budget"),
}
"""Measures that are one measure less another."""

_STATED_BUDGETS: Final = {name for name, it in MEASURES.items() if it.table == "budgets"}
"""Measures that a paper may print whether or not the pool's inputs hold them."""

SHARED_IN_PROPORTION: Final = {"own", "lead", "fixed"}
"""Bases under which what a partner bears is a stated part of a pot's variance."""

Interval = tuple[Fraction, Fraction]
Sum = tuple[tuple[int, str], ...]
"""Quantities, each added (1) or taken away (−1)."""


@dataclass(frozen=True)
class Statement:
    """One printed figure, read.

    Attributes:
        place: its row among the printed figures.
        quantity: what it is a print of; two prints of one thing have the same.
        low, high: what it may have been rounded from, in pence, or in percent.
        terms: its sum of unknowns, in pence; of a percentage, what is divided.
        base: what it is a percentage of; None for an amount.
        sums: what it is made of: quantities added up (1) and taken away (−1), where the paper may
            print them; there may be several such sums.
    """

    place: int
    quantity: str
    low: Fraction
    high: Fraction
    terms: Terms
    base: Terms | None = None
    sums: tuple[Sum, ...] = ()

    @property
    def half(self) -> Fraction:
        """Half of what it may have been rounded from, from end to end."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Paper:
    """A printed paper, read.

    Attributes:
        printed: its figures, one row each: `tables.Published`, or as `transcription` reads them;
            with how they were rounded, `rounded` and `rounded_to`, blank where it is not said.
        statements: those that say something about the unknowns.
        facts: what holds whatever is printed: amounts of lines the paper does not print, and sums
            declared with a transcription.
        untested: for each row that says nothing here, why.
        rests_on: sentences on what is taken for granted.
        titles: of the paper, or of the papers, where a transcription says them.
    """

    printed: pd.DataFrame
    statements: tuple[Statement, ...]
    facts: tuple[Bound, ...] = ()
    untested: Mapping[int, str] = field(default_factory=dict)
    rests_on: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @cached_property
    def by_place(self) -> dict[int, Statement]:
        """Return each statement by its row."""
        return {statement.place: statement for statement in self.statements}


def interval(row: Any) -> Interval:
    """Compute what a printed number may have been rounded from: pence, percent or the number.

    Args:
        row: of `Paper.printed`.
    """
    low, high = ends(row.printed, row.unit, row.decimals, row.rounded, row.rounded_to)
    return low * scale(row.unit), high * scale(row.unit)


def rough(row: Any) -> str:
    """Return why a number is not held to its digits, as in "around 600,000"; "" where it is."""
    word = "" if row.rounded_to else parse_print(row.printed, row.unit).about
    return word and f"'{word}' does not say how it was rounded"


def of_pool(printed: pd.DataFrame, figures: Ledger) -> Paper:
    """Read a pool's printed figures.

    Args:
        printed: `tables.Published`.
        figures: of `pipeline.run`.
    """
    printed = printed.assign(rounded="")
    reader = _Reader(printed, figures)
    statements, untested = [], {}
    for place, row in enumerate(records(printed)):
        try:
            statements.append(reader.read(place, row))
        except _NotTested as problem:
            untested[place] = str(problem)
    return Paper(printed, tuple(statements), _facts(statements, figures), untested, _RESTS_ON)


_RESTS_ON: Final = (
    "Which lines belong to which theme, organisation, category and kind is taken from the pool; "
    "next year's budgets are taken to fall under the same themes and kinds.",
)


class _NotTested(Exception):
    """A printed figure that says nothing about the unknowns; its text says why."""


class _Reader:
    def __init__(self, printed: pd.DataFrame, figures: Ledger) -> None:
        self._figures = figures
        self._lines = figures.tables["lines"]
        self._scheme = self._lines["scheme_id"].tolist()
        parsed = [Figure.parse(text) for text in printed["figure"]]
        # Of budgets that are no line's, the paper may name themes or kinds that have no line.
        self._unheld: dict[str, list[Figure]] = {}
        for figure in dict.fromkeys(parsed):
            measures = DIFFERENCES.get(figure.measure, (figure.measure,))
            for one in (Figure(m, figure.selection) for m in measures):
                if one.measure in _STATED_BUDGETS and not len(self._rows(one)):
                    self._unheld.setdefault(one.measure, []).append(one)

    def read(self, place: int, row: Any) -> Statement:
        if said := rough(row):
            raise _NotTested(said)
        figure = Figure.parse(row.figure)
        low, high = interval(row)
        is_rate = figure.measure in MEASURES and MEASURES[figure.measure].unit == "rate"
        if figure.measure.startswith(f"{STATED}/"):
            if row.unit not in MONEY:
                said = "a percentage" if row.unit == "percent" else PRINTED_UNITS[row.unit]
                message = f"{said} of something outside the pool"
                raise _NotTested(message)
            return Statement(place, str(figure), low, high, {(figure.measure, ""): Fraction(1)})
        if figure.measure in MEASURES and MEASURES[figure.measure].table in OF_INDICATORS:
            return self._indicator(place, row, figure)
        if figure.measure in MEASURES and MEASURES[figure.measure].table in OF_ONE_ROW:
            message = "a part of a variance, by numbers and prices"
            raise _NotTested(message)
        if not (row.unit == "percent" if is_rate else row.unit in MONEY):
            said = "an amount" if row.unit in MONEY else PRINTED_UNITS[row.unit]
            message = f"printed as {'a percentage' if row.unit == 'percent' else said}"
            raise _NotTested(message)
        if is_rate:
            terms, base = (self._sum(Figure(m, figure.selection)) for m in ("variance", "budget"))
            return Statement(place, str(figure), low, high, terms, base)
        if figure.measure == "borne":
            terms, pennies = self._borne(figure)
            return Statement(place, str(figure), low - pennies, high + pennies, terms)
        signs = zip((1, -1), DIFFERENCES.get(figure.measure, ()), strict=False)
        parts = tuple((sign, str(Figure(m, figure.selection))) for sign, m in signs)
        sums = (parts,) if parts else ()
        return Statement(place, str(figure), low, high, self._sum(figure), sums=sums)

    def _indicator(self, place: int, row: Any, figure: Figure) -> Statement:
        """Read a number of an indicator, or what it is above or below another."""
        measure = MEASURES[figure.measure]
        if row.unit in MONEY or (measure.unit == "rate" and row.unit != "percent"):
            message = f"printed as {PRINTED_UNITS[row.unit]}"
            raise _NotTested(message)
        selected = {"period": LATEST, **{key: values[0] for key, values in figure.selection}}
        period = self._period(measure.table, selected)

        def of(series: str) -> str:
            counted = (
                "indicator_numerator" if figure.measure == "indicator_numerator" else "indicator"
            )
            return f"{counted}/metric={selected['metric']}/series={series}/period={period}"

        low, high = interval(row)
        if measure.table == "indicator_values":
            quantity = of(selected.get("series", ACTUAL))
            return Statement(place, quantity, low, high, _unknowns(((1, quantity),)))
        against = of(selected.get("against", TARGET))
        parts = ((1, of(ACTUAL)), (-1, against))
        quantity = f"{figure.measure}/{against.partition('/')[2]}"
        base = _unknowns(((1, against),)) if measure.unit == "rate" else None
        return Statement(place, quantity, low, high, _unknowns(parts), base, (parts,))

    def _period(self, table: str, selected: Mapping[str, str]) -> str:
        """Return the period a number of an indicator is of, whichever way it is named."""
        frame = self._figures.tables[table]
        its = frame["metric"].eq(selected["metric"]) & frame["period"].eq(selected["period"])
        return str(frame.loc[its, "of_period"].iloc[0]) if its.any() else selected["period"]

    def _sum(self, figure: Figure) -> dict[Unknown, Fraction]:
        """Write a figure as a sum of the amounts of lines."""
        if figure.measure in DIFFERENCES:
            more, less = (
                self._sum(Figure(m, figure.selection)) for m in DIFFERENCES[figure.measure]
            )
            return more | {unknown: -factor for unknown, factor in less.items()}
        found = {(figure.measure, self._scheme[i]): Fraction(1) for i in self._rows(figure)}
        for other in self._unheld.get(figure.measure, ()):
            if _holds(figure, other):
                found[figure.measure, str(other)] = Fraction(1)
        return found

    def _rows(self, figure: Figure) -> Any:
        """Return the lines a figure is of: a stated budget is taken to fall under the same."""
        of = "budget" if figure.measure in _STATED_BUDGETS else figure.measure
        return self._figures.rows(Figure(of, figure.selection))

    def _borne(self, figure: Figure) -> tuple[dict[Unknown, Fraction], Fraction]:
        """Write what a partner bears as parts of its pots' variances; with pennies of rounding."""
        try:
            self._figures.value(figure)
        except UnknownFigure as problem:
            raise _NotTested(str(problem)) from problem
        if lost := self._figures.lacks(figure):
            raise _NotTested(lost)
        shares = self._figures.tables["shares"]
        found: dict[Unknown, Fraction] = {}
        pennies = Fraction(0)
        for i in self._figures.rows(figure):
            share = shares.iloc[i]
            held = np.flatnonzero(self._lines["pot"] == share["pot"])
            if not self._in_proportion(shares[shares["pot"] == share["pot"]], held):
                message = "shared by a rule that is no plain proportion: not expressed here"
                raise _NotTested(message)
            part = Fraction(int(share["weight"]), int(share["total_weight"]))
            pennies += part not in {0, 1}
            for measure, sign in (("expenditure", 1), ("budget", -1)):
                for line in held:
                    unknown = (measure, self._scheme[line])
                    found[unknown] = found.get(unknown, Fraction(0)) + sign * part
        return {unknown: factor for unknown, factor in found.items() if factor}, pennies

    def _in_proportion(self, pot: pd.DataFrame, lines: Any) -> bool:
        """Return whether a pot is shared out whole and once, however its variance is rounded.

        No band, limit or further step may apply. Under a rule for one direction, the net variance
        that decides the direction must lie on one side of nil even after rounding.
        """
        shares = self._figures.tables["shares"]
        netted = shares.loc[shares["netted"].isin(pot["netted"]), "pot"]
        together = np.flatnonzero(self._lines["pot"].isin(netted))
        steps = self._lines[["budget_step", "expenditure_step"]].iloc[together].to_numpy()
        out = Fraction(int(steps[steps > 1].sum()), 2)
        one_way = set(pot["direction"]) == {"either"} or abs(self._variance(together)) > out
        return (
            one_way
            and set(pot["basis"]) <= SHARED_IN_PROPORTION
            and len(set(pot["step"])) == 1
            and set(pot[["band_from", "band_to", "limit_stated"]].to_numpy().ravel()) == {""}
            and int(pot["weight"].sum()) == int(pot["total_weight"].iloc[0])
            and int(pot["borne"].sum()) == self._variance(lines)
        )

    def _variance(self, lines: Any) -> int:
        return int(self._lines["variance"].iloc[lines].sum())


def _unknowns(parts: Sum) -> dict[Unknown, Fraction]:
    """Write a sum of indicators as one of unknowns, each a number of one indicator."""
    return {(name.partition("/")[0], name): Fraction(sign) for sign, name in parts}


def _holds(figure: Figure, other: Figure) -> bool:
    """Return whether a figure's selection holds all of another's.

    Raises:
        _NotTested: it may hold a part of it: without lines, nothing tells.
    """
    own, others = dict(figure.selection), dict(other.selection)
    if any(k in own and not set(own[k]) & set(values) for k, values in others.items()):
        return False
    if all(k in others and set(others[k]) <= set(values) for k, values in own.items()):
        return True
    message = f"which part of {other} belongs to it, nothing tells"
    raise _NotTested(message)


def _facts(statements: Iterable[Statement], figures: Ledger) -> tuple[Bound, ...]:
    """Bound the amounts of lines that are not printed one by one, by the pool's inputs.

    An amount that is not stated may be anything; but where the variance is, the two go together.
    """
    printed = {next(iter(s.terms)) for s in statements if s.base is None and len(s.terms) == 1}
    used = {unknown for s in statements for unknown in (*s.terms, *(s.base or ()))}
    rounded, found = rounding(figures), []
    lines = figures.tables["lines"]
    for measure in ("budget", "expenditure"):
        for scheme, pooling, pence, step in zip(
            *(lines[c] for c in ("scheme_id", "pooling", measure, step_of(measure))), strict=True
        ):
            unknown = (measure, str(scheme))
            if unknown in used and unknown not in printed and step:
                own = rounded(Figure.of(measure, scheme=str(scheme), pooling=str(pooling)))
                out = own.budget if measure == "budget" else own.expenditure
                one = {unknown: Fraction(1)}
                found.append(Bound(one, int(pence) - out, int(pence) + out))
    alone = lines[(lines["variance_step"] > 0) & (lines["expenditure_step"] == 0)]
    for scheme, pooling, pence in zip(
        *(alone[c] for c in ("scheme_id", "pooling", "variance")), strict=True
    ):
        both = {("expenditure", str(scheme)): Fraction(1), ("budget", str(scheme)): Fraction(-1)}
        if used & {*both}:
            out = rounded(Figure.of("variance", scheme=str(scheme), pooling=str(pooling))).variance
            found.append(Bound(both, int(pence) - out, int(pence) + out))
    return tuple(found)
