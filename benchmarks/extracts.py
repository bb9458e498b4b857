"""Benchmark of an import: a ledger of a million lines as CSV, beside the csv module alone."""

import csv
import gc
import io
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from bcf_model.extracts.plan import lines_of
from bcf_model.extracts.take_in import plan_file

LINES = 1_000_000


def ledger(lines: int) -> bytes:
    """Make a ledger as councils extract them: eight columns, DR and CR, a grand total."""
    draw = random.Random(1)
    centres = [(f"A{4000 + i}", f"Service {i}") for i in range(300)]
    accounts = [str(10_000 + 7 * i) for i in range(120)]
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["Invented Council: general ledger 2024/25"])
    rows.writerow([])
    rows.writerow(
        ["Cost Centre", "CC Description", "Subjective", "Period", "Trans Ref", "Supplier",
         "Amount", "DR/CR"]
    )  # fmt: skip
    whole = 0
    for number in range(lines):
        code, name = draw.choice(centres)
        pence, adds = draw.randrange(1, 10**6), draw.random() > 0.1
        whole += pence if adds else -pence
        rows.writerow(
            [code, name, draw.choice(accounts), draw.randrange(1, 13), f"J{number:07d}",
             f"Supplier {draw.randrange(2000)}", f"{pence / 100:,.2f}", "DR" if adds else "CR"]
        )  # fmt: skip
    rows.writerow(
        ["Grand total", *[""] * 5, f"{abs(whole) / 100:,.2f}", "DR" if whole > 0 else "CR"]
    )
    return out.getvalue().encode()


def measure(
    best_of: Callable[..., list[float]], say: Callable[[str, float, str, float, str], None]
) -> None:
    """Time an import to its lines, and the csv module over the same bytes."""
    print(f"An extract of {LINES:,} lines, CSV")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "GL.csv"
        path.write_bytes(ledger(LINES))

        def taken() -> int:
            plan, _ = plan_file(path, {})
            assert plan.status == "sure"
            assert plan.chosen is not None
            return len(lines_of(plan.chosen).pence)

        def read() -> int:
            gc.disable()  # else most of its time is the collector's, which an import stops too
            try:
                with path.open(encoding="utf-8", newline="") as file:
                    return len(list(csv.reader(file)))
            finally:
                gc.enable()

        assert taken() == LINES
        ours, theirs = best_of(4, taken, read)
    say(
        "recognised, proved, as lines in pence",
        ours,
        "list(csv.reader(file)), no garbage collected",
        theirs,
        "≤ 3.5",
    )
