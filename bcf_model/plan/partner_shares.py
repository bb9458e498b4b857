"""What a scenario makes each partner bear: the pool's agreement on spending above an agreed budget.

docs/method.md, 10. The risk share acts on closing spending less that year's agreed budget, never on
growth over the opening; a year without an agreed budget has no shares. Nor has one of which an
amount stands on a line that no rule can find: whose it is decides what everybody bears.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.limits import known_of, statement
from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.pots import share
from bcf_model.agreement.rules import in_force
from bcf_model.core.basis import Standing
from bcf_model.core.errors import NothingToShareBy
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import sterling
from bcf_model.core.stated_amounts import step_of
from bcf_model.core.tables import Inputs, Shares, typed
from bcf_model.core.words import FORECAST, NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.output_tables import AgreedOut, SharedOut, types
from bcf_model.plan.words import NOT_ALLOCATED
from bcf_model.year import reserves
from bcf_model.year.pipeline import run, terms_of, typed_schemes
from bcf_model.year.results import Results

_MOST_NAMED: Final = 3
"""Lines named one by one, before the rest are counted."""

AMOUNTS: Final = ("financial_year", "budget", "expenditure", "variance")
"""What a line has of its year."""


def against_agreed(
    closing: pd.DataFrame, agreed: dict[str, pd.DataFrame], lines: pd.DataFrame
) -> pd.DataFrame:
    """Set spending against agreed budgets, line by line.

    Args:
        closing: financial_year, line, amount (pence), one row per year and line.
        agreed: of each year that has one, the lines of its version (`output_tables.PlanLines`).
        lines: of the scenario.

    Returns:
        `output_tables.AgreedOut` without its first column: every line of either, in the order of
        the scenario's lines; positive variances are overspends.
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
    columns = types(AgreedOut)
    if not parts:
        return typed(pd.DataFrame(columns=[*columns]), columns)
    return typed(pd.concat(parts, ignore_index=True), columns)


def plan_terms(inputs: Inputs) -> Terms:
    """Return what the agreement says in a plan: rules and limits of all dates, and no reserve yet.

    Contributions are those stated for the pool's own year; no cause is attributed yet.
    """
    terms = terms_of(inputs, reserves.released(inputs.reserves, inputs.achievement))
    return replace(terms, causes=terms.causes.head(0), reserves={})


def year_terms(terms: Terms, year: str, balances: dict[str, int]) -> Terms:
    """Return what it says in one year: a reserve holds what the year before left in it."""
    rules, limits = in_force(terms.rules, year), in_force(terms.limits, year)
    return replace(terms, rules=rules, limits=limits, reserves=balances)


def opening_balances(inputs: Inputs) -> dict[str, int] | None:
    """Return what the pool's own year leaves in each reserve; None where it gives no share."""
    if not len(inputs.reserves):
        return {}  # working the year out for nothing would take longer than all the rest
    if inputs.settings.standing.no_share:
        return None
    closing = run(inputs).outputs["reserves"]
    return {str(r): int(c) for r, c in zip(closing["reserve"], closing["closing"], strict=True)}


def shareable(inputs: Inputs) -> pd.DataFrame:
    """Return schemes that rules can share what they look at: lead, terms, grant, category, kind."""
    schemes = typed_schemes(inputs)
    pooled = (schemes["pooling"] == "pooled") & (schemes["category"] != NOT_STATED)
    return schemes[pooled].reset_index(drop=True)


def of_schemes(schemes: pd.DataFrame, of_year: pd.DataFrame) -> NDArray[np.intp]:
    """Return the line each scheme has in a year: its position among the year's rows; -1 for none.

    Args:
        schemes: a scheme_id each.
        of_year: `against_agreed`, the rows of one year; at most one of a scheme.
    """
    row = {code: i for i, code in enumerate(of_year["scheme_id"].tolist())}
    return np.array([row.get(code, -1) for code in schemes["scheme_id"].tolist()], dtype=np.intp)


def scheme_lines(schemes: pd.DataFrame, of_year: pd.DataFrame) -> pd.DataFrame:
    """Return the schemes that have a line in a year, with its amounts.

    Args:
        schemes: `shareable`.
        of_year: `against_agreed`, the rows of one year.
    """
    at = of_schemes(schemes, of_year)
    amounts = {name: of_year[name].to_numpy()[at[at >= 0]] for name in AMOUNTS}
    return schemes[at >= 0].reset_index(drop=True).assign(**amounts)


def why_not(schemes: pd.DataFrame, of_year: pd.DataFrame, split: str, standing: Standing) -> str:
    """Return why no share can be given of a year, and what to add; blank where one can.

    Args:
        schemes: `shareable`.
        of_year: `against_agreed`, the rows of one year.
        split: the version by whose schemes budgets by theme are parted; blank for none.
        standing: of the pool: what its own versions are called.
    """
    apart = of_year[~of_year["scheme_id"].isin(schemes["scheme_id"])]
    nowhere = apart["line"] == NOT_ALLOCATED
    by_theme = (apart["scheme_id"] == "") & ~nowhere
    stated = (apart["budget"] != 0) | (apart["expenditure"] != 0)
    moved = apart["variance"] != 0
    if lines := apart.loc[by_theme & stated, "line"].tolist():
        parted = f"is not parted among schemes by {split!r}" if split else "is not parted by scheme"
        remedy = (
            "state it by scheme in budgets.csv"
            if split
            else "add the setting split, the version by whose schemes it is parted "
            f'(such as split = "{standing.budget}", above [agreed]), or state it by scheme in '
            "budgets.csv"
        )
        return f"what is agreed or spent on {_named(lines)} {parted}, so nobody holds it: {remedy}"
    if (left := int(apart.loc[nowhere & moved, "variance"].sum())) != 0:
        return (
            f"{sterling(left)} stands on no line (not allocated), so nobody holds it: name the "
            "lines it is for, or part it by a row of the step allocation"
        )
    if lines := apart.loc[~nowhere & ~by_theme & moved, "line"].tolist():
        return (
            f"no rule covers {_named(lines)}: state its category in schemes.csv, or leave out of "
            "the budget what is outside the pool"
        )
    return ""


def _named(lines: Sequence[str]) -> str:
    """Name a few lines, and count the others."""
    rest = len(lines) - _MOST_NAMED
    return ", ".join(lines[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


@dataclass(frozen=True)
class SharedYear:
    """The variance of one year of a plan, shared.

    Attributes:
        year: the financial year.
        reason: why no share is given; blank where one is.
        terms: the agreement in that year, with what its reserves hold at the beginning.
        lines: the schemes that have a line, with its amounts.
        shares: `tables.Shares`; no rows where none is given.
        pots: the pot of each line.
    """

    year: str
    reason: str
    terms: Terms
    lines: pd.DataFrame
    shares: pd.DataFrame
    pots: "pd.Series[Any]"

    def borne(self) -> "pd.Series[int]":
        """Return what each bearer bears, in pence."""
        return self.shares.groupby("bearer")["borne"].sum()


def each_year(inputs: Inputs, against: pd.DataFrame, split: str = "") -> Iterator[SharedYear]:
    """Share the variances of each year by the pool's agreement.

    Args:
        inputs: the pool.
        against: `against_agreed`.
        split: the version by whose schemes budgets by theme are parted; blank for none.
    """
    schemes, agreement = shareable(inputs), plan_terms(inputs)
    balances = opening_balances(inputs) if len(against) else {}
    nothing = pd.DataFrame(columns=[*Shares.types])
    for year, of_year in against.groupby("financial_year", sort=False):
        reason = why_not(schemes, of_year, split, inputs.settings.standing)
        if balances is None:
            reason = reason or _NO_BALANCE
        terms = year_terms(agreement, str(year), balances or {})
        lines = scheme_lines(schemes, of_year)
        shares, pots = nothing, pd.Series("", index=lines.index, dtype="str")
        if not reason:
            try:
                shares, pots, _ = share(lines, terms)
                reason = _no_rule(lines, pots, str(year))
            except NothingToShareBy:
                reason = _NO_WEIGHT
        found = SharedYear(str(year), reason, terms, lines, shares, pots)
        yield found
        if reason:
            balances = None if len(inputs.reserves) else {}
        elif balances is not None:
            borne = found.borne()
            balances = {name: held - int(borne.get(name, 0)) for name, held in balances.items()}


def shared(inputs: Inputs, against: pd.DataFrame, split: str = "") -> pd.DataFrame:
    """Return what each bearer bears in each year.

    Args:
        inputs: the pool.
        against: `against_agreed`.
        split: the version by whose schemes budgets by theme are parted; blank for none.

    Returns:
        `output_tables.SharedOut` without its first column: per year and bearer what it bears, in
        pence; the rows of a year sum to its variance. Of a year whose lines no rule can share,
        every partner is blank, with the reason.
    """
    rows: list[tuple[Any, ...]] = []
    for one in each_year(inputs, against, split):
        borne = one.borne()
        for bearer, kind in one.terms.kinds.items():
            if bearer in borne.index or kind == "partner":
                bears = pd.NA if one.reason else int(borne.get(bearer, 0))
                rows.append((one.year, bearer, kind, bears, one.reason))
    columns = types(SharedOut)
    return typed(pd.DataFrame(rows, columns=[*columns]), columns)


def shared_years(inputs: Inputs, against: pd.DataFrame, split: str) -> dict[str, Results]:
    """Return the years of a plan that have shares, each as the results of a year.

    Args:
        inputs: the pool.
        against: `against_agreed`.
        split: the version by whose schemes budgets by theme are parted; blank for none.
    """
    years = each_year(inputs, against, split)
    return {it.year: as_results(inputs, it) for it in years if not it.reason}


def as_results(inputs: Inputs, one: SharedYear) -> Results:
    """Return a shared year of a plan as the results of a year, from which shares are explained.

    Args:
        inputs: the pool.
        one: of `each_year`; a year that has shares.
    """
    nil = np.zeros(len(one.lines), dtype=np.int64)
    lines = one.lines.assign(
        attributed=nil, unattributed=one.lines["variance"], given=one.lines["expenditure"],
        unpaid=nil, pot=one.pots.astype("str"),
        **{step_of(name): nil + 1 for name in ("budget", "expenditure", "variance")},
    )  # fmt: skip
    held = inputs.reserves["reserve"].map(one.terms.reserves).astype("int64")
    free = inputs.reserves.assign(
        opening=held, released=held, unreleased=0, planned=0, achieved=0, released_by=""
    )
    known = known_of(lines, one.terms, one.shares)
    year = {"financial_year": one.year, "basis": FORECAST}
    causes = inputs.causes.head(0)
    figures = Ledger(
        {
            "lines": lines,
            "shares": one.shares,
            "reserves": reserves.statement(free, one.shares),
            "limits": statement(lines, one.terms, one.shares, known),
            "parts": lines.head(0).assign(part="", row=0),
            "causes": causes.assign(pot=""),
        },
        {"bearer": list(one.terms.kinds), "rule": one.terms.rules["rule_id"].tolist()},
    )
    settings = inputs.settings.model_copy(update=year)
    said = replace(
        inputs, settings=settings, causes=causes,
        payments=inputs.payments.head(0), activity=inputs.activity.head(0),
    )  # fmt: skip
    return Results(said, figures, {}, causes, causes, (), (), causes, known)


def _no_rule(lines: pd.DataFrame, pots: "pd.Series[Any]", year: str) -> str:
    """Return why a year has no share whose rules end, or change, before it does; blank else."""
    lost = (pots.astype("str") == "") & ((lines["budget"] != 0) | (lines["expenditure"] != 0))
    if not lost.any():
        return ""
    codes = _named(lines.loc[lost, "scheme_id"].tolist())
    return (
        f"no rule is in force over all of {spoken(year)} for {codes}: state the rules of that year"
    )


_NO_BALANCE: Final = "what the agreement's reserves hold at the beginning of the year is not known"
_NO_WEIGHT: Final = (
    "a rule shares by budgets or contributions that are nil for the lines it is called on: state "
    "them, or share by another basis"
)
