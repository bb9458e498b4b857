"""The pages of the report, in the order they are read."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from bcf_model.core.errors import NotHeld
from bcf_model.core.expressions import NIL, If
from bcf_model.core.figures import MEASURES, Figure, Unstated, blank_reason, unstated_reason
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import records, rows_of_each
from bcf_model.core.words import KINDS, NOT_STATED
from bcf_model.publish.agreement_pages import (
    AMOUNTS,
    HOLDER_NOT_STATED,
    label_of,
    names_of,
    other_bearers,
    partners,
    rules,
    settlement,
    transfers,
)
from bcf_model.publish.assurance import assurance
from bcf_model.publish.indicator_pages import indicator_pages
from bcf_model.publish.page import Cell, Heading, Row, Sheet, Style, given, heads
from bcf_model.publish.reference_pages import dictionary, findings, lines, published
from bcf_model.publish.table_pages import (
    budgets,
    causes,
    limits,
    parts,
    payments,
    reserves,
    workings,
)
from bcf_model.year.results import Results

VARIANCE_COLUMNS: Final = (*AMOUNTS, "variance_percent")


def sheets(results: Results, versions: Mapping[str, str] | None = None) -> tuple[Sheet, ...]:
    """Lay out the whole report, in the order it is read; with the versions it was made with."""
    facts = results.inputs
    return (
        summary(results),
        by_theme_and_organisation(results),
        risk_share(results),
        settlement(results),
        *((reserves(results),) if len(facts.reserves) else ()),
        *((limits(results),) if len(results.figures.tables["limits"]) else ()),
        *((payments(results),) if len(facts.payments) else ()),
        *((transfers(results),) if _has_transfers(facts.schemes) else ()),
        revenue_and_capital(results),
        memo(results),
        largest(results),
        *indicator_pages(results),
        *((next_year(results),) if _both_years_stated(results) else ()),
        published(results),
        workings(results),
        *((causes(results),) if len(facts.causes) else ()),
        *((parts(results),) if len(results.figures.tables["parts"]) else ()),
        lines(results),
        *((budgets(results),) if len(results.figures.tables["budgets"]) else ()),
        rules(results),
        findings(results),
        assurance(results, versions or {}),
        dictionary(results),
    )


def _money_headings(results: Results, width: int = 13) -> tuple[Heading, ...]:
    return (
        *(Heading(label_of(results, m), "money", width) for m in AMOUNTS),
        Heading("Variance %", "rate", 11),
    )


def _figures(**selected: str) -> tuple[Figure, ...]:
    return tuple(Figure.of(measure, **selected) for measure in VARIANCE_COLUMNS)


def _amounts(results: Results, **selected: str) -> tuple[Cell, ...]:
    """Return the figures of some lines, and why one of them is blank."""
    return (*_figures(**selected), _because(results, None, **selected))


def _because(results: Results, borne: Figure | None = None, **selected: str) -> Cell:
    """Choose why something in a row is blank: its percentage, or what needs what is not stated.

    Args:
        results: of the year.
        borne: what the row's bearer bears; None where the row has none.
        selected: what the row's amounts are of.
    """
    figures, shared = results.figures, _not_shared(results.figures, borne)

    def because(reason: str) -> str:
        return "; ".join(filter(None, (shared, reason)))

    budget, spent = (Figure.of(name, **selected) for name in ("budget", "expenditure"))
    lost = unstated_reason(budget=not figures.lacks(budget), expenditure=not figures.lacks(spent))
    below = If(NIL - budget, because(blank_reason(-1)), because(blank_reason(0)))
    of_budget = because("") if figures.lacks(budget) else If(budget, because(""), below)
    return If(Unstated(budget) + Unstated(spent), because(lost), of_budget) if lost else of_budget


def _not_shared(figures: Ledger, borne: Figure | None) -> str:
    """Return why what is borne in a row is blank; "" where it is not."""
    if borne is None or not figures.lacks(borne):
        return ""
    never = figures.not_given(borne)
    return f"no share: {never}" if never else "share not known"


def _position(
    results: Results, style: Style, name: str, organisation: str = "", **selected: str
) -> Row:
    """Return the row of an organisation (or of all): its own lines, and what it bears."""
    own = selected | ({"organisation": organisation} if organisation else {})
    bearer = selected | ({"bearer": organisation} if organisation else {})
    borne = None if organisation == NOT_STATED else Figure.of("borne", **bearer)
    return Row(style, (name, *_figures(**own), borne, _because(results, borne, **own)))


def _position_headings(results: Results, first: str, width: int) -> tuple[Heading, ...]:
    return (
        Heading(first, width=width),
        *_money_headings(results),
        Heading(results.inputs.settings.standing.borne, "money", 13),
        Heading("Note", width=24),
    )


def _has_transfers(schemes: pd.DataFrame) -> bool:
    return bool(((schemes["transfer_to"] != "") & (schemes["pooling"] == "pooled")).any())


def _others(results: Results, style: Style = "line", **selected: str) -> list[Row]:
    """Return the rows of those who bear a part and hold no budget line: reserves, and the like."""
    names, rows = names_of(results), []
    for code in other_bearers(results):
        borne = Figure.of("borne", bearer=code, **selected)
        if len(results.figures.rows(borne)):
            rows.append(Row(style, (names[code], None, None, None, None, borne, None)))
        elif (why := results.figures.lacks(borne)) and not results.figures.not_given(borne):
            rows.append(Row(style, (names[code], None, None, None, None, borne, why)))
    return rows


def partner_names(results: Results) -> dict[str, str]:
    """Return each partner's full name by its code, in the order the agreement names them."""
    names = names_of(results)
    return {code: names[code] for code in partners(results)}


def holder_names(results: Results) -> dict[str, str]:
    """Return the name of each partner; at last what lines are called that nobody holds."""
    held = (results.figures.tables["lines"]["organisation"] == NOT_STATED).any()
    return partner_names(results) | ({NOT_STATED: HOLDER_NOT_STATED} if held else {})


def theme_names(results: Results) -> dict[str, str]:
    """Return each theme's code and name, as printed, by its code."""
    frame = results.inputs.themes
    return {
        code: f"{code} {name}" for code, name in zip(frame["theme"], frame["name"], strict=True)
    }


def summary(results: Results) -> Sheet:
    """The headline: every theme, and the position of every organisation."""
    settings = results.inputs.settings
    rows = [Row("group", ("By theme",))]
    for code, name in theme_names(results).items():
        rows.append(Row("line", (name, *_figures(theme=code), None, _because(results, theme=code))))
    rows.append(Row("total", ("Total of the pool", *_figures(), None, _because(results))))
    others = _others(results)
    rows.append(Row("group", (f"By organisation{', and who else bears' if others else ''}",)))
    rows += [_position(results, "line", name, code) for code, name in holder_names(results).items()]
    rows += others
    rows.append(_position(results, "total", "All together" if others else "All organisations"))
    return Sheet(
        "Summary",
        settings.standing.headed(settings.day),
        (
            "Variance is expenditure − budget: positive is an overspend.",
            "Borne is what each, over all themes, bears of it under the agreement; in (brackets), "
            "what it is relieved of.",
            *settings.standing.about_shares,
        ),
        _position_headings(results, "Position", 48),
        tuple(rows),
    )


def by_theme_and_organisation(results: Results) -> Sheet:
    """The paper's table: every line by theme and organisation, with subtotals and totals."""
    lines = dict(rows_of_each(results.outputs["variance"], "theme", "organisation"))
    source = dict(
        zip(results.inputs.schemes["scheme_id"], results.inputs.schemes["source"], strict=True)
    )
    organisations = holder_names(results)
    rows: list[Row] = []
    for theme, theme_name in theme_names(results).items():
        rows.append(Row("group", (theme_name,)))
        for organisation, name in organisations.items():
            chosen = lines.get((theme, organisation))
            if chosen is None and organisation == NOT_STATED:
                continue
            if chosen is None:
                rows.append(Row("heading", (f"{name}: no scheme in the pool",)))
                continue
            rows.append(Row("heading", (name,)))
            for line in records(chosen):
                code = line.scheme_id
                of_line = _amounts(results, scheme=code)
                cells = (line.scheme, code, line.category, *of_line, source[code])
                rows.append(Row("line", cells))
            own = _amounts(results, theme=theme, organisation=organisation)
            rows.append(Row("subtotal", (f"Sub total, {name}", None, None, *own)))
        of_theme = _amounts(results, theme=theme)
        rows.append(Row("total", (f"Theme {theme} total", None, None, *of_theme)))
    rows.append(Row("total", ("Total of the pool", None, None, *_amounts(results))))
    return Sheet(
        "Variance",
        "Budget, expenditure and variance by theme and organisation",
        (),
        (
            *heads(scheme=58, scheme_id=13, category=10),
            *_money_headings(results),
            *heads(note=24, source=24),
        ),
        tuple(rows),
        in_workbook=("Lines, subtotals and totals are formulas over the Inputs page.",),
    )


def risk_share(results: Results) -> Sheet:
    """The risk share summary: own lines and what is borne, by category group and organisation."""
    names = holder_names(results)
    said = dict(
        zip(results.inputs.categories["category"], results.inputs.categories["name"], strict=True)
    )
    said[NOT_STATED] = "nothing is borne through it"
    frame = results.outputs["risk_share_summary"]
    rows: list[Row] = []
    for group in results.groups:
        own = frame[frame["category_group"] == group]
        meaning = "; ".join(said[code] for code in group.split("+"))
        shown = "Category not stated" if group == NOT_STATED else group.replace("+", " + ")
        rows.append(Row("group", (f"{shown}: {meaning}",)))
        rows += [
            _position(results, "line", names[code], code, category=group)
            for code in own["organisation"]
            if code in names
        ]
        rows += _others(results, category=group)
    rows.append(Row("group", ("Summary",)))
    rows += [_position(results, "subtotal", name, code) for code, name in names.items()]
    rows += _others(results, "subtotal")
    rows.append(_position(results, "total", "Total of the pool"))
    return Sheet(
        "Risk share",
        "Risk share summary",
        (
            "Budget, expenditure and variance are those of the organisation's own budget lines; "
            "borne is its part of the variance under the agreement (see Rules and Workings).",
            *results.inputs.settings.standing.about_shares,
        ),
        _position_headings(results, "Category and organisation", 58),
        tuple(rows),
    )


def revenue_and_capital(results: Results) -> Sheet:
    """Both positions and the combined one: an underspend on capital offsets no revenue."""
    names = holder_names(results)
    frame = results.outputs["revenue_capital"]
    rows: list[Row] = []
    for kind in KINDS:
        own = frame[frame["kind"] == kind]
        if own.empty:
            continue
        rows.append(Row("group", (kind.capitalize(),)))
        rows += [
            _position(results, "line", names[code], code, kind=kind)
            for code in own["organisation"]
            if code in names
        ]
        rows += _others(results, kind=kind)
        rows.append(_position(results, "subtotal", f"{kind.capitalize()} position", kind=kind))
    rows.append(_position(results, "total", "Combined position"))
    return Sheet(
        "Revenue and capital",
        "Revenue and capital, kept apart",
        (
            "An underspend on a capital grant does not offset an overspend on revenue: they are "
            "never netted before they are shared. The combined position is for information.",
            *results.inputs.settings.standing.about_shares,
        ),
        _position_headings(results, "Kind and organisation", 48),
        tuple(rows),
    )


def memo(results: Results) -> Sheet:
    """Aligned budgets, outside the pool; beside the pool's own for each theme they belong to."""
    names, themes = names_of(results), theme_names(results)
    frame = results.outputs["memo"]
    rows: list[Row] = []
    for (code,), of_theme in rows_of_each(frame, "theme"):
        rows.append(Row("group", (themes[code],)))
        for line in records(of_theme):
            own = _amounts(results, scheme=line.scheme_id, pooling="aligned")
            rows.append(Row("line", (f"{line.scheme} ({names[line.organisation]})", *own)))
        sums: tuple[tuple[str, str, Style], ...] = (
            ("Aligned, outside the pool", "aligned", "subtotal"),
            ("In the pool", "pooled", "subtotal"),
            ("Both together", "pooled+aligned", "total"),
        )
        for said, pooling, style in sums:
            rows.append(Row(style, (said, *_amounts(results, theme=code, pooling=pooling))))
    if frame.empty:
        rows.append(Row("heading", ("No budget is aligned to this pool.",)))
    return Sheet(
        "Memo",
        "Memo: aligned budgets, outside the pool",
        ("These lines are no part of the pool: they enter no total and no risk share.",),
        (Heading("Budget line", width=58), *_money_headings(results), Heading("Note", width=24)),
        tuple(rows),
    )


BUDGET_MEASURES: Final = ("budget", "closing_budget", "next_initial_budget", "budget_change")


def _both_years_stated(results: Results) -> bool:
    """Return whether there is a change from the year's closing budget to the next one's initial."""
    try:
        results.figures.value(Figure.of("budget_change"))
    except NotHeld:
        return False
    return True


def next_year(results: Results) -> Sheet:
    """From the closing budget to next year's initial budget, by theme and kind."""
    reasons: dict[str, None] = {}

    def row(style: Style, name: str, **selected: str) -> Row:
        figures = [Figure.of(m, **selected) for m in BUDGET_MEASURES]
        held = [given(results.figures, figure) for figure in figures]
        whys = [results.figures.lacks(figure) for figure in held if figure]
        reasons.update(dict.fromkeys(filter(None, whys)))
        return Row(style, (name, *held))

    kinds = results.figures.tables["budgets"]["kind"].unique()
    rows = [row("line", name, theme=code) for code, name in theme_names(results).items()]
    rows += [row("subtotal", kind.capitalize(), kind=kind) for kind in KINDS if kind in kinds]
    rows.append(row("total", "Total"))
    return Sheet(
        "Next year",
        "From this year's budget to next year's",
        (
            "The closing budget and next year's initial one are as stated in budgets.csv; change "
            "is the second less the first: positive is growth.",
            "The budget of the lines is what the variances of this report are measured from. It "
            "is another statement than the closing budget: where they differ, nothing here says "
            "why.",
            *(f"Blank: {reason}." for reason in reasons),
        ),
        (
            Heading("Theme", width=48),
            Heading("Budget of the lines", "money", 14),
            *(Heading(MEASURES[m].label, "money", 14) for m in BUDGET_MEASURES[1:]),
        ),
        tuple(rows),
    )


def largest(results: Results) -> Sheet:
    """Variances over the thresholds, largest first, each with its reason or the lack of one."""
    limits = results.inputs.settings.commentary
    names = names_of(results)
    with_action = any(
        (it["action"] != "").any() for it in (results.commentary, results.volunteered)
    )

    def explained(line: Any) -> Row:
        pooling = {} if line.pooling == "pooled" else {"pooling": line.pooling}
        figures = _figures(scheme=line.scheme_id, **pooling)
        reason = line.reason or "No reason given"
        holder = names[line.organisation]
        said = (reason, *((line.action,) if with_action else ()), line.owner)
        return Row("line", (line.scheme, line.scheme_id, holder, *figures, *said))

    rows = [explained(line) for line in records(results.commentary)]
    without = int((results.commentary["reason"] == "").sum())
    if not rows:
        rows.append(Row("heading", ("No variance is above the thresholds.",)))
    if len(results.volunteered):
        rows.append(Row("group", ("Reasons given for other lines",)))
        rows += [explained(line) for line in records(results.volunteered)]
    return Sheet(
        "Largest variances",
        "Largest variances and their reasons",
        (
            f"Lines more than £{limits.over_pounds:,} and more than {limits.over_percent:g}% over "
            "or under budget; where the budget is nil or negative, pounds alone decide.",
            f"{len(results.commentary)} lines; {without} of them without a reason.",
        ),
        (
            *heads(scheme=40, scheme_id=13, budget_holder=24),
            *_money_headings(results),
            *heads(reason=44, **({"action": 36} if with_action else {}), given_by=16),
        ),
        tuple(rows),
    )
