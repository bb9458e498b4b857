"""Checks for the reasons of variances: rows not filled in yet, and amounts that are others now."""

from collections.abc import Iterator

from bcf_model.checks.lines import line_amounts
from bcf_model.core.findings import Finding, Place
from bcf_model.core.money import sterling
from bcf_model.core.stated_amounts import AMOUNTS, BESIDE_A_REASON, step_of
from bcf_model.core.tables import TABLES
from bcf_model.intake.cells import tidy
from bcf_model.intake.drafts import Drafts
from bcf_model.intake.raw_table import RawTable

_TO_FILL_IN = {*TABLES["Commentary"].in_file} - {"scheme_id", *BESIDE_A_REASON}


def set_aside(table: RawTable | None) -> tuple[RawTable | None, list[Finding]]:
    """Part the rows in which nothing is filled in from the reasons (BCF454).

    Args:
        table: the commentary as text.

    Returns:
        The table without them, and one note that counts them. A row with an action, an owner or a
        source has begun, and stays: it lacks its reason.
    """
    if table is None or "reason" not in table.columns:
        return table, []
    asked = [at for at, name in enumerate(table.columns) if name in _TO_FILL_IN]
    kept = [i for i, row in enumerate(table.rows) if any(tidy(row[at]) for at in asked)]
    count = len(table.rows) - len(kept)
    if not count:
        return table, []
    place = Place(table.file, sheet=table.sheet)
    said = "1 row" if count == 1 else f"{count:,} rows"
    begun = table._replace(
        rows=tuple(table.rows[i] for i in kept), numbers=tuple(table.numbers[i] for i in kept)
    )
    return begun, [place.finding("BCF454", value=said)]


def of_these_amounts(drafts: Drafts) -> Iterator[Finding]:
    """A reason was written for the amounts that its line has now (BCF453)."""
    lines = line_amounts(drafts)
    if lines is None:
        return
    held = {row["scheme_id"]: row for row in lines.to_dict("records")}
    draft = drafts.table("commentary")
    for name in AMOUNTS:
        for i, code, given in draft.rows("scheme_id", name):
            line = held.get(code)
            if line is None or given is None or given == line[name]:
                continue
            value = f"{code!r}, when its {name} was {sterling(given)}"
            now = sterling(line[name]) if line[step_of(name)] else "not stated"
            yield draft.at(i).finding("BCF453", name, value, f"{now}, as it is now")
