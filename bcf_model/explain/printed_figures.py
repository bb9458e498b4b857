"""The derivation of an audit's bound: what a printed figure may be, by its rounding and the rest.

Each end that the other printed figures leave for a figure is told with the relations that give it:
multiples of what is printed, and of what always holds, that add up to it. All numbers are exact;
where an amount has no end of decimals it is a fraction of pounds.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import pandas as pd

from bcf_model.audit.bounds import Terms, Unknown
from bcf_model.audit.examine import Audit
from bcf_model.audit.joint import Leeway
from bcf_model.audit.leeway import End, Part
from bcf_model.audit.statements import Statement, interval
from bcf_model.audit.system import Undecided
from bcf_model.core.errors import UnknownFigure
from bcf_model.core.findings import one_of
from bcf_model.core.printed_numbers import MONEY, parse_print, scale
from bcf_model.core.tables import records
from bcf_model.core.words import PRINTED_UNITS, ROUNDINGS
from bcf_model.explain.tree import Node

_FINITE: Final = 9
"""Decimals to which a number is written out; one with more is written as a fraction."""
ALWAYS: Final = "always"
SAYS: Final = "says"
BEYOND: Final = "What the others leave for it is beyond the reach of the arithmetic used."


class Printed:
    """An audited paper, as derivations look at it: its figures, each by its published_id.

    Args:
        audit: of `audit.papers.examined`.
        paper: its name.
    """

    def __init__(self, audit: Audit, paper: str) -> None:
        """Keep the audit."""
        self._audit, self._paper = audit, paper
        self._rows = list(records(audit.paper.printed))
        self._lines = list(records(audit.tables["audit_figures"]))
        self._place = {row.published_id: i for i, row in enumerate(self._rows)}

    def names(self) -> list[str]:
        """Name the printed figures, in the order of the paper."""
        return [*self._place]

    def about(self) -> dict[str, str]:
        """Return what JSON says of it."""
        return {"paper": self._paper}

    def value_of(self, name: str) -> Node:
        """Return a printed figure with its value alone.

        Raises:
            UnknownFigure: the paper has no figure of this code.
        """
        if name not in self._place:
            message = f"{name}: no printed figure has this code; {one_of(self._place, name)}"
            raise UnknownFigure(message)
        row = self._rows[self._place[name]]
        number = Fraction(parse_print(row.printed, row.unit).number)
        if row.unit == "percent":
            return Node(name, rate=float(number / 100))
        pence = number * scale(row.unit)
        return Node(name, int(pence) if row.unit in MONEY and pence.denominator == 1 else None)

    def explain(self, name: str) -> Node:
        """Explain a printed figure: its rounding, its relations, its bounds and the verdict.

        Raises:
            UnknownFigure: as `value_of`.
        """
        value = self.value_of(name)
        place = self._place[name]
        row, line = self._rows[place], self._lines[place]
        unit = PRINTED_UNITS[row.unit]
        said = [f"Printed: {row.printed} ({unit}).", f"Alone: {line.alone}."]
        untested = self._audit.consistency.untested.get(place, "")
        said.append(f"Together with the others: {line.together}.")
        if untested:
            said.append(f"Not taken together with the others: {untested}.")
        if line.conflict:
            said.append(f"It is named by {line.conflict} of the audit.")
        said += self._beside(name)
        label = ", ".join(filter(None, (name, row.label, row.column)))
        children = [self._rounding(place, row), *self._computed(line, row)]
        if not untested:
            one = self._audit.paper.by_place[place]
            children += [self._relations(one), *self._bounds(place, one)]
        return Node(
            label,
            value.pence,
            value.rate,
            said=tuple(said),
            sources=tuple(filter(None, (row.source,))),
            children=tuple(children),
        )

    def _beside(self, name: str) -> Iterator[str]:
        """Return what is to be said of each other number of its subject."""
        for one in records(self._audit.tables.get("audit_across", pd.DataFrame())):
            for own, other, of in (
                (one.first_id, one.second_id or one.second_place, one.second_printed),
                (one.second_id, one.first_id or one.first_place, one.first_printed),
            ):
                if own == name:
                    why = f" ({one.reason})" if one.reason else ""
                    yield f"{one.subject}, beside {other} [{of}]: {one.verdict}{why}."

    # -------------------------------------------------------------- alone

    def _rounding(self, place: int, row: Any) -> Node:
        """Explain what a print may have been rounded from."""
        to = row.rounded_to or _number(Fraction(1, 10**row.decimals))
        how = ROUNDINGS[row.rounded] if row.rounded else "to the nearest, a half either way"
        low, high = interval(row)
        said = [f"Rounded to {to} ({PRINTED_UNITS[row.unit]}), {how}."]
        if place in self._audit.turned:
            said.append(
                "It is printed with the opposite of the sign its definition gives it: in what "
                "follows it is read with its sign turned."
            )
            low, high = -high, -low
        return Node(
            "What it may have been rounded from",
            worked=f"{_amount(low, row.unit)} to {_amount(high, row.unit)}",
            said=tuple(said),
        )

    def _computed(self, line: Any, row: Any) -> Iterator[Node]:
        """Explain what the engine computes beside the print; nothing where it does not."""
        if pd.isna(line.computed):
            return
        yield Node(
            f"Computed from the lines of the pool: {line.figure}",
            worked=f"{line.computed:,.6f} ({PRINTED_UNITS[row.unit]})",
            said=(
                f"A print of it lies between {line.lowest:,.6f} and {line.highest:,.6f}, with "
                "every rounded amount taken as the interval it stands for.",
                f"bcf explain tells how {line.figure} is worked.",
            ),
        )

    # -------------------------------------------------------------- together

    @cached_property
    def _leeway(self) -> Leeway:
        return Leeway(self._audit.paper, self._audit.consistency)

    def _relations(self, one: Statement) -> Node:
        """Explain what a figure is a print of, and what the paper says of the same quantities."""
        found = [Node(f"It is a print of {_linear(one.terms)}")]
        if one.base is not None:
            found = [Node(f"It is a print of {_linear(one.terms)}, in percent of "
                          f"{_linear(one.base)}")]  # fmt: skip
        own = {*one.terms, *(one.base or ())}
        for fact in self._audit.paper.facts:
            if fact.is_equation and own & {*fact.terms}:
                worked = f"{_linear(fact.terms)} = £0"
                found.append(Node("Stated with the paper", formula=ALWAYS, worked=worked))
        for other in self._audit.paper.statements:
            same = other.place != one.place and (other.terms, other.base) == (one.terms, one.base)
            if same:
                found.append(Node(f"{self._called(other.place)} is a print of the same"))
        return Node("Relations it takes part in", children=tuple(found))

    def _bounds(self, place: int, one: Statement) -> Iterator[Node]:
        """Explain the ends that the other figures leave for a figure, and the verdict."""
        row = self._rows[place]
        unit = "percent" if one.base is not None else row.unit
        try:
            low, high = self._leeway.of(place)
        except Undecided:
            yield Node("What the other printed figures leave for it", said=(BEYOND,))
            return
        yield self._end("At least", low, unit)
        yield self._end("At most", high, unit)
        meets = (low.value is None or low.value <= one.high) and (
            high.value is None or high.value >= one.low
        )
        least = "anything" if low.value is None else _amount(low.value, unit)
        most = "anything" if high.value is None else _amount(high.value, unit)
        verb = "meets" if meets else "does not meet"
        yield Node(
            f"Verdict: {self._lines[place].together}",
            said=(
                f"The print stands for {_amount(one.low, unit)} to {_amount(one.high, unit)}, "
                f"which {verb} what the others leave: {least} to {most}.",
                *self._left_out(place),
            ),
        )

    def _left_out(self, place: int) -> Iterator[str]:
        """Return which figures were left out of the others, for they cannot all be right."""
        for number, choice in enumerate(self._leeway.left_out(place), start=1):
            if gone := sorted(choice - {place}):
                yield f"Left out, for J{number}: {', '.join(map(self._called, gone))}."

    def _end(self, label: str, end: End, unit: str) -> Node:
        if end.value is None:
            return Node(f"{label}: nothing else printed limits it")
        parts = tuple(self._part(part) for part in end.parts)
        told = " + ".join(f"({part.multiple} × {_pounds(part.end)})" for part in end.parts) or "£0"
        formula = "the end of each part, times its multiple"
        if unit == "percent":
            formula += ": the sums come to 100 × what is divided, less this percentage of its base"
            return Node(f"{label} {_amount(end.value, unit)}", formula=formula,
                        worked=f"{told} = £0", children=parts)  # fmt: skip
        whole = end.value.denominator == 1
        worked = f"{told} = {_pounds(end.value)}"
        return Node(label, int(end.value) if whole else None, formula=formula, worked=worked,
                    children=parts)  # fmt: skip

    def _part(self, part: Part) -> Node:
        """Explain what one printed figure, or what always holds, adds to an end."""
        bound = part.bound
        if bound.is_equation:
            return Node(f"{part.multiple} × what is stated with the paper", formula=ALWAYS,
                        worked=f"{_linear(bound.terms)} = £0")  # fmt: skip
        sign = "≤" if bound.low is None else "≥"
        who = "the lines of the pool" if bound.figure is None else self._called(bound.figure)
        source = () if bound.figure is None else (self._rows[bound.figure].source,)
        return Node(
            f"{part.multiple} × {who}",
            formula=SAYS,
            worked=f"{_linear(bound.terms)} {sign} {_pounds(part.end)}",
            sources=tuple(filter(None, source)),
        )

    def _called(self, place: int) -> str:
        row = self._rows[place]
        return f"{row.published_id} [{row.printed}]"


def _named(unknown: Unknown) -> str:
    measure, code = unknown
    if not measure or code.startswith(f"{measure}/"):
        return code
    return f"{measure}/scheme={code}" if code else measure


def _linear(terms: Terms) -> str:
    """Write a sum of quantities, each with its factor."""
    text = ""
    for unknown, factor in terms.items():
        size = abs(factor)
        sign = "−" if factor < 0 else "+"
        text += f" {sign} " if text else ("−" if factor < 0 else "")
        text += (f"{_number(size)} × " if size != 1 else "") + _named(unknown)
    return text or "nil"


def _number(number: Fraction) -> str:
    """Write a number exactly: in decimals where these end, or else as a fraction."""
    whole = number * 10**_FINITE
    if whole.denominator > 1:
        return f"{number.numerator:,}/{number.denominator:,}"
    text = f"{Decimal(whole.numerator).scaleb(-_FINITE):,f}"
    return text.rstrip("0").rstrip(".")


def _pounds(pence: Fraction) -> str:
    return f"{'-' if pence < 0 else ''}£{_number(abs(pence) / 100)}"


def _amount(value: Fraction, unit: str) -> str:
    """Write an end of a printed figure: pounds, a percentage, or a number."""
    if unit in MONEY:
        return _pounds(value)
    sign = "%" if unit == "percent" else ""
    found = _number(value) + sign
    return f"{found} (about {float(value):,.6f}{sign})" if "/" in found else found
