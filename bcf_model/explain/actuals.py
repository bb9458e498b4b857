"""Amounts of a line that ledgers give: which rows of which extracts they are the sum of."""

from typing import Any

from bcf_model.core.basis import measures_of
from bcf_model.core.money import MILLIONTHS
from bcf_model.explain.facts import Facts, percentage
from bcf_model.explain.tree import Node


def from_ledgers(facts: Facts, code: str, column: str, sign: int = 1) -> tuple[Node, ...]:
    """Explain an amount of a line by what each ledger, period and rule gives it.

    Args:
        facts: the pool.
        code: of the line.
        column: budget or expenditure.
        sign: 1 where it is added to what is above, −1 where it is taken away.

    Returns:
        Nothing where no ledger gives it, or where it is stated, rounded, in schemes.csv as well.
    """
    inputs = facts.inputs
    if not len(inputs.actuals):
        return ()
    measures = measures_of(column, inputs.settings.basis)
    of_line = facts.once(_rows_by_scheme).get(code, [])
    rows = [i for i in of_line if facts.stated("actuals", i, "measure") in measures]
    given = int(facts.stated("schemes", code, column))
    pence = {i: int(facts.stated("actuals", i, "amount")) for i in rows}
    if not rows or sum(pence.values()) != given:
        return ()
    return facts.parts(
        rows, pence.__getitem__, lambda i: _row(facts, i, sign * pence[i]), "amounts of ledgers"
    )


def _rows_by_scheme(facts: Facts) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for i, code in enumerate(facts.inputs.actuals["scheme_id"].tolist()):
        found.setdefault(code, []).append(i)
    return found


def _row(facts: Facts, i: int, pence: int) -> Node:
    """Explain one row of actuals.csv: its lines, and where in the extract they stand."""
    row: dict[str, Any] = {
        name: facts.stated("actuals", i, name) for name in facts.inputs.actuals.columns
    }
    period = f"period {row['period']}" if row["period"] else "no period stated"
    rule = f", rule {row['rule']}" if row["rule"] else ""
    count = f"{row['lines']:,} line{'' if row['lines'] == 1 else 's'}"
    split = row["share"] != 100 * MILLIONTHS
    said = [f"{percentage(row['share'])} of {count}." if split else f"{count}."]
    said += [f"Remark: {row['note']}.".replace("..", ".")] if row["note"] else []
    sheet = f"sheet {row['sheet']}" if row["sheet"] else ""
    extract = ", ".join(it for it in (row["file"], sheet, row["cells"]) if it)
    places = facts.inputs.places.get("actuals")
    stands = (str(places.at(i)),) if places is not None else ()
    return Node(
        f"{row['ledger']}, {period}{rule}: {row['measure']}",
        pence,
        adds=True,
        said=tuple(said) if row["lines"] else (),
        sources=(*stands, *((extract,) if extract else ())),
    )
