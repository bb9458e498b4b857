"""What a scenario rests on: its assumptions, and where it comes from."""

from typing import Any

from bcf_model.core.money import label
from bcf_model.core.tables import records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.words import ALL, FUNDING_STEPS, PERCENT, STEPS, TAKEN_OFF
from bcf_model.publish.page import Row, Sheet, heads
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.scenario.sentences import quantity


def assumptions(view: View) -> Sheet:
    """Every assumption in force: value, range, source, status, owner, and who set it."""
    said = view.assumptions
    scaled = as_scaled(view)
    rows = []
    for i, row in enumerate(records(said)):
        rows.append(Row("line", (
            row.assumption, quantity(row.value, row.unit),
            scaled.get(i, ""), row.step,
            acts_on(row.scope, row.step), spoken(row.year) if row.year else "every year",
            timing(row), range_of(row),
            "not stated" if row.status == NOT_STATED else row.status,
            row.source or "no source", row.owner, row.reviewed_on, row.note,
            row.place or row.set_by,
        )))  # fmt: skip
    if not rows:
        rows.append(Row("heading", ("None: every closing budget is the opening budget.",)))
    named = f"; what is taken off ({', '.join(sorted(TAKEN_OFF))}) is stated above nil"
    missing = [
        what
        for what, column in (("owner", "owner"), ("day of review", "reviewed_on"))
        if len(said) and not (said[column] != "").any()
    ]
    about = [f"Values as stated{named}."]
    if missing:
        about.append(f"No {' or '.join(missing)} is stated for any of them.")
    return Sheet(
        "Assumptions",
        f"Assumptions: {view.perimeter}",
        tuple(about),
        (
            *heads(assumption=26, value=12, as_scaled=12, acts_on=18, of=18, year=10, timing=14),
            *heads(range=18, status=12, source=44, owner=14, reviewed_on=12, remark=44, set_in=40),
        ),
        tuple(rows),
    )


def as_scaled(view: View) -> dict[int, str]:
    """Return the percentages that calibration changed, as used, by row of the assumptions."""
    rates = view.projection.rates
    moved = rates[rates["stated"] != rates["rate"]]
    found = {}
    for row in records(moved):
        sign = -1 if row.step in TAKEN_OFF else 1
        found[row.row] = quantity(sign * row.rate, PERCENT)
    return found


def acts_on(scope: str, step: str) -> str:
    """Return what a scope selects: lines, of funding what pays, of a parameter what for."""
    if scope == ALL:
        return "all lines" if step in STEPS else "all funding" if step in FUNDING_STEPS else ALL
    return scope.replace("=", " ").replace("/", ", ").replace("+", " + ")


def timing(row: Any) -> str:
    """Return when an amount acts, where that is not the whole of every year."""
    said = [] if row.recurrence == "recurrent" else ["once"]
    if row.from_period > 1:
        said.append(f"from period {row.from_period}")
    return ", ".join(said)


def range_of(row: Any) -> str:
    """Return between what a value lies, and how."""
    if not row.ranged:
        return ""
    low, high = quantity(row.low, row.unit), quantity(row.high, row.unit)
    chances = f", chances {row.chances}" if row.chances else ""
    return f"{low} to {high} ({row.shape}{chances})"


def sources(view: View) -> Sheet:
    """The files a scenario was read from, each with its hash."""
    scenario, plan = view.projection.scenario, view.projection.plan
    rows = []
    for title, files in (
        ("The pool", plan.inputs.files),
        ("Its plan", plan.files),
        (f"The scenario: {', on '.join(scenario.chain)}", scenario.files),
    ):
        if files:
            rows.append(Row("group", (title,)))
        rows += [Row("line", (file.name, str(file.rows), file.sha256)) for file in files]
    return Sheet(
        "Sources",
        "Files it was made from",
        (f"Amounts are shown in {label(view.unit)}; files are as they were read.",),
        heads(file=50, rows=8, sha_256=(68, "SHA-256")),
        tuple(rows),
        opening=False,
    )
