"""What a run gives: frozen tables of whole pence, any figure on request, and the tables as sold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from bcf_model.core.expressions import Column, Expression, Total, replaced
from bcf_model.core.figures import Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import INDICATOR_TABLES, OUTPUT_TABLES, Inputs, Table, in_units
from bcf_model.core.words import ACTUAL, TARGET
from bcf_model.core.worked_columns import DIFFERENCE, Limited
from bcf_model.indicators.series import Metric
from bcf_model.year.identities import Check


def known(pence: Any) -> int | None:
    """Return an amount of `Results.outputs` in pence; None where it is blank: not stated."""
    return None if pd.isna(pence) else int(pence)


@dataclass(frozen=True)
class Results:
    """A pool's year, calculated.

    Attributes:
        inputs: what it was calculated from.
        figures: any figure on request, over `tables.Lines` (aligned lines included) and
            `tables.Shares`.
        outputs: one frame for each of `models`, money in whole pence; what is not known is
            blank, in a column of `Int64`.
        commentary: lines whose variance needs a reason, largest first.
        volunteered: lines with a reason that was not asked for.
        groups: category groups of the risk share summary, each as codes joined by +.
        checks: the identities that were found to hold.
        near_half: shares a spreadsheet might round otherwise (`working_paper.near_half`).
        limited: the limits over several rules, as their arithmetic sees them, by code.
        metrics: the indicators beside the money, by code. projections: what the projection of each
            to the year end is worked out of.
    """

    inputs: Inputs
    figures: Ledger
    outputs: dict[str, pd.DataFrame]
    commentary: pd.DataFrame
    volunteered: pd.DataFrame
    groups: tuple[str, ...]
    checks: tuple[Check, ...]
    near_half: pd.DataFrame
    limited: Mapping[str, Limited] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    projections: Mapping[str, Expression] = field(default_factory=dict)

    @property
    def models(self) -> dict[str, Table]:
        """The tables of the report, by name: those of every report, and of its indicators."""
        more = {name: it for name, it in INDICATOR_TABLES.items() if name in self.outputs}
        return OUTPUT_TABLES | more

    def made_of(self, figure: Figure) -> Expression | None:
        """Return what a figure of an indicator is worked out of: others; None of one as stated."""
        chosen = {key: values[0] for key, values in figure.selection}
        against = chosen.pop("against", TARGET)

        def indicator(series: str, **of: str) -> Figure:
            usual = {} if series == ACTUAL else {"series": series}
            return Figure.of("indicator", **chosen | usual | of)

        compared = {name: indicator(it) for name, it in (("actual", ACTUAL), ("compared", against))}
        match figure.measure:
            case "indicator_difference":
                return replaced(DIFFERENCE, {Column(name): it for name, it in compared.items()})
            case "indicator_percent":
                by = {**compared, "difference": Figure("indicator_difference", figure.selection)}
                expression = self.figures.measures[figure.measure].expression
                return replaced(expression, {Total(name): it for name, it in by.items()})
            case "indicator_projected":
                return self.projections[chosen["metric"]]
        return None

    def said(self, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """Add to what a row says the limits over several rules that it counts towards, or is.

        `worked_columns.in_row` asks for them.
        """
        codes = row["limits"].split("+") if table == "shares" else [row.get("limit_id", "")]
        return {**row, "under": tuple(self.limited[code] for code in codes if code)}

    def frame(self, name: str) -> pd.DataFrame:
        """Return one table in the units it is written in: pounds, percent, numbers; a new frame.

        Args:
            name: `variance`, `risk_share`, `risk_share_summary`, … (`models`).

        Raises:
            BcfError: there is no such table.
        """
        return in_units(self.outputs, self.models, name)
