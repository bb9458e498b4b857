"""Moving money to prevention: what it gives back, when, to whom, and how much can be taken out.

docs/method.md, 7. Four things stay apart: what is invested, the gross benefit, the part of it that
can be taken out of budgets (cashable), and what is taken out (released). A *stream* is what one
payer invests in a programme, or what one beneficiary gets back of it; amounts are levels: of the
year, not changes on the year before.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import evaluate, of_row, unrounded
from bcf_model.core.figures import row_by_row
from bcf_model.core.money import MILLIONTHS, Pence
from bcf_model.core.sums import by_key
from bcf_model.plan.worked_columns import BENEFITS, LEVEL, RELEASE

STREAM: Final = ["programme", "payer", "beneficiary", "scope"]
LEVELS: Final = ["invested", "gross", "cashable"]


def streams(
    programmes: pd.DataFrame,
    returns: pd.DataFrame,
    lags: pd.DataFrame,
    years: Sequence[str],
    factor: int | Mapping[str, int],
) -> pd.DataFrame:
    """Spread each investment over the years in which it is paid and gives back.

    Args:
        programmes: `tables.Prevention`. Rows of years outside the plan count for nothing.
        returns: `tables.Returns`.
        lags: `tables.Lags`.
        years: of the plan, one after the other. What would come after them is `to_come`.
        factor: on every return, in millionths; or by programme, 1 where it has none.

    Returns:
        One row per stream and year, every stream in every year: programme, payer, beneficiary,
        scope, financial_year, and invested, gross, cashable in pence, spending and benefit both
        above nil. What is invested stands on streams of its own, without a beneficiary, whose scope
        is the line invested in; so each column may be added up. Streams of investment come first,
        in the order of `programmes`; then those of benefit, in the order of `programmes` and, in a
        programme, of `returns`: the order in which they are released.
    """
    paid = _paid(programmes, years)
    invested = paid.assign(beneficiary="", invested=paid["investment"], gross=0, cashable=0)
    given_back = _given_back(paid, returns, factor)
    worked = _benefits(given_back, lags, years)
    worked = worked[worked["comes"] < len(years)]
    of_year = pd.Series([years[i] for i in worked["comes"]], index=worked.index, dtype="str")
    worked = worked.assign(financial_year=of_year, invested=0)
    kept = [*STREAM, "financial_year"]
    of_all = pd.concat([invested[STREAM], given_back[STREAM]]).drop_duplicates()
    grid = of_all.merge(pd.DataFrame({"financial_year": list(years)}, dtype="str"), how="cross")
    nil = grid.assign(**dict.fromkeys(LEVELS, 0))
    rows = pd.concat([frame[[*kept, *LEVELS]] for frame in (nil, invested, worked)])
    levels = rows.groupby(kept, sort=False)[LEVELS].sum().reset_index()
    return levels.astype(dict.fromkeys(kept, "str") | dict.fromkeys(LEVELS, "int64"))


def to_come(given_back: pd.DataFrame, years: Sequence[str]) -> dict[str, int]:
    """Return what the investments of the plan still give back after its last year.

    Args:
        given_back: as `benefits` gives it.
        years: of the plan.

    Returns:
        Pence by beneficiary: what can be taken out of budgets, undiscounted. How much of it will be
        taken out depends on budgets of years that are not projected.
    """
    after = given_back["cashable"].where(given_back["comes"] >= len(years), 0)
    return by_key(given_back["beneficiary"], after)


def benefits(
    programmes: pd.DataFrame,
    returns: pd.DataFrame,
    lags: pd.DataFrame,
    years: Sequence[str],
    factor: int | Mapping[str, int],
) -> pd.DataFrame:
    """Work what each row of investment gives back to each beneficiary in each year.

    Args:
        programmes: `tables.Prevention`. Rows of years outside the plan count for nothing.
        returns: `tables.Returns`.
        lags: `tables.Lags`.
        years: of the plan, one after the other.
        factor: on every return, in millionths; or by programme.

    Returns:
        One row per row of investment, return and lag, with what `worked_columns.BENEFITS` is made
        of, and: paid, the place of the investment among `programmes`; comes, the place of the year
        among those of the plan (after the last it is not less than their number); in_time, whether
        no old service runs beside the new one any more.
    """
    return _benefits(_given_back(_paid(programmes, years), returns, factor), lags, years)


def _paid(programmes: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    """Return the rows of investment that count: those of years of the plan."""
    own = ["programme", "payer", "scope", "financial_year", "investment", "double_running", "paid"]
    placed = programmes.assign(paid=np.arange(len(programmes)))
    return placed.loc[placed["financial_year"].isin(list(years)), own]


def _given_back(
    paid: pd.DataFrame, returns: pd.DataFrame, factor: int | Mapping[str, int]
) -> pd.DataFrame:
    """Pair rows of investment with what their programme gives back, to whom."""
    own = ["programme", "beneficiary", "scope", "return_per_pound", "cashable", "lag"]
    pairs = paid.drop(columns="scope").merge(returns[own], on="programme")
    by_programme = {} if isinstance(factor, int) else factor
    otherwise = factor if isinstance(factor, int) else MILLIONTHS
    factors = [by_programme.get(programme, otherwise) for programme in pairs["programme"]]
    return pairs.assign(factor=np.array(factors, dtype=np.int64))


def _benefits(given_back: pd.DataFrame, lags: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    rows = given_back.rename(columns={"cashable": "percent"}).merge(
        lags[["lag", "years_after", "share"]], on="lag"
    )
    place = {year: i for i, year in enumerate(years)}
    comes = rows["financial_year"].map(place).astype("int64") + rows["years_after"]
    rows = rows.assign(comes=comes, gross=row_by_row(rows, BENEFITS["gross"]))
    in_time = (rows["years_after"] >= rows["double_running"]).to_numpy()
    taken_out = np.where(in_time, row_by_row(rows, BENEFITS["cashable"]), 0)
    return rows.assign(in_time=in_time, cashable=taken_out)


class Release(NamedTuple):
    """What is taken out of budgets in one year.

    Attributes:
        released: streams × lines: the level on each line, not below nil.
        not_released: streams: what is cashable, but for which no budget was left.
        rows: of each stream the columns `RELEASE` is made of, and those of it that were worked,
            line by line.
    """

    released: NDArray[Any]
    not_released: NDArray[Any]
    rows: tuple[dict[str, Any], ...]


def release(
    cashable: NDArray[Any],
    before: NDArray[Any],
    reduces: NDArray[np.bool_],
    budgets: NDArray[Any],
) -> Release:
    """Take what is cashable out of budgets, in the stated order, as far as there is budget.

    The budget of a line is what it has once last year's release is put back: a level is compared
    with a level. Each stream takes no more than its lines then have above nil, after the streams
    before it; it is parted over them in proportion to that, so that no line is brought below nil.

    Args:
        cashable: streams: cashable level of the year.
        before: streams × lines: released last year (nil in the first year of a plan).
        reduces: streams × lines: whether the stream reduces the line.
        budgets: lines: what they have before the step, last year's release still taken out.

    Returns:
        The release, in pence; whole pence, parted by cumulative rounding, where the arguments are
        whole. `budgets`, `cashable` and `before` may have further axes in front, such as one of
        draws; fractions are not rounded.
    """
    read = evaluate if before.dtype == np.int64 else unrounded
    put_back, released = before.sum(axis=-2), np.zeros_like(before)
    taken, rows = np.zeros_like(put_back), []
    for i, lines in enumerate(reduces):
        row = {
            "base": budgets, "put_back": put_back, "taken": taken,
            "cashable": cashable[..., i, None], "before": before[..., i, :],
        }  # fmt: skip
        row["room"] = read(RELEASE["room"], of_row(row)) * lines
        row["reached"] = row["room"].cumsum(axis=-1)
        row["most"] = row["reached"][..., -1:]
        row["level"] = read(LEVEL, of_row(row))
        divisor = np.where(row["most"] > 0, row["most"], 1)
        row["released"] = read(RELEASE["released"], of_row({**row, "most": divisor}))
        row["so_far"] = taken = read(RELEASE["so_far"], of_row(row))
        released[..., i, :] = row["released"]
        rows.append(row)
    return Release(released, cashable - released.sum(axis=-1), tuple(rows))


def with_released(found: pd.DataFrame, released: Mapping[str, Pence]) -> pd.DataFrame:
    """Add to streams what was released of them.

    Args:
        found: as `streams` gives them.
        released: of each year, one level for each stream of benefit, in their order.

    Returns:
        `output_tables.PreventionOut` without its first column.
    """
    is_benefit = (found["beneficiary"] != "").to_numpy()
    taken = np.zeros(len(found), dtype=np.int64)
    for year, levels in released.items():
        taken[is_benefit & (found["financial_year"] == year).to_numpy()] = levels
    return found.assign(released=taken, not_released=found["cashable"] - taken)
