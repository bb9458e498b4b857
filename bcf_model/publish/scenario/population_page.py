"""The page Population of a scenario: its cohorts, and how far spending follows their number."""

from typing import Any

from bcf_model.core.tables import records, rows_of_each
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.drivers import a_year
from bcf_model.plan.range_bounds import plain
from bcf_model.publish.page import Row, Sheet, heads
from bcf_model.publish.scenario.assumption_pages import acts_on, as_scaled
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.scenario.sentences import quantity


def sheets(view: View) -> tuple[Sheet, ...]:
    """Lay the page out, where the scenario has drivers of demand."""
    said = view.projection.scenario.tables
    if said["drivers"].empty:
        return ()
    cohorts = {row.cohort: row for row in records(said["cohorts"])}
    rows: list[Row] = []
    for (driver,), own in rows_of_each(said["drivers"], "driver"):
        rows.append(Row("group", (driver,)))
        rows += [_followed(row, cohorts[row.cohort]) for row in records(own)]
        rows += _acting(view, driver)
    return (
        Sheet(
            "Population",
            f"Population, and what follows it: {view.perimeter}",
            (
                "The rate, on every line it acts on, is the sum of weight × elasticity × growth of "
                "a year; 1 is in step. How many people there are is not stated.",
            ),
            (
                *heads(cohort=40, growth=10, over=10, of_a_year=12, weight=10, elasticity=10),
                *heads(rate=12, as_scaled=12, projection=40, status=14, source=44, remark=44),
            ),
            tuple(rows),
        ),
    )


def _followed(row: Any, cohort: Any) -> Row:
    """Return what of a driver follows one cohort."""
    grown = round(a_year(cohort.growth, cohort.years))
    return Row("line", (
        cohort.name, f"{plain(cohort.growth)}%", _years(cohort.years), f"{plain(grown)}%",
        f"{plain(row.weight)}%", plain(row.elasticity), None, None,
        cohort.vintage or None, _status(row.status), row.source or "no source", row.note or None,
    ))  # fmt: skip


def _acting(view: View, driver: str) -> list[Row]:
    """Return at what rate a driver acts, and where: of its own, or of what stands in its place."""
    scaled = as_scaled(view)
    return [
        Row("subtotal", (
            f"Acts on {acts_on(row.scope, row.step)}, "
            f"{spoken(row.year) if row.year else 'every year'}",
            *[None] * 5, quantity(row.value, row.unit), scaled.get(i), None, None,
            row.place or row.set_by, None,
        ))
        for i, row in enumerate(records(view.assumptions)) if row.assumption == driver
    ]  # fmt: skip


def _years(years: int) -> str:
    return f"{years} year{'s' * (years != 1)}"


def _status(status: str) -> str:
    return "not stated" if status == NOT_STATED else status
