"""Benchmarks: ratios, measured side by side in one run. `make bench` prints them.

Machines differ and are shared, so no seconds are promised: each job is timed in turn with a
yardstick that does only what cannot be avoided, and the best of several rounds of each is compared.
"""

import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from bcf_model.model import risk_share, variance
from bcf_model.vocabulary import KINDS, NOT_STATED, POOLINGS

ROOT = Path(__file__).resolve().parent.parent
BCF = Path(sys.executable).parent / "bcf"
AREAS, SCHEMES, MONTHS, YEARS = 150, 100, 12, 11
KEYS = ("area", "financial_year")
VIEWS: tuple[list[str], ...] = (
    ["theme"], ["organisation"], ["theme", "organisation"], ["category"], ["kind"], [],
)  # fmt: skip


def best_of(rounds: int, *jobs: Callable[[], object]) -> list[float]:
    """Time jobs in turn, round after round; give the best seconds of each."""
    best = [float("inf")] * len(jobs)
    for _ in range(rounds):
        for i, job in enumerate(jobs):
            start = time.perf_counter()
            job()
            best[i] = min(best[i], time.perf_counter() - start)
    return best


def process(*command: str | Path) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, capture_output=True, cwd=ROOT)


def say(what: str, seconds: float, yardstick: str, than: float, aim: str) -> None:
    print(f"  {what:<52} {seconds:8.3f} s")
    print(f"  {yardstick:<52} {than:8.3f} s")
    print(f"  {'ratio':<52} {seconds / than:8.2f}    aim {aim}\n")


def start_up() -> None:
    print("Start-up, cold processes")
    ours, theirs = best_of(
        20, process(BCF, "--help"), process(sys.executable, "-c", "import click")
    )
    say("bcf --help", ours, 'python -c "import click"', theirs, "≤ 1.5")


def sheffield() -> None:
    print("The whole Sheffield report, cold process")
    with tempfile.TemporaryDirectory() as scratch:
        imports = "import pandas, pandera.pandas, xlsxwriter"
        ours, theirs = best_of(
            8,
            process(BCF, "report", "inputs/sheffield-2018-19", "-o", scratch),
            process(sys.executable, "-c", imports),
        )
    say("bcf report", ours, f'python -c "{imports}"', theirs, "≤ 2")


def national(years: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make typed tables of every area: amounts by month, schemes, rules. Invented from a seed."""
    draw = np.random.default_rng(1)
    count = AREAS * SCHEMES

    def words(values: Sequence[str], codes: np.ndarray) -> pd.Categorical:
        return pd.Categorical.from_codes(
            codes, dtype=pd.CategoricalDtype(list(values), ordered=True)
        )

    names = [f"S{i:05d}" for i in range(count)]
    schemes = pd.DataFrame(
        {
            "scheme_id": words(names, np.arange(count)),
            "area": words([f"Area {i}" for i in range(AREAS)], np.arange(count) // SCHEMES),
            "theme": words("1234567", draw.integers(0, 7, count)),
            "organisation": words(["ICB", "Council"], draw.integers(0, 2, count)),
            "category": words(["A", "B", "C", NOT_STATED], draw.integers(0, 3, count)),
            "kind": words(list(KINDS), (draw.random(count) < 0.1).astype(int)),
            "pooling": words(list(POOLINGS), np.zeros(count, dtype=int)),
        }
    )
    rows = count * MONTHS * years
    line = np.arange(rows) % count  # as in a ledger: month after month, all lines
    year = np.arange(rows) // (count * MONTHS)
    year_names = [f"{y}-{(y + 1) % 100:02d}" for y in range(2015, 2015 + years)]
    budget = draw.integers(-(10**6), 10**8, rows)
    amounts = pd.DataFrame(
        {
            "financial_year": words(year_names, year),
            "scheme_id": words(names, line),
            "budget": budget,
            "expenditure": budget + draw.integers(-(10**7), 10**7, rows),
        }
    )
    rules = pd.DataFrame(
        [
            ("R1", "category=A", "either", 1, "own", "budget holder", 10**8, "Invented"),
            ("R2", "category=B", "either", 1, "own", "budget holder", 10**8, "Invented"),
            ("R3", "category=C", "either", 1, "fixed", "ICB", 6 * 10**7, "Invented"),
            ("R4", "category=C", "either", 1, "fixed", "Council", 4 * 10**7, "Invented"),
        ],
        columns=["rule_id", "scope", "direction", "step", "basis", "bearer", "share", "clause"],
    )
    return amounts, schemes, rules.assign(source="", note="")


def everything(
    amounts: pd.DataFrame, schemes: pd.DataFrame, rules: pd.DataFrame
) -> tuple[list[pd.DataFrame], pd.DataFrame]:
    """All views of the variance and the whole risk share."""
    lines = variance.by_scheme(amounts, schemes)
    views = variance.views(lines, VIEWS, KEYS)
    shares, _ = risk_share.share(lines, rules, KEYS)
    assert sum(int(v["variance"].sum()) for v in views) == len(views) * int(shares["borne"].sum())
    return views, shares


def two_million_rows() -> None:
    grid = f"{AREAS} areas × {SCHEMES} schemes × {MONTHS} months × {YEARS} years"
    print(f"{grid}, typed tables in memory")
    amounts, schemes, rules = national(YEARS)
    columns = ["budget", "expenditure"]
    finest = ["financial_year", "scheme_id"]
    codes = amounts["financial_year"].cat.codes.to_numpy().astype(np.int64)
    codes = codes * len(schemes) + amounts["scheme_id"].cat.codes.to_numpy()

    def one_groupby() -> pd.DataFrame:
        return amounts.groupby(finest, observed=True, sort=False)[columns].sum()

    def add_by_numpy() -> list[np.ndarray]:
        return [np.bincount(codes, weights=amounts[name].to_numpy()) for name in columns]

    job = partial(everything, amounts, schemes, rules)
    ours, groupby, bincount = best_of(7, job, one_groupby, add_by_numpy)
    what = f"variance, 6 views and risk share of {len(amounts):,} rows"
    say(what, ours, "one pandas groupby of the same rows", groupby, "≤ 2")
    say(what, ours, "numpy bincount of the same columns", bincount, "(shown, no aim)")
    print(f"  {'peak memory of this process':<52} {peak_megabytes():8.0f} MB\n")

    print("Growth with the number of rows")
    for years in (2, 5, YEARS):
        part = national(years)
        seconds = best_of(5, partial(everything, *part))[0]
        rows = len(part[0])
        print(f"  {rows:>12,} rows {seconds:8.3f} s {seconds / rows * 1e9:10.0f} ns a row")
    print()


def peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform == "linux" else 1024 * 1024)


def main() -> None:
    print(f"Python {platform.python_version()}, pandas {pd.__version__}, numpy {np.__version__}\n")
    start_up()
    sheffield()
    two_million_rows()


if __name__ == "__main__":
    main()
