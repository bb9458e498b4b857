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

from bcf_model.agreement.call_parts import Bearer, Call, Edge, Part, Pots, Ruled
from bcf_model.agreement.calls import bear
from bcf_model.agreement.outturns import prepare, rerun
from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.pots import share
from bcf_model.core.tables import Rules
from bcf_model.core.words import KINDS, NONE, NOT_STATED, POOLINGS
from bcf_model.pool import load
from bcf_model.year import pipeline, reserves, variance
from benchmarks import audit, extracts, uncertainty

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
            "terms": words([NOT_STATED], np.zeros(count, dtype=int)),
            "grant": words([NONE], np.zeros(count, dtype=int)),
        }
    )
    schemes["lead"] = schemes["organisation"]
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
    defaults = {m.name: m.default for m in Rules.fields if m.name not in rules}
    return amounts, schemes, rules.assign(**defaults)


def everything(
    amounts: pd.DataFrame, schemes: pd.DataFrame, rules: pd.DataFrame
) -> tuple[list[pd.DataFrame], pd.DataFrame]:
    """All views of the variance and the whole risk share."""
    lines = variance.by_scheme(amounts, schemes)
    views = variance.views(lines, VIEWS, KEYS)
    shares, _, _ = share(lines, Terms(rules), KEYS)
    assert sum(int(v["variance"].sum()) for v in views) == len(views) * int(shares["borne"].sum())
    return views, shares


LINES = 1_980_000
RATES = np.array([[0.6, 0.4], [0.5, 0.5], [0.95, 0.05]])


def banded() -> None:
    """Three bands in percent of budget, a cap, and a taker of what is above it; line by line."""
    print(f"{LINES:,} line variances of {AREAS} pools: three bands, a capped partner, a taker")
    draw = np.random.default_rng(1)
    amounts = draw.integers(-(10**7), 10**7, LINES)
    nil = np.zeros(LINES, dtype=np.intp)
    pots = Pots(amounts, draw.integers(10**6, 10**8, LINES), nil, nil, nil)
    first, second = Edge(millionths=2 * 10**6), Edge(millionths=5 * 10**6)
    capped = Bearer(3, 50, limit=Edge(pence=100_000))
    calls = (
        Call(1, None, first, (Bearer(0, 60), Bearer(1, 40))),
        Call(1, first, second, (Bearer(2, 50), capped)),
        Call(1, second, None, (Bearer(4, 95), Bearer(5, 5))),
        Call(2, None, None, (Bearer(6, 1),)),
    )

    def ours() -> list[Part]:
        ways = (np.flatnonzero(amounts >= 0), np.flatnonzero(amounts < 0))
        return bear(pots, [Ruled(0, way, calls) for way in ways], np.zeros(0, dtype=np.int64))

    def plain() -> np.ndarray:
        return np.asarray(np.round(amounts[:, None, None] * RATES))

    assert sum(int(part.borne.sum()) for part in ours()) == int(amounts.sum())
    best, plainly = best_of(9, ours, plain)
    say("banded, capped risk share, line by line", best,
        "numpy multiply and round, lines × bands × partners", plainly, "≤ 3")  # fmt: skip


def many_outturns(draws: int = 10_000) -> None:
    """Sheffield's risk share on varied outturns: one call, against one call for each."""
    print(f"{draws:,} re-runs of the Sheffield risk share on varied outturns")
    inputs = load(ROOT / "inputs" / "sheffield-2018-19")
    lines = pipeline.run(inputs).figures.tables["lines"]
    lines = lines[lines["pooling"] == "pooled"].reset_index(drop=True)
    terms = pipeline.terms_of(inputs, reserves.released(inputs.reserves, inputs.achievement))
    agreement = prepare(lines, terms)
    draw = np.random.default_rng(1)
    change = draw.integers(-(10**7), 10**7, (draws, len(lines)))
    change[:, (lines["category"] == NOT_STATED).to_numpy()] = 0
    outturns = lines["variance"].to_numpy() + change
    some = 200

    def one_by_one() -> list[np.ndarray]:
        return [rerun(agreement, outturns[k : k + 1]) for k in range(some)]

    def frame_by_frame() -> list[pd.DataFrame]:
        return [share(lines.assign(variance=row), terms)[0] for row in outturns[: some // 20]]

    at_once, looped, frames = best_of(
        3, lambda: rerun(agreement, outturns), one_by_one, frame_by_frame
    )
    looped, frames = looped * draws / some, frames * draws / (some // 20)
    print(f"  {'one call':<52} {at_once:8.3f} s")
    print(f"  {'a Python loop of the same function, one draw each':<52} {looped:8.3f} s")
    print(f"  {'ratio':<52} {looped / at_once:8.0f}    aim ≥ 100")
    print(f"  {'a Python loop of the pandas risk share':<52} {frames:8.3f} s")
    print(f"  {'ratio':<52} {frames / at_once:8.0f}    aim ≥ 100\n")


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
    banded()
    many_outturns()
    audit.measure(best_of, say)
    extracts.measure(best_of, say)
    uncertainty.measure(best_of, say)


if __name__ == "__main__":
    main()
