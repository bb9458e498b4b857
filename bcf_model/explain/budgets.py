"""Figures over stated budgets: which rows of which version, and where each is stated."""

from bcf_model.core.expressions import columns_in, evaluate
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.money import sterling
from bcf_model.core.years import spoken
from bcf_model.explain.facts import Facts
from bcf_model.explain.lines import not_given, selected
from bcf_model.explain.tree import Node


def of_budgets(facts: Facts, figure: Figure) -> Node:
    """Explain a figure over stated budgets: row by row, as they stand in budgets.csv."""
    measure = MEASURES[figure.measure]
    if facts.figures.lacks(figure):
        return not_given(facts, figure, ())
    pence = facts.figures.pence(figure)
    names = columns_in(measure.expression)
    columns = {name: facts.figures.column("budgets", name) for name in names}
    steps = [facts.figures.column("budgets", f"{name}_step") for name in names]
    rows = [i for i in facts.figures.rows(figure).tolist() if any(step[i] for step in steps)]

    def amount(i: int) -> int:
        return int(evaluate(measure.expression, lambda leaf: columns[leaf.name][i]))

    versions = facts.inputs.settings.budgets
    which = {"closing_budget": versions.closing, "next_initial_budget": versions.next_initial}
    told = "; ".join(f"the {MEASURES[name].label.lower()} is {which[name]!r}" for name in names)
    return Node(
        str(figure),
        pence,
        formula=figure.words,
        said=(
            f"{measure.meaning}.",
            *selected(facts, figure),
            f"Of the versions of budgets.csv, {told}, as the settings of the pool say.",
            *_beside_the_lines(facts, figure),
            f"{len(rows):,} row{'' if len(rows) == 1 else 's'}.",
            *facts.in_unit(pence),
        ),
        refers_to=str(figure),
        children=facts.parts(rows, amount, lambda i: _row(facts, i, amount(i)), "rows"),
    )


def _beside_the_lines(facts: Facts, figure: Figure) -> tuple[str, ...]:
    """Return by how much a closing budget is another than the budget of the year's lines."""
    if figure.measure != "closing_budget":
        return ()
    of_lines = Figure("budget", figure.selection)
    if lost := facts.figures.lacks(of_lines):
        return (f"It cannot be set against the budget of the year's lines: {lost}.",)
    lines = facts.figures.pence(of_lines)
    apart = facts.figures.pence(figure) - lines
    if not apart:
        return ("The budget of the year's lines is the same.",)
    return (
        f"The budget of the year's lines, {sterling(lines)}, is another statement: this one is "
        f"{sterling(abs(apart))} {'more' if apart > 0 else 'less'}, and nothing here says why.",
    )


def _row(facts: Facts, i: int, pence: int) -> Node:
    row = facts.row("budgets", i)
    theme = facts.names["themes"].get(row["theme"], "")
    of = row["scheme_id"] or f"theme {row['theme']} {theme}, {row['kind']}"
    step = row["closing_budget_step"] + row["next_initial_budget_step"]
    return Node(
        f"{row['version']}, {spoken(row['financial_year'])}: {of}",
        pence,
        adds=True,
        said=(
            *((f"It is stated to the nearest {sterling(step)}.",) if step > 1 else ()),
            *facts.remark("budgets", row["position"]),
        ),
        sources=facts.sources("budgets", row["position"]),
    )
