"""The pages of the agreement: who settles what, how each share was worked, and the rules."""

from typing import Any, Final

import pandas as pd

from bcf_model.figures import Figure
from bcf_model.report.sheets import (
    Cell,
    Heading,
    InRow,
    Money,
    Number,
    Row,
    RuleInForce,
    Sheet,
    Together,
)
from bcf_model.results import Results
from bcf_model.tables import Rules, fields, records
from bcf_model.vocabulary import BEARER_KINDS, HELD, NONE, OUTSIDE
from bcf_model.years import whole_year

_IN_THE_POOL: Final = next(iter(HELD))


def names_of(results: Results) -> dict[str, str]:
    """Give the full name of every party by its code; a place is its own name."""
    names: dict[str, str] = {}
    for frame, code in (
        (results.inputs.organisations, "organisation"),
        (results.inputs.reserves, "reserve"),
    ):
        names |= dict(zip(frame[code], frame["name"], strict=True))
    return names


def other_bearers(results: Results) -> list[str]:
    """List those who bear a part and are no partner: providers, reserves, places."""
    settled = results.outputs["settlement"]
    bears = settled[(settled["party_kind"] != "partner")]
    return bears["party"].tolist()


def settlement(results: Results) -> Sheet:
    """What each partner pays or receives, so that each bears what the agreement says."""
    settled, names = results.outputs["settlement"], names_of(results)
    partners = settled[settled["party"].isin(results.inputs.organisations["organisation"])]
    partners = partners[partners["party_kind"] == "partner"]
    apart = bool((settled["met_outside"] != 0).any())
    rows = [Row("group", ("Partners",))]
    for party in records(partners):
        rows.append(_party_row(names[party.party], party, apart))
    others = other_bearers(results)
    if others or apart:
        rows.append(Row("group", ("What no partner pays into the pool",)))
    kinds = dict(zip(settled["party"], settled["party_kind"], strict=True))
    for code in others:
        figure = Figure.of("borne", bearer=code)
        cells: tuple[Cell, ...] = (
            names.get(code, code.capitalize()), None, None, figure, None, figure,
            BEARER_KINDS[kinds[code]],
        )  # fmt: skip
        rows.append(Row("line", cells))
    outside = Figure.of("borne", held=OUTSIDE, bearer="+".join(partners["party"]))
    if apart:
        said = "Met by partners outside the pool"
        rows.append(
            Row("line", (said, None, None, None, None, outside, "Settled outside the pool"))
        )
    total = Together((Figure.of("borne"),), (Figure.of("variance"),))
    rows.append(
        Row(
            "total",
            (
                "All", Money(int(settled["contribution"].sum())), Figure.of("variance"),
                Figure.of("borne"), outside if apart else None, total, "Payments come to nil",
            ),
        )
    )  # fmt: skip
    basis = settled["contribution_basis"].iloc[0] if len(settled) else ""
    return Sheet(
        "Settlement",
        "Settlement between the partners",
        (
            "Each partner has already paid for the variance on its own budget lines. Its balancing "
            "payment is what it bears in the pool less that: above nil it pays, (in brackets) it "
            "receives.",
            f"Contribution: {basis}.",
        ),
        (
            Heading("Party", width=44),
            Heading("Contribution", "money", 14),
            Heading("Variance on own lines", "money", 14),
            Heading("Borne", "money", 13),
            Heading("Of which outside the pool", "money", 14),
            Heading("Balancing payment", "money", 14),
            Heading("Note", width=44),
        ),
        tuple(rows),
    )


def _party_row(name: str, party: Any, apart: bool) -> Row:
    own = Figure.of("variance", organisation=party.party)
    borne = Figure.of("borne", bearer=party.party)
    outside = Figure.of("borne", bearer=party.party, held=OUTSIDE)
    payment = Together((borne,), (own, outside) if apart else (own,))
    due = "pays" if party.balancing_payment > 0 else "receives"
    return Row(
        "line",
        (
            name, Money(party.contribution), own, borne, outside if apart else None, payment,
            due if party.balancing_payment else "nothing to pay",
        ),
    )  # fmt: skip


def transfers(results: Results) -> Sheet:
    """The lines by which one partner pays another, and what is spent without them."""
    names, lines = names_of(results), results.figures.tables["lines"]
    flagged = lines[(lines["transfer_to"] != "") & (lines["pooling"] == "pooled")]
    rows = []
    for line in records(flagged):
        chosen = {"scheme": line.scheme_id}
        figures = [Figure.of(m, **chosen) for m in ("budget", "expenditure", "variance")]
        parties = (names[str(line.organisation)], names[line.transfer_to])
        rows.append(Row("line", (line.scheme, line.scheme_id, *parties, *figures)))
    whole = [Figure.of(m) for m in ("budget", "expenditure", "variance")]
    to = "+".join(flagged["transfer_to"].unique())
    gone = [Figure.of(m, transfer=to) for m in ("budget", "expenditure", "variance")]
    net = [Together((all_of_it,), (part,)) for all_of_it, part in zip(whole, gone, strict=True)]
    nothing = (None, None, None)
    rows.append(Row("subtotal", ("Transfers between partners", *nothing, *gone)))
    rows.append(Row("subtotal", ("The pool, gross", *nothing, *whole)))
    rows.append(Row("total", ("The pool, net of transfers", *nothing, *net)))
    return Sheet(
        "Transfers",
        "Transfers between partners",
        (
            "Lines by which one partner pays another. They stand in the pool's totals like any "
            "line: where the partner that is paid spends the money through lines of its own, it "
            "is in the gross totals twice, and once in the net ones.",
        ),
        (
            Heading("Scheme", width=52),
            Heading("Scheme id", width=13),
            Heading("From", width=24),
            Heading("To", width=24),
            *(Heading(name, "money", 13) for name in ("Budget", "Expenditure", "Variance")),
        ),
        tuple(rows),
    )


def reserves(results: Results) -> Sheet:
    """What became of each reserve."""
    return _of_table(
        results,
        "reserves",
        "Reserves",
        "Reserves named by the agreement",
        (
            "Closing = released − borne. Borne is what a reserve met of overspends, less what "
            "was paid into it from underspends.",
        ),
        {
            "reserve": Heading("Reserve", width=12),
            "name": Heading("Name", width=34),
            "reserve_kind": Heading("Kind", width=22),
            "opening": Heading("Opening", "exact", 16),
            "released": Heading("Released", "exact", 16),
            "unreleased": Heading("Not released", "exact", 16),
            "unreleased_to": Heading("Kept by", width=12),
            "borne": Heading("Borne", "exact", 16),
            "closing": Heading("Closing", "exact", 16),
            "released_by": Heading("Released by", width=14),
        },
    )


def payments(results: Results) -> Sheet:
    """Payment by activity: what is paid above or below plan, and what is not."""
    return _of_table(
        results,
        "payments",
        "Payments",
        "Payment by activity, before the risk share",
        (
            "Difference is (actual − planned) × price: the variance at full price. What is paid "
            "of it stays in the expenditure of the pool; what is unpaid is the provider's, a memo "
            "beside the pool.",
        ),
        {
            "scheme_id": Heading("Scheme id", width=15),
            "provider": Heading("Provider", width=12),
            "counted_in": Heading("Counted in", width=24),
            "planned": Heading("Planned", "number", 11),
            "actual": Heading("Actual", "number", 11),
            "price": Heading("Price", "exact", 13),
            "difference": Heading("Difference at full price", "exact", 18),
            "reopens_at": Heading("Reopens at", "rate", 10),
            "point": Heading("The same", "exact", 18),
            "within": Heading("Difference up to there", "exact", 18),
            "share": Heading("Paid up to there", "rate", 10),
            "share_beyond": Heading("Paid beyond", "rate", 10),
            "paid": Heading("Paid", "exact", 18),
            "unpaid": Heading("Unpaid", "exact", 18),
            "clause": Heading("Clause", width=44),
        },
    )


def causes(results: Results) -> Sheet:
    """The parts of variances that were attributed to a cause."""
    return _of_table(
        results,
        "causes",
        "Causes",
        "Variances attributed to a cause",
        ("These amounts are taken out of their line's variance, and ruled by themselves.",),
        {
            "scheme_id": Heading("Scheme id", width=15),
            "cause": Heading("Cause", width=20),
            "amount": Heading("Amount", "exact", 18),
            "pot": Heading("Pot", width=44),
            "evidence": Heading("Evidence", width=44),
            "source": Heading("Source", width=24),
            "note": Heading("Remark", width=30),
        },
    )


def _of_table(
    results: Results,
    table: str,
    name: str,
    title: str,
    about: tuple[str, ...],
    headings: dict[str, Heading],
) -> Sheet:
    count = len(results.figures.tables[table])
    rows = tuple(
        Row("line", tuple(InRow(table, column, i) for column in headings)) for i in range(count)
    )
    return Sheet(name, title, about, tuple(headings.values()), rows)


_SHARE_HEADINGS: Final = {
    "pot": Heading("Pot", width=30),
    "netted": Heading("Netting group", width=26, for_formulas=True),
    "scope": Heading("Scope", width=18),
    "rule_id": Heading("Rule id", width=9),
    "basis": Heading("Basis", width=12),
    "direction": Heading("Direction", width=10),
    "step": Heading("Step", "number", 6),
    "band_from": Heading("Band from", width=11),
    "band_to": Heading("Band to", width=11),
    "call": Heading("Call", width=36),
    "against": Heading("Other side", width=36, for_formulas=True),
    "entry": Heading("Row of the pot", "number", 8, for_formulas=True),
    "position": Heading("Position", "number", 9, for_formulas=True),
    "bearer": Heading("Bearer", width=16),
    "bearer_kind": Heading("Kind of bearer", width=16),
    "theme": Heading("Theme", width=9),
    "category": Heading("Category", width=11),
    "kind": Heading("Kind", width=9),
    "grant": Heading("Grant", width=10),
    "cause": Heading("Cause", width=16),
    "variance": Heading("Variance of the pot", "exact", 18),
    "budget": Heading("Budget of the pot", "exact", 18),
    "offered": Heading("Offered to the step", "exact", 18),
    "floor": Heading("Band begins", "exact", 16),
    "ceiling": Heading("Band ends", "exact", 16),
    "slice": Heading("Slice in the band", "exact", 18),
    "weight": Heading("Weight", "number", 10),
    "cumulative_weight": Heading("Cumulative weight", "number", 12),
    "total_weight": Heading("Total weight", "number", 10),
    "share": Heading("Share before limit", "exact", 18),
    "limit_stated": Heading("Limit", width=13),
    "limit": Heading("Limit or balance", "exact", 16),
    "available": Heading("Left in the reserve", "exact", 16),
    "borne": Heading("Borne", "exact", 18),
    "held": Heading("Held", width=16),
    "clause": Heading("Clause", width=56),
}


def workings(results: Results) -> Sheet:
    """The risk share's working paper: every pot, its bearers, weights and shares."""
    shares = results.figures.tables["shares"]
    idle = _idle(shares)
    headings = {name: h for name, h in _SHARE_HEADINGS.items() if name not in idle}
    rows = tuple(
        Row("line", (*(InRow("shares", column, i) for column in headings), RuleInForce(i)))
        for i in range(len(shares))
    )
    return Sheet(
        "Workings",
        "Risk share, worked",
        (
            "A pot is what is netted before it is shared. Each bearer in turn bears "
            "ROUND(slice × cumulative weight ÷ total weight) less the same for the bearers "
            "before it; where nothing divides a variance first, its slice is all of it. The parts "
            "add up to the variance, to the penny.",
        ),
        (*headings.values(), Heading("Rule", width=18)),
        rows,
        opening=False,
        in_workbook=(
            "Which lines make a pot, and which rule applies to it, is fixed when the report is "
            "made. If a change turns a netting group from over to under, the last column says that "
            "its rule is no longer in force, and the check fails: make the report again.",
        ),
    )


def _idle(shares: pd.DataFrame) -> set[str]:
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
        "budget": in_percent,
        "offered": len(set(shares["step"])) > 1,
        "share": limited or reserve,
        "limit_stated": limited,
        "limit": limited or reserve,
        "available": reserve,
        "held": (shares["held"] != _IN_THE_POOL).any(),
    }
    return {name for name, is_used in used.items() if not is_used}


_RULE_HEADINGS: Final = {
    "rule_id": Heading("Rule", width=10),
    "scope": Heading("Scope", width=22),
    "direction": Heading("Direction", width=10),
    "step": Heading("Step", "number", 6),
    "band_from": Heading("Band from", width=11),
    "band_to": Heading("Band to", width=11),
    "basis": Heading("Basis", width=13),
    "bearer": Heading("Bearer", width=18),
    "share": Heading("Share %", "number", 9),
    "limit": Heading("Limit", width=13),
    "netting": Heading("Netting", width=10),
    "version": Heading("Contributions", width=14),
    "measured_over": Heading("Measured over", width=16),
    "without": Heading("Without", width=18),
    "held": Heading("Held", width=16),
    "in_force_from": Heading("In force from", width=12),
    "in_force_to": Heading("In force to", width=12),
    "clause": Heading("Clause", width=60),
    "source": Heading("Source", width=16),
    "note": Heading("Remark", width=44),
}


def rules(results: Results) -> Sheet:
    """The agreement as data: one row per scope, direction, step, band and bearer."""
    frame = results.inputs.rules
    defaults = {meaning.name: meaning.default for meaning in fields(Rules)}
    headings = {
        name: heading
        for name, heading in _RULE_HEADINGS.items()
        if defaults[name] is None or name == "share" or (frame[name] != defaults[name]).any()
    }
    year = results.inputs.settings.financial_year
    rows = tuple(
        Row(
            "line",
            (
                *(_of_rule(rule, name) for name in headings),
                "in force"
                if whole_year(year, rule.in_force_from, rule.in_force_to)
                else "not in force for this whole year",
            ),
        )
        for rule in records(frame)
    )
    return Sheet(
        "Rules",
        "The risk share rules in force",
        (
            "As given in rules.csv. Nothing is borne that a row here does not say.",
            "Whether a scope is over or under, and so which of its rows apply, is decided by the "
            "net variance of what is netted, revenue and capital each by its own; nil counts as "
            "over. Steps follow one another: each is offered what the earlier ones left.",
        ),
        (*headings.values(), Heading("Standing", width=20)),
        rows,
        opening=False,
    )


def _of_rule(rule: Any, name: str) -> Cell:
    value = getattr(rule, name)
    if name == "share":
        return Number(value / 10**6)
    return Number(value) if name == "step" else str(value)
