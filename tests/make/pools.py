"""Random pools in odd pence: several partners, mixed rules, nil and negative budgets, odd codes.

`random_pool(seed)` gives the rows of a pool's files as they would be typed; `pools` is the same as
a hypothesis strategy, which shrinks the number of lines. Every pool is sound: `load` accepts it
(but for one without lines, which only `inputs_of` can make).
"""

import csv
import random
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd

from bcf_model.core.settings import Settings
from bcf_model.core.tables import INPUT_TABLES, NOTHING, Inputs
from bcf_model.intake.cells import read_cell

YEAR = "2018-19"
CODES = ("1", "R&D x", "a.b", "Ünit", "CCG", "SCC", "B-2", "x_y", "10", "the Council", "q-")
SHARES = (
    ("100",),
    ("0", "100"),
    ("50", "50"),
    ("62.5%", "37.5"),
    ("0.000001%", "99.999999"),
    ("33.333333", "33.333333", "33.333334"),
    ("41.7", "0", "58.3"),
    ("25", "25", "50"),
    ("20", "20", "20", "20", "20"),
    ("14.285714", "28.571429", "0", "57.142857", "0"),
)
NUMBER_OF = {"pounds": 2, "thousands": 5, "millions": 8}
"""Decimals an amount may have in a unit."""
NUMBERS = {"money", "percent", "pounds", "quantity", "share", "whole"}
"""Forms of a cell that are read as whole numbers."""


@dataclass(frozen=True)
class RandomPool:
    """The rows of a pool's files, as text; shown by its name, which says how to draw it again."""

    unit: str
    tables: dict[str, list[dict[str, str]]]
    name: str = "a pool"

    def _repr_pretty_(self, printer, cycle) -> None:
        """Show it to hypothesis, which would print all its rows."""
        printer.text(self.name)

    def write(self, folder: Path) -> Path:
        """Write the files of the pool to a folder, so that `load` can read it."""
        folder.mkdir(parents=True, exist_ok=True)
        settings = "".join(
            f'{k} = "{v}"\n' for k, v in _settings(self.unit).items() if k != "as_at"
        )
        (folder / "pool.toml").write_text(settings + "as_at = 2019-03-31\n", encoding="utf-8")
        for name, rows in self.tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        return folder


def random_pool(seed: int, lines: int | None = None, largest: int = 10**9) -> RandomPool:
    """Make a pool.

    Args:
        seed: what it is drawn from; the agreement does not depend on the number of lines.
        lines: how many; None for a random number up to 40.
        largest: no amount is beyond this many pence.
    """
    draw = random.Random(seed)
    unit = draw.choice(list(NUMBER_OF))
    organisations = draw.sample(CODES, draw.randint(1, 5))
    themes = draw.sample(CODES, draw.randint(1, 6))
    categories = draw.sample(CODES, draw.randint(1, 4))
    tables = {
        "organisations": [
            {"organisation": code, "name": f"Invented {code}", "organisation_kind": "other"}
            for code in organisations
        ],
        "themes": [{"theme": code, "name": f"Theme {code}"} for code in themes],
        "categories": [
            {
                "category": code,
                "name": f"Category {code}",
                "summary_group": draw.choice(["", "", code, "Joint", categories[0]]),
            }
            for code in categories
        ],
        "rules": _rules(draw, organisations, themes, categories),
    }
    count = draw.randint(1, 40) if lines is None else lines
    tables["schemes"] = [
        _scheme(draw, i, organisations, themes, categories, unit, largest) for i in range(count)
    ]
    return RandomPool(unit, tables, f"random_pool({seed}, lines={lines}, largest={largest})")


pools = st.builds(random_pool, st.integers(0, 10**6), lines=st.integers(1, 25))


def inputs_of(pool: RandomPool) -> Inputs:
    """Make the engine's inputs without files: cells are read as `load` reads them, not checked."""
    frames = {}
    for table in INPUT_TABLES:
        rows, columns = pool.tables.get(table.name, []), {}
        if not rows:
            frames[table.name] = table.model.without_rows()
            continue
        for meaning in table.model.fields:
            texts = [row.get(meaning.name, "") for row in rows]
            dtype = "int64" if meaning.form in NUMBERS else "str"
            read = [read_cell(text, meaning, pool.unit).cell for text in texts]
            held = [0 if value is NOTHING else value for value in read]
            columns[meaning.name] = pd.array(held, dtype=dtype)
        frames[table.name] = pd.DataFrame(columns)
    return Inputs(name="random", settings=Settings(**_settings(pool.unit)), **frames)


def files_of(pool: RandomPool) -> tempfile.TemporaryDirectory:
    """Write a pool to a folder that goes when it is closed."""
    folder = tempfile.TemporaryDirectory()
    pool.write(Path(folder.name))
    return folder


def _settings(unit: str) -> dict[str, str]:
    return {
        "title": "A random pool",
        "board": "Nobody: invented",
        "financial_year": YEAR,
        "unit": unit,
        "as_at": "2019-03-31",
        "source": "Generated from a seed",
    }


def _rules(
    draw: random.Random, organisations: list[str], themes: list[str], categories: list[str]
) -> list[dict[str, str]]:
    """One rule, or two, for each of the scopes that part the pool between them."""
    calls = []
    for scope in _scopes(draw, organisations, themes, categories):
        for direction in draw.choice([["either"], ["over", "under"], ["under", "over"]]):
            calls.append(_call(draw, scope, direction, organisations))
    draw.shuffle(calls)
    rows = [row for call in calls for row in call]
    return [{"rule_id": f"R{i}", **row, "clause": f"Clause {i}"} for i, row in enumerate(rows, 1)]


def _scopes(
    draw: random.Random, organisations: list[str], themes: list[str], categories: list[str]
) -> list[str]:
    key, codes = draw.choice(
        [("pool", []), ("theme", themes), ("organisation", organisations)]
        + [("category", categories)] * 5
    )
    if key == "pool":
        return ["pool"]
    codes, scopes = draw.sample(codes, len(codes)), []
    while codes:
        joined = draw.choice([1, 1, 1, 2, 3])
        scope, codes = f"{key}=" + "+".join(sorted(codes[:joined])), codes[joined:]
        if draw.random() < 1 / 3:
            scopes += [f"{scope}/kind=revenue", f"{scope}/kind=capital"]
        else:
            scopes.append(scope)
    return scopes


def _call(
    draw: random.Random, scope: str, direction: str, organisations: list[str]
) -> list[dict[str, str]]:
    said = {"scope": scope, "direction": direction, "step": draw.choice("112")}
    if draw.random() < 0.4:
        return [{**said, "basis": "own", "bearer": "budget holder", "share": "100"}]
    shares = list(draw.choice([s for s in SHARES if len(s) <= len(organisations)]))
    draw.shuffle(shares)
    bearers = draw.sample(organisations, len(shares))
    return [
        {**said, "basis": "fixed", "bearer": bearer, "share": share}
        for bearer, share in zip(bearers, shares, strict=True)
    ]


def _scheme(
    draw: random.Random,
    i: int,
    organisations: list[str],
    themes: list[str],
    categories: list[str],
    unit: str,
    largest: int,
) -> dict[str, str]:
    category = draw.choice([*categories, *categories, *categories, "not stated"])
    pooling = draw.choice(["pooled"] * 6 + ["aligned"])
    budget = draw.choice(
        [draw.randint(1, largest), draw.randint(1, 10**5), -draw.randint(1, 10**6), 0, 7]
    )
    spent = budget + draw.choice([0, draw.randint(-(10**7), 10**7), draw.randint(-99, 99), 1, -1])
    if category == "not stated" and pooling == "pooled":
        spent = budget  # nothing may be borne through it
    return {
        "scheme_id": f"S{i}",
        "theme": draw.choice(themes),
        "organisation": draw.choice(organisations),
        "scheme": f"Scheme {i}",
        "category": category,
        "kind": draw.choice(["revenue", "revenue", "capital"]),
        "pooling": pooling,
        "budget": typed(draw, budget, unit),
        "expenditure": typed(draw, spent, unit),
    }


def typed(draw: random.Random, pence: int, unit: str) -> str:
    """Write an amount in its unit, in one of the ways people type it."""
    if pence == 0:
        return draw.choice(["0", "0.0", "-", "nil"])
    places = NUMBER_OF[unit]
    size = Decimal(abs(pence)).scaleb(-places)
    text = draw.choice(
        [f"{size:,.{places}f}", f"{size:.{places}f}", f"£{size:,.{places}f}", f"{size:f}"]
    )
    if pence > 0:
        return draw.choice([text, text, f"{text} DR"])
    return draw.choice([f"({text})", f"-{text}", f"−{text}", f"{text}-", f"{text} CR"])
