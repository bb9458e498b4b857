"""The identities that must hold to the penny; checked in every run, shown on the Checks page."""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from bcf_model.core.errors import DoesNotReconcile
from bcf_model.core.figures import Figure
from bcf_model.core.money import sterling, within_last_digit
from bcf_model.core.sums import by_key
from bcf_model.core.tables import records, typed
from bcf_model.core.words import NOT_STATED, POOLINGS, REST_OF_SCOPE


class Check(NamedTuple):
    """Two amounts that must be equal, in whole pence.

    Attributes:
        name: what must be equal.
        expected: one side, computed one way; found: the other side, computed another way.
        expected_figures: figures that add up to the expected side, for the workbook to add up
            again; none when that side is a constant. found_figures: the same for the found side.
    """

    name: str
    expected: int
    found: int
    expected_figures: tuple[Figure, ...] = ()
    found_figures: tuple[Figure, ...] = ()


def table(checks: Iterable[Check]) -> pd.DataFrame:
    """Lay checks out as `tables.ChecksOut`, with the difference."""
    rows = [(check.name, check.expected, check.found) for check in checks]
    frame = pd.DataFrame(rows, columns=["check", "expected", "found"])
    frame = typed(frame, {"check": "str", "expected": "int64", "found": "int64"})
    return frame.assign(difference=frame["found"] - frame["expected"])


def require(checks: pd.DataFrame) -> pd.DataFrame:
    """Pass the checks on, if every one of them holds.

    Raises:
        DoesNotReconcile: naming the first that does not. The program is at fault, not the data.
    """
    failed = checks[checks["difference"] != 0]
    if len(failed):
        first = failed.iloc[0]
        message = (
            f"{first['check']}: expected {sterling(int(first['expected']))}, "
            f"found {sterling(int(first['found']))}, a difference of "
            f"{sterling(int(first['difference']))}. No report was written."
        )
        raise DoesNotReconcile(message)
    return checks


def of_views(lines: pd.DataFrame, views: dict[str, tuple[pd.DataFrame, list[str]]]) -> list[Check]:
    """Each view adds up to the same total, for budget, expenditure and variance.

    Args:
        lines: the lines of the pool.
        views: by what each is called, the frame and the figure keys of its rows.
    """
    checks = []
    selected = {}
    for said, (frame, keys) in views.items():
        columns = [frame["scheme_id" if key == "scheme" else key].astype("str") for key in keys]
        selected[said] = [
            Figure.of("budget", **dict(zip(keys, row, strict=True))).selection
            for row in zip(*columns, strict=True)
        ]
    for measure in ("budget", "expenditure", "variance"):
        total = int(lines[measure].sum())
        for said, (frame, _) in views.items():
            parts = tuple(Figure(measure, selection) for selection in selected[said])
            name = f"{measure.capitalize()} {said} = of all lines"
            found = int(frame[measure].sum())
            checks.append(Check(name, total, found, (Figure.of(measure),), parts))
    return checks


def of_shares(lines: pd.DataFrame, shares: pd.DataFrame) -> list[Check]:
    """What is borne is the variance: in total, of revenue and of capital, and in each pot."""
    checks = [
        Check(
            "Borne = variance, in total",
            int(lines["variance"].sum()),
            int(shares["borne"].sum()),
            (Figure.of("variance"),),
            (Figure.of("borne"),),
        )
    ]
    borne = by_key(shares["kind"], shares["borne"])
    for kind, variance in by_key(lines["kind"], lines["variance"]).items():
        checks.append(
            Check(
                f"Borne = variance, {kind}",
                variance,
                borne.get(kind, 0),
                (Figure.of("variance", kind=kind),),
                (Figure.of("borne", kind=kind),),
            )
        )
    of_pots = shares["variance"][~shares["pot"].duplicated()].tolist()
    borne = by_key(shares["pot"], shares["borne"])
    for variance, (pot, amount) in zip(of_pots, borne.items(), strict=True):
        checks.append(Check(f"Borne = variance, {pot}", variance, amount))
    return checks


def of_offsets(shares: pd.DataFrame) -> list[Check]:
    """What overspends took from underspends is what underspends gave: nothing is used twice."""
    keys = ["part", "scope", "kind", "grant", "cause"]
    offsets = shares.loc[shares["bearer_kind"] == REST_OF_SCOPE, [*keys, "borne"]]
    if offsets.empty:
        return []
    return [
        Check(
            f"Met within the scope, both sides: {', '.join(filter(None, map(str, key)))}",
            0,
            int(borne),
        )
        for *key, borne in offsets.groupby(keys, sort=False, as_index=False).sum().to_numpy()
    ]


def of_settlement(settled: pd.DataFrame) -> list[Check]:
    """Balancing payments, reserves and what is carried forward or met outside come to nil."""
    return [Check("Balancing payments come to nil", 0, int(settled["balancing_payment"].sum()))]


def of_limits(limits: pd.DataFrame) -> list[Check]:
    """Nobody bears more of what a limit covers than that."""
    return [
        Check(f"Above the limit {row.limit_id} of {row.bearer}", 0, max(0, -row.left))
        for row in records(limits)
    ]


def of_summary(shares: pd.DataFrame, summary: pd.DataFrame) -> list[Check]:
    """The risk share summary, with what no partner bears, is the whole of what is borne."""
    parts = [
        Figure.of("borne", category=row.category_group, bearer=row.organisation)
        for row in records(summary)
        if row.organisation != NOT_STATED
    ]
    partners = set(summary["organisation"])
    borne = by_key(shares["bearer"], shares["borne"])
    others = {bearer: amount for bearer, amount in borne.items() if bearer not in partners}
    parts += [Figure.of("borne", bearer=bearer) for bearer in others]
    name = "Borne in the risk share summary = variance"
    total = sum(borne.values())
    found = int(summary["borne"].sum()) + sum(others.values())
    return [Check(name, total, found, (Figure.of("variance"),), tuple(parts))]


def of_input(schemes: pd.DataFrame, lines: pd.DataFrame, memo: pd.DataFrame) -> list[Check]:
    """Nothing is lost between the file and the report, aligned lines included."""
    everywhere = "+".join(POOLINGS)
    return [
        Check(
            f"{measure.capitalize()} of the file = of the report, with lines beside the pool",
            int(schemes[measure].sum()),
            int(lines[column].sum() + memo[column].sum()),
            (),
            (Figure.of(column, pooling=everywhere),),
        )
        for measure, column in (("budget", "budget"), ("expenditure", "given"))
    ]


class ControlTotal(NamedTuple):
    """A total the user stated, and what was computed, in whole pence.

    Attributes:
        step: what it is written in: within half of it, a rounded total is what was computed.
    """

    figure: Figure
    stated: int
    found: int
    step: int = 1


def of_control_totals(totals: Iterable[ControlTotal]) -> list[Check]:
    """The totals the user stated are the report's, to the last digit they are written with."""
    checks = []
    for one in totals:
        name, exact = f"Control total: {one.figure}", one.found == one.stated
        if not exact and within_last_digit(one.found, one.stated, one.step):
            nearest = sterling(one.step).removesuffix(".00")
            checks.append(Check(f"{name}, to the nearest {nearest}", one.stated, one.stated))
        else:
            checks.append(Check(name, one.stated, one.found, (), (one.figure,)))
    return checks
