"""A quick what-if: a scenario built on another, in which assumptions have other values."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.findings import brief, listed
from bcf_model.core.tables import records
from bcf_model.core.years import spoken
from bcf_model.intake.folder import SCENARIO
from bcf_model.plan.goal_seek_inputs import Sought, read_sought, read_value, written
from bcf_model.plan.load import Scenario
from bcf_model.plan.range_bounds import plain
from bcf_model.plan.words import PERCENT

_COLUMNS: Final = (
    "assumption", "step", "scope", "year", "value", "unit", "recurrence", "from_period", "low",
    "high", "shape", "chances", "source", "status", "owner",
)  # fmt: skip
_NO_RANGE: Final = dict.fromkeys(("low", "high", "shape", "chances"), "")


def files_of(base: Scenario, asked: Iterable[str]) -> Mapping[str, bytes]:
    """Write the files of a scenario in which assumptions of its base have other values.

    Args:
        base: the scenario it is built on, as it is in force.
        asked: a value each, in the unit of its assumption: growth=4, or growth/year=2023-24=4.

    Returns:
        Its settings and its assumptions, by the names of their files.

    Raises:
        UnknownFigure: the base has no such assumption, or none in that year; the value is no
            number, or beyond what the assumption can be; or one is set twice.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    values = []
    for text in asked:
        sought, value = read_setting(base, text)
        for year in sought.years:
            if (sought.assumption, year) in rows:
                message = f"{sought} is set twice"
                raise UnknownFigure(message)
            rows[sought.assumption, year] = _row(base, sought, year, value)
        values.append(f"{sought.assumption}{_years(sought)} {_said(sought, value)}")
    stated = pd.DataFrame([*rows.values()], columns=_COLUMNS)
    about = {
        "title": f"{base.settings.title}: {', '.join(values)}",
        "base": base.name,
        "status": "illustrative",
    }
    settings = [f"{key} = {json.dumps(said, ensure_ascii=False)}\n" for key, said in about.items()]
    return {
        f"{SCENARIO}.toml": "".join(settings).encode(),
        "assumptions.csv": stated.to_csv(index=False).encode(),
    }


def read_setting(base: Scenario, text: str) -> tuple[Sought, str]:
    """Read an assumption of a scenario, or one in a year, and the value it is to have.

    Raises:
        UnknownFigure: as `files_of`.
    """
    name, equals, value = (part.strip() for part in text.rpartition("="))
    if not equals or not value:
        message = f"{brief(text)!r} sets nothing: it is written assumption=value, as in growth=4"
        raise UnknownFigure(message)
    sought = read_sought(base, name)
    sought.refuse_beyond(read_value(value, sought.unit))
    return sought, value.removesuffix("%").strip() if sought.unit == PERCENT else value


def changes(base: Scenario, asked: Iterable[str]) -> list[str]:
    """Return what is set, a sentence each: in which year, to what, and in place of what."""
    sentences = []
    for sought, value in (read_setting(base, text) for text in asked):
        was = listed([*dict.fromkeys(written(it.value, sought.unit) for it in sought.replaces)])
        about = f"{sought.assumption}{_years(sought)}"
        sentences.append(f"{about}: {_said(sought, value)} instead of {was}")
    return sentences


def _years(sought: Sought) -> str:
    return f" in {spoken(sought.year)}" if sought.year else ""


def _said(sought: Sought, value: str) -> str:
    return written(read_value(value, sought.unit), sought.unit)


def _row(base: Scenario, sought: Sought, year: str, value: str) -> dict[str, Any]:
    """Return the row that states a value, after the one of its base."""
    of_years = {
        row.year: row
        for row in records(base.tables["assumptions"])
        if row.assumption == sought.assumption
    }
    stood = of_years.get(year) or of_years[""]
    replaced = next(it for it in sought.replaces if stood.year in it.years)
    within = (
        replaced.low is not None
        and replaced.high is not None
        and replaced.low <= read_value(value, sought.unit) <= replaced.high
    )
    # A range that the value is not in would be one of another value.
    kept = {"low": plain(stood.low), "high": plain(stood.high)} if within else _NO_RANGE
    row: dict[str, Any] = stood._asdict()
    return (
        row
        | kept
        | {
            "year": year,
            "value": value,
            "source": f"Set for this scenario, in place of what {base.name} has",
            "status": "illustrative",
        }
    )
