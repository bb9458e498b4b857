"""Savings programmes, funding and the gap, and what each partner bears."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from bcf_model.core.figures import Figure
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.tables import OWN_AGREEMENT, each, records, rows_of_each
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.figures import left_in_reserve
from bcf_model.plan.range_bounds import plain
from bcf_model.plan.savings import in_later_years, owners_and_beneficiaries
from bcf_model.plan.words import ALL, BY_SHARE, OPENING, OWN_LINES
from bcf_model.publish.page import Cell, Heading, Money, Number, Row, Sheet, Style, heads
from bcf_model.publish.scenario.lookups import View, by_year, who
from bcf_model.publish.scenario.sentences import by_method, no_balances, no_gaps, no_shares

_FACTS = (
    "What was delivered is a fact of the year, and delivery acts on what is still to come. A "
    "programme delivered in all periods carries into later years the full-year value it reached, "
    "unless it states another.",
)
_SAVED = {
    "gross": "Gross, full year",
    "investment": "Costs, full year",
    "net": "Net",
    "part_year_effect": "Saves in its year",
    "full_year_effect": "More in the next",
    "adjusted_part_year": "Risk-adjusted, in its year",
    "adjusted_full_year": "Risk-adjusted, full year",
    "adjusted_net": "Risk-adjusted net",
    "underlying": "Underlying",
    "slippage": "Slippage to date",
}


def savings(view: View) -> Sheet:
    """Every programme of the perimeter; what is unidentified on lines of its own."""
    frame = view.table("savings")
    rows: list[Row] = []
    for identified, title in (("yes", "Identified"), ("no", "Unidentified")):
        own = frame[frame["identified"] == identified]
        if own.empty:
            continue
        rows.append(Row("group", (f"{title} programmes",)))
        rows += [Row("line", _programme(view, row)) for row in records(own)]
        together = _saved(view, identified=identified)
        rows.append(Row("subtotal", (f"{title}, together", *together)))
    rows.append(Row("total", ("All programmes", *_saved(view))))
    return Sheet(
        "Programmes",
        f"Savings programmes: {view.perimeter}",
        (
            "A saving is above nil, and so is what it costs. Risk-adjusted is × the percentage "
            "that is expected to be delivered; what a programme costs is not adjusted.",
            *(_FACTS if frame["delivered_to"].any() or (frame["later_years"] != "").any() else ()),
            "Underlying is what goes on every year, risk-adjusted and net. Slippage above nil "
            "means less was delivered than planned.",
        ),
        (
            Heading("Programme", width=30),
            *(Heading(text, "money", 13) for text in _SAVED.values()),
            *heads(delivery=9, later_years_carry=34, confidence=13, starts=16, owner=22),
            *heads(relieves=22, saves_on=22, evidence=24, source=24),
        ),
        tuple(rows),
    )


def _programme(view: View, row: Any) -> tuple[Cell, ...]:
    amounts = _saved(view, programme=row.programme)
    starts = spoken(row.financial_year)
    starts += f", period {row.start_period}" if row.start_period > 1 else ""
    starts += f", profile {row.profile}" if row.profile else ""
    starts += "" if row.recurrence == "recurrent" else ", once"
    return (
        row.name, *amounts, f"{plain(row.delivery)}%", in_later_years(row), row.confidence, starts,
        who(view, row.owner), who(view, row.beneficiary), row.scope, row.evidence, row.source,
    )  # fmt: skip


def _saved(view: View, **where: str) -> list[Cell]:
    return [view.figure(f"savings.{column}", **where) for column in _SAVED]


def savings_matrix(view: View) -> Sheet:
    """Who is to deliver savings against whose budget they relieve; risk-adjusted and net."""
    found = owners_and_beneficiaries(view.table("savings"))

    def saved(*where: tuple[str, tuple[str, ...]]) -> list[Cell]:
        each = [(("beneficiary", (code,)),) for code in map(str, found)]
        return [Figure("savings.adjusted_net", (*where, *one)) for one in (*each, ())]

    rows = []
    for _, owner, identified in found.index:
        name = who(view, owner) + ("" if identified == "yes" else ", unidentified")
        rows.append(Row("line", (name, *saved(("owner", (owner,)), ("identified", (identified,))))))
    rows.append(Row("total", ("Total", *saved())))
    return Sheet(
        "Owners",
        f"Who saves, and whose budget it relieves: {view.perimeter}",
        ("Full-year value, risk-adjusted and net. A commissioner's saving may be a provider's "
         "lost income.",),
        (
            Heading("Who is to deliver it", width=40),
            *(Heading(f"Relieves {who(view, str(code))}", "money", 18) for code in found),
            Heading("Total", "money", 14),
        ),
        tuple(rows),
    )  # fmt: skip


def not_counted(view: View) -> Sheet:
    """Programmes of another perimeter: shown, and never added to these."""
    rows = []
    for (perimeter,), own in rows_of_each(view.projection.not_counted, "perimeter"):
        rows.append(Row("group", (f"Perimeter: {perimeter}",)))
        for row in records(own):
            money = (Money(row.gross), Money(row.investment))
            rows.append(
                Row("line", (row.name, *money, who(view, row.owner), who(view, row.beneficiary),
                             row.confidence, spoken(row.financial_year), row.source))
            )  # fmt: skip
    return Sheet(
        "Not counted",
        f"Programmes of other perimeters, not counted in: {view.perimeter}",
        ("Amounts of two perimeters are never added.",),
        (
            Heading("Programme", width=34),
            *(Heading(f"{text}, full year", "money", 14) for text in ("Gross", "Costs")),
            *heads(owner=24, relieves=24, confidence=13, year=10, source=30),
        ),
        tuple(rows),
    )


PAID_BY: Final = (
    "Demand moves activity, inflation moves the price; other steps move neither. Of what is above "
    "or below the plan of the year, the terms of the payment say how much is payable. What is not "
    "is taken off the closing budget, and put back before the next year's steps."
)


def payments(view: View) -> Sheet:
    """Lines paid by activity: what of each year is payable."""
    money = ("full_price", "difference", "paid", "unpaid", "payable")
    rows = []
    for (line,), own in rows_of_each(view.table("payments"), "line"):
        rows.append(Row("group", (f"{line}: {own['counted_in'].iloc[0]}",)))
        for row in records(own):
            counts = (_number(row.planned), _number(row.actual / MILLIONTHS))
            price = "" if pd.isna(row.price) else f"£{plain(round(row.price))}"
            amounts = [_known(getattr(row, name)) for name in money]
            cells = (spoken(row.financial_year), *counts, price, *amounts, row.note)
            rows.append(Row("line", cells))
    return Sheet(
        "Payments",
        f"Payment by activity: {view.perimeter}",
        (PAID_BY, "Where no activity is planned for a year, what is payable is not known, and the "
         "gap and the shares of that year are left out."),
        (
            Heading("Line and year", width=30),
            *heads("number", planned=12, activity=12),
            Heading("Price", width=12),
            *heads("money", at_full_price=14, difference=14, of_it_payable=14, unpaid=14),
            *heads("money", payable_in_all=14),
            Heading("Why it is not known", width=40),
        ),
        tuple(rows),
    )  # fmt: skip


def _number(value: float) -> Cell:
    return None if pd.isna(value) else Number(value)


def _known(pence: float) -> Cell:
    return None if pd.isna(pence) else Money(int(pence))


def _by_years(view: View, measure: str, **where: str) -> list[Cell]:
    """Return a figure of every year; None where a year has no row."""
    return [view.figure(measure, year=year, **where) for year in view.years]


def gap(view: View) -> Sheet:
    """What is to be paid against what funds it: all together, then each who pays."""
    rows = _shortfall(view, _OF_ALL, {})
    frame = view.table("gap")
    each_of = frame[frame["organisation"] != ALL]
    for (code,), own in rows_of_each(each_of, "organisation"):
        rows.append(Row("group", (who(view, code),)))
        rows += _what_it_pays(view, code, own)
    return Sheet(
        "Gap",
        f"Funding and the gap: {view.perimeter}",
        (
            "A gap above nil is a shortfall; in (brackets) there is more funding than spending.",
            "Each pays the agreed budget of the lines it holds, and what it bears of the variance; "
            "where no budget is agreed, what its lines close with. The gaps of a year add up to "
            "that of all.",
            "A year without stated funding is blank.",
            *by_method(view),
            *no_gaps(view),
        ),
        (Heading("Spending and funding", width=40), *by_year(view.years)),
        tuple(rows),
    )


_OF_ALL: Final[tuple[tuple[str, str, Style], ...]] = (
    ("Closing spending", "spending", "line"),
    ("Recurrent funding", "recurrent", "line"),
    ("Non-recurrent funding", "non_recurrent", "line"),
    ("Funding", "funding", "subtotal"),
    ("Gap: spending − funding", "gap", "total"),
)


def _shortfall(
    view: View, said: Sequence[tuple[str, str, Style]], basis: Mapping[str, str], **of: str
) -> list[Row]:
    """Lay out what a gap is made of; `basis` says of each year what one has to pay."""
    return [
        Row(style, (name, *(
            view.figure(f"gap.{column}", year=year, **of, basis=basis.get(year, ""))
            for year in view.years
        )))
        for name, column, style in said
    ]  # fmt: skip


_OF_EACH: Final[tuple[tuple[str, str, Style], ...]] = (
    ("To be paid", "spending", "subtotal"),
    ("Funding", "funding", "subtotal"),
    ("Gap: to be paid − funding", "gap", "total"),
)


def _what_it_pays(view: View, code: str, own: pd.DataFrame) -> list[Row]:
    """Lay out one who pays: what, source by source what funds it, and what is missing."""
    basis = dict(zip(own["financial_year"], own["basis"], strict=True))

    def where(bases: tuple[str, ...], measure: str, **more: str) -> list[Cell]:
        return [
            view.figure(measure, year=year, **more) if basis.get(year) in bases else None
            for year in view.years
        ]

    parts = (
        ("Agreed budget of its lines", where(BY_SHARE, "agreed.budget", organisation=code)),
        ("What it bears of the variance", where(BY_SHARE, "borne", bearer=code)),
        ("What its lines close with", where((OWN_LINES,), "closing", organisation=code)),
    )
    paid, *funded = _shortfall(view, _OF_EACH, basis, organisation=code)
    sources = view.table("funding_sources")
    sources = sources[sources["organisation"] == code]
    return [
        *(Row("line", (name, *cells)) for name, cells in parts if any(cells)),
        paid,
        *(
            Row("line", (_named(name, kind),
                         *_by_years(view, "funding_walk.amount", organisation=code, funding=name)))
            for (name, kind), _ in rows_of_each(sources, "funding", "kind")
        ),
        *funded,
    ]  # fmt: skip


def _named(funding: str, kind: str) -> str:
    """Name a source of funding, with its kind where that says more."""
    return funding if kind in (funding, NOT_STATED) else f"{funding} ({kind})"


def funding(view: View) -> Sheet:
    """What each partner puts in, step by step, and what is left of reserves."""
    frame, sources = view.table("funding_walk"), view.table("funding_sources")
    rows = []
    for (organisation, name, kind), own in rows_of_each(sources, "organisation", "funding", "kind"):
        told = f"{who(view, organisation)}: {_named(name, kind)}".removesuffix(": ")
        blank = [None] * len(view.years)
        rows.append(Row("group", (told, *blank, _stated_in(view, organisation, name))))
        of_it = {"organisation": organisation, "funding": name}
        steps = frame[(frame["organisation"] == organisation) & (frame["funding"] == name)]
        for step in steps["step"].drop_duplicates():
            words = "Opening, recurrent" if step == OPENING else str(step).capitalize()
            cells = _by_years(view, "funding_walk.amount", **of_it, step=step)
            rows.append(Row("line", (words, *cells)))
        cells = _by_years(view, "funding_walk.amount", **of_it)
        rows.append(Row("subtotal", ("Funding", *cells)))
        rows += _balances(view, own, organisation, name)
    rows.append(Row("total", ("All funding", *_by_years(view, "funding_walk.amount"))))
    return Sheet(
        "Funding",
        f"Where funding comes from: {view.perimeter}",
        (
            "A year opens with the recurrent amount the year before left. What is used of a "
            "reserve is taken off what it holds; below nil more is used than there is.",
            "What is not stated is blank, and not nil.",
            *no_balances(view),
        ),
        (
            Heading("Partner, funding and step", width=40),
            *by_year(view.years),
            Heading("Source", width=60),
        ),
        tuple(rows),
    )


def _stated_in(view: View, organisation: str, name: str) -> str:
    """Return where a source of funding is stated, and what is remarked of it."""
    stated = view.projection.scenario.tables["funding"]
    own = stated[(stated["organisation"] == organisation) & (stated["funding"] == name)]
    said = (text for pair in each(own, "source", "note") for text in pair if text)
    return "; ".join(dict.fromkeys(said))


def _balances(view: View, own: pd.DataFrame, organisation: str, name: str) -> list[Row]:
    """Lay out what a reserve holds at the beginning and at the end of each year."""
    walked = view.table("funding_walk").query("organisation == @organisation and funding == @name")
    used = {*walked["financial_year"]}
    begins, ends = dict[str, Cell](), dict[str, Cell]()
    for row in records(own[own["opening"].notna()]):
        since = max(row.balance_from, view.years[0])
        years = [year for year in view.years if since <= year <= row.financial_year]
        before, upto = (
            left_in_reserve(since, [year for year in some if year in used], organisation, name)
            for some in (years[:-1], years)
        )
        begins[row.financial_year] = before
        ends[row.financial_year] = None if pd.isna(row.closing) else upto
    said = (("Held at the beginning", begins), ("Held at the end", ends)) if begins else ()
    return [Row("line", (words, *map(cells.get, view.years))) for words, cells in said]


def risk_share(view: View) -> Sheet:
    """What each bears of spending above or below the agreed budget."""
    against, shared, own = view.table("agreed"), view.table("shared"), "The pool's agreement"
    years = [year for year in view.years if year in {*against["financial_year"]}]
    said: tuple[tuple[str, str, Style], ...] = (
        ("Agreed budget", "budget", "line"),
        ("Closing spending", "expenditure", "line"),
        ("Variance", "variance", "subtotal"),
    )
    rows = [Row("group", ("Spending against the agreed budget",))]

    def by_years(measure: str, **where: str) -> list[Cell]:
        return [view.figure(measure, year=year, **where) for year in years]

    rows += [Row(style, (name, *by_years(f"agreed.{column}"))) for name, column, style in said]
    rows.append(Row("group", ("Who bears it",)))
    for bearer in shared["bearer"].drop_duplicates():
        rows.append(Row("line", (who(view, bearer), *by_years("borne", bearer=bearer))))
    rows.append(Row("total", ("Variance", *by_years("borne"))))
    return Sheet(
        "Risk share",
        f"What each partner bears: {view.perimeter}",
        (
            f"{own if view.agreement == OWN_AGREEMENT else view.agreement.title} on closing "
            "spending − agreed budget, line by line; never on "
            "growth over the opening. Positive is a cost, in (brackets) a relief.",
            *by_method(view),
            *no_shares(view),
        ),
        (Heading("Budget and bearer", width=44), *by_year(years)),
        tuple(rows),
    )  # fmt: skip
