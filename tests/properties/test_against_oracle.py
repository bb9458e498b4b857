"""A naive second engine agrees to the penny, table by table, on 1,000 random pools."""

from decimal import Decimal

import pytest
from pandera.config import config_context

from bcf_model.check import load
from bcf_model.pipeline import run
from bcf_model.results import Results
from bcf_model.tables import OUTPUT_TABLES
from tests import oracle
from tests.pools import RandomPool, files_of, inputs_of, random_pool

CHUNKS = range(10)


def _told(results: Results, name: str) -> list[tuple]:
    """The rows of a table in the oracle's columns; a percentage as the four decimals it has."""
    frame = results.outputs[name][oracle.COLUMNS[name]]
    columns = [frame[column].tolist() for column in frame]
    if "variance_percent" in frame:
        at = oracle.COLUMNS[name].index("variance_percent")
        columns[at] = [_decimal(value) for value in columns[at]]
    return list(zip(*columns, strict=True))


def _decimal(value: float) -> Decimal | None:
    if value != value:
        return None
    exact = Decimal(value).quantize(Decimal("0.0001"))
    assert abs(value - float(exact)) <= 1e-12 * max(1, abs(value))
    return exact


def _agree(pool: RandomPool, results: Results) -> None:
    expected = oracle.solve(pool.tables, pool.unit)
    assert expected.keys() == OUTPUT_TABLES.keys() - {"published", "checks"}
    for name, rows in expected.items():
        assert _told(results, name) == rows, name
    assert (results.outputs["checks"]["difference"] == 0).all()


@pytest.mark.parametrize("chunk", CHUNKS)
def test_from_files_to_tables(chunk):
    for seed in range(chunk, 100, len(CHUNKS)):
        pool = random_pool(seed)
        with files_of(pool) as folder:
            results = run(load(folder))
        _agree(pool, results)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_from_frames_to_tables(chunk):
    with config_context(validation_enabled=False):  # half of the time; the pools above have it
        for seed in range(100 + chunk, 1000, len(CHUNKS)):
            pool = random_pool(seed)
            _agree(pool, run(inputs_of(pool)))


@pytest.mark.parametrize("lines", [0, 1])
def test_the_smallest_pools(lines):
    for seed in range(10):
        pool = random_pool(seed, lines=lines)
        _agree(pool, run(inputs_of(pool)))


def test_a_pool_whose_lines_are_all_aligned():
    pool = random_pool(1, lines=5)
    for row in pool.tables["schemes"]:
        row["pooling"] = "aligned"
    with files_of(pool) as folder:
        _agree(pool, run(load(folder)))


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
    # 1 in 3 is 33.33333…%; a budget of nil has no percentage; 0.00005 % is rounded up.
    assert oracle.percent(1, 3) == Decimal("33.3333")
    assert oracle.percent(-1, 2_000_000) == Decimal("-0.0001")
    assert oracle.percent(1, 0) is None
