"""Every table in and out: the data dictionary, the reader's list of columns and the validator.

Said once, for all of them:

- **Money** is int64 whole pence; pounds exist only in files and on pages.
- **Sign**: spending is positive, income negative; ``variance = expenditure − budget``, so positive
  is an overspend; *borne* is positive where it costs the partner.
- **Rates** are float64 fractions, and percentages (`variance_percent`) a hundred times that; blank
  (NaN) where they would mean nothing.

Each field has a meaning and a `form`, which says how an input cell is read: `code` (names a thing),
`text`, `money`, `share` (percentage), `whole` (number), `word` (one of a closed list), `figure`,
`scope`, `printed`. A field with a `default` may be left out of a file altogether.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from bcf_model import vocabulary
from bcf_model.settings import Settings


def _field(
    meaning: str,
    form: str = "text",
    *,
    words: Mapping[str, object] | None = None,
    default: str | None = None,
    refers_to: str = "",
    **checks: Any,
) -> Any:
    """Describe one column; `words` is its closed list, `refers_to` the table its codes are in."""
    if words is not None:
        checks["isin"] = [*words, *([""] if default == "" else [])]
    metadata = {"form": form, "words": words, "default": default, "refers_to": refers_to}
    return pa.Field(description=meaning, metadata=metadata, **checks)


class Table(pa.DataFrameModel):
    """Base of all tables: strict columns, nothing coerced."""

    class Config:
        """Nothing may be added, lost or changed in passing."""

        strict = True
        coerce = False


class Organisations(Table):
    """One row per partner, in the order the agreement names them."""

    organisation: Series[str] = _field("Code of the partner", "code", unique=True)
    name: Series[str] = _field("Full name of the partner")
    organisation_kind: Series[str] = _field(
        "Kind of partner", "word", words=vocabulary.ORGANISATION_KINDS
    )
    source: Series[str] = _field("Where it is stated", default="")
    note: Series[str] = _field("Remark", default="")


class Themes(Table):
    """One row per theme, in the order of the report."""

    theme: Series[str] = _field("Code of the theme", "code", unique=True)
    name: Series[str] = _field("Full name of the theme")
    source: Series[str] = _field("Where it is stated", default="")
    note: Series[str] = _field("Remark", default="")


class Categories(Table):
    """One row per risk share category."""

    category: Series[str] = _field("Code of the category", "code", unique=True)
    name: Series[str] = _field("What the category means")
    summary_group: Series[str] = _field(
        "Categories shown together in the risk share summary", "text", default=""
    )
    source: Series[str] = _field("Where it is stated", default="")
    note: Series[str] = _field("Remark", default="")


class Schemes(Table):
    """One row per scheme line: who holds it, how it is shared, what was budgeted and spent."""

    scheme_id: Series[str] = _field(
        "Code of the line; names may repeat, codes may not", "code", unique=True
    )
    theme: Series[str] = _field("Theme the line belongs to", "code", refers_to="themes")
    organisation: Series[str] = _field(
        "Budget holder: whose budget line it is", "code", refers_to="organisations"
    )
    scheme: Series[str] = _field("Name of the scheme")
    category: Series[str] = _field(
        f"Risk share category, or '{vocabulary.NOT_STATED}'", "code", refers_to="categories"
    )
    kind: Series[str] = _field("Revenue or capital", "word", words=vocabulary.KINDS)
    pooling: Series[str] = _field(
        "Inside the pool, or aligned beside it", "word", words=vocabulary.POOLINGS, default="pooled"
    )
    budget: Series[int] = _field("Budget of the year", "money")
    expenditure: Series[int] = _field("Expenditure of the year", "money")
    source: Series[str] = _field("Page or paragraph it comes from", default="")
    note: Series[str] = _field("Remark", default="")


class Rules(Table):
    """One row per scope, direction, step and bearer: the risk share of the agreement."""

    rule_id: Series[str] = _field("Code of the row", "code", unique=True)
    scope: Series[str] = _field("Lines the rule covers, such as category=A, or 'pool'", "scope")
    direction: Series[str] = _field(
        "Overspends, underspends or either", "word", words=vocabulary.DIRECTIONS
    )
    step: Series[int] = _field("Order in which the rule is called on", "whole", ge=1)
    basis: Series[str] = _field("How the variance is divided", "word", words=vocabulary.BASES)
    bearer: Series[str] = _field(f"Partner who bears, or '{vocabulary.BUDGET_HOLDER}'")
    share: Series[int] = _field("Percentage borne, from 0 to 100", "share", ge=0)
    clause: Series[str] = _field("Clause of the agreement, or paragraph that states it")
    source: Series[str] = _field("Where it is stated", default="")
    note: Series[str] = _field("Remark", default="")


class Commentary(Table):
    """One row per scheme: the reason for its variance, in the budget holder's words."""

    scheme_id: Series[str] = _field("Scheme explained", "code", refers_to="schemes", unique=True)
    reason: Series[str] = _field("Reason for the variance")
    owner: Series[str] = _field("Who gave the reason", default="")
    source: Series[str] = _field("Where it is stated", default="")
    note: Series[str] = _field("Remark", default="")


class ControlTotals(Table):
    """One row per total the user knows from elsewhere; each must match exactly."""

    figure: Series[str] = _field(
        "Figure stated, such as budget or expenditure/theme=1", "figure", unique=True
    )
    amount: Series[int] = _field("Its amount", "money")
    unit: Series[str] = _field(
        "Unit of this amount; the pool's own when blank", "word", words=vocabulary.UNITS, default=""
    )
    source: Series[str] = _field("Where it is stated", default="")
    note: Series[str] = _field("Remark", default="")


class Published(Table):
    """One row per number printed in a paper, exactly as printed, right or wrong."""

    published_id: Series[str] = _field("Code of the printed number", "code", unique=True)
    source: Series[str] = _field("Page, paragraph and row where it is printed")
    label: Series[str] = _field("Label of its row, or the words around it")
    column: Series[str] = _field("Heading of its column; 'text' in running text")
    printed: Series[str] = _field("The number as printed", "printed")
    unit: Series[str] = _field("Unit it is printed in", "word", words=vocabulary.UNIT_LABELS)
    decimals: Series[int] = _field("Decimals it is printed with", "whole", ge=0, le=8)
    figure: Series[str] = _field("Figure it claims to be", "figure")
    note: Series[str] = _field("Remark", default="")


@dataclass(frozen=True)
class InputTable:
    """An input file: its name, its table, and whether a pool must have it."""

    name: str
    model: type[Table]
    required: bool
    may_be_blank: bool = False


INPUT_TABLES: Final = (
    InputTable("organisations", Organisations, required=True),
    InputTable("themes", Themes, required=True),
    InputTable("categories", Categories, required=True),
    InputTable("schemes", Schemes, required=True),
    InputTable("rules", Rules, required=True),
    InputTable("commentary", Commentary, required=False, may_be_blank=True),
    InputTable("control_totals", ControlTotals, required=False, may_be_blank=True),
    InputTable("published", Published, required=False, may_be_blank=True),
)


class Lines(Table):
    """One row per financial year and scheme line, each in the pot it is netted in."""

    financial_year: Series[str] = _field("Financial year, April to March")
    theme: Series[pd.CategoricalDtype] = _field("Theme")
    organisation: Series[pd.CategoricalDtype] = _field("Budget holder")
    scheme_id: Series[str] = _field("Code of the line", unique=True)
    scheme: Series[str] = _field("Name of the scheme")
    category: Series[pd.CategoricalDtype] = _field("Risk share category")
    kind: Series[pd.CategoricalDtype] = _field("Revenue or capital", words=vocabulary.KINDS)
    pooling: Series[pd.CategoricalDtype] = _field(
        "Pooled, or aligned beside the pool", words=vocabulary.POOLINGS
    )
    budget: Series[int] = _field("Budget", "money")
    expenditure: Series[int] = _field("Expenditure", "money")
    variance: Series[int] = _field("Expenditure − budget; positive is an overspend", "money")
    budget_step: Series[int] = _field("Step the budget is written in; a penny is exact", "money")
    expenditure_step: Series[int] = _field("Step the expenditure is written in", "money")
    pot: Series[str] = _field("Lines netted together before sharing; blank when nothing is shared")
    source: Series[str] = _field("Page or paragraph it comes from")
    note: Series[str] = _field("Remark")


class Shares(Table):
    """One row per financial year, pot and bearer: the risk share's working paper.

    A pot is what is netted before it is shared: the lines of one scope and one kind and, under
    the basis `own`, of one budget holder.
    """

    financial_year: Series[str] = _field("Financial year")
    pot: Series[str] = _field("Lines netted together")
    scope: Series[str] = _field("Scope of the rule")
    category: Series[str] = _field("Categories of the pot's lines, joined by +")
    kind: Series[str] = _field("Revenue or capital: never netted together")
    holder: Series[str] = _field("Budget holder, when the pot is one holder's; else blank")
    rule_id: Series[str] = _field("Row of the rules that applies; a nil variance falls under over")
    direction: Series[str] = _field("Direction the rule applies to")
    step: Series[int] = _field("Order of the call", ge=1)
    basis: Series[str] = _field("How the variance is divided")
    position: Series[int] = _field("Place of the bearer in the agreement's order", ge=1)
    bearer: Series[str] = _field("Partner who bears")
    variance: Series[int] = _field("Net variance of the pot", "money")
    weight: Series[int] = _field("Weight of the bearer", ge=0)
    cumulative_weight: Series[int] = _field("Weight of this bearer and those before it", ge=0)
    total_weight: Series[int] = _field("Weight of all bearers of the pot", gt=0)
    borne: Series[int] = _field("Part of the variance this partner bears", "money")
    clause: Series[str] = _field("Clause of the agreement")


class VarianceOut(Table):
    """variance.csv: one row per scheme line of the pool, in pounds."""

    financial_year: Series[str] = _field("Financial year")
    theme: Series[str] = _field("Code of the theme")
    organisation: Series[str] = _field("Budget holder")
    scheme_id: Series[str] = _field("Code of the line")
    scheme: Series[str] = _field("Name of the scheme")
    category: Series[str] = _field("Risk share category")
    kind: Series[str] = _field("Revenue or capital")
    budget: Series[int] = _field("Budget", "money")
    expenditure: Series[int] = _field("Expenditure", "money")
    variance: Series[int] = _field("Expenditure − budget; positive is an overspend", "money")
    variance_percent: Series[float] = _field(
        "Variance in percent of budget", "percent", nullable=True
    )
    percent_note: Series[str] = _field("Why the percentage is blank")


class VarianceView(Table):
    """variance_by_….csv: the same, added up by the key named; blank keys mean 'all'."""

    financial_year: Series[str] = _field("Financial year")
    view: Series[str] = _field("What it is added up by")
    theme: Series[str] = _field("Code of the theme; blank for all")
    organisation: Series[str] = _field("Budget holder; blank for all")
    category: Series[str] = _field("Risk share category; blank for all")
    kind: Series[str] = _field("Revenue or capital; blank for both")
    budget: Series[int] = _field("Budget", "money")
    expenditure: Series[int] = _field("Expenditure", "money")
    variance: Series[int] = _field("Expenditure − budget; positive is an overspend", "money")
    variance_percent: Series[float] = _field(
        "Variance in percent of budget", "percent", nullable=True
    )
    percent_note: Series[str] = _field("Why the percentage is blank")


class RiskShareOut(Table):
    """risk_share.csv: one row per rule scope, step and bearer; sums to the variance.

    Revenue and capital, which are never netted before sharing, are added together here;
    risk_share_workings.csv has them apart.
    """

    financial_year: Series[str] = _field("Financial year")
    scope: Series[str] = _field("Scope of the rule")
    category: Series[str] = _field("Categories of the lines in the scope, joined by +")
    step: Series[int] = _field("Order of the call")
    bearer: Series[str] = _field("Partner who bears")
    borne: Series[int] = _field("Part of the variance this partner bears", "money")


class RiskShareSummaryOut(Table):
    """risk_share_summary.csv: one row per category group and organisation."""

    financial_year: Series[str] = _field("Financial year")
    category_group: Series[str] = _field("Categories shown together, joined by +")
    organisation: Series[str] = _field("Partner")
    budget: Series[int] = _field("Budget of the partner's own lines in the group", "money")
    expenditure: Series[int] = _field("Expenditure on them", "money")
    variance: Series[int] = _field("Variance on them", "money")
    borne: Series[int] = _field("What the partner bears of the group's variance", "money")


class FundingKindOut(Table):
    """revenue_capital.csv: one row per kind and organisation, kept apart."""

    financial_year: Series[str] = _field("Financial year")
    kind: Series[str] = _field("Revenue or capital")
    organisation: Series[str] = _field("Partner")
    budget: Series[int] = _field("Budget of the partner's own lines", "money")
    expenditure: Series[int] = _field("Expenditure on them", "money")
    variance: Series[int] = _field("Variance on them", "money")
    borne: Series[int] = _field("What the partner bears of this kind's variance", "money")


class PublishedOut(Table):
    """published.csv: one row per printed number, beside the computed one."""

    published_id: Series[str] = _field("Code of the printed number")
    source: Series[str] = _field("Where it is printed")
    label: Series[str] = _field("Label of its row")
    column: Series[str] = _field("Heading of its column")
    printed: Series[str] = _field("The number as printed")
    unit: Series[str] = _field("Unit it is printed in")
    figure: Series[str] = _field("Figure it claims to be")
    computed: Series[float] = _field("Computed, in the printed unit", "number", nullable=True)
    difference: Series[float] = _field(
        "Printed − computed, in the printed unit", "number", nullable=True
    )
    lowest: Series[float] = _field(
        "Least it could be, were every input rounded", "number", nullable=True
    )
    highest: Series[float] = _field(
        "Most it could be, were every input rounded", "number", nullable=True
    )
    rounded_amounts: Series[int] = _field("Rounded input amounts behind the computed figure")
    verdict: Series[str] = _field(
        "agrees, within rounding, outside rounding, not comparable, or not computed"
    )


class ChecksOut(Table):
    """checks.csv: one row per identity that must hold to the penny."""

    check: Series[str] = _field("What must be equal")
    expected: Series[int] = _field("One side", "money")
    found: Series[int] = _field("The other side", "money")
    difference: Series[int] = _field("Found − expected", "money")


OUTPUT_TABLES: Final[dict[str, type[Table]]] = {
    "variance": VarianceOut,
    "variance_by_theme": VarianceView,
    "variance_by_organisation": VarianceView,
    "variance_by_theme_organisation": VarianceView,
    "variance_by_category": VarianceView,
    "variance_by_kind": VarianceView,
    "variance_total": VarianceView,
    "memo": VarianceOut,
    "risk_share": RiskShareOut,
    "risk_share_summary": RiskShareSummaryOut,
    "risk_share_workings": Shares,
    "revenue_capital": FundingKindOut,
    "published": PublishedOut,
    "checks": ChecksOut,
}


@dataclass(frozen=True)
class FieldMeaning:
    """One line of the data dictionary."""

    name: str
    form: str
    meaning: str
    words: Mapping[str, object] | None
    default: str | None
    refers_to: str


@cache
def fields(model: type[Table]) -> tuple[FieldMeaning, ...]:
    """List the columns of a table, with what each of them means."""
    return tuple(
        FieldMeaning(name, meaning=str(column.description), **(column.metadata or {}))
        for name, column in model.to_schema().columns.items()
    )


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Give the rows one by one, columns as attributes; what they hold, the frame's table says."""
    return iter(frame.itertuples(index=False))


@dataclass(frozen=True)
class SourceFile:
    """An input file as it was read."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Inputs:
    """A pool, read and found sound. Frames as in `INPUT_TABLES`; lines still without their pot.

    Attributes:
        steps: for each scheme line, the step in which its budget and its expenditure are written,
            in pence; 1 for an amount that is exact. None where all are.
    """

    name: str
    settings: Settings
    organisations: pd.DataFrame
    themes: pd.DataFrame
    categories: pd.DataFrame
    schemes: pd.DataFrame
    rules: pd.DataFrame
    commentary: pd.DataFrame
    control_totals: pd.DataFrame
    published: pd.DataFrame
    steps: pd.DataFrame | None = None
    files: tuple[SourceFile, ...] = ()
    findings: tuple[Any, ...] = field(default=())
