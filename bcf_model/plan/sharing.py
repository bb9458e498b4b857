"""What a scenario makes each partner bear: the pool's agreement on spending above an agreed budget.

docs/method.md, 10. The risk share acts on closing spending less that year's agreed budget, never on
growth over the opening; a year without an agreed budget has no shares.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model.model import reserves
from bcf_model.pipeline import run, terms_of, typed_schemes
from bcf_model.plan.outputs import AgreedOut, SharedOut, types
from bcf_model.risk_share.agreement import in_force
from bcf_model.risk_share.parcels import Terms
from bcf_model.risk_share.pots import share
from bcf_model.risk_share.reruns import Prepared, prepare
from bcf_model.tables import Inputs
from bcf_model.vocabulary import NOT_STATED

NOT_SHARED: Final = "not shared"
"""The bearer of what no rule can find a holder for: a line without a pooled scheme, or one whose
category is not stated."""


def against_agreed(
    closing: pd.DataFrame, agreed: dict[str, pd.DataFrame], lines: pd.DataFrame
) -> pd.DataFrame:
    """Set spending against agreed budgets, line by line.

    Args:
        closing: financial_year, line, amount (pence), one row per year and line.
        agreed: of each year that has one, the lines of its version (`tables.PlanLines`).
        lines: of the scenario.

    Returns:
        `tables.AgreedOut` without its first column: every line of either, in the order of the
        scenario's lines; positive variances are overspends.
    """
    parts = []
    kept = ["line", "theme", "organisation", "scheme_id"]
    for year, version in agreed.items():
        spent = closing[closing["financial_year"] == year].set_index("line")["amount"]
        budget = version.set_index("line")["opening"]
        every = pd.concat([lines[kept], version[kept]]).drop_duplicates("line")
        frame = every.assign(
            financial_year=year,
            budget=budget.reindex(every["line"], fill_value=0).to_numpy(),
            expenditure=spent.reindex(every["line"], fill_value=0).to_numpy(),
        )
        parts.append(frame.assign(variance=frame["expenditure"] - frame["budget"]))
    columns = {name: kind for name, kind in types(AgreedOut).items() if name != "scenario"}
    if not parts:
        return pd.DataFrame(columns=[*columns]).astype(columns)
    return pd.concat(parts, ignore_index=True)[[*columns]].astype(columns)


def year_terms(inputs: Inputs, year: str, balances: dict[str, int]) -> Terms:
    """Give what the pool's agreement says in a year of the plan.

    Contributions are those stated for the pool's own year; no cause is attributed yet. A reserve
    holds what the year before left in it.
    """
    free = reserves.released(inputs.reserves, inputs.achievement)
    terms = terms_of(inputs, free)
    return Terms(
        rules=in_force(inputs.rules, year),
        contributions=terms.contributions,
        causes=terms.causes.head(0),
        reserves=balances,
        kinds=terms.kinds,
    )


def opening_balances(inputs: Inputs) -> dict[str, int]:
    """Give what the pool's own year leaves in each reserve."""
    if not len(inputs.reserves):
        return {}  # working the year out for nothing would take longer than all the rest
    closing = run(inputs).outputs["reserves"]
    return {str(r): int(c) for r, c in zip(closing["reserve"], closing["closing"], strict=True)}


def scheme_lines(inputs: Inputs, of_year: pd.DataFrame) -> pd.DataFrame:
    """Give lines that rules can share what they look at: lead, terms, grant, category, kind."""
    schemes = typed_schemes(inputs)
    shareable = (schemes["pooling"] == "pooled") & (schemes["category"] != NOT_STATED)
    schemes = schemes[shareable]
    amounts = of_year[of_year["scheme_id"] != ""].set_index("scheme_id")
    known = schemes[schemes["scheme_id"].isin(amounts.index)].reset_index(drop=True)
    at = amounts.loc[known["scheme_id"]]
    return known.assign(
        financial_year=of_year["financial_year"].iloc[0],
        budget=at["budget"].to_numpy(dtype=np.int64),
        expenditure=at["expenditure"].to_numpy(dtype=np.int64),
        variance=at["variance"].to_numpy(dtype=np.int64),
    )


def prepared(schemes: pd.DataFrame, terms: Terms) -> Prepared:
    """Make a year's agreement ready for many outturns of its schemes."""
    return prepare(schemes, terms)


def shared(inputs: Inputs, against: pd.DataFrame) -> pd.DataFrame:
    """Share the variances of each year by the pool's agreement.

    Args:
        inputs: the pool.
        against: `against_agreed`.

    Returns:
        `tables.SharedOut` without its first column: per year and bearer what it bears; what
        stands on lines that no rule can share is borne by nobody, and stands in a row `not
        shared`. A year's rows sum to its variance.
    """
    balances = opening_balances(inputs) if len(against) else {}
    rows: list[tuple[Any, ...]] = []
    for year, of_year in against.groupby("financial_year", sort=False):
        terms = year_terms(inputs, str(year), balances)
        lines = scheme_lines(inputs, of_year)
        shares, _, _ = share(lines, terms)
        borne = shares.groupby("bearer")["borne"].sum()
        for bearer, kind in terms.kinds.items():
            if bearer in borne.index or kind == "partner":
                rows.append((year, bearer, kind, int(borne.get(bearer, 0))))
        apart = ~of_year["scheme_id"].isin(lines["scheme_id"])
        left = int(of_year.loc[apart, "variance"].sum())
        if left:
            rows.append((year, NOT_SHARED, NOT_SHARED, left))
        balances = {name: held - int(borne.get(name, 0)) for name, held in balances.items()}
    columns = {name: kind for name, kind in types(SharedOut).items() if name != "scenario"}
    return pd.DataFrame(rows, columns=[*columns]).astype(columns)
