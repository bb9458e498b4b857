"""Volume, mix and price of a line in a derivation: worked from its amounts and its numbers."""

from typing import Any, Final

from bcf_model.core.expressions import columns_in
from bcf_model.core.figures import MEASURES, VERSION, Figure
from bcf_model.core.worked_columns import in_row
from bcf_model.explain.facts import Facts, in_words, with_numbers
from bcf_model.explain.indicators import written
from bcf_model.explain.lines import line_of
from bcf_model.explain.tree import Node

_FORMS: Final = {"planned": "whole", "actual": "whole"}
_STEPS: Final = {
    "cost": ("What follows activity of the budget", "budget"),
    "spent": ("What follows activity of the expenditure", "given"),
}


def of_price_volume(facts: Facts, figure: Figure) -> Node:
    """Explain a number of the split of a variance by a planned volume."""
    measure = MEASURES[figure.measure]
    [column], [at] = columns_in(measure.expression), facts.figures.rows(figure).tolist()
    row = facts.row("price_volume", at)
    places = zip(facts.inputs.volumes["scheme_id"], facts.inputs.volumes[VERSION], strict=True)
    stated = [i for i, place in enumerate(places) if place == (row["scheme_id"], row[VERSION])]
    amount = facts.figures.value(figure) if measure.unit == "money" else None
    return Node(
        str(figure),
        None if amount is None else int(amount),
        number=written(facts.figures, figure) if measure.unit == "whole" else "",
        formula=_told(row, column, worked=False),
        worked="" if amount is None else _told(row, column, worked=True),
        said=(
            f"{measure.meaning}.",
            f"By the planned volume {row[VERSION]!r}.",
            *((f"{row['reason'][0].upper()}{row['reason'][1:]}.",) if row["reason"] else ()),
            *(text for i in stated for text in facts.remark("volumes", i)),
        ),
        sources=tuple(text for i in stated for text in facts.sources("volumes", i)),
        refers_to=str(figure),
        children=() if amount is None else (
            *(_part(row, name) for name in ("volume", "mix") if column == "price" and row[name]),
            *(_step(facts, row, name) for name in _STEPS),
        ),
    )  # fmt: skip


def _part(row: dict[str, Any], name: str) -> Node:
    """Explain a part of the split that is taken away to come to the price."""
    return Node(
        MEASURES[name].label,
        int(row[name]),
        formula=_told(row, name, worked=False),
        worked=_told(row, name, worked=True),
    )


def _step(facts: Facts, row: dict[str, Any], name: str) -> Node:
    """Explain what follows activity of an amount of the line, and that amount."""
    said, of_line = _STEPS[name]
    [at] = facts.rows_by("lines", "scheme_id")[row["scheme_id"]]
    return Node(
        said,
        int(row[name]),
        formula=_told(row, name, worked=False) or "as it is stated",
        worked=_told(row, name, worked=True),
        children=(line_of(facts, of_line, at)._replace(adds=False),),
    )


def _told(row: dict[str, Any], column: str, *, worked: bool) -> str:
    """Return how a column is worked out, in words or with its numbers; blank of a constant."""
    expression = in_row("price_volume", column, row)
    if expression is None:
        return ""
    forms = {**dict.fromkeys(row, "money"), **_FORMS}
    return with_numbers(expression, "price_volume", row, forms) if worked else in_words(expression)
