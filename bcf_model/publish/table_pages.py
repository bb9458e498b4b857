"""Pages whose rows are those of a table: the homes of the formulas that all others read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from bcf_model.core.expressions import NIL, Differs, Expression, If, InRow, Rounded, Total
from bcf_model.core.ledger import Ledger
from bcf_model.core.words import HELD, NONE, NOT_STATED
from bcf_model.core.year_parts import stated_code
from bcf_model.publish.page import IN_FORCE, Cell, Heading, Row, Sheet, columns
from bcf_model.year.results import Results

_IN_THE_POOL: Final = next(iter(HELD))
_FEWEST: Final = 2  # rows, for a total to say more than they do


def without(headings: Mapping[str, Heading], idle: Mapping[str, Any]) -> dict[str, Heading]:
    """Leave out the columns that say nothing here."""
    return {name: heading for name, heading in headings.items() if not idle.get(name)}


def _page(
    results: Results,
    table: str,
    headings: Mapping[str, Heading],
    titles: tuple[str, str],
    about: tuple[str, ...],
    summed: Iterable[str] = (),
    **more: Any,
) -> Sheet:
    """Lay out the page of a table, given the name of its tab and its title."""
    rows = rows_of(results, table, headings, summed)
    return Sheet(*titles, about, tuple(headings.values()), rows, **more)


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


_RESERVE_HEADINGS: Final = (
    columns(reserve=12, name=34, reserve_kind=(24, "Kind"))
    | columns("exact", opening=16, unreleased=(16, "Not released"), released=16, drawn=16)
    | columns("exact", paid_in=16, closing=16)
    | columns(unreleased_to=(18, "Who keeps what is not released"), released_by=14)
)


def reserves(results: Results) -> Sheet:
    """What became of each reserve."""
    measured = (results.inputs.reserves["released_by"] != "").any()
    standing = results.inputs.settings.standing
    idle = dict.fromkeys(("unreleased", "unreleased_to", "released_by"), not measured)
    idle |= dict.fromkeys(("drawn", "paid_in", "closing"), bool(standing.no_share))
    headings = without(_RESERVE_HEADINGS, idle)
    sums = [name for name, heading in headings.items() if heading.form == "exact"]
    what = (
        "Closing = released − drawn + paid in. Drawn is what a reserve bore of overspends; "
        "paid in is what it took of underspends."
    )
    return _page(
        results, "reserves", headings, ("Reserves", "Reserves named by the agreement"),
        (*(() if standing.no_share else (what,)), *standing.about_shares), sums,
        in_workbook=(
            ("What a measure releases is as computed when the report was made.",)
            if measured
            else ()
        ),
    )  # fmt: skip


_LIMIT_HEADINGS: Final = (
    columns(limit_id=(12, "Limit"), bearer=18, covers=30, counts=14, at_most=14)
    | columns(over_parts=(14, "Over parts of the year"))
    | columns("exact", budget=(18, "Budget of what it covers"), amount=(18, "The same in money"))
    | columns("exact", counted=18, left=18)
    | columns(clause=44, note=(40, "Remark"))
)


def limits(results: Results) -> Sheet:
    """The limits over several rules: what counts towards each, and what is left of it."""
    frame = results.figures.tables["limits"]
    idle = {
        "budget": not frame["at_most"].str.endswith("%").any(),
        **{name: (frame[name] == "").all() for name in ("over_parts", "note")},
    }
    headings = without(_LIMIT_HEADINGS, idle)
    every = results.inputs.limits["limit_id"]
    gone = ", ".join(every[~every.isin([stated_code(code) for code in frame["limit_id"]])])
    return _page(
        results,
        "limits",
        headings,
        ("Limits", "Limits over several rules"),
        (
            "The most one bearer bears of all that a limit covers. It is used up in the order of "
            "the rows on the Workings page; what is above it goes on to the next step where it "
            "arises. Revenue and capital count towards it, and never net against each other.",
            *((f"Not in force for this whole year: {gone}.",) if gone else ()),
        ),
    )


_PAYMENT_HEADINGS: Final = (
    columns(scheme_id=15, provider=12, counted_in=24)
    | columns("number", planned=11, actual=11)
    | columns("exact", price=13, difference=(16, "Difference at full price"))
    | columns("rate", reopens_at=10)
    | columns("exact", point=(16, "The same in money"), within=(16, "Difference up to there"))
    | columns("rate", share=(10, "Paid up to there"), share_beyond=(10, "Paid beyond"))
    | columns("exact", paid=16, unpaid=16)
    | columns(clause=36)
)


def payments(results: Results) -> Sheet:
    """Payment by activity: what is paid above or below plan, and what is not."""
    return _page(
        results,
        "payments",
        _PAYMENT_HEADINGS,
        ("Payments", "Payment by activity, before the risk share"),
        (
            "Difference is (actual − planned) × price: the variance at full price. What is paid "
            "of it stays in the expenditure of the pool; what is unpaid is the provider's, a memo "
            "beside the pool.",
        ),
        ("difference", "within", "paid", "unpaid"),
    )


_CAUSE_HEADINGS: Final = (
    columns(scheme_id=15, cause=20)
    | columns("exact", amount=18)
    | columns(pot=44, evidence=44, source=24, note=(30, "Remark"))
)


def causes(results: Results) -> Sheet:
    """The parts of variances that were attributed to a cause."""
    about = ("These amounts are taken out of their line's variance, and ruled by themselves.",)
    titles = ("Causes", "Variances attributed to a cause")
    return _page(results, "causes", _CAUSE_HEADINGS, titles, about, ("amount",))


_PART_HEADINGS: Final = (
    columns(scheme_id=15, part=(26, "Part of the year"), theme=9, organisation=15, category=11)
    | columns(kind=9, lead=9, terms=12, grant=10)
    | columns("exact", budget=18, expenditure=18, variance=18)
    | columns(pot=44, source=24, note=(30, "Remark"))
)


def parts(results: Results) -> Sheet:
    """The parts of the year in which lines are ruled, where their rules change within it."""
    frame = results.figures.tables["parts"]
    by = ("theme", "organisation", "category", "kind", "lead", "terms", "grant", "source", "note")
    headings = without(_PART_HEADINGS, {name: len({*frame[name]}) == 1 for name in by})
    return _page(
        results,
        "parts",
        headings,
        ("Parts", "Lines whose rules change within the year"),
        ("Each part is ruled by itself, by the rules in force in it; together they are the year.",),
        ("budget", "expenditure", "variance"),
        naming=2,
    )


_BUDGET_HEADINGS: Final = (
    columns(version=20, financial_year=(10, "Year"), theme=9, organisation=15, scheme_id=15)
    | columns(kind=10)
    | columns("exact", closing_budget=18, next_initial_budget=(18, "Initial of the next year"))
    | columns(source=36, note=(58, "Remark"))
)


def budgets(results: Results) -> Sheet:
    """The budgets stated beside the lines: the closing one, and the next year's initial one."""
    frame = results.figures.tables["budgets"]
    idle = {
        "organisation": (frame["organisation"] == NOT_STATED).all(),
        "scheme_id": (frame["scheme_id"] == "").all(),
    }
    headings = without(_BUDGET_HEADINGS, idle)
    return _page(
        results,
        "budgets",
        headings,
        ("Budgets", "Budgets as stated, beside the lines"),
        (
            "Rows of budgets.csv, of the versions the settings of the pool name: no part of the "
            "lines, of their variance or of the risk share.",
        ),
        ("closing_budget", "next_initial_budget"),
        opening=False,
    )


_SHARE_HEADINGS: Final = (
    # What names a row: repeated on every page it is printed over.
    columns(pot=30, rule_id=9)
    | columns("number", step=6)
    | columns(bearer=16)
    # What it is.
    | columns(bearer_kind=(17, "Kind of bearer"), scope=18, part=(26, "Part of the year"))
    | columns(theme=9, category=11, kind=9, grant=10, cause=16, basis=14, direction=11)
    | columns(band_from=12, band_to=12)
    # What it comes to.
    | columns("exact", variance=(18, "Variance of the pot"), budget=(18, "Budget of the pot"))
    | columns("exact", offered=(18, "Offered to the step"), floor=(16, "Band begins"))
    | columns("exact", ceiling=(16, "Band ends"), slice=(18, "Slice in the band"))
    | columns("number", weight=16, cumulative_weight=16, total_weight=16)
    | columns("exact", share=(18, "Share before limit"))
    | columns(limit_stated=(13, "Limit"))
    | columns("exact", limit=(16, "Limit or balance"), available=(16, "Left in the reserve"))
    | columns(limits=(16, "Counts towards"))
    | columns("exact", room=(16, "Left under limits"))
    | columns("exact", room_under=(18, "Left under limits of underspends"), borne=18)
    | columns(held=16, clause=56, call=36)
    | {
        # What only the formulas read.
        "against": Heading("Other side", width=36, for_formulas=True),
        "netted": Heading("Netting group", width=26, for_formulas=True),
        "entry": Heading("Row of the pot", "number", 8, for_formulas=True),
        "position": Heading("Position", "number", 10, for_formulas=True),
    }
)
_NAMING_A_SHARE: Final = 4


def workings(results: Results) -> Sheet:
    """The risk share's working paper: every pot, its bearers, weights and shares."""
    tables = results.figures.tables
    used = _used(tables["shares"], tables["limits"])
    headings = without(_SHARE_HEADINGS, {name: not is_used for name, is_used in used.items()})
    rows = rows_of(results, "shares", headings)
    nets = _nets(results.figures)
    laid_out = [
        Row("line", (*row.cells, _rule_in_force(i, nets[group])))
        for i, (row, group) in enumerate(zip(rows, tables["shares"]["netted"], strict=True))
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
            "its rule is no longer in force, and the check fails: make the report again. The page "
            "may be filtered and not sorted: a sum over a pot is of rows that stand together.",
        ),
        naming=_NAMING_A_SHARE,
    )


def _nets(figures: Ledger) -> dict[str, Expression]:
    """Return the net variance of each netting group: of one pot that of its first row."""
    groups = figures.column("shares", "netted")
    first = [i for i, entry in enumerate(figures.column("shares", "entry")) if entry == 1]
    pots = Counter(groups[i] for i in first)
    nets: dict[str, Expression] = {
        it: Rounded(Total("variance", table="shares", of=(("netted", (it,)), ("entry", ("1",)))))
        for it in pots
    }
    return nets | {groups[i]: InRow("shares", "variance", i) for i in first if pots[groups[i]] == 1}


def _rule_in_force(row: int, net: Expression) -> If:
    """Choose whether a row's rule still is the one for the net variance of its netting group."""
    direction = InRow("shares", "direction", row)
    of_net = If(Differs(direction, If(NIL - net, "under", "over")), "NO LONGER", IN_FORCE)
    return If(Differs(direction, "either"), of_net, IN_FORCE)


def _used(shares: pd.DataFrame, held: pd.DataFrame) -> dict[str, Any]:
    """Return which columns say something here: are there bands, a later step, a limit, …?"""
    reserve = (shares["bearer_kind"] == "reserve").any()
    limited = (shares["limit_stated"] != "").any()
    offset = (shares["basis"] == "offset").any()
    banded = {name: (shares[name] != "").any() for name in ("band_from", "band_to")}
    texts = [*shares["band_from"], *shares["band_to"], *shares["limit_stated"]]
    in_percent = any(text.endswith("%") for text in texts)
    return {
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
