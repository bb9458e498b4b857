"""Who pays for prevention and who gains: positions, break-even, matrix, and the share of it.

docs/method.md, 7. Discounted amounts are for these tables only; they go into no budget.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model.core.expressions import RATE_DIGITS, evaluate, of_row
from bcf_model.core.figures import blank_reason
from bcf_model.core.money import multiply, ratio
from bcf_model.core.sums import add_up
from bcf_model.plan.scopes import matches
from bcf_model.plan.words import ALL, NOT_ALLOCATED, SEVERAL
from bcf_model.plan.worked_columns import net_of

FLOWS: Final = ["invested", "released"]
YEARLY: Final = [*FLOWS, "net", "deflated", "discounted"]

PRIMARY: Final = "primary"
COUNTED: Final = {
    "narrow": frozenset({PRIMARY}),
    "wide": frozenset({PRIMARY, "secondary", "tertiary"}),
}
"""What each prevention share counts: `narrow` what stops people from falling ill, which is what
papers call prevention; `wide` everything that is not treatment."""


def positions(
    moved: pd.DataFrame,
    years: Sequence[str],
    deflators: Mapping[str, int],
    discounts: Mapping[str, int],
) -> pd.DataFrame:
    """Return who has paid in and got back what, year by year.

    Args:
        moved: as `prevention.with_released` gives it.
        years: of the plan, one after the other; real amounts are in the prices of the first.
        deflators: by year, the percentage by which prices rise on the year before, in millionths
            of a percent, above −100 %; nil where a year has none. That of the first year is unused.
        discounts: by year, the percentage by which a real amount is worth less than a year before,
            in millionths of a percent.

    Returns:
        `output_tables.PositionsOut` without its first column: per partner (payers first, then
        beneficiaries), and at last for the system, `all`, each amount of which is the sum of the
        partners'. Net above nil: more was released to it than it invested.
    """
    paid = add_up(moved, ["payer", "financial_year"], ["invested"]).assign(released=0)
    got = moved[moved["beneficiary"] != ""]
    got = add_up(got, ["beneficiary", "financial_year"], ["released"]).assign(invested=0)
    each = pd.concat(
        [paid.rename(columns={"payer": "partner"}), got.rename(columns={"beneficiary": "partner"})]
    )
    partners = list(each["partner"].unique())
    grid = pd.MultiIndex.from_product([partners, list(years)], names=["partner", "financial_year"])
    summed = each.groupby(["partner", "financial_year"])[FLOWS].sum()
    rows = summed.reindex(grid, fill_value=0).astype("int64").reset_index()
    rows["net"] = rows["released"] - rows["invested"]
    rates = {
        f"{step} {year}": np.int64(by_year.get(year, 0))
        for step, by_year in (("deflator", deflators), ("discount", discounts))
        for year in years
    }
    for name in ("deflated", "discounted"):
        worked = [net_of(years[: i + 1], discounted=name == "discounted")
                  for i in range(len(years))]  # fmt: skip
        net = rows["net"].to_numpy().reshape(len(partners), len(years))
        of_year = [evaluate(it, of_row(rates | {"net": net[:, i]})) for i, it in enumerate(worked)]
        rows[name] = np.array(of_year, dtype=np.int64).T.reshape(-1)
    system = rows.groupby("financial_year", sort=False)[YEARLY].sum().reset_index()
    rows = pd.concat([rows, system.assign(partner=ALL)], ignore_index=True)
    by_partner = rows.groupby("partner", sort=False)
    rows["cumulative"] = by_partner["net"].cumsum()
    rows["cumulative_discounted"] = by_partner["discounted"].cumsum()
    keys = {"partner": "str", "financial_year": "str"}
    return rows[[*keys, *YEARLY, "cumulative", "cumulative_discounted"]].astype(keys)


def break_even(
    years: Sequence[str], invested: Sequence[int], cumulative: Sequence[int]
) -> str | None:
    """Return the year in which what was invested is back for good.

    Args:
        years: of the plan.
        invested: in each of them.
        cumulative: net position at the end of each of them.

    Returns:
        The first year, from that of the first investment on, from which the cumulative position is
        not below nil again up to the last year. None if there is none, or nothing was invested.

    >>> break_even(["2019-20", "2020-21", "2021-22"], [100, 0, 0], [-100, -40, 20])
    '2021-22'
    """
    first = next((i for i, amount in enumerate(invested) if amount), None)
    if first is None:
        return None
    below = [i for i, position in enumerate(cumulative) if position < 0]
    back = max(first, below[-1] + 1 if below else 0)
    return years[back] if back < len(years) else None


def paybacks(found: pd.DataFrame, to_come: Mapping[str, int]) -> pd.DataFrame:
    """Sum positions up over the years of the plan.

    Args:
        found: as `positions` gives them.
        to_come: what each partner still gains after the last year, as `prevention.to_come` gives
            it; nil for those it does not name. It is in no other column.

    Returns:
        `output_tables.PaybackOut` without its first column: per partner and for the system; a
        break-even that does not come within the plan is blank.
    """
    by_partner = found.groupby("partner", sort=False)
    names = {"discounted": "net_present_value"}
    sums = by_partner[[*FLOWS, "net", "discounted"]].sum().rename(columns=names).reset_index()
    still = {**to_come, ALL: sum(to_come.values())}
    return sums.assign(
        to_come=np.array([still.get(partner, 0) for partner in sums["partner"]], dtype=np.int64),
        break_even=_break_evens(by_partner, "cumulative"),
        break_even_discounted=_break_evens(by_partner, "cumulative_discounted"),
    )


def _break_evens(by_partner: Any, column: str) -> "pd.Series[str]":
    years = [
        break_even(
            of_partner["financial_year"].to_list(),
            of_partner["invested"].to_list(),
            of_partner[column].to_list(),
        )
        for _, of_partner in by_partner
    ]
    return pd.Series([year or "" for year in years], dtype="str")


def matrix(moved: pd.DataFrame, lines: pd.DataFrame, released: pd.DataFrame) -> pd.DataFrame:
    """Return who gains by whose money, and on which theme or block, over all years of the plan.

    Args:
        moved: as `prevention.with_released` gives it.
        lines: `output_tables.PlanLines`.
        released: payer, beneficiary, line, released (pence): what was taken out of each line.

    Returns:
        `output_tables.MatrixOut` without its first column: one row per payer, beneficiary and
        group. It is the benefit of what this payer invested. Released stands where it was taken
        out; gross
        and cashable are of no line: where the lines reduced are of several groups, they stand
        there.
    """
    groups, got = groups_of(lines), moved[moved["beneficiary"] != ""]
    of_scope = {scope: group_of(scope, lines) for scope in got["scope"].unique()}
    of_line = dict(zip(lines["line"], groups, strict=True))
    stated = got.assign(group=got["scope"].map(of_scope), released=0)
    taken = released.assign(group=released["line"].map(of_line), gross=0, cashable=0)
    keys = {"payer": "str", "beneficiary": "str", "group": "str"}
    kept = [*keys, "gross", "cashable", "released"]
    rows = pd.concat([stated[kept], taken[kept]]).astype(keys)
    return add_up(rows, [*keys], kept[len(keys) :])


def groups_of(lines: pd.DataFrame) -> "pd.Series[str]":
    """Return the block or the theme of each line, or the line itself."""
    code = lines["theme"].where(lines["block"] == "", lines["block"])
    return code.where(code != "", lines["line"])


def group_of(scope: str, lines: pd.DataFrame) -> str:
    """Return the theme or block of all lines of a scope, or that there are several."""
    groups = groups_of(lines)[matches(scope, lines)].unique()
    return str(groups[0]) if len(groups) == 1 else SEVERAL


def shares(closing: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the part of spending that goes to prevention, narrow and wide, year by year.

    Args:
        closing: financial_year, line, closing (pence), one row per year and line.
        lines: `output_tables.PlanLines`. What stands on `not allocated` is spending, and no
            prevention.

    Returns:
        `output_tables.PreventionShareOut` without its first column: two rows a year, years in their
        order; no rows where a line does not say which kind of prevention it is, or that it is
        treatment. The percentage is blank where all spending is not above nil.
    """
    kinds = closing["line"].map(lines.set_index("line")["prevention"])
    all_of_them = add_up(closing, ["financial_year"], ["closing"])
    if (lines.loc[lines["line"] != NOT_ALLOCATED, "prevention"] == "").any():
        all_of_them = all_of_them.head(0)
    parts = []
    for measure, counted in COUNTED.items():
        part = closing.assign(closing=closing["closing"].where(kinds.isin(counted), 0))
        sums = add_up(part, ["financial_year"], ["closing"])["closing"].head(len(all_of_them))
        parts.append(all_of_them.assign(measure=measure, prevention=sums))
    rows = pd.concat(parts).sort_index(kind="stable").rename(columns={"closing": "spending"})
    above = np.maximum(rows["spending"].to_numpy(), 1)
    percent = ratio(multiply(rows["prevention"].to_numpy(), 100), above, RATE_DIGITS - 2)
    return pd.DataFrame(
        {
            "financial_year": rows["financial_year"],
            "measure": rows["measure"].astype("str"),
            "prevention": rows["prevention"],
            "spending": rows["spending"],
            "percent": np.where(rows["spending"] > 0, percent, np.nan),
            "percent_note": pd.Series(
                [blank_reason(s) for s in rows["spending"]], dtype="str", index=rows.index
            ),
        }
    ).reset_index(drop=True)
