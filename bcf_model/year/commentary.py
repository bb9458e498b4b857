"""Which variances are large enough to need a reason, and whether one was given."""

import pandas as pd


def needed(
    by_scheme: pd.DataFrame, reasons: pd.DataFrame, over_pounds: int, over_percent: float
) -> pd.DataFrame:
    """List the lines whose variance passes both thresholds, largest first, with their reasons.

    Args:
        by_scheme: `tables.VarianceOut`, in pence.
        reasons: `tables.Commentary`.
        over_pounds: only variances above this, over or under.
        over_percent: only variances above this percentage of budget; where the budget is nil or
            negative there is no percentage, and pounds alone decide.

    Returns:
        The rows of `by_scheme` with reason, action and owner added, blank where none was given.
    """
    size = by_scheme["variance"].abs()
    percent = by_scheme["variance_percent"].abs()
    large = (size > over_pounds * 100) & ((percent > over_percent) | percent.isna())
    # Of two equal variances the one first in the report comes first.
    order = (-size[large]).sort_values(kind="stable").index
    chosen = by_scheme.loc[order].reset_index(drop=True)
    return _explained(chosen, reasons)


def volunteered(
    lines: pd.DataFrame, reasons: pd.DataFrame, asked_for: pd.DataFrame
) -> pd.DataFrame:
    """List the lines whose reason nobody asked for: nothing that was written is left out.

    Args:
        lines: every line, aligned ones included.
        reasons: `tables.Commentary`.
        asked_for: what `needed` gave.

    Returns:
        The rows of `lines` concerned, with reason, action and owner added.
    """
    given = lines["scheme_id"].isin(reasons["scheme_id"])
    others = lines[given & ~lines["scheme_id"].isin(asked_for["scheme_id"])]
    return _explained(others.reset_index(drop=True), reasons)


def _explained(lines: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """Add reason, action and owner of the commentary, in place of any a line has of its own."""
    given = reasons.set_index("scheme_id")[["reason", "action", "owner"]]
    said = given.reindex(lines["scheme_id"], fill_value="").reset_index(drop=True)
    return lines.drop(columns=said.columns, errors="ignore").assign(**said)
