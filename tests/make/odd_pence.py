"""A generated pool in odd pence, with nil and negative budgets, three partners and fixed shares.

Invented from a seed: no figure in it means anything.
"""

import random
from pathlib import Path

SETTINGS = """# Invented.
title = "A generated pool in odd pence"
board = "Nobody: invented"
financial_year = "2018-19"
unit = "pounds"
as_at = 2019-03-31
source = "Generated from a seed"
"""
THEMES = ("1", "2", "R&D x", "a.b", "Ünder 5s")
PARTNERS = ("ICB", "Council", "Trust")
RULES = """rule_id,scope,direction,step,basis,bearer,share,clause
R1,category=A,either,1,own,budget holder,100,Invented
R2,category=B,over,1,fixed,ICB,33.333333,Invented
R3,category=B,over,1,fixed,Council,33.333333,Invented
R4,category=B,over,1,fixed,Trust,33.333334,Invented
R5,category=B,under,1,fixed,ICB,62.5,Invented
R6,category=B,under,1,fixed,Council,37.5,Invented
R7,category=C,either,1,fixed,Council,50,Invented
R8,category=C,either,1,fixed,ICB,50,Invented
"""


def write_odd_pence_pool(folder: Path, lines: int = 90, seed: int = 7) -> Path:
    """Write the pool as a folder of CSV files."""
    draw = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pool.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "rules.csv").write_text(RULES, encoding="utf-8")
    tables = {
        "organisations": ["organisation,name,organisation_kind"]
        + [f"{code},Invented {code},other" for code in PARTNERS],
        "themes": ["theme,name"] + [f"{code},Theme {code}" for code in THEMES],
        "categories": ["category,name,summary_group", "A,Own,A", "B,Shared,B", "C,Halved,C"],
        "schemes": ["scheme_id,theme,organisation,scheme,category,kind,pooling,budget,expenditure"],
    }
    for i in range(lines):
        category, pooling = draw.choice("AABC"), "pooled" if i % 11 else "aligned"
        budget = draw.choice([draw.randint(1, 10**9), draw.randint(-(10**6), 0), 0, 7])
        spent = budget + draw.choice([0, draw.randint(-(10**7), 10**7), 1, -1])
        tables["schemes"].append(
            f"S{i},{draw.choice(THEMES)},{draw.choice(PARTNERS)},Scheme number {i},{category},"
            f"{draw.choice(['revenue', 'revenue', 'capital'])},{pooling},"
            f"{budget / 100:.2f},{spent / 100:.2f}"
        )
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder
