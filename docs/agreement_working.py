"""Tell in Markdown how the model works an example: its pots and calls, and what is settled."""

import re
from collections.abc import Iterator, Sequence
from math import gcd
from typing import Any

import pandas as pd

from bcf_model.core.money import shown
from bcf_model.core.tables import records
from bcf_model.year.results import Results

COLUMNS = (
    "pot", "step", "rule", "band", "offered", "slice", "bearer", "its part", "at most", "borne",
)  # fmt: skip


def working(shares: pd.DataFrame) -> Iterator[str]:
    """Tell for each scope, in order, which call takes what and who bears it, while there is any."""
    divisor = {
        call: gcd(*rows["weight"].tolist(), *rows["total_weight"].tolist()) or 1
        for call, rows in shares.groupby("call", sort=False)
    }
    for scope, rows in shares[shares["offered"] != 0].groupby("scope", sort=False):
        yield f"`{scope}`:"
        told = [_row(row, divisor[row.call]) for row in records(rows)]
        used = [i for i in range(len(COLUMNS)) if any(row[i] for row in told)]
        yield table([COLUMNS[i] for i in used], [[row[i] for i in used] for row in told])


def _row(row: Any, divisor: int) -> list[str]:
    """Tell one row of the working paper; what would only repeat itself is left blank."""
    edges = [row.band_from or "nil", row.band_to or "no end"]
    for k, amount in enumerate((row.floor, row.ceiling)):
        edges[k] += f" = {in_pounds(amount)}" if edges[k].endswith("%") else ""
    banded = bool(row.band_from or row.band_to)
    return [
        unbroken(row.pot.removeprefix(f"{row.financial_year} | ")),
        str(row.step),
        row.rule_id,
        " to ".join(edges) if banded else "",
        in_pounds(row.offered),
        in_pounds(row.slice) if banded or row.basis == "offset" else "",
        unbroken(row.bearer),
        _part(row, divisor),
        _limit(row),
        in_pounds(row.borne),
    ]


def _part(row: Any, divisor: int) -> str:
    """Write the running total less what stands before it."""
    if not row.weight:
        return in_pounds(0)
    slice_, share = in_pounds(row.slice), in_pounds(row.share)
    reached, whole = row.cumulative_weight // divisor, row.total_weight // divisor
    before = reached - row.weight // divisor
    part = slice_ if reached == whole else f"{slice_} × {reached:,} ÷ {whole:,}"
    part += f" − {slice_} × {before:,} ÷ {whole:,}" if before else ""
    return part if part == share else f"{part} = {share}"


def _limit(row: Any) -> str:
    if row.bearer_kind == "reserve":
        return f"{in_pounds(row.available)} in it"
    stated = str(row.limit_stated)
    own = f"{stated} = {in_pounds(row.limit)}" if stated and not stated.startswith("£") else stated
    room = row.room if row.variance >= 0 else row.room_under
    over_rules = f"{in_pounds(room)} left of {row.limits}" if row.limits else ""
    return "; ".join(filter(None, (own, over_rules)))


def settlement(settled: pd.DataFrame) -> str:
    """Give what each party bears and pays."""
    money = ["own_variance", "borne", "met_outside", "balancing_payment"]
    if not settled["met_outside"].any():
        money.remove("met_outside")
    total = pd.DataFrame([{"party": "In all", **settled[money].sum()}])
    return _amounts(pd.concat([settled, total]), "party", money)


def memos(results: Results) -> Iterator[str]:
    """Give what stands beside the pool: reserves, and what providers are not paid."""
    reserves, payments = results.outputs["reserves"], results.outputs["payments"]
    if len(reserves):
        yield "### Reserves"
        money = ["opening", "unreleased", "released", "drawn", "paid_in", "closing"]
        yield _amounts(reserves, "reserve", money)
    if len(payments):
        yield "### Payment by activity"
        yield (
            "The difference is (actual − planned) × price. Within the point at which the payment "
            "reopens it is paid at one share, beyond it at another; the rest is unpaid."
        )
        money = ["difference", "point", "within", "paid", "unpaid"]
        yield _amounts(payments, "scheme_id", money)


def _amounts(frame: pd.DataFrame, name: str, money: Sequence[str]) -> str:
    """Lay out a frame's amounts, one row for each of its rows."""
    rows = [
        [row[name], *(in_pounds(row[column]) for column in money)]
        for row in frame.to_dict("records")
    ]
    return table([column.replace("_", " ") for column in (name, *money)], rows)


def in_pounds(pence: int) -> str:
    """Write pence as pounds, brackets for negatives."""
    return shown(int(pence), "pounds")


def unbroken(text: str) -> str:
    """Keep a cell of few words on one line."""
    return text.replace(" ", "\u00a0")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Make a Markdown table; columns of amounts are set to the right."""
    right = [
        all(re.fullmatch(r"(\(?£?[\d,]+\.\d\d\)?)?", row[i]) for row in rows)
        for i in range(len(head))
    ]
    lines = [
        f"| {' | '.join(head)} |",
        f"|{'|'.join('---:' if is_right else '---' for is_right in right)}|",
        *(f"| {' | '.join(_cell(text) for text in row)} |" for row in rows),
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return re.sub(r"[ \n]+", " ", text).replace("|", r"\|")
