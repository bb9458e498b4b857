"""Draws of a scenario, measured beside plain numpy draws and sums, and beside frames of pandas."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from bcf_model.agreement.pots import share
from bcf_model.plan.draws import make_ready
from bcf_model.plan.load import load_scenario
from bcf_model.plan.partner_shares import plan_terms, scheme_lines, shareable, year_terms
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.uncertainty import simulate

ROOT = Path(__file__).resolve().parent.parent
LINES, YEARS, DRAWS, THEMES = 65, 5, 10_000, 7
FRAMES = 100
"""Draws worked one by one with pandas; the rest is scaled from them."""
NAMES = [f"{2019 + i}-{20 + i}" for i in range(YEARS)]
MEAN = 0.03
POOL = """title = "Invented for a benchmark"
board = "Invented"
as_at = 2019-03-31
source = "Invented"
financial_year = "2018-19"
unit = "pounds"
"""
SCENARIO = f"""title = "A range on each line and year"
opening = "year-end budget"
first_year = "{NAMES[0]}"
last_year = "{NAMES[-1]}"

[agreed]
"""
RULES = [
    ("R1", "pool", "", "2%", "fixed", "ICB", 50),
    ("R2", "pool", "", "2%", "fixed", "Council", 50),
    ("R3", "pool", "2%", "5%", "fixed", "ICB", 70),
    ("R4", "pool", "2%", "5%", "fixed", "Council", 30),
    ("R5", "pool", "5%", "", "fixed", "Council", 100),
]


def budgets() -> np.ndarray:
    """Budgets of the lines, in pounds."""
    return np.random.default_rng(1).integers(10**5, 10**7, LINES)


def pool(folder: Path) -> None:
    """Write a pool of many lines, and a scenario with a range on each of them in each year."""
    opening = budgets()
    codes = [f"S{i}" for i in range(LINES)]
    themes = [str(1 + i % THEMES) for i in range(LINES)]
    holders = [("ICB", "Council")[i % 2] for i in range(LINES)]

    def write(name: str, columns: str, rows: list[tuple[object, ...]]) -> None:
        pd.DataFrame(rows, columns=columns.split()).to_csv(folder / f"{name}.csv", index=False)

    (folder / "pool.toml").write_text(POOL, encoding="utf-8")
    write("organisations", "organisation name organisation_kind", [
        ("ICB", "Board", "nhs"), ("Council", "Council", "council")])  # fmt: skip
    write("themes", "theme name", [(str(t + 1), f"Theme {t + 1}") for t in range(THEMES)])
    write("categories", "category name summary_group", [("A", "All", "A")])
    columns = "rule_id scope band_from band_to basis bearer share direction step clause"
    write("rules", columns, [(*row, "either", 1, "Invented") for row in RULES])
    write("schemes", "scheme_id theme organisation scheme category kind budget expenditure", [
        (*row, f"Scheme {row[0]}", "A", "revenue", pounds, pounds)
        for *row, pounds in zip(codes, themes, holders, opening, strict=True)])  # fmt: skip
    write("budgets", "version financial_year theme organisation scheme_id amount", [
        (f"agreed {year}", year, theme, holder, code, round(pounds * (1 + MEAN) ** i))
        for i, year in enumerate(NAMES, start=1)
        for code, theme, holder, pounds in zip(codes, themes, holders, opening, strict=True)
    ])  # fmt: skip
    scenario = folder / "scenarios" / "ranges"
    scenario.mkdir(parents=True)
    agreed = [f'{year} = "agreed {year}"' for year in NAMES]
    (scenario / "scenario.toml").write_text(SCENARIO + "\n".join(agreed), encoding="utf-8")
    ends = [3, 2, 4]
    columns = "assumption step scope year value low high unit shape source"
    write("scenarios/ranges/assumptions", columns, [
        (code, "inflation", f"line={code}", year, *ends, "percent", "normal", "invented")
        for year in NAMES for code in codes])  # fmt: skip


def plainly(draws: int = DRAWS) -> list[np.ndarray]:
    """What cannot be avoided, as anybody would write it: normals, amounts, and their sums.

    The same number of random normals, the amounts of each line in each year, and the same sums of
    them by year: in total, by theme and by organisation. No risk share, no percentiles.
    """
    random = np.random.default_rng(1)
    normal = random.standard_normal((YEARS, draws, LINES))
    amounts = np.broadcast_to(budgets().astype(float), (draws, LINES))
    themes, holders = np.arange(LINES) % THEMES, np.arange(LINES) % 2
    found = []
    for of_year in normal:
        amounts = amounts * (1 + MEAN + 0.006 * of_year)
        found.append(amounts.sum(axis=1))
        found += [amounts[:, themes == theme].sum(axis=1) for theme in range(THEMES)]
        found += [amounts[:, holders == holder].sum(axis=1) for holder in range(2)]
    return found


def frame_by_frame(projection: Projection, draws: int) -> float:
    """The same draw by draw: a frame of lines, sums by group, and the risk share of the package."""
    random = np.random.default_rng(1)
    inputs, against = projection.plan.inputs, projection.tables["agreed"]
    schemes, agreement = shareable(inputs), plan_terms(inputs)
    terms = {year: year_terms(agreement, year, {}) for year in NAMES}
    lines = {y: scheme_lines(schemes, against[against["financial_year"] == y]) for y in NAMES}
    total = 0.0
    for _ in range(draws):
        amounts = budgets() * 100.0
        for year in NAMES:
            amounts = amounts * (1 + random.normal(MEAN, 0.006, LINES))
            frame = lines[year].assign(expenditure=np.rint(amounts).astype(np.int64))
            frame["variance"] = frame["expenditure"] - frame["budget"]
            for by in ("theme", "organisation"):
                frame.groupby(by, observed=True)["expenditure"].sum()
            total += float(share(frame, terms[year])[0]["borne"].sum())
    return total


def peak(folder: str, draws: int) -> None:
    """Print the peak memory of a process that draws so often, in MB, and how long it took."""
    projection = project(*load_scenario(folder, "ranges"))
    before, start = _megabytes(), time.perf_counter()
    simulate(projection, draws, 1)
    print(f"{_megabytes():.0f} {before:.0f} {time.perf_counter() - start:.1f}")


def _megabytes() -> float:
    """Give the peak of this process alone: what getrusage tells is at least its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


def measure(best_of: Callable[..., list[float]], say: Callable[..., None]) -> None:
    print(
        f"{DRAWS:,} draws of {LINES} lines in {YEARS} years, a range on each, a banded risk share"
    )
    with tempfile.TemporaryDirectory() as scratch:
        pool(Path(scratch))
        projection = project(*load_scenario(scratch, "ranges"))
        whole, ready, plain = best_of(
            15, lambda: simulate(projection, DRAWS, 1), lambda: make_ready(projection), plainly
        )
        frames = best_of(1, lambda: frame_by_frame(projection, FRAMES))[0] * DRAWS / FRAMES
        what = "numpy: as many normals, the amounts, the same sums"
        say("all: make ready, draw, chain, shares, percentiles", whole, what, plain, "≤ 2")
        print(f"  {'of it, making the scenario and its agreement ready':<52} {ready:8.3f} s")
        print(f"  {'a pandas frame for each draw (scaled)':<52} {frames:8.1f} s")
        print(f"  {'ratio to all of the above':<52} {frames / whole:8.0f}    aim ≥ 100\n")
        print("Peak memory of a fresh process")
        for draws in (DRAWS, 100_000, 1_000_000):
            job = f"from benchmarks.uncertainty import peak; peak({scratch!r}, {draws})"
            told = subprocess.run(
                [sys.executable, "-c", job], check=True, capture_output=True, text=True, cwd=ROOT
            ).stdout.split()
            aim = "    aim ≤ 400" if draws == 1_000_000 else ""
            print(f"  {f'{draws:,} draws ({told[1]} MB before them)':<52} {told[0]:>8} MB{aim}")
    print()
