"""Scenarios side by side: what each comes to, and how far it is from the first.

Only scenarios of one perimeter are compared: amounts of two are never set against each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.tables import Table, records, typed
from bcf_model.core.words import NOT_STATED
from bcf_model.plan.output_tables import ScenariosOut, types
from bcf_model.plan.projection import Projection, not_payable
from bcf_model.plan.words import ALL

CLOSING: Final = "closing"
FUNDED: Final = "gap"
BORNE: Final = "borne"
SAVED: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "gross savings": ("gross", {}),
    "unidentified savings": ("gross", {"identified": "no"}),
    "non-recurrent savings": ("gross", {"recurrence": "non-recurrent"}),
    "risk-adjusted part-year savings": ("adjusted_part_year", {}),
    "risk-adjusted full-year savings": ("adjusted_full_year", {}),
    "underlying savings": ("underlying", {}),
}
"""Of the programmes that start in a year: the column added up, and what they must be."""
INVESTED: Final = "prevention invested"
RELEASED: Final = "prevention released"
POSITION: Final = "cumulative position"
WORTH: Final = "net present value"
TO_COME: Final = "still to come"
PREVENTED: Final = (INVESTED, RELEASED, POSITION, WORTH, TO_COME)

ALL_YEARS: Final = ""

NO_SAVINGS: Final = "it has no savings programme"
NO_PREVENTION: Final = "it has no prevention programme"
NO_HOLDER: Final = "no budget holder is stated"
NO_PAYER: Final = "who pays what is not known in the year"
NOT_PAYABLE: Final = "what is payable of a line paid by activity is not known in the year"
NOT_HELD: Final = "what a reserve holds is not known after a year of which that is not known"
NOT_OWN: Final = "the year is not one of its own"
_UNKNOWN: Final = {
    FUNDED: "no funding is stated for the year",
    BORNE: "no budget is agreed for the year",
}
_MEASURES: Final = (CLOSING, FUNDED, BORNE, *SAVED, *PREVENTED)
_KEYS: Final = ["financial_year", "measure", "group", "organisation"]


def of_one_perimeter(projections: Sequence[Projection]) -> bool:
    """Return whether scenarios may be compared."""
    return len({it.scenario.settings.perimeter for it in projections}) == 1


def compare(projections: Sequence[Projection]) -> pd.DataFrame:
    """Set amounts side by side.

    Args:
        projections: of one perimeter; the first is the one compared with.

    Returns:
        `output_tables.ScenariosOut`: of each scenario a row per year, measure, group and
        organisation in which any of them has an amount, in pence. Nil where this one has none
        there; blank, with why, where it does not know the measure in that year.
    """
    each = [_amounts(it) for it in projections]
    rows = in_order(pd.concat([frame.reset_index()[_KEYS] for frame in each]).drop_duplicates())
    index = pd.MultiIndex.from_frame(rows)
    notes = [_notes(it, amounts, rows) for it, amounts in zip(projections, each, strict=True)]
    first = each[0].reindex(index, fill_value=0).to_numpy(dtype=np.float64)
    parts = []
    for amounts, note in zip(each, notes, strict=True):
        found = amounts.reindex(index, fill_value=0).to_numpy(dtype=np.float64)
        known = note == ""
        amount = np.where(known, found, np.nan)
        difference = np.where(known & (notes[0] == ""), found - first, np.nan)
        parts.append(rows.assign(amount=amount, difference=difference, note=note))
    return stacked(ScenariosOut, projections, parts)


def stacked(
    model: Table, projections: Sequence[Projection], parts: Sequence[pd.DataFrame]
) -> pd.DataFrame:
    """Stack the rows of scenarios under each other, each begun with its name.

    Args:
        model: the table they make.
        projections: of the scenarios.
        parts: the rows of each.
    """
    columns = {"scenario": "str"} | types(model)
    named = [
        part.assign(scenario=it.scenario.name) for it, part in zip(projections, parts, strict=True)
    ]
    whole = pd.concat(named, ignore_index=True) if named else pd.DataFrame(columns=[*columns])
    return model.validate(typed(whole, columns))


def _notes(
    projection: Projection, amounts: "pd.Series[int]", rows: pd.DataFrame
) -> NDArray[np.object_]:
    """Return of each row why the scenario does not know its amount; blank where it does."""
    there, unpaid = {*amounts.index}, not_payable(projection.tables["payments"])
    has = {(year, measure) for year, measure, _, _ in there}
    if len(projection.tables["savings"]):
        # No programme starts in a year: that much is known.
        has |= {(year, measure) for year in projection.years for measure in SAVED}
    gap = projection.tables["gap"]
    blank = [*records(gap[gap["gap"].isna()])]
    not_known = {(it.financial_year, it.organisation): it.note for it in blank}
    unsaid = {it.financial_year for it in blank if pd.isna(it.spending)}
    notes = []
    for year, measure, group, organisation in rows.itertuples(index=False, name=None):
        key, held = (year, measure, group, organisation), (year, measure, group, NOT_STATED)
        if measure == FUNDED and (year, organisation) in not_known:
            notes.append(not_known[year, organisation])
        elif (year, measure) not in has or (measure == CLOSING and year in unpaid):
            notes.append(why(projection, year, measure))
        elif measure == CLOSING and key not in there and held in there:
            notes.append(NO_HOLDER)
        elif measure == FUNDED and key not in there and year in unsaid:
            notes.append(NO_PAYER)
        else:
            notes.append("")
    return np.array(notes, dtype=object)


def why(projection: Projection, year: str, measure: str) -> str:
    """Return why a scenario does not know a measure in a year."""
    if measure in SAVED and projection.tables["savings"].empty:
        return NO_SAVINGS
    if measure in PREVENTED and projection.tables["positions"].empty:
        return NO_PREVENTION
    if year not in projection.years:
        return NOT_OWN
    shared = projection.tables["shared"]
    blank = shared[(shared["financial_year"] == year) & shared["borne"].isna()]
    if measure == BORNE and len(blank):
        return str(blank["share_note"].iloc[0])
    unpaid = not_payable(projection.tables["payments"])
    if year in unpaid:
        return NOT_PAYABLE
    after = measure == BORNE and bool(unpaid) and year in projection.scenario.settings.agreed
    return NOT_HELD if after else _UNKNOWN[measure]


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Order rows by year and measure, all years together last; groups as they come."""
    ranked = rows.assign(
        rank=[_MEASURES.index(measure) for measure in rows["measure"]],
        last=rows["financial_year"] == ALL_YEARS,
    )
    ordered = ranked.sort_values(["last", "financial_year", "rank"], kind="stable")
    return ordered[[*rows.columns]].reset_index(drop=True)


def _amounts(projection: Projection) -> "pd.Series[int]":
    """Return what a scenario comes to, by year, measure, group and organisation; pence."""
    rows = pd.concat([frame[[*_KEYS, "amount"]] for frame in _measured(projection)])
    text = rows.astype(dict.fromkeys(_KEYS, "str"))
    summed: pd.Series[int] = text.groupby(_KEYS, sort=False)["amount"].sum()
    return summed


def _measured(projection: Projection) -> Iterator[pd.DataFrame]:
    """Return each measure, in rows that may be added up."""
    tables = projection.tables
    walk = tables["walk"]
    group = walk["block"].where(walk["block"] != "", walk["theme"])
    yield walk.assign(group=group.where(group != "", walk["line"]), measure=CLOSING)
    gap = tables["gap"].dropna(subset=["gap"]).rename(columns={"gap": "amount"})
    yield gap.assign(measure=FUNDED, group=ALL)
    given = tables["shared"].dropna(subset=["borne"])
    borne = given.rename(columns={"borne": "amount", "bearer": "organisation"})
    yield borne.assign(measure=BORNE, group=ALL)
    savings = tables["savings"]
    for measure, (column, must_be) in SAVED.items():
        chosen = np.ones(len(savings), dtype=np.bool_)
        for name, word in must_be.items():
            chosen &= (savings[name] == word).to_numpy()
        amount = savings[column].where(chosen, 0)
        yield savings.assign(amount=amount, measure=measure, group=ALL, organisation=ALL)
    each = tables["positions"].rename(columns={"partner": "organisation"})
    each = each[each["organisation"] != ALL].assign(group=ALL)
    for measure, column in ((INVESTED, "invested"), (RELEASED, "released"),
                            (POSITION, "cumulative")):  # fmt: skip
        yield each.assign(amount=each[column], measure=measure)
    whole = tables["payback"].rename(columns={"partner": "organisation"})
    whole = whole[whole["organisation"] != ALL].assign(financial_year=ALL_YEARS, group=ALL)
    for measure, column in ((WORTH, "net_present_value"), (TO_COME, "to_come")):
        yield whole.assign(amount=whole[column], measure=measure)
