"""Indicators as tests write them: a few numbers, with everything they leave out at its default."""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from bcf_model.core.tables import OF_INDICATORS, TABLES
from bcf_model.core.words import ACTUAL, LAST_YEAR
from bcf_model.indicators.series import Metric, metrics_of

YEARS = {ACTUAL: "2018-19", LAST_YEAR: "2017-18"}
_MODELS = dict(
    zip(OF_INDICATORS, ("Metrics", "MetricValues", "Denominators", "Thresholds"), strict=True)
)


def row(table: str, **said: Any) -> SimpleNamespace:
    """Make a row of an input table."""
    defaults = {it.name: it.default for it in TABLES[_MODELS[table]].fields}
    return SimpleNamespace(**{**defaults, **said})


def metric(
    *values: tuple[str, str, str] | tuple[str, str, str, Mapping[str, Any]],
    denominators: Iterable[SimpleNamespace] = (),
    thresholds: Iterable[SimpleNamespace] = (),
    **about: Any,
) -> Metric:
    """Make an indicator: of each number its series, period, print, and what is said beside it."""
    said = {"name": "Stays", "form": "count", "better": "lower", "period_basis": "month", **about}
    rows = []
    for series, period, value, *more in values:
        beside: dict[str, Any] = {"decimals": 0, **(more[0] if more else {})}
        rows.append(row("metric_values", metric="M", series=series, period=period, value=value,
                        **beside))  # fmt: skip
    tables = {
        "metrics": [row("metrics", metric="M", **said)],
        "metric_values": rows,
        "denominators": denominators,
        "thresholds": thresholds,
    }
    return metrics_of(tables, YEARS)["M"]


def months(series: str, *values: object) -> list[tuple[str, str, str]]:
    """Make the months of a series, from month 1 on."""
    return [(series, f"month {i}", str(value)) for i, value in enumerate(values, start=1)]
