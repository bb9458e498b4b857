"""A naive second engine agrees to the penny on random pools: on 1,000 of them in `make long`."""

import math
import random
from decimal import Decimal

import pandas as pd
import pytest
from pandera.config import config_context

from bcf_model.core.tables import OUTPUT_TABLES
from bcf_model.core.words import NOT_STATED
from bcf_model.pool import load
from bcf_model.year import variance
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import LONG, longer, slow
from tests.make.pools import RandomPool, files_of, inputs_of, random_pool
from tests.make.small_tables import share
from tests.oracle import year as oracle

CHUNKS = range(10 if LONG else 5)
FILES, FRAMES, YEARS_FROM = (100, 300, 300) if LONG else (5, 110, 300)
AGREEMENTS = range(YEARS_FROM, YEARS_FROM + (35 if LONG else 5))


def _rows(table: pd.DataFrame, name: str) -> list[tuple]:
    """The rows of a table in the oracle's columns; a percentage as the seven decimals it has."""
    frame = table[oracle.COLUMNS[name]]
    columns = [frame[column].tolist() for column in frame]
    if "variance_percent" in frame:
        at = oracle.COLUMNS[name].index("variance_percent")
        columns[at] = [_decimal(value) for value in columns[at]]
    return list(zip(*columns, strict=True))


def _decimal(value: float) -> Decimal | None:
    if math.isnan(value):
        return None
    exact = Decimal(value).quantize(Decimal("0.0000001"))
    assert value == float(exact)
    return exact


def _agree(pool: RandomPool, results: Results) -> None:
    expected = oracle.solve(pool.tables, pool.unit)
    assert expected.keys() == OUTPUT_TABLES.keys() - {"published", "checks"}
    for name, rows in expected.items():
        assert _rows(results.outputs[name], name) == rows, name
    assert (results.outputs["checks"]["difference"] == 0).all()


@slow(first=1)
@longer
@pytest.mark.parametrize("chunk", CHUNKS)
def test_from_files_to_tables(chunk):
    for seed in range(chunk, FILES, len(CHUNKS)):
        pool = random_pool(seed)
        with files_of(pool) as folder:
            results = run(load(folder))
        _agree(pool, results)


@slow(first=1)
@longer
@pytest.mark.parametrize("chunk", CHUNKS)
def test_from_frames_to_tables(chunk):
    with config_context(validation_enabled=False):  # half of the time; the pools above have it
        for seed in range(100 + chunk, FRAMES, len(CHUNKS)):
            pool = random_pool(seed)
            _agree(pool, run(inputs_of(pool)))


YEARS = 20


@slow(first=1)
@longer
@pytest.mark.parametrize("seed", AGREEMENTS)
def test_many_years_at_once(seed):
    """700 pools in 35 agreements: each scheme's year in several rows, all years in one frame."""
    draw = random.Random(seed)
    pool = random_pool(seed, lines=draw.randint(1, 40))
    inputs = inputs_of(pool)
    schemes = inputs.schemes.astype(
        {
            "theme": _coded(pool, "themes"),
            "organisation": _coded(pool, "organisations"),
            "category": _coded(pool, "categories", NOT_STATED),
            "kind": pd.CategoricalDtype(["revenue", "capital"], ordered=True),
        }
    )
    monthly, rows_of = [], {}
    for year in map(str, range(YEARS)):
        rows_of[year] = [_another_year(draw, row) for row in pool.tables["schemes"]]
        monthly += [
            (year, row["scheme_id"], *month)
            for row in rows_of[year]
            for month in _months(draw, row)
        ]
    draw.shuffle(monthly)
    columns = ["financial_year", "scheme_id", "budget", "expenditure"]
    lines = variance.by_scheme(pd.DataFrame(monthly, columns=columns), schemes)
    pooled = lines[lines["pooling"] == "pooled"].reset_index(drop=True)
    shares, _ = share(pooled, inputs.rules)
    found = {
        "risk_share_workings": shares,
        **{name: _view(pooled, by) for name, by in oracle.VIEWS.items()},
    }
    for year, rows in rows_of.items():
        expected = oracle.solve({**pool.tables, "schemes": rows}, "pounds")
        for name, frame in found.items():
            there = frame[frame["financial_year"] == year]
            assert _rows(there, name) == expected[name], (name, year)


def _coded(pool: RandomPool, table: str, *also: str) -> pd.CategoricalDtype:
    codes = [next(iter(row.values())) for row in pool.tables[table]]
    return pd.CategoricalDtype([*codes, *also], ordered=True)


def _another_year(draw: random.Random, row: dict[str, str]) -> dict[str, str]:
    budget = draw.choice([0, draw.randint(1, 10**9), draw.randint(-(10**6), 10**6)])
    moved = draw.choice([0, 1, -1, draw.randint(-(10**7), 10**7)])
    spent = budget if row["category"] == NOT_STATED else budget + moved
    return {
        **row,
        "budget": f"{Decimal(budget).scaleb(-2):f}",
        "expenditure": f"{Decimal(spent).scaleb(-2):f}",
    }


def _months(draw: random.Random, row: dict[str, str]) -> list[tuple[int, int]]:
    """Part a year's amounts into one to three rows that add up to them."""
    whole = [int(Decimal(row[name]) * 100) for name in ("budget", "expenditure")]
    parts = []
    for _ in range(draw.randint(0, 2)):
        part = [draw.randint(-(10**8), 10**8) for _ in whole]
        whole = [left - gone for left, gone in zip(whole, part, strict=True)]
        parts.append(tuple(part))
    return [*parts, tuple(whole)]


def _view(pooled: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    blank = {key: "" for key in ("theme", "organisation", "category", "kind") if key not in by}
    return variance.with_percent(variance.view(pooled, by)).assign(**blank)


@slow
@longer
@pytest.mark.parametrize("lines", [0, 1])
def test_the_smallest_pools(lines):
    for seed in range(10 if LONG else 4):
        pool = random_pool(seed, lines=lines)
        _agree(pool, run(inputs_of(pool)))


def test_a_pool_whose_lines_are_all_aligned():
    pool = random_pool(1, lines=5)
    for row in pool.tables["schemes"]:
        row["pooling"] = "aligned"
    _agree(pool, run(inputs_of(pool)))


def test_the_oracle_on_paper():
    """Its own sums, worked by hand: it must not be wrong in the same way as the engine."""
    assert oracle.pence("(1,234.50)", "pounds") == -123450
    assert oracle.pence("−£0.00001", "thousands") == -1
    assert oracle.pence("7.5 CR", "millions") == -750_000_000
    assert oracle.pence("12-", "pounds") == -1200
    assert oracle.pence("12 DR", "pounds") == 1200
    assert oracle.pence("–", "pounds") == 0
    # 5 × 1/2 = 2.5, away from nil to 3, which leaves 2.
    assert oracle.split(5, [1, 1]) == [3, 2]
    assert oracle.split(-5, [1, 1]) == [-3, -2]
    # 10 × 1/3 = 3.33 → 3; 10 × 2/3 = 6.67 → 7, less 3; 10, less 7; a nil weight moves nothing.
    assert oracle.split(10, [1, 0, 1, 1]) == [3, 0, 4, 3]
    # 1 in 3 is 33.33333…%; a budget of nil has no percentage; 0.00000005 % is rounded up.
    assert oracle.percent(1, 3) == Decimal("33.3333333")
    assert oracle.percent(-1, 2_000_000_000) == Decimal("-0.0000001")
    assert oracle.percent(1, 0) is None
