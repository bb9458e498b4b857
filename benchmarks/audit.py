"""A paper of 2,000 printed figures, invented from a seed, some of them wrong: audited jointly."""

import csv
import random
import tempfile
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path

from bcf_model.audit.papers import examined
from bcf_model.core.tables import Transcription

THEMES, ORGANISATIONS, LINES = 10, 2, 23
COLUMNS = ("Budget", "Expenditure", "Variance", "%")


def paper(seed: int = 1, wrong: int = 0) -> list[dict[str, str]]:
    """Make the rows of a transcription: lines, sub totals, theme totals, a total; £000.

    Args:
        seed: of the invented amounts.
        wrong: how many printed amounts are changed, by far more than rounding.
    """
    draw = random.Random(seed)
    rows: list[dict[str, str]] = []

    def line(code: str, budget: Decimal, spent: Decimal, parts: list[str]) -> None:
        amounts = (budget, spent, spent - budget)
        for letter, column, amount in zip("bev", COLUMNS, amounts, strict=False):
            sums = [" + ".join(f"{part}{letter}" for part in parts)] if parts else []
            sums += [f"{code}e - {code}b"] if letter == "v" else []
            rows.append(_row(code + letter, column, _whole(amount), sum_of="; ".join(sums)))
        rate = _whole(100 * (spent - budget) / budget)
        rows.append(_row(f"{code}p", "%", f"{rate}%", percent_of=f"{code}v / {code}b"))

    def group(code: str, of: list[tuple[str, Decimal, Decimal]]) -> tuple[str, Decimal, Decimal]:
        total = code, sum((b for _, b, _ in of), Decimal()), sum((e for *_, e in of), Decimal())
        line(*total, [part for part, *_ in of])
        return total

    themes = []
    for theme in range(THEMES):
        held = []
        for organisation in range(ORGANISATIONS):
            lines = []
            for number in range(LINES):
                budget = Decimal(draw.randint(50_000, 40_000_000)) / 1000
                spent = budget * Decimal(draw.randint(800, 1250)) / 1000
                lines.append((f"T{theme}O{organisation}L{number}", budget, spent))
                line(*lines[-1], [])
            held.append(group(f"T{theme}O{organisation}", lines))
        themes.append(group(f"T{theme}", held))
    group("ALL", themes)
    for row in draw.sample([r for r in rows if r["unit"] == "thousands"], wrong):
        row["printed"] = str(int(row["printed"]) + draw.choice((-1, 1)) * draw.randint(90, 9_000))
    return rows


def _whole(number: Decimal) -> str:
    return str(number.quantize(Decimal(1), ROUND_HALF_UP))


def _row(code: str, column: str, printed: str, **more: str) -> dict[str, str]:
    unit = "percent" if column == "%" else "thousands"
    row = {"published_id": code, "source": f"table 1 row {code[:-1]}", "label": code[:-1]}
    row |= {"column": column, "printed": printed, "unit": unit, "decimals": "0"}
    return row | more


def write(rows: list[dict[str, str]], path: Path) -> Path:
    """Write a transcription as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        names = [meaning.name for meaning in Transcription.fields]
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def measure(
    best_of: Callable[..., list[float]], say: Callable[[str, float, str, float, str], None]
) -> None:
    """Time the audit of 2,000 printed figures: sound, and with twenty of them wrong."""
    print("A paper of 2,000 printed figures, audited jointly")
    with tempfile.TemporaryDirectory() as scratch:
        sound, wrong = (
            partial(examined, write(paper(wrong=n), Path(scratch) / f"{n}-wrong.csv"))
            for n in (0, 20)
        )
        without, with_twenty = best_of(3, sound, wrong)
    say("bcf audit, 20 figures wrong", with_twenty, "none wrong", without, "≤ 30 seconds")
