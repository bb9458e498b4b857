"""The pages of a comparison: what each party bears under each agreement, of the same spending."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from bcf_model.core.figures import Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import label, shown
from bcf_model.core.tables import ComparisonOut, each, records
from bcf_model.core.words import UNPAID_ACTIVITY
from bcf_model.publish.agreement_pages import names_of
from bcf_model.publish.charts import Bar, Block
from bcf_model.publish.page import Heading, Money, Row, Sheet, Style, heads
from bcf_model.year.results import Results

_SETTLED: Final = ("borne", "difference", "balancing_payment")


def sheets(compared: pd.DataFrame, tried: Sequence[Results]) -> tuple[Sheet, ...]:
    """Lay out a comparison.

    Args:
        compared: `tables.ComparisonOut`.
        tried: the results under each agreement, the first being the one compared with.
    """
    return side_by_side(compared, tried), agreements(compared, tried), settlements(compared, tried)


def party_names(tried: Sequence[Results]) -> dict[str, str]:
    """Return the full name of every party that any agreement names."""
    names: dict[str, str] = {}
    for results in tried:
        names = names_of(results) | names
    return names


def _said(party: str, kind: str, names: dict[str, str]) -> str:
    name = names.get(party, party.capitalize())
    return f"{name} (unpaid, a memo)" if kind == UNPAID_ACTIVITY else name


def _variance(tried: Sequence[Results]) -> str:
    """Return what all parties bear together: prices matter where activity is paid for by itself."""
    paid = any(len(results.outputs["payments"]) for results in tried)
    return "Variance at full price" if paid else "Variance"


def side_by_side(compared: pd.DataFrame, tried: Sequence[Results]) -> Sheet:
    """One row per party, one column per agreement, and what each moves."""
    names, standing = party_names(tried), tried[0].inputs.settings.standing
    order, figures = [results.inputs.agreement.name for results in tried], ledger_of(compared)

    def row(style: Style, name: str, **where: str) -> Row:
        borne = (_money(figures, "borne", agreement=it, **where) for it in order)
        moved = (_money(figures, "difference", agreement=it, **where) for it in order[1:])
        return Row(style, (name, *borne, *moved))

    rows = [
        row("line", _said(party, kind, names), party=party, party_kind=kind)
        for party, kind in each(compared, "party", "party_kind")
    ]
    rows.append(row("total", _variance(tried)))
    return Sheet(
        "Comparison",
        "What each party bears under each agreement",
        (
            f"The same {standing.spending} under each agreement. Borne is positive where it costs "
            f"the party; 'less {order[0]}' is what an agreement moves, and comes to nil.",
            *standing.about_shares,
            "Agreements marked illustrative are no agreement anyone has made: see Agreements.",
            *not_given(compared, tried),
        ),
        (
            Heading("Party", width=48),
            *(Heading(name, "money", 16) for name in order),
            *(Heading(f"{name} less {order[0]}", "money", 18) for name in order[1:]),
        ),
        tuple(rows),
    )


def ledger_of(compared: pd.DataFrame) -> Ledger:
    """Return what gives figures of a comparison."""
    return Ledger.over({"comparison": compared}, {"comparison": ComparisonOut})


def _money(figures: Ledger, column: str, **where: str) -> Money | None:
    chosen = tuple((key, (value,)) for key, value in where.items())
    pence = figures.amount(Figure(f"comparison.{column}", chosen))
    return None if pence is None else Money(pence)


def not_given(compared: pd.DataFrame, tried: Sequence[Results]) -> list[str]:
    """Return why amounts are blank; nothing where none is."""
    lost = compared.loc[compared["borne"].isna(), "agreement"].unique().tolist()
    found = {r.inputs.agreement.name: r.figures.lacks(Figure.of("borne")) for r in tried}
    return [f"Blank under {name}: {found[name]}. That is not nil." for name in lost]


def agreements(compared: pd.DataFrame, tried: Sequence[Results]) -> Sheet:
    """What each agreement is, and how far it may be relied on."""
    rows = []
    for results in tried:
        about = results.inputs.agreement
        said = (about.name, about.title, about.status, about.source, about.note)
        rows.append(Row("line", (*said, _basis(results))))
    return Sheet(
        "Agreements",
        "The agreements compared",
        (f"{len(tried)} agreements, {compared['party'].nunique()} parties.",),
        (*heads(name=28, title=36, status=36, source=36, remark=60, contributions=36),),
        tuple(rows),
    )


def _basis(results: Results) -> str:
    return str(results.outputs["settlement"]["contribution_basis"].iloc[0])


def settlements(compared: pd.DataFrame, tried: Sequence[Results]) -> Sheet:
    """Agreement by agreement: what each party bears and pays."""
    names, standing = party_names(tried), tried[0].inputs.settings.standing
    rows, figures = [], ledger_of(compared)
    for results in tried:
        about = results.inputs.agreement
        rows.append(Row("group", (f"{about.name}: {about.title}",)))
        basis = _basis(results)
        said = [about.status] if about.status else []
        rows.append(Row("heading", (". ".join([*said, basis[:1].upper() + basis[1:]]) + ".",)))
        for party, kind in each(compared, "party", "party_kind"):
            where = {"agreement": about.name, "party": party, "party_kind": kind}
            borne, moved, pays = (_money(figures, it, **where) for it in _SETTLED)
            pays = pays if kind == "partner" else None
            rows.append(Row("line", (_said(party, kind, names), borne, moved, pays)))
        total = _money(figures, "borne", agreement=about.name)
        rows.append(Row("total", (_variance(tried), total, None, None)))
    return Sheet(
        "Settlements",
        "What each party bears and pays, agreement by agreement",
        (
            "A balancing payment above nil is paid by the partner, below nil received.",
            *standing.about_shares,
            *not_given(compared, tried),
            *met_outside(compared, tried),
        ),
        (
            Heading("Party", width=58),
            Heading(standing.borne, "money", 15),
            *heads("money", difference=15, balancing_payment=15),
        ),
        tuple(rows),
    )


def met_outside(compared: pd.DataFrame, tried: Sequence[Results]) -> list[str]:
    """Return what partners meet outside the pool: no payment goes with it."""
    names, unit = party_names(tried), tried[0].inputs.settings.unit
    return [
        f"Under {row.agreement}, {names.get(row.party, row.party)} meets {label(unit)} "
        f"{shown(row.met_outside, unit)} of it outside the pool, without a payment."
        for row in records(compared[(compared["met_outside"] != 0).fillna(value=False)])
    ]


def blocks(compared: pd.DataFrame, tried: Sequence[Results]) -> list[Block]:
    """Return the chart: for each agreement a bar for each party, by its code."""
    unit = tried[0].inputs.settings.unit
    found = []
    for (name,) in each(compared, "agreement"):
        of_agreement = compared[compared["agreement"] == name]
        bars = tuple(
            Bar(
                f"{line.party}, unpaid" if line.party_kind == UNPAID_ACTIVITY else line.party,
                int(line.borne),
                shown(int(line.borne), unit),
            )
            for line in records(of_agreement[of_agreement["borne"].notna()])
        )
        found.append(Block(name, label(unit), bars))
    return found
