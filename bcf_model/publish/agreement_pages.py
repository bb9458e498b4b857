"""The pages of the agreement: who settles what, what partners pay each other, and the rules."""

from typing import Any, Final

from bcf_model.core.basis import Standing
from bcf_model.core.expressions import Total
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import MILLIONTHS, label, shown
from bcf_model.core.tables import Rules, records
from bcf_model.core.words import BEARER_KINDS, NOT_STATED, OUTSIDE
from bcf_model.core.years import touches, within_year
from bcf_model.publish.page import Cell, Heading, Money, Number, Row, Sheet, columns, heads
from bcf_model.publish.table_pages import without
from bcf_model.year.results import Results, known

AMOUNTS: Final = ("budget", "expenditure", "variance")
HOLDER_NOT_STATED: Final = "Holder not stated"
_CONTRIBUTED: Final = Total("contribution", table="settlement")


def label_of(results: Results, measure: str) -> str:
    """Return the heading of a measure's column: expenditure is called what it is."""
    if measure == "expenditure":
        return results.inputs.settings.standing.expenditure
    return MEASURES[measure].label


def names_of(results: Results) -> dict[str, str]:
    """Return the full name of every party by its code; a place is its own name."""
    names = {code: code.capitalize() for code in results.outputs["settlement"]["party"]}
    for frame, code in (
        (results.inputs.organisations, "organisation"),
        (results.inputs.reserves, "reserve"),
    ):
        names |= dict(zip(frame[code], frame["name"], strict=True))
    return names | {NOT_STATED: HOLDER_NOT_STATED}


def partners(results: Results) -> list[str]:
    """List the partners, in the order the agreement names them; a provider is none."""
    frame = results.inputs.organisations
    return frame.loc[frame["organisation_kind"] != "provider", "organisation"].tolist()


def other_bearers(results: Results) -> dict[str, str]:
    """Return who bears a part and is no partner, with its kind: providers, reserves, places."""
    settled = results.outputs["settlement"]
    kinds = zip(settled["party"], settled["party_kind"], strict=True)
    return {party: kind for party, kind in kinds if kind not in ("partner", NOT_STATED)}


def settlement(results: Results) -> Sheet:
    """What each partner pays or receives, so that each bears what the agreement says."""
    settled, names = results.outputs["settlement"], names_of(results)
    codes, others = partners(results), other_bearers(results)
    standing = results.inputs.settings.standing
    apart = bool((settled["met_outside"] != 0).fillna(value=True).any())
    rows = [Row("group", ("Partners",))]
    for party in records(settled[settled["party"].isin(codes)]):
        put_in = _put_in(results, party.contribution, organisation=party.party)
        rows.append(_party_row(names[party.party], party, put_in, apart, results.figures, standing))
    if NOT_STATED in settled["party"].tolist():
        own, note = Figure.of("variance", organisation=NOT_STATED), "Nobody says whose lines"
        rows.append(Row("line", (HOLDER_NOT_STATED, None, own, None, None, None, note)))
    if others or apart:
        rows.append(Row("group", ("What no partner pays into the pool",)))
    for code, kind in others.items():
        figure, note = Figure.of("borne", bearer=code), BEARER_KINDS[kind]
        rows.append(Row("line", (names[code], None, None, figure, None, figure, note)))
    outside = Figure.of("borne", held=OUTSIDE, bearer="+".join(codes))
    if apart:
        said, note = "Met by partners outside the pool", "Settled outside the pool"
        rows.append(Row("line", (said, None, None, None, None, outside, note)))
    variance, borne = Figure.of("variance"), Figure.of("borne")
    contributed = _put_in(results, results.figures.total(_CONTRIBUTED))
    total = borne - variance
    lost = results.figures.lacks(borne) or results.figures.lacks(variance)
    note = standing.share_note or "Payments come to nil"
    if lost and not standing.no_share:
        note = f"Not given: {lost}"
    rows.append(Row("total", ("All", contributed, variance, borne, outside, total, note)))
    basis = settled["contribution_basis"].iloc[0] if len(settled) else ""
    headings = [
        Heading("Party", width=44),
        *heads("money", contribution=14, variance_on_own_lines=14),
        Heading(standing.borne, "money", 14),
        *heads("money", of_which_outside_the_pool=14, balancing_payment=14),
        Heading("Note", width=52),
    ]
    if not apart:
        del headings[_OUTSIDE_AT]
        rows = [
            Row(row.style, (*row.cells[:_OUTSIDE_AT], *row.cells[_OUTSIDE_AT + 1 :]))
            for row in rows
        ]
    return Sheet(
        "Settlement",
        "Settlement between the partners",
        (
            "Each partner has already paid for the variance on its own budget lines. Its balancing "
            "payment is what it bears in the pool less that: above nil it pays, (in brackets) it "
            "receives.",
            *standing.about_shares,
            f"Contribution: {basis}.",
            *_not_settled(results),
        ),
        tuple(headings),
        tuple(rows),
    )


def _not_settled(results: Results) -> list[str]:
    """Return what contributions and budgets differ by: no payment of the settlement is for that."""
    unit = results.inputs.settings.unit
    put_in = results.figures.total(_CONTRIBUTED)
    budget = results.figures.value(Figure.of("budget"))
    if budget is None or put_in is None or put_in == budget:
        return []
    budget = int(budget)
    return [
        f"Contributions come to {label(unit)} {shown(put_in, unit)}, the budgets of the pool to "
        f"{shown(budget, unit)}: the difference, {shown(put_in - budget, unit)}, is not settled "
        "here."
    ]


_OUTSIDE_AT: Final = 4
"""The column of a settlement that is left out where partners meet nothing outside the pool."""


def _put_in(results: Results, pence: Any, **whose: str) -> Cell:
    """Return a contribution: as stated; where none is, the budget of the lines that stands in."""
    if results.inputs.contributions.empty:
        return Figure.of("budget", **whose)
    found = known(pence)
    return None if found is None else Money(found)


def _party_row(
    name: str, party: Any, put_in: Cell, apart: bool, figures: Ledger, standing: Standing
) -> Row:
    own = Figure.of("variance", organisation=party.party)
    borne = Figure.of("borne", bearer=party.party)
    outside = Figure.of("borne", bearer=party.party, held=OUTSIDE)
    payment: Cell = borne - own - outside if apart else borne - own
    if standing.no_share:
        note = standing.share_note
    elif known(party.balancing_payment) is None:
        reasons = [figures.lacks(figure) for figure in (borne, own) if figures.lacks(figure)]
        reasons = reasons or ["whose every line is, is not stated"]
        note, payment = f"Not given: {reasons[0]}", None
    else:
        due = "pays" if party.balancing_payment > 0 else "receives"
        note = due if party.balancing_payment else "nothing to pay"
    return Row("line", (name, put_in, own, borne, outside, payment, note))


def transfers(results: Results) -> Sheet:
    """The lines by which one partner pays another, and what is spent without them."""
    names, lines = names_of(results), results.figures.tables["lines"]
    flagged = lines[(lines["transfer_to"] != "") & (lines["pooling"] == "pooled")]

    def amounts(**selected: str) -> list[Figure]:
        return [Figure.of(measure, **selected) for measure in AMOUNTS]

    rows = []
    for line in records(flagged):
        parties = (names[str(line.organisation)], names[line.transfer_to])
        own = amounts(scheme=line.scheme_id)
        rows.append(Row("line", (line.scheme, line.scheme_id, *parties, *own)))
    gross, gone = amounts(), amounts(transfer="+".join(flagged["transfer_to"].unique()))
    net = [whole - part for whole, part in zip(gross, gone, strict=True)]
    nothing = (None, None, None)
    said = results.inputs.settings.transfers
    rows.append(Row("subtotal", ("Transfers between partners", *nothing, *gone)))
    rows.append(Row("subtotal", ("The pool, gross", *nothing, *gross)))
    rows.append(Row("total", ("The pool, net of transfers", *nothing, *net)))
    if said:
        rows.append(Row("heading", (said,)))
    return Sheet(
        "Transfers",
        "Transfers between partners",
        (
            "Lines by which one partner pays another. They stand in the pool's totals like any "
            "line: where the partner that is paid spends the money through lines of its own, it "
            "is in the gross totals twice, and once in the net ones.",
            "Net of transfers is net of these lines alone, each of which names its receiver in "
            "transfer_to.",
        ),
        (
            *heads(scheme=52, scheme_id=13, from_=(24, "From"), to=24),
            *(Heading(label_of(results, name), "money", 13) for name in AMOUNTS),
        ),
        tuple(rows),
    )


_RULE_HEADINGS: Final = (
    columns(rule_id=(10, "Rule"), scope=22, direction=11)
    | columns("number", step=6)
    | columns(band_from=12, band_to=12, basis=14, bearer=19)
    | columns("number", share=(22, "Share %"))
    | columns(limit=13, netting=11, version=(15, "Contributions"), measured_over=16, without=18)
    | columns(held=16, over_parts=11, in_force_from=13, in_force_to=12, clause=56, source=16)
    | columns(note=(40, "Remark"))
)
_SHARED_BY: Final = {
    "contribution": "by contribution",
    "commissioned": "by what each leads",
    "budget": "by own budget",
    "offset": "what the rest meets",
}
"""What is said for the share where a rule states none: its basis measures it."""


def rules(results: Results) -> Sheet:
    """The agreement as data: one row per scope, direction, step, band and bearer."""
    frame = results.inputs.rules
    idle = {
        it.name: (frame[it.name] == it.default).all()
        for it in Rules.fields
        if it.default is not None and it.name != "share"
    }
    headings = without(_RULE_HEADINGS, idle)
    year = results.inputs.settings.financial_year
    rows = tuple(
        Row("line", (*(_of_rule(rule, name) for name in headings), _standing(year, rule)))
        for rule in records(frame)
    )
    return Sheet(
        "Rules",
        "Risk share rules",
        (
            "As given in rules.csv. Nothing is borne that a row here does not say.",
            "Whether a scope is over or under, and so which of its rows apply, is decided by the "
            "net variance of what is netted, revenue and capital each by its own; nil counts as "
            "over. Steps follow one another: each is offered what the earlier ones left.",
            *(
                ("Limits over several of these rows are on the Limits page.",)
                if len(results.figures.tables["limits"])
                else ()
            ),
        ),
        (*headings.values(), Heading("Standing", width=18)),
        rows,
        opening=False,
        naming=2,
    )


def _standing(year: str, rule: Any) -> str:
    """Return whether a rule is in force: all of the year, some of it, or not at all."""
    days = (rule.in_force_from, rule.in_force_to)
    if within_year(year, *days):
        return "in force in a part of the year"
    return "in force" if touches(year, *days) else "not in force in this year"


def _of_rule(rule: Any, name: str) -> Cell:
    value = getattr(rule, name)
    if name == "share":
        return _SHARED_BY.get(rule.basis) or Number(value / MILLIONTHS)
    return Number(value) if name == "step" else str(value)
