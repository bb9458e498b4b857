"""Amounts together: their size and sign, and the totals they must make."""

from collections.abc import Iterator
from decimal import Decimal

import pandas as pd

from bcf_model.checks.declared import LINE_KEYS, astray, declared_codes, unknown_values
from bcf_model.drafts import Drafts, quoted
from bcf_model.errors import UnknownFigure
from bcf_model.figures import MEASURES, VARIANCE, Figure, row_by_row
from bcf_model.findings import Finding
from bcf_model.ledger import Ledger
from bcf_model.money import LARGEST_PENCE, label, sterling
from bcf_model.vocabulary import NOT_STATED


def negative_budgets(drafts: Drafts) -> Iterator[Finding]:
    """A negative budget may be right: net lines exist (BCF501)."""
    if "schemes" in drafts:
        draft = drafts["schemes"]
        for i, budget in draft.rows("budget"):
            if budget < 0:
                yield draft.finding("BCF501", i, "budget", value=quoted(draft.texts["budget"][i]))


def amounts_in_reach(drafts: Drafts) -> Iterator[Finding]:
    """A column adds up to no more than one amount may be: no sum can then leave int64 (BCF207)."""
    if "schemes" in drafts:
        draft = drafts["schemes"]
        for column in ("budget", "expenditure"):
            total = sum(abs(amount) for _, amount in draft.rows(column))
            if total > LARGEST_PENCE:
                value = f"{sterling(total)} in the column, whatever their signs"
                yield Finding("BCF207", draft.file, 0, column, value=value, sheet=draft.sheet)


def something_pooled(drafts: Drafts) -> Iterator[Finding]:
    """A pool has lines (BCF504)."""
    if "schemes" in drafts and "pooling" not in drafts["schemes"].broken:
        draft = drafts["schemes"]
        if draft.numbers and "pooled" not in draft.cells["pooling"]:
            yield Finding("BCF504", draft.file, 0, "pooling", sheet=draft.sheet)


def not_stated_nil(drafts: Drafts) -> Iterator[Finding]:
    """Nothing may be borne through a category that is not stated (BCF406)."""
    if "schemes" in drafts:
        draft = drafts["schemes"]
        columns = ("category", "pooling", "budget", "expenditure")
        for i, category, pooling, budget, expenditure in draft.rows(*columns):
            if (category, pooling) == (NOT_STATED, "pooled") and budget != expenditure:
                value = f"a variance of {sterling(expenditure - budget)}"
                expected = "a category, or no variance"
                yield draft.finding("BCF406", i, "category", value=value, expected=expected)


def _lines(drafts: Drafts) -> pd.DataFrame | None:
    """Give the lines as a frame with their variance, when all of them could be read."""
    draft = drafts.get("schemes")
    columns = [*LINE_KEYS, "budget", "expenditure"]
    if draft is None or draft.broken & {*columns}:
        return None
    frame = pd.DataFrame({name: draft.cells[name] for name in columns})
    if not frame["scheme_id"].is_unique:
        return None  # said by unique_codes; every total would be wrong, and say it again
    if "pooled" not in draft.cells["pooling"]:
        return None  # said by something_pooled
    for name in ("budget", "expenditure"):
        frame[name] = frame[name].astype("int64")
    return frame.assign(variance=row_by_row(frame, VARIANCE))


def control_totals(drafts: Drafts, unit: str) -> Iterator[Finding]:
    """A total the user states is the total of the lines (BCF502, BCF503)."""
    lines = _lines(drafts)
    if lines is None or "control_totals" not in drafts:
        return
    draft, ledger, declared = (
        drafts["control_totals"],
        Ledger({"lines": lines}),
        declared_codes(drafts),
    )
    for i, text, expected in draft.rows("figure", "amount"):
        figure = Figure.parse(text)
        measure = MEASURES.get(figure.measure)
        if (
            measure is None
            or (measure.table, measure.unit) != ("lines", "money")
            or (measure.expression is None)
        ):
            said = "budget, expenditure or variance, of the lines"
            yield draft.finding("BCF601", i, "figure", value=repr(text), expected=said)
            continue
        keys = [key for key, _ in figure.selection if key in LINE_KEYS]
        if [*unknown_values(figure, declared)] or astray(drafts["schemes"], declared, *keys):
            continue  # said by figures and references
        try:
            found = ledger.pence(figure)
        except UnknownFigure as problem:
            yield draft.finding("BCF601", i, "figure", value=repr(text), expected=str(problem))
            continue
        if found != expected:
            factor = _thousands_between(found, expected)
            yield draft.finding(
                "BCF503" if factor else "BCF502",
                i,
                "amount",
                value=f"{sterling(found)} in the lines, read in {label(unit)}",
                expected=f"{sterling(expected)}, a difference of {sterling(found - expected)}",
            )


def _thousands_between(found: int, expected: int) -> bool:
    """Say whether two amounts differ by about a factor of 1,000 or 1,000,000."""
    if 0 in (found, expected):
        return False
    ratio = Decimal(found) / Decimal(expected)
    return any(
        abs(ratio / f - 1) < Decimal("0.01") for f in map(Decimal, ("1e3", "1e6", "1e-3", "1e-6"))
    )
