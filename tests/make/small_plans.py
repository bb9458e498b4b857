"""Small plans, written in a test: a pool with plans, its scenarios, and one changed in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pandas as pd

from bcf_model.core.words import UNITS
from bcf_model.plan.draws import Chain
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import Projection, project

MILLIONTHS = 10**6
POOL = """
title = "Invented"
board = "Invented"
financial_year = "2018-19"
unit = "pounds"
as_at = 2019-03-31
source = "Invented"
"""
SCENARIO = """
title = "Invented"
opening = "year-end budget"
first_year = "2019-20"
"""
RULES = """rule_id,scope,direction,step,basis,bearer,share,clause
R1,pool,either,1,fixed,ICB,60,7
R2,pool,either,1,fixed,Council,40,7
"""
FILES = {
    "organisations": """organisation,name,organisation_kind
ICB,Board,nhs
Council,Council,council
""",
    "themes": "theme,name\n1,Theme\n",
    "categories": "category,name\nA,All\n",
    "schemes": """scheme_id,theme,organisation,scheme,category,kind,budget,expenditure
L1,1,ICB,One,A,revenue,1000,1000
L2,1,Council,Two,A,revenue,500,500
""",
    "rules": RULES,
}
COLUMNS = ["assumption", "step", "scope", "year", "value", "unit", "low", "high", "shape"]


def plan(
    folder: Path, rows: Sequence[Sequence[Any]], settings: str = "", **files: str
) -> Projection:
    """Write a pool of £1,000 on L1 and £500 on L2, with one scenario, and calculate it.

    Args:
        folder: an empty one.
        rows: of assumptions.csv, `COLUMNS`.
        settings: more of scenario.toml.
        files: further tables of the pool, or others in place of those above.
    """
    for name, text in (FILES | files).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "pool.toml").write_text(POOL, encoding="utf-8")
    return scenario(folder, rows, SCENARIO + settings)


def scenario(
    folder: Path, rows: Sequence[Sequence[Any]], settings: str, **files: str
) -> Projection:
    """Write a scenario of a pool, and calculate it."""
    own = folder / "scenarios" / "plan"
    own.mkdir(parents=True, exist_ok=True)
    (own / "scenario.toml").write_text(settings, encoding="utf-8")
    frame = pd.DataFrame([tuple(row) for row in rows], columns=COLUMNS)
    frame.assign(source="invented").to_csv(own / "assumptions.csv", index=False)
    for name, text in files.items():
        (own / f"{name}.csv").write_text(text, encoding="utf-8")
    return project(*load_scenario(folder, "plan"))


def shared_pool(folder: Path, pool: Path, spread: float, growth: float = 0) -> Projection:
    """Copy a pool, and add two years whose agreed budgets are its own, a range on each line."""
    copytree(pool, folder, dirs_exist_ok=True)
    schemes = pd.read_csv(folder / "schemes.csv")
    years = ("2021-22", "2022-23")
    versions = [
        schemes[["theme", "organisation", "scheme_id", "kind"]].assign(
            version=f"agreed {year}", financial_year=year, amount=schemes["budget"]
        )
        for year in years
    ]
    pd.concat(versions).to_csv(folder / "budgets.csv", index=False)
    rows = [
        (f"growth {code}", "demand", f"line={code}", "", growth, "percent", growth - spread,
         growth + spread, "uniform")
        for code in schemes["scheme_id"]
    ]  # fmt: skip
    agreed = "[agreed]\n" + "".join(f'{year} = "agreed {year}"\n' for year in years)
    settings = SCENARIO.replace("2019-20", "2021-22") + 'last_year = "2022-23"\n' + agreed
    return scenario(folder, rows, settings)


def with_ranges(found: Projection, ends: Mapping[str, tuple[float, float]]) -> Projection:
    """Give assumptions a range, in their own unit; others have none."""
    said = found.scenario.tables["assumptions"].copy()
    for i, name in enumerate(said["assumption"]):
        said.loc[i, "ranged"] = name in ends
        low, high = ends.get(name, (0, 0))
        said.loc[i, ["low", "high"]] = round(low * MILLIONTHS), round(high * MILLIONTHS)
        said.loc[i, "shape"] = "uniform" if name in ends else ""
    tables = {**found.scenario.tables, "assumptions": said}
    tables["correlations"] = tables["correlations"].head(0)
    # No value is another, so the factor that reaches a target of growth is not either.
    return project(found.plan, replace(found.scenario, tables=tables), found.factor)


def at_values(chain: Chain, values: Sequence[float]) -> Projection:
    """Calculate the scenario exactly, with the values of a draw in place of its own.

    A factor that reaches a target of growth stays what it is: it is not found anew in each draw.
    """
    found = chain.projection
    said = found.scenario.tables["assumptions"].copy()
    for name, year, value in zip(
        chain.ranged["assumption"], chain.ranged["year"], values, strict=True
    ):
        row = (said["assumption"] == name) & (said["stated_for"] == year)
        said.loc[row, "value"] = round(value)
        unit = said.loc[row, "unit"].iloc[0]
        if unit in UNITS:
            said.loc[row, "pence"] = round(value * UNITS[unit] / MILLIONTHS)
    changed = replace(found.scenario, tables={**found.scenario.tables, "assumptions": said})
    return project(found.plan, changed, found.factor)


def outcomes_of(found: Projection, chain: Chain) -> np.ndarray:
    """Give the outcomes of a chain, read off an exact calculation."""
    tables, amounts = found.tables, []
    gap = tables["gap"].set_index(["financial_year", "organisation"])
    borne = tables["shared"].set_index(["financial_year", "bearer"])["borne"]
    cumulative = tables["positions"].set_index(["partner", "financial_year"])["cumulative"]
    for row in chain.outcomes.itertuples():
        year = row.financial_year
        if row.measure == "closing":
            walk = tables["walk"][tables["walk"]["financial_year"] == year]
            own = walk if row.by == "total" else walk[walk[row.by] == row.key]
            amounts.append(int(own["amount"].sum()))
        elif row.measure in ("gap", "funding"):
            own = gap[row.measure].get((year, row.key or "all"), 0)  # who bears nothing has no row
            amounts.append(int(own))
        elif row.measure == "borne":
            amounts.append(int(borne.get((year, row.key), 0)))
        else:
            amounts.append(int(cumulative[row.key, year]))
    return np.array(amounts)


def pennies(found: Projection) -> float:
    """Half a penny for each rounding: how far draws, which do not round, may be from a plan."""
    rows = sum(len(found.tables[name]) for name in ("walk", "funding_walk", "prevention"))
    return rows / 2 + 1
