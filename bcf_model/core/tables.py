"""Every table in and out: the data dictionary, the reader's list of columns and the validator.

Said once, for all of them:

- **Money** is int64 whole pence; pounds exist only in files and on pages.
- **Sign**: spending is positive, income negative; ``variance = expenditure − budget``, so positive
  is an overspend; *borne* is positive where it costs the partner.
- **Rates** are float64 fractions, and percentages (`variance_percent`) a hundred times that; blank
  (NaN) where they would mean nothing.

Each field has a meaning and a `form`, which says how an input cell is read: `code` (names a
thing), `text`, `money`, `pounds` (money with its sign, whatever the unit of the file), `percent`
(percentage), `share` (a percentage that must have its sign when it is below 1), `whole` (number),
`quantity` (number with decimals), `edge` (pounds or percentage), `date`, `year` (financial), `word`
(one of a closed list), `figure`, `scope`, `cover` (a scope that may name rules and steps),
`printed`. A field with a `default` may be left out of a file altogether.

Of a table that is written, the form says in which unit a column stands (`WRITTEN_IN`).

**Not stated is not nil.** A fact nobody stated is the word `not stated` in a file, and where no
row states it the column may be blank or left out. An amount that is not stated is held as nil with
a step of nil beside it (`Lines.budget_step`), and whatever needs it is blank, with the reason.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Self, cast

import pandas as pd
import pandera.pandas as pa
from pandera.typing import DataFrame, Series

from bcf_model.core import words
from bcf_model.core.settings import Settings


def described(
    meaning: str,
    form: str = "text",
    *,
    closed_list: Mapping[str, object] | None = None,
    default: str | int | None = None,
    refers_to: str = "",
    **checks: Any,
) -> Any:
    """Describe one column.

    Args:
        meaning: what it says, for the data dictionary.
        form: how a cell is read (above).
        closed_list: what it may say; of money, what may stand instead of an amount.
        default: what it says where a file leaves it out; None: it must be there.
        refers_to: the table its codes are in.
        **checks: more that pandera is to hold it to.
    """
    if closed_list is not None and form != "money":
        checks["isin"] = [*closed_list, *([""] if default == "" else [])]
    metadata = {"form": form, "words": closed_list, "default": default, "refers_to": refers_to}
    return pa.Field(description=meaning, metadata=metadata, **checks)


class Table(pa.DataFrameModel):
    """Base of all tables: strict columns, nothing coerced."""

    class Config:
        """Nothing may be added, lost or changed in passing."""

        strict = True
        coerce = False

    @classmethod
    def validate(cls, check_obj: pd.DataFrame, *said: Any, **more: Any) -> DataFrame[Self]:
        """Return a table back if it is as described here.

        Raises:
            pandera.errors.SchemaError: it is not; only then is pandera asked, which takes long.
        """
        if _is_as_described(check_obj, cls):
            return cast("DataFrame[Self]", check_obj)
        return super().validate(check_obj, *said, **more)


_HOLDS: Final[Mapping[str, Callable[..., Any]]] = {
    "isin": lambda cells, allowed_values: {*cells.tolist()} <= {*allowed_values},
    "greater_than": lambda cells, min_value: (cells > min_value).all(),
    "greater_than_or_equal_to": lambda cells, min_value: (cells >= min_value).all(),
    "less_than_or_equal_to": lambda cells, max_value: (cells <= max_value).all(),
}


def _is_as_described(frame: pd.DataFrame, model: type[Table]) -> bool:
    """Return whether a table surely has its columns and types, and all checks of them hold."""
    if sorted(map(str, frame)) != sorted(types(model)):
        return False
    columns = model.to_schema().columns
    return all(
        str(cells.dtype) == kind
        and (kind == "int64" or columns[name].nullable or not cells.hasnans)
        and (not columns[name].unique or cells.is_unique)
        and all(
            check.name in _HOLDS and _HOLDS[check.name](cells, **check.statistics)
            for check in columns[name].checks
        )
        for name, kind in types(model).items()
        for cells in [frame[name]]
    )


WRITTEN_IN: Final = {
    "text": "",
    "money": "pounds",
    "price": "pounds",
    "share": "percent",
    "percent": "percent",
    "whole": "whole number",
    "quantity": "number",
    "number": "number",
    "weight": "weight",
}
"""The unit in which a table that is written has a column of each form.

A `number` is in the unit that stands beside it, or has none; a `weight` counts only against the
other weights of its row, for it is in pence where an amount is weighed, and in millionths of a
percent where a percentage is.
"""

HELD_IN: Final = {"money": 100, "price": 10**6, "share": 10**6, "quantity": 10**6}
"""How many of what a column holds make one of the unit it is written in; 1 where not named."""


class Organisations(Table):
    """One row per partner, in the order the agreement names them."""

    organisation: Series[str] = described("Code of the partner", "code", unique=True)
    name: Series[str] = described("Full name of the partner")
    organisation_kind: Series[str] = described(
        "Kind of partner", "word", closed_list=words.ORGANISATION_KINDS
    )
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Themes(Table):
    """One row per theme, in the order of the report."""

    theme: Series[str] = described("Code of the theme", "code", unique=True)
    name: Series[str] = described("Full name of the theme")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Categories(Table):
    """One row per risk share category."""

    category: Series[str] = described("Code of the category", "code", unique=True)
    name: Series[str] = described("What the category means")
    summary_group: Series[str] = described(
        "Categories shown together in the risk share summary", "text", default=""
    )
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Schemes(Table):
    """One row per scheme line: who holds it, how it is shared, what was budgeted and spent."""

    scheme_id: Series[str] = described(
        "Code of the line; names may repeat, codes may not", "code", unique=True
    )
    theme: Series[str] = described("Theme the line belongs to", "code", refers_to="themes")
    organisation: Series[str] = described(
        f"Budget holder: whose budget line it is; or '{words.NOT_STATED}'",
        "code",
        default=words.NOT_STATED,
        refers_to="organisations",
    )
    scheme: Series[str] = described("Name of the scheme")
    category: Series[str] = described(
        f"Risk share category, or '{words.NOT_STATED}'", "code", refers_to="categories"
    )
    kind: Series[str] = described("Revenue or capital", "word", closed_list=words.KINDS)
    pooling: Series[str] = described(
        "Inside the pool, or aligned beside it",
        "word",
        closed_list=words.POOLINGS,
        default="pooled",
    )
    lead: Series[str] = described(
        f"Lead commissioner, or '{words.NOT_STATED}'; the budget holder when blank",
        "code",
        default="",
        refers_to="organisations",
    )
    terms: Series[str] = described(
        "Word of the agreement for the line, such as fixed or variable",
        "code",
        default=words.NOT_STATED,
    )
    grant: Series[str] = described(
        "Code of the ring-fenced grant that pays for it", "code", default=words.NONE
    )
    transfer_to: Series[str] = described(
        "Partner that receives the money, where one partner pays another",
        "code",
        default="",
        refers_to="organisations",
    )
    budget: Series[int] = described(
        "Budget of the year; blank where the line states its variance, or no line a budget",
        "money",
        closed_list=words.UNSTATED,
        default=words.NOT_STATED,
    )
    expenditure: Series[int] = described(
        "Expenditure of the year; blank where the line states its variance, or no line its "
        "expenditure: the pool is then one of budgets",
        "money",
        closed_list=words.UNSTATED,
        default=words.NOT_STATED,
    )
    variance: Series[int] = described(
        "Expenditure − budget, where it is stated: alone, or beside either or both of them",
        "money",
        closed_list=words.UNSTATED,
        default=words.NOT_STATED,
    )
    counts_as: Series[str] = described(
        "'line' where it looks like a total of other lines, and is none",
        "word",
        closed_list=words.COUNTS_AS,
        default="",
    )
    source: Series[str] = described("Page or paragraph it comes from", default="")
    note: Series[str] = described("Remark", default="")


class Rules(Table):
    """One row per scope, direction, step, band and bearer: the risk share (docs/rules.md)."""

    rule_id: Series[str] = described("Code of the row", "code", unique=True)
    scope: Series[str] = described("Lines the rule covers, such as category=A, or 'pool'", "scope")
    direction: Series[str] = described(
        "Overspends, underspends or either", "word", closed_list=words.DIRECTIONS
    )
    step: Series[int] = described("Order in which the rule is called on", "whole", ge=1)
    band_from: Series[str] = described(
        "Where the part it acts on begins, as £250,000 or 5% of budget; nil when blank",
        "edge",
        default="",
    )
    band_to: Series[str] = described("Where that part ends; nowhere when blank", "edge", default="")
    basis: Series[str] = described("How the variance is divided", "word", closed_list=words.BASES)
    bearer: Series[str] = described(
        f"Who bears: a partner, provider or reserve, '{words.CARRIED_FORWARD}', "
        f"'{words.OUTSIDE}', '{words.BUDGET_HOLDER}', '{words.LEAD_COMMISSIONER}' "
        f"or '{words.REST_OF_SCOPE}'"
    )
    share: Series[int] = described("Percentage borne, from 0 to 100", "share", default=0, ge=0)
    limit: Series[str] = described(
        "Most this row takes: £100,000, 5% of budget, or 'contribution'", "edge", default=""
    )
    netting: Series[str] = described(
        "What is netted before it is ruled", "word", closed_list=words.NETTINGS, default="scope"
    )
    version: Series[str] = described(
        "Which contributions are measured", "word", closed_list=words.VERSIONS, default=""
    )
    measured_over: Series[str] = described(
        "Lines whose contributions or budgets are measured; those netted when blank",
        "scope",
        default="",
    )
    without: Series[str] = described(
        "What is left out of that measure", "word", closed_list=words.WITHOUT, default=""
    )
    held: Series[str] = described(
        "Whether it is settled through the pool",
        "word",
        closed_list=words.HELD,
        default="in the pool",
    )
    over_parts: Series[str] = described(
        "What its amounts mean where rules change within the year",
        "word",
        closed_list={word: words.OVER_PARTS[word] for word in ("per part", "pro rata")},
        default="",
    )
    in_force_from: Series[str] = described("First day in force", "date", default="")
    in_force_to: Series[str] = described("Last day in force", "date", default="")
    clause: Series[str] = described("Clause of the agreement, or paragraph that states it")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Limits(Table):
    """One row per limit over several rules: the most one bearer bears of all they cover."""

    limit_id: Series[str] = described("Code of the limit", "code", unique=True)
    bearer: Series[str] = described(
        f"Whose limit it is: a partner or provider, '{words.CARRIED_FORWARD}' or '{words.OUTSIDE}'"
    )
    at_most: Series[str] = described(
        "Most it bears in a year: £400,000, or 5% of the budget of the lines covered", "edge"
    )
    covers: Series[str] = described(
        "What counts towards it: 'pool', or lines, rules and steps, as category=A+B/step=2+3",
        "cover",
        default="pool",
    )
    counts: Series[str] = described(
        "Overspends, underspends, or the one net of the other",
        "word",
        closed_list=words.COUNTED,
        default="overspends",
    )
    over_parts: Series[str] = described(
        "What its amount means where rules change within the year",
        "word",
        closed_list=words.OVER_PARTS,
        default="",
    )
    in_force_from: Series[str] = described("First day in force", "date", default="")
    in_force_to: Series[str] = described("Last day in force", "date", default="")
    clause: Series[str] = described("Clause of the agreement, or paragraph that states it")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Contributions(Table):
    """One row per partner, version and part of the pool: what each puts in."""

    organisation: Series[str] = described("Partner", "code", refers_to="organisations")
    version: Series[str] = described(
        "Which statement of it this is", "word", closed_list=words.VERSIONS
    )
    to: Series[str] = described("Lines it is for: 'pool' or a scope", "scope", default="pool")
    funding: Series[str] = described(
        "Core money, ring-fenced grant or capital",
        "word",
        closed_list=words.FUNDINGS,
        default="core",
    )
    amount: Series[int] = described("Contribution of the year", "money")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Reserves(Table):
    """One row per reserve that rules name: contingency, risk pool, uncommitted allocation."""

    reserve: Series[str] = described("Code of the reserve", "code", unique=True)
    name: Series[str] = described("Full name of the reserve")
    reserve_kind: Series[str] = described(
        "Kind of reserve", "word", closed_list=words.RESERVE_KINDS
    )
    opening: Series[int] = described("Balance at the start of the year", "money")
    released_by: Series[str] = described(
        "Measure whose achievement releases it; released in full when blank",
        "code",
        default="",
        refers_to="achievement",
    )
    unreleased_to: Series[str] = described(
        "Partner who keeps what is not released",
        "code",
        default="",
        refers_to="organisations",
    )
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Achievement(Table):
    """One row per measure that releases money: what was planned, and what was achieved."""

    measure: Series[str] = described("Code of the measure", "code", unique=True)
    name: Series[str] = described("What is measured")
    planned: Series[int] = described("Planned, such as 4.2 for 4.2%", "quantity")
    achieved: Series[int] = described("Achieved, in the same unit", "quantity")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Causes(Table):
    """One row per line and cause: the part of a line's variance that was attributed to it."""

    scheme_id: Series[str] = described("Scheme line", "code", refers_to="schemes")
    cause: Series[str] = described("Cause, as the rules' scopes name it", "code")
    amount: Series[int] = described("Part of the variance; above nil for an overspend", "money")
    evidence: Series[str] = described("Who agreed it, and where that is recorded")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Parts(Table):
    """One row per line and part of the year: what it was where the rules change within the year."""

    scheme_id: Series[str] = described("Scheme line", "code", refers_to="schemes")
    first_day: Series[str] = described("First day of the part", "date")
    last_day: Series[str] = described("Last day of the part", "date")
    budget: Series[int] = described("Budget of the part", "money")
    expenditure: Series[int] = described("Expenditure of the part", "money")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Payments(Table):
    """One row per line paid for by activity: what is paid above and below plan."""

    scheme_id: Series[str] = described("Scheme line", "code", refers_to="schemes", unique=True)
    provider: Series[str] = described("Provider that is paid", "code", refers_to="organisations")
    share_above: Series[int] = described("Percentage of price paid above plan", "share")
    share_below: Series[int] = described("Percentage of price refunded below plan", "share")
    reopens_at: Series[int] = described(
        "Percentage above or below plan at which the payment reopens", "share"
    )
    share_beyond: Series[int] = described("Percentage of price paid beyond that point", "share")
    clause: Series[str] = described("Clause of the contract, or guidance that states it")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Activity(Table):
    """One row per line paid for by activity: planned, actual and the price of one."""

    scheme_id: Series[str] = described("Scheme line", "code", refers_to="schemes", unique=True)
    planned: Series[int] = described("Planned number", "whole", ge=1)
    actual: Series[int] = described("Actual number", "whole", ge=0)
    price: Series[int] = described("Price of one, with its sign, as £2,000", "pounds", ge=0)
    counted_in: Series[str] = described("What is counted, such as admissions")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Budgets(Table):
    """One row per version, theme, organisation, scheme and kind."""

    version: Series[str] = described("Name of the version, such as closing 2018-19", "code")
    financial_year: Series[str] = described("Financial year it is a budget of", "year")
    theme: Series[str] = described(
        f"Theme, or '{words.NOT_STATED}'; blank in all rows of a version that is known in "
        "total, or by organisation, only",
        "code",
        default=words.NOT_STATED,
        refers_to="themes",
    )
    organisation: Series[str] = described(
        f"Budget holder, or '{words.NOT_STATED}'",
        "code",
        default=words.NOT_STATED,
        refers_to="organisations",
    )
    scheme_id: Series[str] = described(
        "Scheme line, where stated by scheme", "code", default="", refers_to="schemes"
    )
    kind: Series[str] = described(
        "Revenue or capital", "word", closed_list=words.KINDS, default="revenue"
    )
    amount: Series[int] = described("Budget", "money", closed_list=words.UNSTATED)
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Commentary(Table):
    """One row per scheme: the reason for its variance, in the budget holder's words."""

    scheme_id: Series[str] = described("Scheme explained", "code", refers_to="schemes", unique=True)
    reason: Series[str] = described("Reason for the variance")
    owner: Series[str] = described("Who gave the reason", default="")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class ControlTotals(Table):
    """One row per total known from elsewhere; each must match, to the last digit written."""

    figure: Series[str] = described(
        "Figure stated, such as budget or expenditure/theme=1", "figure", unique=True
    )
    amount: Series[int] = described("Its amount", "money")
    unit: Series[str] = described(
        "Unit of this amount; the pool's own when blank",
        "word",
        closed_list=words.UNITS,
        default="",
    )
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Published(Table):
    """One row per number printed in a paper, exactly as printed, right or wrong."""

    published_id: Series[str] = described("Code of the printed number", "code", unique=True)
    source: Series[str] = described("Page, paragraph and row where it is printed")
    label: Series[str] = described("Label of its row, or the words around it")
    column: Series[str] = described("Heading of its column; 'text' in running text")
    printed: Series[str] = described("The number as printed", "printed")
    unit: Series[str] = described("Unit it is printed in", "word", closed_list=words.PRINTED_UNITS)
    decimals: Series[int] = described("Decimals it is printed with", "whole", ge=0, le=8)
    figure: Series[str] = described("Figure it claims to be", "figure")
    note: Series[str] = described("Remark", default="")


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
    InputTable("limits", Limits, required=False, may_be_blank=True),
    InputTable("contributions", Contributions, required=False, may_be_blank=True),
    InputTable("reserves", Reserves, required=False, may_be_blank=True),
    InputTable("achievement", Achievement, required=False, may_be_blank=True),
    InputTable("causes", Causes, required=False, may_be_blank=True),
    InputTable("parts", Parts, required=False, may_be_blank=True),
    InputTable("payments", Payments, required=False, may_be_blank=True),
    InputTable("activity", Activity, required=False, may_be_blank=True),
    InputTable("budgets", Budgets, required=False, may_be_blank=True),
    InputTable("commentary", Commentary, required=False, may_be_blank=True),
    InputTable("control_totals", ControlTotals, required=False, may_be_blank=True),
    InputTable("published", Published, required=False, may_be_blank=True),
)


class Lines(Table):
    """One row per financial year and scheme line, each in the pot it is netted in."""

    financial_year: Series[str] = described("Financial year, April to March")
    theme: Series[pd.CategoricalDtype] = described("Theme")
    organisation: Series[pd.CategoricalDtype] = described("Budget holder")
    scheme_id: Series[str] = described("Code of the line", unique=True)
    scheme: Series[str] = described("Name of the scheme")
    category: Series[pd.CategoricalDtype] = described("Risk share category")
    kind: Series[pd.CategoricalDtype] = described("Revenue or capital", closed_list=words.KINDS)
    pooling: Series[pd.CategoricalDtype] = described(
        "Pooled, aligned beside the pool, or in view", closed_list=words.POOLINGS
    )
    lead: Series[pd.CategoricalDtype] = described("Lead commissioner")
    terms: Series[str] = described("Word of the agreement for the line")
    grant: Series[str] = described("Ring-fenced grant that pays for it, or 'none'")
    transfer_to: Series[str] = described("Partner that receives the money; blank for none")
    budget: Series[int] = described("Budget", "money")
    given: Series[int] = described("Expenditure as given, activity at full price", "money")
    unpaid: Series[int] = described("Part of it that its provider is not paid", "money")
    expenditure: Series[int] = described("Expenditure: as given, less what is unpaid", "money")
    variance: Series[int] = described("Expenditure − budget; positive is an overspend", "money")
    attributed: Series[int] = described("Part of the variance attributed to a cause", "money")
    unattributed: Series[int] = described("Variance without what is attributed to a cause", "money")
    budget_step: Series[int] = described(
        "Step the budget is written in; a penny is exact, nil: not stated", "money"
    )
    expenditure_step: Series[int] = described(
        "Step the expenditure is written in; nil: not stated", "money"
    )
    variance_step: Series[int] = described(
        "Step the variance is known to: its own, or that of the two it follows from; nil: not "
        "known",
        "money",
    )
    pot: Series[str] = described(
        "Lines netted together before sharing; blank when nothing is shared"
    )
    source: Series[str] = described("Page or paragraph it comes from")
    note: Series[str] = described("Remark")


class StatedBudgets(Table):
    """One row per row of budgets.csv that is of the closing or of next year's initial budget."""

    version: Series[str] = described("Name of the version")
    financial_year: Series[str] = described("Financial year it is a budget of")
    theme: Series[str] = described("Theme")
    organisation: Series[str] = described("Budget holder, or 'not stated'")
    scheme_id: Series[str] = described("Scheme line; blank where not stated by scheme")
    kind: Series[str] = described("Revenue or capital")
    closing_budget: Series[int] = described("Closing budget of the year, or nil", "money")
    next_initial_budget: Series[int] = described("Initial budget of the next year, or nil", "money")
    closing_budget_step: Series[int] = described(
        "Step the closing budget is written in; nil where the row is of the other version, "
        "below nil where it does not state the amount",
        "money",
    )
    next_initial_budget_step: Series[int] = described(
        "Step next year's initial budget is written in; nil where the row is of the other "
        "version, below nil where it does not state the amount",
        "money",
    )
    position: Series[int] = described("Place of the row in budgets.csv, from 0", "whole")
    source: Series[str] = described("Where it is stated")
    note: Series[str] = described("Remark")


class Shares(Table):
    """One row per financial year, pot, call and bearer: the risk share's working paper.

    In the order in which the rows follow from each other: see docs/rules.md, which also says how
    each column is worked.
    """

    financial_year: Series[str] = described("Financial year")
    part: Series[str] = described("Part of the year, by its days; blank for the whole")
    pot: Series[str] = described("Lines (or attributed amounts) ruled together")
    netted: Series[str] = described("Netting group: its net variance decides the direction")
    scope: Series[str] = described("Scope of the rule")
    theme: Series[str] = described("Themes of the pot's lines, joined by +")
    category: Series[str] = described("Categories of the pot's lines, joined by +")
    kind: Series[str] = described("Revenue or capital: never netted together")
    grant: Series[str] = described("Ring-fenced grant, or 'none'")
    cause: Series[str] = described("Cause the amounts were attributed to, or 'none'")
    unit: Series[str] = described("Theme, category, holder or line that is netted; blank for all")
    holder: Series[str] = described("Budget holder or lead whose part the pot is; blank for all")
    rule_id: Series[str] = described("Row of the rules that applies")
    direction: Series[str] = described("Direction the rule applies to")
    step: Series[int] = described("Order of the call", "whole", ge=1)
    band_from: Series[str] = described("Where the rule's band begins; nil when blank")
    band_to: Series[str] = described("Where the rule's band ends; nowhere when blank")
    basis: Series[str] = described("How the variance is divided")
    entry: Series[int] = described("Place of the row among those of its pot", "whole", ge=1)
    call: Series[str] = described("Rows that divide one amount")
    against: Series[str] = described("Of an offset: the call on its other side")
    position: Series[int] = described("Place of the bearer in its call", "whole", ge=1)
    bearer: Series[str] = described("Who bears")
    bearer_kind: Series[str] = described("What the bearer is")
    variance: Series[int] = described("Net variance of the pot", "money")
    budget: Series[int] = described("Budget of the pot", "money")
    offered: Series[int] = described("Variance that no earlier step took", "money")
    floor: Series[int] = described("Where the band begins", "money")
    ceiling: Series[int] = described("Where the band ends; nil when it does not", "money")
    slice: Series[int] = described("Part of what is offered inside the band", "money")
    weight: Series[int] = described("Weight of the bearer", "weight", ge=0)
    cumulative_weight: Series[int] = described(
        "Weight of this bearer and those before it", "weight", ge=0
    )
    total_weight: Series[int] = described("Weight of all bearers of the call", "weight", gt=0)
    share: Series[int] = described("The bearer's part of the slice, before any limit", "money")
    limit_stated: Series[str] = described("Limit as the rule states it; blank for none")
    limit: Series[int] = described("Limit in money; nil when there is none", "money")
    available: Series[int] = described("Balance of the reserve before the row", "money")
    limits: Series[str] = described(
        "Limits over several rules that the row counts towards, joined by +; blank for none"
    )
    room: Series[int] = described(
        "What they leave of overspends before the row; nil when there is none", "money"
    )
    room_under: Series[int] = described(
        "What they leave of underspends before the row; nil when there is none", "money"
    )
    borne: Series[int] = described("Part of the variance borne", "money")
    held: Series[str] = described("Whether it is settled through the pool")
    clause: Series[str] = described("Clause of the agreement")


class VarianceOut(Table):
    """variance.csv: one row per scheme line of the pool, in pounds."""

    financial_year: Series[str] = described("Financial year")
    theme: Series[str] = described("Code of the theme")
    organisation: Series[str] = described("Budget holder")
    scheme_id: Series[str] = described("Code of the line")
    scheme: Series[str] = described("Name of the scheme")
    category: Series[str] = described("Risk share category")
    kind: Series[str] = described("Revenue or capital")
    budget: Series[int] = described("Budget", "money")
    expenditure: Series[int] = described("Expenditure", "money")
    variance: Series[int] = described("Expenditure − budget; positive is an overspend", "money")
    variance_percent: Series[float] = described(
        "Variance in percent of budget", "percent", nullable=True
    )
    percent_note: Series[str] = described("Why the percentage is blank")


class VarianceView(Table):
    """variance_by_….csv: the same, added up by the key named; blank keys mean 'all'."""

    financial_year: Series[str] = described("Financial year")
    view: Series[str] = described("What it is added up by")
    theme: Series[str] = described("Code of the theme; blank for all")
    organisation: Series[str] = described("Budget holder; blank for all")
    category: Series[str] = described("Risk share category; blank for all")
    kind: Series[str] = described("Revenue or capital; blank for both")
    budget: Series[int] = described("Budget", "money")
    expenditure: Series[int] = described("Expenditure", "money")
    variance: Series[int] = described("Expenditure − budget; positive is an overspend", "money")
    variance_percent: Series[float] = described(
        "Variance in percent of budget", "percent", nullable=True
    )
    percent_note: Series[str] = described("Why the percentage is blank")


class RiskShareOut(Table):
    """risk_share.csv: one row per rule scope, step and bearer; sums to the variance.

    Revenue and capital, which are never netted before sharing, are added together here;
    risk_share_workings.csv has them apart.
    """

    financial_year: Series[str] = described("Financial year")
    part: Series[str] = described("Part of the year, by its days; blank for the whole")
    scope: Series[str] = described("Scope of the rule")
    category: Series[str] = described("Categories of the lines in the scope, joined by +")
    step: Series[int] = described("Order of the call", "whole")
    bearer: Series[str] = described("Partner who bears")
    borne: Series[pd.Int64Dtype] = described(
        "Part of the variance this partner bears", "money", nullable=True
    )
    share_note: Series[str] = described("Why there is no share, or that it is provisional")


class RiskShareSummaryOut(Table):
    """risk_share_summary.csv: one row per category group and organisation."""

    financial_year: Series[str] = described("Financial year")
    category_group: Series[str] = described("Categories shown together, joined by +")
    organisation: Series[str] = described("Partner")
    budget: Series[int] = described("Budget of the partner's own lines in the group", "money")
    expenditure: Series[int] = described("Expenditure on them", "money")
    variance: Series[int] = described("Variance on them", "money")
    borne: Series[pd.Int64Dtype] = described(
        "What the partner bears of the group's variance", "money", nullable=True
    )
    share_note: Series[str] = described("Why there is no share, or that it is provisional")


class FundingKindOut(Table):
    """revenue_capital.csv: one row per kind and organisation, kept apart."""

    financial_year: Series[str] = described("Financial year")
    kind: Series[str] = described("Revenue or capital")
    organisation: Series[str] = described("Partner")
    budget: Series[int] = described("Budget of the partner's own lines", "money")
    expenditure: Series[int] = described("Expenditure on them", "money")
    variance: Series[int] = described("Variance on them", "money")
    borne: Series[pd.Int64Dtype] = described(
        "What the partner bears of this kind's variance", "money", nullable=True
    )
    share_note: Series[str] = described("Why there is no share, or that it is provisional")


class SettlementOut(Table):
    """settlement.csv: one row per partner, and per other bearer; payments come to nil."""

    financial_year: Series[str] = described("Financial year")
    party: Series[str] = described("Partner, provider, reserve or place")
    party_kind: Series[str] = described("What it is")
    contribution: Series[int] = described("What a partner contributes", "money")
    contribution_basis: Series[str] = described("Which statement of it that is")
    own_variance: Series[int] = described("Variance on the partner's own budget lines", "money")
    borne: Series[pd.Int64Dtype] = described(
        "What it bears of the variance", "money", nullable=True
    )
    met_outside: Series[pd.Int64Dtype] = described(
        "Part of that a partner meets outside the pool", "money", nullable=True
    )
    balancing_payment: Series[pd.Int64Dtype] = described(
        "Borne in the pool − own variance; above nil it pays, below nil it receives",
        "money",
        nullable=True,
    )
    share_note: Series[str] = described("Why there is no share, or that it is provisional")


class ReservesOut(Table):
    """reserves.csv: one row per reserve: closing = released − drawn + paid in."""

    financial_year: Series[str] = described("Financial year")
    reserve: Series[str] = described("Code of the reserve")
    name: Series[str] = described("Full name of the reserve")
    reserve_kind: Series[str] = described("Kind of reserve")
    opening: Series[int] = described("Balance at the start of the year", "money")
    released_by: Series[str] = described("Measure whose achievement releases it; blank for none")
    planned: Series[int] = described(
        "Planned, in the unit of the measure; nil without one", "quantity"
    )
    achieved: Series[int] = described("Achieved, in the same unit; nil without one", "quantity")
    released: Series[int] = described("Part of it that can be called on", "money")
    unreleased: Series[int] = described("Part that cannot", "money")
    unreleased_to: Series[str] = described("Partner who keeps what is not released")
    drawn: Series[pd.Int64Dtype] = described("What it bore of overspends", "money", nullable=True)
    paid_in: Series[pd.Int64Dtype] = described(
        "What it took of underspends", "money", nullable=True
    )
    closing: Series[pd.Int64Dtype] = described("Released − drawn + paid in", "money", nullable=True)
    share_note: Series[str] = described("Why there is no share, or that it is provisional")


class LimitsOut(Table):
    """limits.csv: one row per limit over several rules: what counts towards it, and what is left.

    Nobody bears more of what a limit covers than its amount: `left` is never below nil.
    """

    financial_year: Series[str] = described("Financial year")
    limit_id: Series[str] = described("Code of the limit", unique=True)
    bearer: Series[str] = described("Whose limit it is")
    covers: Series[str] = described("What counts towards it")
    counts: Series[str] = described("Overspends, underspends, or the one net of the other")
    at_most: Series[str] = described("The limit as stated")
    budget: Series[int] = described("Budget of the lines it covers", "money")
    amount: Series[int] = described("The limit in money", "money")
    counted: Series[int] = described("What its bearer bears that counts towards it", "money")
    left: Series[int] = described("Amount − counted", "money")
    clause: Series[str] = described("Clause of the agreement")


class PaymentsOut(Table):
    """payments.csv: one row per line paid for by activity: what is paid, and what is not."""

    scheme_id: Series[str] = described("Code of the line")
    provider: Series[str] = described("Provider that is paid")
    counted_in: Series[str] = described("What is counted")
    planned: Series[int] = described("Planned number", "whole")
    actual: Series[int] = described("Actual number", "whole")
    price: Series[int] = described("Price of one", "money")
    difference: Series[int] = described("(Actual − planned) × price", "money")
    reopens_at: Series[int] = described("Percentage of plan at which the payment reopens", "share")
    point: Series[int] = described("The same in money", "money")
    within: Series[int] = described("Part of the difference up to that point", "money")
    share: Series[int] = described("Percentage of price paid (or refunded) up to it", "share")
    share_beyond: Series[int] = described("Percentage of price paid beyond it", "share")
    paid: Series[int] = described("What the commissioner pays above plan (or gets back)", "money")
    unpaid: Series[int] = described("What it does not: the provider's, beside the pool", "money")
    clause: Series[str] = described("Clause of the contract")


class ComparisonOut(Table):
    """comparison.csv: one row per agreement and party; an agreement's rows sum to the variance."""

    financial_year: Series[str] = described("Financial year")
    agreement: Series[str] = described("Name of the agreement; 'own' for the pool's")
    title: Series[str] = described("Title of the agreement")
    status: Series[str] = described("Its standing, such as illustrative")
    party: Series[str] = described("Partner, provider, reserve or place")
    party_kind: Series[str] = described("What it is; 'unpaid activity' is a memo beside the pool")
    borne: Series[int] = described("What it bears of the variance", "money")
    difference: Series[int] = described(
        "That, less what it bears under the first agreement", "money"
    )
    met_outside: Series[int] = described(
        "Part of it that a partner meets outside the pool, without a payment", "money"
    )
    balancing_payment: Series[int] = described(
        "What a partner pays; below nil it receives", "money"
    )
    share_note: Series[str] = described("That a share is provisional; blank where it is final")


class PublishedOut(Table):
    """published.csv: one row per printed number, beside the computed one."""

    published_id: Series[str] = described("Code of the printed number")
    source: Series[str] = described("Where it is printed")
    label: Series[str] = described("Label of its row")
    column: Series[str] = described("Heading of its column")
    printed: Series[str] = described("The number as printed")
    unit: Series[str] = described("Unit it is printed in")
    figure: Series[str] = described("Figure it claims to be")
    computed: Series[float] = described("Computed, in the printed unit", "number", nullable=True)
    difference: Series[float] = described(
        "Printed − computed, in the printed unit", "number", nullable=True
    )
    lowest: Series[float] = described(
        "Least it could be, were every input rounded", "number", nullable=True
    )
    highest: Series[float] = described(
        "Most it could be, were every input rounded", "number", nullable=True
    )
    rounded_amounts: Series[int] = described(
        "Rounded input amounts behind the computed figure", "whole"
    )
    verdict: Series[str] = described(
        "agrees, within rounding, opposite sign, outside rounding, not comparable, or not computed"
    )


class ChecksOut(Table):
    """checks.csv: one row per identity that must hold to the penny."""

    check: Series[str] = described("What must be equal")
    expected: Series[int] = described("One side", "money")
    found: Series[int] = described("The other side", "money")
    difference: Series[int] = described("Found − expected", "money")


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
    "settlement": SettlementOut,
    "reserves": ReservesOut,
    "limits": LimitsOut,
    "payments": PaymentsOut,
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
    default: str | int | None
    refers_to: str


@cache
def fields(model: type[Table]) -> tuple[FieldMeaning, ...]:
    """List the columns of a table, with what each of them means."""
    return tuple(
        FieldMeaning(name, meaning=str(column.description), **(column.metadata or {}))
        for name, column in model.to_schema().columns.items()
    )


@cache
def types(model: type[Table]) -> Mapping[str, str]:
    """Return the type of each column, as pandas names it: `str`, `int64`, `float64`, `category`."""
    return {name: str(c.dtype.type) for name, c in model.to_schema().columns.items()}


def typed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns named, in order and of their types; several times faster than `astype`.

    `astype` makes a table of every column and puts them together again.
    """
    found = {name: frame[name].array for name in columns}
    return pd.DataFrame(
        {
            name: cells if str(cells.dtype) == columns[name] else cells.astype(columns[name])
            for name, cells in found.items()
        },
        index=frame.index,
    )


def empty(model: type[Table]) -> pd.DataFrame:
    """Return a table without rows."""
    return pd.DataFrame({name: pd.Series([], dtype=type_) for name, type_ in types(model).items()})


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Return the rows one by one, columns as attributes; what they hold, the frame's table says."""
    columns = [column.tolist() for _, column in frame.items()]
    return map(_row_of(tuple(frame))._make, zip(*columns, strict=True))


@cache
def _row_of(columns: tuple[str, ...]) -> Any:
    """Return the type of the rows; pandas makes one for every table anew."""
    return namedtuple("Row", columns)


@dataclass(frozen=True)
class SourceFile:
    """An input file as it was read, and its bytes."""

    name: str
    sha256: str
    rows: int
    data: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True)
class Places:
    """Where the rows of a table stood.

    Attributes:
        file: the file. sheet: its sheet, blank in a folder. rows: their row numbers.
        letters: by heading, the letters of its column; none in a folder.
    """

    file: str
    sheet: str
    rows: tuple[int, ...]
    letters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Agreement:
    """The agreement whose rules and facts are applied: the pool's own, or one that is tried.

    Attributes:
        name: of its file or folder, without an ending. title: as a report prints it.
        status: such as illustrative. source: where its terms come from. note: a remark.
    """

    name: str
    title: str
    status: str = ""
    source: str = ""
    note: str = ""


OWN_AGREEMENT: Final = Agreement("own", "The pool's own agreement")
AGREEMENT_TABLES: Final = (
    "rules", "limits", "organisations", "contributions", "reserves", "achievement", "causes",
    "payments", "activity",
)  # fmt: skip
"""The tables an agreement may bring, each in place of the pool's; the first it must."""
WITH_THE_RULES: Final = ("limits",)
"""Those that go with the rules: an agreement that brings none has none, whatever the pool has."""


@dataclass(frozen=True)
class Inputs:
    """A pool, read and found sound. Frames as in `INPUT_TABLES`; lines still without their pot.

    Attributes:
        steps: for each scheme line, the step in which its budget and its expenditure are written,
            in pence, and to which its variance is known; 1 for an amount that is exact, nil for
            one that is not stated. None where all are stated, and exact.
        budget_steps: the same for each row of `budgets`; empty where all are exact.
        control_steps: the same for each row of `control_totals`.
        places: for each table that was read from a file, where its rows stood.
        agreement: whose rules these are.
    """

    name: str
    settings: Settings
    organisations: pd.DataFrame
    themes: pd.DataFrame
    categories: pd.DataFrame
    schemes: pd.DataFrame
    rules: pd.DataFrame
    limits: pd.DataFrame
    contributions: pd.DataFrame
    reserves: pd.DataFrame
    achievement: pd.DataFrame
    causes: pd.DataFrame
    parts: pd.DataFrame
    payments: pd.DataFrame
    activity: pd.DataFrame
    budgets: pd.DataFrame
    commentary: pd.DataFrame
    control_totals: pd.DataFrame
    published: pd.DataFrame
    steps: pd.DataFrame | None = None
    budget_steps: tuple[int, ...] = ()
    control_steps: tuple[int, ...] = ()
    files: tuple[SourceFile, ...] = ()
    places: Mapping[str, Places] = field(default_factory=dict)
    agreement: Agreement = OWN_AGREEMENT
    findings: tuple[Any, ...] = field(default=())


class Transcription(Table):
    """A paper typed out, with no pool behind it: one row per printed number, right or wrong."""

    published_id: Series[str] = described("Code of the printed number", "code", unique=True)
    source: Series[str] = described("Page, paragraph and row where it is printed")
    label: Series[str] = described("Label of its row, or the words around it")
    column: Series[str] = described("Heading of its column; 'text' in running text")
    printed: Series[str] = described("The number as printed", "printed")
    unit: Series[str] = described("Unit it is printed in", "word", closed_list=words.PRINTED_UNITS)
    decimals: Series[int] = described("Decimals it is printed with", "whole", ge=0, le=8)
    figure: Series[str] = described(
        "What it is a print of; the same text where one thing is printed twice", default=""
    )
    sum_of: Series[str] = described(
        "What it adds up and takes away, as P2 + P3 - P4; several such sums are parted by ;",
        default="",
    )
    percent_of: Series[str] = described(
        "Of a percentage, a rate, an average or a price, what is divided by what, as P4 / P2",
        default="",
    )
    rounded: Series[str] = described(
        "How it was rounded, where the paper says so",
        "word",
        closed_list=words.ROUNDINGS,
        default="",
    )
    rounded_to: Series[str] = described(
        "What it was rounded to where that is coarser than its last digit, as 100,000; in its unit",
        "printed",
        default="",
    )
    note: Series[str] = described("Remark", default="")


class AuditOut(Table):
    """audit.csv: one row per observation, the gravest first."""

    observation: Series[str] = described("Number of the observation", unique=True)
    severity: Series[str] = described("high, medium or low")
    kind: Series[str] = described("What was looked at")
    conflict: Series[str] = described("Conflict it belongs to: figures that cannot all be right")
    choice: Series[str] = described("Which of several equally small explanations")
    published_id: Series[str] = described("Codes of the printed numbers it is about")
    source: Series[str] = described("Where they are printed, when in one place")
    label: Series[str] = described("Label of the row, when it is one number")
    column: Series[str] = described("Heading of the column, when it is one")
    printed: Series[str] = described("The number as printed, when it is one")
    unit: Series[str] = described("Unit it is printed in")
    lowest: Series[float] = described(
        "Least it may be, in the printed unit; blank when nothing limits it",
        "number",
        nullable=True,
    )
    highest: Series[float] = described(
        "Most it may be, in the printed unit; blank when nothing limits it", "number", nullable=True
    )
    distance: Series[float] = described(
        "How far the printed number lies beyond what can have been printed", "number", nullable=True
    )
    sentence: Series[str] = described("What an auditor would write")


class AuditFiguresOut(Table):
    """audit_figures.csv: one row per printed number, alone and together with all others."""

    published_id: Series[str] = described("Code of the printed number", unique=True)
    source: Series[str] = described("Where it is printed")
    label: Series[str] = described("Label of its row")
    column: Series[str] = described("Heading of its column")
    printed: Series[str] = described("The number as printed")
    unit: Series[str] = described("Unit it is printed in")
    figure: Series[str] = described("What it is a print of")
    computed: Series[float] = described("Computed, in the printed unit", "number", nullable=True)
    difference: Series[float] = described(
        "Printed − computed, in the sign the number is meant in", "number", nullable=True
    )
    lowest: Series[float] = described(
        "Least it could be, were every input rounded", "number", nullable=True
    )
    highest: Series[float] = described(
        "Most it could be, were every input rounded", "number", nullable=True
    )
    distance: Series[float] = described(
        "How far it lies beyond these; nil within them", "number", nullable=True
    )
    alone: Series[str] = described("Against the engine: the verdict on this number by itself")
    together: Series[str] = described("Against all other printed numbers: the verdict")
    conflict: Series[str] = described("Conflict it belongs to")
    why_not: Series[str] = described("Why it was not taken together with the others")


class AuditCrossTableOut(Table):
    """audit_cross_table.csv: one row per thing that two columns print, where they differ."""

    label: Series[str] = described("Label of the row")
    first_id: Series[str] = described("Code of the first print")
    first_place: Series[str] = described("Table and column it stands in")
    first_printed: Series[str] = described("The number as printed")
    second_id: Series[str] = described("Code of the second print")
    second_place: Series[str] = described("Table and column it stands in")
    second_printed: Series[str] = described("The number as printed")
    unit: Series[str] = described("Unit of the first print, and of the difference")
    difference: Series[float] = described("Second − first", "number")
    level: Series[str] = described("part, or total of parts that are printed too")
    verdict: Series[str] = described("two values, or within rounding")


AUDIT_TABLES: Final[dict[str, type[Table]]] = {
    "audit": AuditOut,
    "audit_figures": AuditFiguresOut,
    "audit_cross_table": AuditCrossTableOut,
}
"""What `bcf audit` writes; no part of the report."""
