"""Pages whose rows are those of a table: the homes of the formulas that all others read."""

from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from bcf_model.core.expressions import NIL, Differs, If, InRow, Rounded, Total
from bcf_model.core.ledger import Ledger
from bcf_model.core.words import HELD, NONE, NOT_STATED
from bcf_model.core.year_parts import stated_code
from bcf_model.publish.page import IN_FORCE, Cell, Heading, Row, Sheet
from bcf_model.year.results import Results

_IN_THE_POOL: Final = next(iter(HELD))
_FEWEST: Final = 2  # rows, for a total to say more than they do


def without(headings: Mapping[str, Heading], idle: Iterable[str]) -> dict[str, Heading]:
    """Leave out the columns that say nothing here."""
    left_out = set(idle)
    return {name: heading for name, heading in headings.items() if name not in left_out}


def rows_of(
    results: Results, table: str, columns: Iterable[str], summed: Iterable[str] = ()
) -> tuple[Row, ...]:
    """Lay out the rows of a table, each cell the home of its own formula.

    Args:
        results: a calculated pool.
        table: as the ledger names it.
        columns: of the table, in order.
        summed: those that are added up under the rows, when there are several; none by default.
    """
    columns, summed, count = tuple(columns), set(summed), len(results.figures.tables[table])
    rows = [Row("line", tuple(InRow(table, name, i) for name in columns)) for i in range(count)]
    if summed and count >= _FEWEST:
        sums: list[Cell] = [Total(c, table=table) if c in summed else None for c in columns[1:]]
        rows.append(Row("total", ("All", *sums)))
    return tuple(rows)


_RESERVE_HEADINGS: Final = {
    "reserve": Heading("Reserve", width=12),
    "name": Heading("Name", width=34),
    "reserve_kind": Heading("Kind", width=24),
    "opening": Heading("Opening", "exact", 16),
    "unreleased": Heading("Not released", "exact", 16),
    "released": Heading("Released", "exact", 16),
    "drawn": Heading("Drawn", "exact", 16),
    "paid_in": Heading("Paid in", "exact", 16),
    "closing": Heading("Closing", "exact", 16),
    "unreleased_to": Heading("Who keeps what is not released", width=18),
    "released_by": Heading("Released by", width=14),
}


def reserves(results: Results) -> Sheet:
    """What became of each reserve."""
    measured = (results.inputs.reserves["released_by"] != "").any()
    conditional = ("unreleased", "unreleased_to", "released_by")
    headings = without(_RESERVE_HEADINGS, () if measured else conditional)
    standing = results.inputs.settings.standing
    if standing.no_share:
        headings = without(headings, ("drawn", "paid_in", "closing"))
    sums = [name for name, heading in headings.items() if heading.form == "exact"]
    what = (
        "Closing = released − drawn + paid in. Drawn is what a reserve bore of overspends; "
        "paid in is what it took of underspends."
    )
    return Sheet(
        "Reserves",
        "Reserves named by the agreement",
        (*(() if standing.no_share else (what,)), *standing.about_shares),
        tuple(headings.values()),
        rows_of(results, "reserves", headings, sums),
        in_workbook=(
            ("What a measure releases is as computed when the report was made.",)
            if measured
            else ()
        ),
    )


_LIMIT_HEADINGS: Final = {
    "limit_id": Heading("Limit", width=12),
    "bearer": Heading("Bearer", width=18),
    "covers": Heading("Covers", width=30),
    "counts": Heading("Counts", width=14),
    "at_most": Heading("At most", width=14),
    "over_parts": Heading("Over parts of the year", width=14),
    "budget": Heading("Budget of what it covers", "exact", 18),
    "amount": Heading("The same in money", "exact", 18),
    "counted": Heading("Counted", "exact", 18),
    "left": Heading("Left", "exact", 18),
    "clause": Heading("Clause", width=44),
    "note": Heading("Remark", width=40),
}


def limits(results: Results) -> Sheet:
    """The limits over several rules: what counts towards each, and what is left of it."""
    frame = results.figures.tables["limits"]
    idle = {
        "budget": not frame["at_most"].str.endswith("%").any(),
        **{name: (frame[name] == "").all() for name in ("over_parts", "note")},
    }
    headings = without(_LIMIT_HEADINGS, (name for name, is_idle in idle.items() if is_idle))
    every = results.inputs.limits["limit_id"]
    gone = ", ".join(every[~every.isin([stated_code(code) for code in frame["limit_id"]])])
    return Sheet(
        "Limits",
        "Limits over several rules",
        (
            "The most one bearer bears of all that a limit covers. It is used up in the order of "
            "the rows on the Workings page; what is above it goes on to the next step where it "
            "arises. Revenue and capital count towards it, and never net against each other.",
            *((f"Not in force for this whole year: {gone}.",) if gone else ()),
        ),
        tuple(headings.values()),
        rows_of(results, "limits", headings),
    )


_PAYMENT_HEADINGS: Final = {
    "scheme_id": Heading("Scheme id", width=15),
    "provider": Heading("Provider", width=12),
    "counted_in": Heading("Counted in", width=24),
    "planned": Heading("Planned", "number", 11),
    "actual": Heading("Actual", "number", 11),
    "price": Heading("Price", "exact", 13),
    "difference": Heading("Difference at full price", "exact", 16),
    "reopens_at": Heading("Reopens at", "rate", 10),
    "point": Heading("The same in money", "exact", 16),
    "within": Heading("Difference up to there", "exact", 16),
    "share": Heading("Paid up to there", "rate", 10),
    "share_beyond": Heading("Paid beyond", "rate", 10),
    "paid": Heading("Paid", "exact", 16),
    "unpaid": Heading("Unpaid", "exact", 16),
    "clause": Heading("Clause", width=36),
}


def payments(results: Results) -> Sheet:
    """Payment by activity: what is paid above or below plan, and what is not."""
    return Sheet(
        "Payments",
        "Payment by activity, before the risk share",
        (
            "Difference is (actual − planned) × price: the variance at full price. What is paid "
            "of it stays in the expenditure of the pool; what is unpaid is the provider's, a memo "
            "beside the pool.",
        ),
        tuple(_PAYMENT_HEADINGS.values()),
        rows_of(results, "payments", _PAYMENT_HEADINGS, ("difference", "within", "paid", "unpaid")),
    )


_CAUSE_HEADINGS: Final = {
    "scheme_id": Heading("Scheme id", width=15),
    "cause": Heading("Cause", width=20),
    "amount": Heading("Amount", "exact", 18),
    "pot": Heading("Pot", width=44),
    "evidence": Heading("Evidence", width=44),
    "source": Heading("Source", width=24),
    "note": Heading("Remark", width=30),
}


def causes(results: Results) -> Sheet:
    """The parts of variances that were attributed to a cause."""
    return Sheet(
        "Causes",
        "Variances attributed to a cause",
        ("These amounts are taken out of their line's variance, and ruled by themselves.",),
        tuple(_CAUSE_HEADINGS.values()),
        rows_of(results, "causes", _CAUSE_HEADINGS, ("amount",)),
    )


_PART_HEADINGS: Final = {
    "scheme_id": Heading("Scheme id", width=15),
    "part": Heading("Part of the year", width=26),
    "theme": Heading("Theme", width=9),
    "organisation": Heading("Organisation", width=15),
    "category": Heading("Category", width=11),
    "kind": Heading("Kind", width=9),
    "lead": Heading("Lead", width=9),
    "terms": Heading("Terms", width=12),
    "grant": Heading("Grant", width=10),
    "budget": Heading("Budget", "exact", 18),
    "expenditure": Heading("Expenditure", "exact", 18),
    "variance": Heading("Variance", "exact", 18),
    "pot": Heading("Pot", width=44),
    "source": Heading("Source", width=24),
    "note": Heading("Remark", width=30),
}


def parts(results: Results) -> Sheet:
    """The parts of the year in which lines are ruled, where their rules change within it."""
    frame = results.figures.tables["parts"]
    by = ("theme", "organisation", "category", "kind", "lead", "terms", "grant", "source", "note")
    idle = [name for name in by if len({*frame[name]}) == 1]
    headings = without(_PART_HEADINGS, idle)
    return Sheet(
        "Parts",
        "Lines whose rules change within the year",
        ("Each part is ruled by itself, by the rules in force in it; together they are the year.",),
        tuple(headings.values()),
        rows_of(results, "parts", headings, ("budget", "expenditure", "variance")),
        naming=2,
    )


_BUDGET_HEADINGS: Final = {
    "version": Heading("Version", width=20),
    "financial_year": Heading("Year", width=10),
    "theme": Heading("Theme", width=9),
    "organisation": Heading("Organisation", width=15),
    "scheme_id": Heading("Scheme id", width=15),
    "kind": Heading("Kind", width=10),
    "closing_budget": Heading("Closing budget", "exact", 18),
    "next_initial_budget": Heading("Initial of the next year", "exact", 18),
    "source": Heading("Source", width=36),
    "note": Heading("Remark", width=58),
}


def budgets(results: Results) -> Sheet:
    """The budgets stated beside the lines: the closing one, and the next year's initial one."""
    frame = results.figures.tables["budgets"]
    idle = {
        "organisation": (frame["organisation"] == NOT_STATED).all(),
        "scheme_id": (frame["scheme_id"] == "").all(),
    }
    headings = without(_BUDGET_HEADINGS, (name for name, is_idle in idle.items() if is_idle))
    return Sheet(
        "Budgets",
        "Budgets as stated, beside the lines",
        (
            "Rows of budgets.csv, of the versions the settings of the pool name: no part of the "
            "lines, of their variance or of the risk share.",
        ),
        tuple(headings.values()),
        rows_of(results, "budgets", headings, ("closing_budget", "next_initial_budget")),
        opening=False,
    )


_SHARE_HEADINGS: Final = {
    # What names a row: repeated on every page it is printed over.
    "pot": Heading("Pot", width=30),
    "rule_id": Heading("Rule id", width=9),
    "step": Heading("Step", "number", 6),
    "bearer": Heading("Bearer", width=16),
    # What it is.
    "bearer_kind": Heading("Kind of bearer", width=17),
    "scope": Heading("Scope", width=18),
    "part": Heading("Part of the year", width=26),
    "theme": Heading("Theme", width=9),
    "category": Heading("Category", width=11),
    "kind": Heading("Kind", width=9),
    "grant": Heading("Grant", width=10),
    "cause": Heading("Cause", width=16),
    "basis": Heading("Basis", width=14),
    "direction": Heading("Direction", width=11),
    "band_from": Heading("Band from", width=12),
    "band_to": Heading("Band to", width=12),
    # What it comes to.
    "variance": Heading("Variance of the pot", "exact", 18),
    "budget": Heading("Budget of the pot", "exact", 18),
    "offered": Heading("Offered to the step", "exact", 18),
    "floor": Heading("Band begins", "exact", 16),
    "ceiling": Heading("Band ends", "exact", 16),
    "slice": Heading("Slice in the band", "exact", 18),
    "weight": Heading("Weight", "number", 16),
    "cumulative_weight": Heading("Cumulative weight", "number", 16),
    "total_weight": Heading("Total weight", "number", 16),
    "share": Heading("Share before limit", "exact", 18),
    "limit_stated": Heading("Limit", width=13),
    "limit": Heading("Limit or balance", "exact", 16),
    "available": Heading("Left in the reserve", "exact", 16),
    "limits": Heading("Counts towards", width=16),
    "room": Heading("Left under limits", "exact", 16),
    "room_under": Heading("Left under limits of underspends", "exact", 18),
    "borne": Heading("Borne", "exact", 18),
    "held": Heading("Held", width=16),
    "clause": Heading("Clause", width=56),
    # What only the formulas read.
    "call": Heading("Call", width=36),
    "against": Heading("Other side", width=36, for_formulas=True),
    "netted": Heading("Netting group", width=26, for_formulas=True),
    "entry": Heading("Row of the pot", "number", 8, for_formulas=True),
    "position": Heading("Position", "number", 10, for_formulas=True),
}
_NAMING_A_SHARE: Final = 4


def workings(results: Results) -> Sheet:
    """The risk share's working paper: every pot, its bearers, weights and shares."""
    tables = results.figures.tables
    headings = without(_SHARE_HEADINGS, _idle(tables["shares"], tables["limits"]))
    rows = rows_of(results, "shares", headings)
    laid_out = [
        Row("line", (*row.cells, _rule_in_force(results.figures, i))) for i, row in enumerate(rows)
    ]
    if not rows:
        laid_out.append(Row("heading", ("Nothing is shared.",)))
    return Sheet(
        "Workings",
        "Risk share, worked",
        (
            "A pot is what is netted before it is shared. Each bearer in turn bears "
            "ROUND(slice × cumulative weight ÷ total weight) less the same for the bearers "
            "before it; where nothing divides a variance first, its slice is all of it. The parts "
            "add up to the variance, to the penny.",
            *results.inputs.settings.standing.about_shares,
        ),
        (*headings.values(), Heading("Rule", width=18)),
        tuple(laid_out),
        opening=False,
        in_workbook=(
            "Which lines make a pot, and which rule applies to it, is fixed when the report is "
            "made. If a change turns a netting group from over to under, the last column says that "
            "its rule is no longer in force, and the check fails: make the report again.",
        ),
        naming=_NAMING_A_SHARE,
    )


def _rule_in_force(figures: Ledger, row: int) -> If:
    """Choose whether a row's rule still is the one for the net variance of its netting group."""
    of_group = (("netted", (figures.column("shares", "netted")[row],)), ("entry", ("1",)))
    net = Rounded(Total("variance", table="shares", of=of_group))
    direction = InRow("shares", "direction", row)
    of_net = If(Differs(direction, If(NIL - net, "under", "over")), "NO LONGER", IN_FORCE)
    return If(Differs(direction, "either"), of_net, IN_FORCE)


def _idle(shares: pd.DataFrame, held: pd.DataFrame) -> set[str]:
    """Name the columns that say nothing here: no bands, no later step, no limit, and so on."""
    reserve = (shares["bearer_kind"] == "reserve").any()
    limited = (shares["limit_stated"] != "").any()
    offset = (shares["basis"] == "offset").any()
    banded = {name: (shares[name] != "").any() for name in ("band_from", "band_to")}
    texts = [*shares["band_from"], *shares["band_to"], *shares["limit_stated"]]
    in_percent = any(text.endswith("%") for text in texts)
    used = {
        "band_from": banded["band_from"],
        "band_to": banded["band_to"],
        "floor": banded["band_from"],
        "ceiling": banded["band_to"],
        "slice": any(banded.values()) or offset,
        "call": (shares["call"] != shares["pot"]).any(),
        "against": offset,
        "bearer_kind": (shares["bearer_kind"] != "partner").any(),
        "grant": (shares["grant"] != NONE).any(),
        "cause": (shares["cause"] != NONE).any(),
        "part": (shares["part"] != "").any(),
        "budget": in_percent,
        "offered": len(set(shares["step"])) > 1,
        "share": limited or reserve or (shares["limits"] != "").any(),
        "limits": (shares["limits"] != "").any(),
        "room": (held["counts"] != "underspends").any(),
        "room_under": (held["counts"] == "underspends").any(),
        "limit_stated": limited,
        "limit": limited or reserve,
        "available": reserve,
        "held": (shares["held"] != _IN_THE_POOL).any(),
    }
    return {name for name, is_used in used.items() if not is_used}
