"""A scenario as text: what is in force, and where each of it comes from."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model.core.errors import DataHasErrors
from bcf_model.core.money import sterling
from bcf_model.core.tables import FieldMeaning, records
from bcf_model.core.words import NOT_STATED
from bcf_model.plan import holding, savings
from bcf_model.plan.growth import scaled_rates, written
from bcf_model.plan.load import Plan, Scenario
from bcf_model.plan.projection import project
from bcf_model.plan.range_bounds import plain
from bcf_model.plan.settings import INHERITED, AgreedMethod, Calibration
from bcf_model.plan.tables import SCENARIO_TABLES
from bcf_model.plan.words import CONFIDENCES, NUMBER, PERCENT

WIDTH: Final = 80
_OWN: Final = ("title", "author", "as_at", "status", "sources", "note", "base")
_TITLES: Final = {
    "funding": "Funding",
    "savings": "Savings programmes",
    "phasing": "Profiles",
    "planned_activity": "Planned activity",
    "prevention": "Prevention programmes",
    "returns": "Returns",
    "lags": "Lags",
    "correlations": "Correlations",
    "rollout": "Roll-outs",
    "rollout_payers": "Who pays for roll-outs",
    "cohorts": "Cohorts of people",
    "drivers": "Drivers of demand",
}
_BESIDE: Final = {"source", "note", "status", "name", "evidence"}
"""Columns left out of a row told in one line."""


def in_force(plan: Plan, scenario: Scenario, width: int = WIDTH) -> str:
    """Describe a scenario: its settings, assumptions and programmes, each with where it was set."""
    return "\n".join(_lines(plan, scenario, width))


def _lines(plan: Plan, scenario: Scenario, width: int) -> Iterator[str]:
    settings = scenario.settings
    calibrate = settings.calibrate
    factor = _factor(plan, scenario) if calibrate else None
    yield from (scenario.name, "=" * len(scenario.name), "", "Settings")
    for name in (*_OWN, *INHERITED):
        value, setter = getattr(settings, name), scenario.set_by.get(name, "")
        if not setter and not value:
            continue
        said = _setting(value)
        if name not in _OWN:
            said += f"  [{setter or 'as usual'}]"
        yield from _item(name, said, width)
    if calibrate:
        steps = " and ".join(calibrate.steps)
        found = written(factor) if factor is not None else "none reaches it"
        yield from _item("factor", f"on percentages of {steps}: {found}", width)
    yield from ("", "Assumptions")
    if scenario.tables["assumptions"].empty:
        yield "  none: every closing budget is the opening budget"
    for row in records(scenario.tables["assumptions"]):
        scaled = factor if calibrate and row.step in calibrate.steps else None
        yield from _assumption(row, scaled if row.unit == PERCENT else None, width)
    for table in SCENARIO_TABLES[1:]:
        frame = scenario.tables[table.name]
        if len(frame):
            yield from ("", _TITLES[table.name])
        carried = _carried(scenario) if table.name == "savings" else {}
        columns = [it for it in table.model.fields if it.name not in _BESIDE]
        for row in records(frame):
            cells = [_cell(it, getattr(row, it.name)) for it in columns]
            yield from _wrapped("; ".join(cell for cell in cells if cell), "  ", width)
            if carried:
                yield from _wrapped(f"later years carry {carried[row.programme]}", "      ", width)
            yield from _wrapped(f"[{_origin(row)}]", "      ", width)
    yield from ("", f"Pool: {plan.inputs.settings.title}")


def _carried(scenario: Scenario) -> dict[str, str]:
    """Return what later years carry of each savings programme."""
    said = scenario.tables
    delivery = holding.values(said["assumptions"], "delivery", CONFIDENCES)
    worked = savings.worked(said["savings"], said["phasing"], delivery)
    return {row.programme: savings.in_later_years(row) for row in records(worked)}


def _setting(value: Any) -> str:
    if isinstance(value, Calibration):
        return (
            f"{value.target:g} % over {value.base_year} in {value.year}, by scaling "
            f"{', '.join(value.steps)}"
        )
    if isinstance(value, AgreedMethod):
        return f"{value.name}: {value.percent:g} % a year on revenue, the same capital"
    if isinstance(value, dict):
        return "; ".join(f"{year}: {version}" for year, version in value.items())
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _factor(plan: Plan, scenario: Scenario) -> int | None:
    """Return the factor on percentages, in parts of `growth.PARTS`; None where none reaches it."""
    try:
        found = project(plan, scenario).factor
    except DataHasErrors:
        return None
    return found.value if found else None


def _assumption(row: Any, factor: int | None, width: int) -> Iterator[str]:
    yield from _wrapped(f"{row.assumption}: {row.step}, {row.scope}", "  ", width)
    unit = "" if row.unit == NUMBER else f" {row.unit}"
    said = f"{plain(row.value)}{unit}"
    if factor is not None:
        acts = int(scaled_rates(np.array([row.value], dtype=np.int64), factor)[0])
        said += f", scaled {plain(acts)}{unit}"
    said += f", {row.year or 'every year'}"
    if row.recurrence != "recurrent":
        said += f", {row.recurrence}"
    if row.from_period > 1:
        said += f", from period {row.from_period}"
    if row.ranged:
        said += f"; {row.shape} from {plain(row.low)} to {plain(row.high)}"
    if row.chances:
        said += f", chances {row.chances}"
    yield from _wrapped(said, "      ", width)
    status = "" if row.status == NOT_STATED else f" ({row.status})"
    yield from _wrapped(f"{row.source or 'no source'}{status}", "      ", width)
    yield from _wrapped(f"[{_origin(row)}]", "      ", width)


def _origin(row: Any) -> str:
    """Return who set a row and where; a scenario's name is part of the place already."""
    named = f"/{row.set_by}/" in row.place
    return row.place if named else f"{row.set_by}: {row.place}"


def _cell(column: FieldMeaning, value: Any) -> str:
    """Write a value with the name of its column; nothing where it says what is so anyway."""
    if pd.isna(value):
        return "" if column.default == NOT_STATED else f"{column.name} {NOT_STATED}"
    if value in ("", NOT_STATED) or value == column.default:
        return ""
    said = str(value)
    if column.form == "money":
        said = sterling(value)
    elif column.form in {"share", "quantity"}:
        said = f"{plain(value)}{' %' if column.form == 'share' else ''}"
    return f"{column.name.replace('_', ' ')} {said}"


def _item(name: str, text: str, width: int) -> Iterator[str]:
    first, *rest = wrap(text, width - 14, break_on_hyphens=False) or [""]
    yield f"  {name:<12}{first}"
    yield from (f"{'':<14}{line}" for line in rest)


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return wrap(
        text, width, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
    )
