"""What the pool's paper prints as the total of a budget a scenario opens with, or is held to."""

from fractions import Fraction
from typing import NamedTuple

from bcf_model.core.printed_numbers import parse_print
from bcf_model.core.tables import records
from bcf_model.core.words import UNITS
from bcf_model.plan.load import Plan


class PrintedTotal(NamedTuple):
    """A total as printed.

    Attributes:
        pence: what it says. half: how far, in pence, its rounding may carry it either way.
        source: where it is printed.
        added: what the rows of the version add up to, in pence.
        by_theme: whether these rows are themes; otherwise some are schemes.
    """

    pence: Fraction
    half: Fraction
    source: str
    added: int
    by_theme: bool

    @property
    def agrees(self) -> bool:
        """Whether it is what the rows add up to, as far as it is printed."""
        return abs(self.pence - self.added) <= self.half


def printed_total(plan: Plan, version: str) -> PrintedTotal | None:
    """Return the total that published.csv has of a version of budgets.csv.

    Args:
        plan: the pool; its settings say which versions the paper's budgets are.
        version: any version.

    Returns:
        Of several, the one with the finest rounding, and of these the first. None where the
        version is neither of the two budgets of the settings, or its total is not printed.
    """
    inputs, named = plan.inputs, plan.inputs.settings.budgets
    measures = {"closing_budget": named.closing, "next_initial_budget": named.next_initial}
    wanted = {measure for measure, own in measures.items() if own and own == version}
    rows = inputs.published[inputs.published["figure"].isin(wanted)]
    rows = rows[rows["unit"].isin([*UNITS])]
    rows = rows[[not parse_print(row.printed, row.unit).about for row in records(rows)]]
    if rows.empty:
        return None
    of_version = plan.tables["budgets"][plan.tables["budgets"]["version"] == version]
    found = [
        PrintedTotal(
            Fraction(parse_print(row.printed, row.unit).number) * UNITS[row.unit],
            Fraction(UNITS[row.unit], 2 * 10**row.decimals),
            row.source,
            int(of_version["amount"].sum()),
            by_theme=not (of_version["scheme_id"] != "").any(),
        )
        for row in records(rows)
    ]
    return min(found, key=lambda one: one.half)
