"""What a check of a plan is given, and what several of them have in common."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from bcf_model.checks.totals_among_lines import is_total_of
from bcf_model.core.basis import BLOCKS, scheme_versions
from bcf_model.core.errors import UnknownScope
from bcf_model.core.findings import Finding, one_of
from bcf_model.core.tables import Inputs, records
from bcf_model.core.words import KINDS, NOT_STATED, PREVENTIONS
from bcf_model.core.years import years_from
from bcf_model.plan.budget_versions import Versions
from bcf_model.plan.scopes import LINE_KEYS, parse
from bcf_model.plan.settings import ScenarioSettings
from bcf_model.plan.words import (
    ALL,
    CITY,
    CONFIDENCES,
    NOT_ALLOCATED,
    POOL,
)

Frames = Mapping[str, pd.DataFrame]
NO_SETTINGS: Final = ScenarioSettings(title="none")


@dataclass(frozen=True)
class CheckedPlan:
    """A plan, and a scenario when one is checked.

    Attributes:
        inputs: the pool. tables: its plan tables, or a scenario's in force, each row placed.
        versions: the budget versions of the pool.
        settings: those in force of a scenario. set_by: the scenario that set each.
        files: the settings file of each scenario of the chain, its own first.
        lines: `output_tables.PlanLines` of the opening; None where it could not be made.
    """

    inputs: Inputs
    tables: Frames
    versions: Versions
    settings: ScenarioSettings = NO_SETTINGS
    set_by: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    lines: pd.DataFrame | None = None

    def at_setting(self, code: str, name: str, value: str, expected: str = "") -> Finding:
        """Point at a setting, in the file of the scenario that set it."""
        setter = self.set_by.get(name.partition(".")[0], self.name)
        return Finding(code, self.files[setter], 0, name, value, expected)

    @property
    def name(self) -> str:
        """Name of the scenario that is checked."""
        return next(iter(self.files), "")

    @functools.cached_property
    def years(self) -> tuple[str, ...]:
        """Years of the plan; none where it does not say."""
        first = self.settings.first_year
        return years_from(first, self.settings.last_year or first) if first else ()

    def years_of(self, year: str) -> tuple[str, ...]:
        """Return the years a row is for: its own, or every year where it is blank."""
        return (year,) if year else self.years

    @functools.cached_property
    def version_years(self) -> dict[str, str]:
        """Return the financial year of each version that can be named."""
        settings = self.inputs.settings
        own = dict.fromkeys(scheme_versions(settings.standing), settings.financial_year)
        perimeters = self.tables["perimeters"]
        of_city = (perimeters["perimeter"] == CITY) & (perimeters["amount"] != 0)
        city = perimeters.loc[of_city, "financial_year"]
        if {*city} - {NOT_STATED} and len(self.tables["blocks"]):
            own[BLOCKS] = str(city.iloc[0])
        budgets = self.tables["budgets"]
        return own | dict(zip(budgets["version"], budgets["financial_year"], strict=True))

    @functools.cached_property
    def known(self) -> dict[str, dict[str, None]]:
        """Return the codes that may be named, by what names them."""
        inputs, tables = self.inputs, self.tables
        organisations = inputs.organisations["organisation"].tolist()
        bodies = tables["efficiencies"]["body"]
        found = {
            "theme": inputs.themes["theme"].tolist(),
            "organisation": [*organisations, NOT_STATED],
            "scheme_id": inputs.schemes["scheme_id"].tolist(),
            "category": [*inputs.categories["category"], NOT_STATED],
            "kind": [*KINDS],
            "block": tables["blocks"]["block"].tolist(),
            "prevention": [*PREVENTIONS],
            "confidence": [*CONFIDENCES],
            "perimeter": [*dict.fromkeys([POOL, *tables["perimeters"]["perimeter"]])],
            "body": [*dict.fromkeys([*organisations, *bodies[bodies != ALL]]), NOT_STATED],
            "profile": [*dict.fromkeys(tables["phasing"]["profile"])],
        }
        if "lags" in tables:
            found |= {
                "lag": [*dict.fromkeys(tables["lags"]["lag"])],
                "programme": [*dict.fromkeys(tables["prevention"]["programme"])],
                "funding": [*dict.fromkeys(tables["funding"]["funding"])],
                "cohort": [*dict.fromkeys(tables["cohorts"]["cohort"])],
                "roll-out": [*dict.fromkeys(tables["rollout"]["programme"])],
            }
        if self.lines is not None:
            found["line"] = [line for line in self.lines["line"] if line != NOT_ALLOCATED]
        return {key: dict.fromkeys(codes) for key, codes in found.items()}


def scope_findings(
    plan: CheckedPlan, row: Any, keys: tuple[str, ...] = LINE_KEYS, column: str = "scope"
) -> Iterator[Finding]:
    """Check a scope by itself: it can be read, and names what there is (BCF405)."""
    text = getattr(row, column)
    if text == NOT_ALLOCATED and keys == LINE_KEYS:
        return
    try:
        parts = parse(text, keys)
    except UnknownScope as problem:
        also = f" or {NOT_ALLOCATED}" if keys == LINE_KEYS else ""
        yield row.place.finding("BCF405", column, repr(text), f"{problem}{also}")
        return
    for key, values in parts.items():
        known = plan.known.get(key, values)
        expected = "" if known else f"no {key}=, for there are none"
        for value in values:
            if value not in known:
                said = f"{value!r} in {text}"
                yield row.place.finding("BCF405", column, said, expected or one_of(known, value))


def twice(frame: pd.DataFrame, keys: Sequence[str], column: str) -> Iterator[Finding]:
    """Two rows say the same (BCF721)."""
    first: dict[tuple[Any, ...], Any] = {}
    for row in records(frame):
        key = tuple(getattr(row, name) for name in keys)
        if key in first:
            said = ", ".join(f"{part}" for part in key if part != "")
            value = f"{said}, as in row {first[key].place.row}"
            yield row.place.finding("BCF721", column, value)
        first.setdefault(key, row)


_OF_SAVINGS: Final = ("savings", "savings target", "efficiencies", "QIPP", "CIP", "programmes")
"""What a total of savings may be of."""


def totals_findings(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[Finding]:
    """A row is called the total of those beside it, of its year and perimeter (BCF765).

    Args:
        frame: savings, by programme or by body.
        columns: in which a row may be called a total.
    """
    for _, together in frame.groupby(["financial_year", "perimeter"], sort=False):
        for row in records(together):
            called = [name for name in columns if is_total_of(getattr(row, name), _OF_SAVINGS)[0]]
            if called and len(together) > 1:
                many = f"beside {len(together) - 1:,} of {row.perimeter} {row.financial_year}"
                value = f"{getattr(row, called[0])!r} {many}"
                yield row.place.finding("BCF765", called[0], value)


def codes_findings(
    plan: CheckedPlan, table: str, columns: Mapping[str, tuple[str, str]]
) -> Iterator[Finding]:
    """A code used is a code there is.

    Args:
        plan: the plan.
        table: whose rows are checked.
        columns: for each column the key of `known`, and the finding when there is no such code.
    """
    for row in records(plan.tables[table]):
        for column, (key, code) in columns.items():
            value = getattr(row, column)
            if value and value not in plan.known[key]:
                yield row.place.finding(code, column, repr(value), one_of(plan.known[key], value))


def shares_findings(frame: pd.DataFrame, key: str, whole: int) -> Iterator[Finding]:
    """The shares of each code make the whole (BCF734)."""
    sums = frame.groupby(key, sort=False)["share"].sum()
    for code, total in sums.items():
        if total != whole:
            last = next(row for row in records(frame[frame[key] == code].iloc[-1:]))
            yield last.place.finding(
                "BCF734", "share", f"{100 * total / whole:g} % in all of {code}", "100 %"
            )
