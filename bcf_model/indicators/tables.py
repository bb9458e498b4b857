"""The tables of indicators: as they are written, and as figures select from them."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from bcf_model.core.expressions import RATE_DIGITS
from bcf_model.core.money import rounded
from bcf_model.core.stated_amounts import step_of
from bcf_model.core.tables import (
    HELD_IN,
    INDICATOR_TABLES,
    OF_INDICATORS,
    Inputs,
    Table,
    frame_of,
    records,
)
from bcf_model.core.words import ACTUAL, LAST_YEAR, LATEST, LEVELS, MONTHS, TARGET, WHOLE_YEAR
from bcf_model.core.worked_columns import PRICE_VOLUME
from bcf_model.core.years import year_before
from bcf_model.indicators.comparison import (
    COMPARED_WITH,
    Comparison,
    compared,
    favourable,
    projected,
    projected_met,
)
from bcf_model.indicators.price_volume import Line, table
from bcf_model.indicators.series import Metric, Number, metrics_of


def of_pool(inputs: Inputs) -> dict[str, Metric]:
    """Read the indicators of a pool, by their codes, in their order."""
    year = inputs.settings.financial_year
    rows = {name: records(getattr(inputs, name)) for name in OF_INDICATORS}
    return metrics_of(rows, {ACTUAL: year, LAST_YEAR: year_before(year)})


def written(
    metrics: Mapping[str, Metric], year: str, price_volume: pd.DataFrame | None = None
) -> dict[str, pd.DataFrame]:
    """Return the tables of `INDICATOR_TABLES` that the pool has something for.

    Args:
        metrics: its indicators.
        year: its financial year.
        price_volume: of `of_volumes`.
    """
    rows: dict[str, Sequence[Mapping[str, Any]]] = {}
    if metrics:
        rows["indicators"] = [row for it in metrics.values() for row in _latest(it)]
        rows["indicators_by_month"] = [row for it in metrics.values() for row in _by_month(it)]
    if price_volume is not None and len(price_volume):
        rows["price_volume"] = [row._asdict() for row in records(price_volume)]
    return {
        name: _frame(INDICATOR_TABLES[name], [{"financial_year": year, **row} for row in found])
        for name, found in rows.items()
    }


def of_volumes(inputs: Inputs, lines: pd.DataFrame) -> pd.DataFrame:
    """Split the variance of each line whose money follows activity, as figures select from it.

    Args:
        inputs: the pool.
        lines: every line with its budget, `given` and `unpaid`, and the steps they are known to.

    Returns:
        A row for each line and planned volume, in whole pence (`price_volume.table`).
    """
    amounts = {
        row.scheme_id: Line(int(row.budget), int(row.given), int(row.unpaid))
        if row.budget_step and row.expenditure_step
        else None
        for row in records(lines)
    }
    stated = inputs.volumes.astype(object).where(inputs.volumes.notna(), None)
    return _as_held(table(records(stated), amounts), _VOLUMES)


def selected_from(metrics: Mapping[str, Metric]) -> dict[str, pd.DataFrame]:
    """Return the tables that figures of indicators select from, a row each.

    `indicator_values` has a row for each indicator, series and period, `indicators` one for each
    indicator, period and what it is compared with: in millionths (a printed percentage in those of
    a percent), to which step they are known, of which period they are, and why they are blank.
    """
    values, pairs = list[dict[str, Any]](), list[dict[str, Any]]()
    for code, metric in metrics.items():
        projection, _ = projected(metric)
        for period, of in {LATEST: metric.latest, **{it: it for it in metric.periods}}.items():
            for series in LEVELS:
                number = metric.at(series, of)
                is_latest = (series, period) == (ACTUAL, LATEST)
                values.append({
                    "metric": code, "series": series, "period": period, "of_period": _year_end(of),
                    "reason": number.lacks,
                    **_held("value", number), **_denominators("", number),
                    "in_month": _millionths(metric.in_month(series, of).value),
                    "projected": _millionths(projection if is_latest else None),
                })  # fmt: skip
            for against in COMPARED_WITH:
                one = compared(metric, against, of)
                pairs.append({
                    "metric": code, "against": against, "period": period,
                    "of_period": _year_end(of), "reason": one.lacks, "source": one.source,
                    "remark": one.remark,
                    **_held("actual", one.actual), **_held("compared", one.compared),
                    "difference": _millionths(one.difference),
                    **_held("printed", metric.printed_difference(against, of)),
                })  # fmt: skip
    return {"indicator_values": _as_held(values, _VALUES), "indicators": _as_held(pairs, _PAIRS)}


_VALUES = ("metric", "series", "period", "of_period", "reason", "value", "value_step", "numerator",
           "denominator_from", "denominator_to", "in_month", "projected")  # fmt: skip
_PAIRS = ("metric", "against", "period", "of_period", "reason", "remark", "source", "actual",
          "actual_step", "compared", "compared_step", "difference", "printed",
          "printed_step")  # fmt: skip
_VOLUMES = ("scheme_id", "version", "budget_set_on", "stated", "reason", "source", "planned",
            "actual", *PRICE_VOLUME)  # fmt: skip
_TEXTS = {"metric", "series", *_PAIRS[:7], *_VOLUMES[:6]}


def _year_end(period: str) -> str:
    """Return a period; the year for its last month, to whose end all twelve are told."""
    return WHOLE_YEAR if period == MONTHS[-1] else period


def _as_held(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    kinds = {name: "str" if name in _TEXTS else "Int64" for name in columns}
    return frame_of({name: [row[name] for row in rows] for name in columns}, kinds)


def _held(name: str, number: Number) -> dict[str, int | None]:
    return {name: _millionths(number.value), step_of(name): _millionths(number.step) or 1}


def _millionths(number: Fraction | None) -> int | None:
    return None if number is None else int(rounded(number * HELD_IN["quantity"], 0))


def _percent(part: Fraction | None) -> float | None:
    """Return a part of one in percent, rounded once as every rate is."""
    return None if part is None else float(rounded(part * 100, RATE_DIGITS - 2))


def _latest(metric: Metric) -> Iterator[dict[str, Any]]:
    """Compute a row for each series an indicator is compared with, and always for its target."""
    projection, method = projected(metric)
    for against in COMPARED_WITH:
        if against != TARGET and against not in {series for series, _ in metric.numbers}:
            continue
        one = compared(metric, against, metric.latest)
        about = metric.about
        of_target = against == TARGET
        yield {
            **{name: getattr(about, name) for name in ("metric", "name", "form", "better")},
            "period": one.period,
            **_amounts(one),
            "status": one.status,
            **_denominators("", one.actual),
            **_denominators("compared_", one.compared),
            "projected": _millionths(projection),
            "projected_by": method,
            "projected_met": projected_met(metric, projection) if of_target else "",
        }


def _amounts(one: Comparison) -> dict[str, Any]:
    return {
        "against": one.against,
        "actual": _millionths(one.actual.value),
        "compared": _millionths(one.compared.value),
        "difference": _millionths(one.difference),
        "difference_percent": _percent(one.part),
        "favourable": one.favourable,
        "met": one.met,
        "reason": one.lacks,
    }


def _denominators(prefix: str, number: Number) -> dict[str, Any]:
    least, most = number.implied_denominator or (None, None)
    return {
        f"{prefix}numerator": _millionths(number.numerator),
        f"{prefix}denominator_from": least,
        f"{prefix}denominator_to": most,
    }


def _by_month(metric: Metric) -> Iterator[dict[str, Any]]:
    """Compute a row for each month and series of which something is stated, or apportioned."""
    for number, month in enumerate(MONTHS, start=1):
        for against in COMPARED_WITH:
            printed = metric.printed_difference(against, month).value
            one = compared(metric, against, month)
            if printed is None and not _stands(metric, one):
                continue
            yield {
                "metric": metric.about.metric,
                "month": number,
                **_amounts(one),
                **_of_print(metric, one),
                "actual": _millionths(metric.in_month(ACTUAL, month).value),
                "compared": _millionths(metric.in_month(against, month).value),
                "actual_to_date": _millionths(one.actual.value),
                "compared_to_date": _millionths(one.compared.value),
                "printed_percent": _percent(printed and printed / 100),
            }


def _stands(metric: Metric, one: Comparison) -> bool:
    """Return whether a month is stated of an indicator, or of what it is compared with."""
    apportioned = one.against == TARGET and metric.weights and one.compared.value is not None
    if not apportioned and one.against not in {series for series, _ in metric.numbers}:
        return False
    stated = {(ACTUAL, one.period), (one.against, one.period)} & metric.numbers.keys()
    return bool(stated or apportioned)


def _of_print(metric: Metric, one: Comparison) -> dict[str, str]:
    """Return what a printed percentage tells where no numbers are known; of nil it is not sure."""
    printed = metric.printed_difference(one.against, one.period)
    if one.difference is not None or not printed.value:
        return {}
    way = favourable(metric, printed.value)
    return {"favourable": way, "met": way if one.against == TARGET else ""}


def _frame(model: Table, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    columns = {name: [row.get(name) for row in rows] for name in model.types}
    return model.validate(frame_of(columns, model.types))
