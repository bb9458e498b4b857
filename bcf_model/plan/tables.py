"""Every table a plan reads: the data dictionary of budgets to come (docs/method.md).

What is worked out of them is in `output_tables`.

Money is int64 whole pence, signed as a bridge amount unless a column says otherwise. A `quantity`
is in millionths of what its unit says.
"""

from typing import Final

from pandera.typing import Series

from bcf_model.core import words as core_words
from bcf_model.core.tables import InputTable, Table, described
from bcf_model.plan import words

# ------------------------------------------------------------------ what a pool may add


class Virements(Table):
    """One row per change between two versions whose cause is known."""

    from_version: Series[str] = described("Earlier version", "code")
    to_version: Series[str] = described("Later version", "code")
    cause: Series[str] = described("What caused it; 'virement' moves money only", "code")
    theme: Series[str] = described("Theme", "code", refers_to="themes")
    organisation: Series[str] = described(
        f"Budget holder, or '{core_words.NOT_STATED}'",
        "code",
        default=core_words.NOT_STATED,
        refers_to="organisations",
    )
    scheme_id: Series[str] = described("Scheme line", "code", default="", refers_to="schemes")
    kind: Series[str] = described(
        "Revenue or capital", "word", closed_list=core_words.KINDS, default="revenue"
    )
    amount: Series[int] = described("Change; positive where the budget rises", "money")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Funding(Table):
    """One row per partner, funding, year and recurrence."""

    organisation: Series[str] = described("Partner", "code", refers_to="organisations")
    funding: Series[str] = described("What pays: minimum, additional, a grant, reserves", "code")
    financial_year: Series[str] = described("Financial year", "year")
    recurrence: Series[str] = described(
        "Recurrent or not", "word", closed_list=words.RECURRENCES, default="recurrent"
    )
    amount: Series[int] = described("Amount of the year", "money")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Savings(Table):
    """One row per savings programme (CIP of a provider, QIPP of a commissioner)."""

    programme: Series[str] = described("Code of the programme", "code", unique=True)
    name: Series[str] = described("Name of the programme")
    owner: Series[str] = described("Who is to deliver it", "code")
    beneficiary: Series[str] = described("Whose budget it relieves", "code")
    perimeter: Series[str] = described(
        "What it is part of: the pool, a partner's whole budget, the city's system", "code"
    )
    scope: Series[str] = described("Lines it saves on, or 'not allocated'")
    financial_year: Series[str] = described("Year in which it starts", "year")
    start_period: Series[int] = described(
        "Period in which it starts, 1 is April", "whole", default=1, ge=1, le=12
    )
    profile: Series[str] = described(
        "How it is phased over the year; evenly when blank", "code", default="", refers_to="phasing"
    )
    gross: Series[int] = described("Full-year value, before what it costs", "money")
    investment: Series[int] = described("What it costs in a full year", "money", default=0)
    recurrence: Series[str] = described(
        "Recurrent or not", "word", closed_list=words.RECURRENCES, default="recurrent"
    )
    confidence: Series[str] = described("How sure it is", "word", closed_list=words.CONFIDENCES)
    delivered: Series[int] = described("Delivered up to period `delivered_to`", "money", default=0)
    delivered_to: Series[int] = described(
        "Period up to which that was counted; 0 when it was not", "whole", default=0, ge=0, le=12
    )
    later_years: Series[str] = described(
        "Full-year value that later years carry, as £900,000 or 75% of gross; when blank, what it "
        "reached, if delivered in all periods, else what is expected",
        "edge",
        default="",
    )
    evidence: Series[str] = described("What shows that it can be done", default="")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Phasing(Table):
    """One row per profile and period: how a full-year value is spread over the year."""

    profile: Series[str] = described("Code of the profile", "code")
    period: Series[int] = described("Period, 1 is April", "whole", ge=1, le=12)
    share: Series[int] = described("Percentage of the full-year value", "percent")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Efficiencies(Table):
    """One row per body and year: a savings target as printed, with the percentage beside it."""

    body: Series[str] = described("Body whose target it is")
    financial_year: Series[str] = described("Financial year", "year")
    perimeter: Series[str] = described("What it is part of", "code")
    amount: Series[str] = described("Target as printed", "printed")
    unit: Series[str] = described("Unit it is printed in", "word", closed_list=core_words.UNITS)
    percent: Series[str] = described("Percentage as printed", "printed")
    source: Series[str] = described("Where it is printed")
    note: Series[str] = described("Remark", default="")


class PlannedActivity(Table):
    """One row per line paid by activity, and year to come: the activity that is planned for it."""

    scheme_id: Series[str] = described("Scheme line", "code", refers_to="schemes")
    financial_year: Series[str] = described("Financial year", "year")
    planned: Series[int] = described("Planned number", "whole", ge=1)
    price: Series[str] = described(
        "Price of one in that year, as £2,000; when blank, last year's with inflation",
        "edge",
        default="",
    )
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Blocks(Table):
    """One row per block of the city's spending."""

    block: Series[str] = described("Code of the block", "code", unique=True)
    name: Series[str] = described("Full name of the block")
    prevention: Series[str] = described(
        "Treatment, or which kind of prevention", "word", closed_list=words.PREVENTIONS
    )
    share: Series[int] = described("Percentage of the city's spending, as printed", "percent")
    source: Series[str] = described("Where it is printed", default="")
    note: Series[str] = described("Remark", default="")


class Perimeters(Table):
    """One row per perimeter; amounts of two perimeters are never added."""

    perimeter: Series[str] = described("Code of the perimeter", "code", unique=True)
    name: Series[str] = described("What it holds")
    financial_year: Series[str] = described("Financial year", "year")
    amount: Series[int] = described("What it comes to, as printed", "money")
    rounded_to: Series[int] = described(
        "Step it is printed to, such as 100 million of £1.1 billion; 0 where it is exact",
        "money",
        default=0,
    )
    source: Series[str] = described("Where it is printed")
    note: Series[str] = described("Remark", default="")


# ------------------------------------------------------------------ what a scenario says


class Assumptions(Table):
    """One row per assumption and year."""

    assumption: Series[str] = described("Name of the assumption", "code")
    step: Series[str] = described("What it acts on", "word", closed_list=words.ACTS_ON)
    scope: Series[str] = described("Lines, funding or programmes it acts on", default=words.ALL)
    year: Series[str] = described("Financial year; every year when blank", "year", default="")
    value: Series[int] = described("Value", "quantity")
    unit: Series[str] = described("Unit of the value", "word", closed_list=words.ASSUMED_UNITS)
    recurrence: Series[str] = described(
        "Recurrent or not", "word", closed_list=words.RECURRENCES, default="recurrent"
    )
    from_period: Series[int] = described(
        "Period in which it starts, 1 is April", "whole", default=1, ge=1, le=12
    )
    low: Series[str] = described("Low end of its range", "printed", default="")
    high: Series[str] = described("High end of its range", "printed", default="")
    shape: Series[str] = described(
        "How likely each value is", "word", closed_list=words.SHAPES, default=""
    )
    chances: Series[str] = described(
        "Chances of value, low and high, as 60/30/10", "printed", default=""
    )
    source: Series[str] = described("Where it comes from", default="")
    status: Series[str] = described(
        "How sure that is", "word", closed_list=words.STATUSES, default=core_words.NOT_STATED
    )
    owner: Series[str] = described("Whose assumption it is", default="")
    reviewed_on: Series[str] = described("Day it was last looked at", "date", default="")
    note: Series[str] = described("Remark", default="")


class Prevention(Table):
    """One row per prevention programme and year of investment."""

    programme: Series[str] = described("Code of the programme", "code")
    name: Series[str] = described("Name of the programme")
    payer: Series[str] = described("Who invests", "code")
    scope: Series[str] = described("Line invested in")
    financial_year: Series[str] = described("Year of the investment", "year")
    investment: Series[int] = described("Invested in that year", "money")
    double_running: Series[int] = described("Years before anything is released", "whole", default=0)
    status: Series[str] = described(
        "How sure that is", "word", closed_list=words.STATUSES, default=core_words.NOT_STATED
    )
    source: Series[str] = described("Where it comes from", default="")
    note: Series[str] = described("Remark", default="")


class Returns(Table):
    """One row per programme, beneficiary and lines reduced."""

    programme: Series[str] = described("Code of the programme", "code")
    beneficiary: Series[str] = described("Who spends less", "code")
    scope: Series[str] = described("Lines on which less is spent")
    return_per_pound: Series[int] = described(
        "Gross benefit, in all years together, of each £1 invested", "quantity"
    )
    cashable: Series[int] = described("Percentage of it that can be taken out of budgets", "share")
    lag: Series[str] = described("When it comes", "code", refers_to="lags")
    status: Series[str] = described(
        "How sure that is", "word", closed_list=words.STATUSES, default=core_words.NOT_STATED
    )
    source: Series[str] = described("Where it comes from", default="")
    note: Series[str] = described("Remark", default="")


class Lags(Table):
    """One row per lag and year after the investment."""

    lag: Series[str] = described("Code of the lag", "code")
    years_after: Series[int] = described("Years after the investment", "whole")
    share: Series[int] = described("Percentage of the benefit that comes in that year", "percent")
    source: Series[str] = described("Where it comes from", default="")
    note: Series[str] = described("Remark", default="")


class Correlations(Table):
    """One row per pair of assumptions that move together."""

    first: Series[str] = described("Name of an assumption", "code")
    second: Series[str] = described("Name of another", "code")
    correlation: Series[int] = described("Correlation, −1 to 1", "quantity")
    source: Series[str] = described("Where it comes from", default="")
    note: Series[str] = described("Remark", default="")


PLAN_TABLES: Final = (
    InputTable("virements", Virements, required=False, may_be_blank=True),
    InputTable("funding", Funding, required=False, may_be_blank=True),
    InputTable("savings", Savings, required=False, may_be_blank=True),
    InputTable("phasing", Phasing, required=False, may_be_blank=True),
    InputTable("planned_activity", PlannedActivity, required=False, may_be_blank=True),
    InputTable("efficiencies", Efficiencies, required=False, may_be_blank=True),
    InputTable("blocks", Blocks, required=False, may_be_blank=True),
    InputTable("perimeters", Perimeters, required=False, may_be_blank=True),
)
"""Tables a pool may add for its plans."""

SCENARIO_TABLES: Final = (
    InputTable("assumptions", Assumptions, required=False, may_be_blank=True),
    InputTable("funding", Funding, required=False, may_be_blank=True),
    InputTable("savings", Savings, required=False, may_be_blank=True),
    InputTable("phasing", Phasing, required=False, may_be_blank=True),
    InputTable("planned_activity", PlannedActivity, required=False, may_be_blank=True),
    InputTable("prevention", Prevention, required=False, may_be_blank=True),
    InputTable("returns", Returns, required=False, may_be_blank=True),
    InputTable("lags", Lags, required=False, may_be_blank=True),
    InputTable("correlations", Correlations, required=False, may_be_blank=True),
)
"""Tables a scenario may bring."""

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "assumptions": ("assumption", "year"),
    "funding": ("organisation", "funding", "financial_year", "recurrence"),
    "savings": ("programme",),
    "phasing": ("profile",),
    "planned_activity": ("scheme_id", "financial_year"),
    "prevention": ("programme",),
    "returns": ("programme",),
    "lags": ("lag",),
    "correlations": ("first", "second"),
}
"""By what a scenario's rows replace those of its base: all of its rows with the same key."""


CERTAINTIES: Final = {
    "verified": "read in the source named",
    "reported": "read in a report of the source, not in the source itself",
    "derived": "worked out from what is verified",
    "background": "known to the field, but not confirmed in a source",
    "chosen": "chosen for this package; nobody has published it",
}
"""How sure a fact is that ships with the package."""


# ------------------------------------------------------------------ what ships with the package


class NationalContributions(Table):
    """reference/contributions.csv: one row per year and amount or uplift, of all England."""

    financial_year: Series[str] = described("Financial year")
    what: Series[str] = described("Which contribution, or which uplift over the year before")
    amount_or_percent: Series[int] = described(
        "Millions of pounds, or a percentage, in millionths of either", "quantity"
    )
    unit: Series[str] = described("millions or percent", isin=["millions", "percent"])
    source: Series[str] = described("Where it is printed")
    status: Series[str] = described("How sure it is", closed_list=CERTAINTIES)


class DiscountRates(Table):
    """reference/discount.csv: one row per kind of effect and span of years; real, a year."""

    what: Series[str] = described("What is discounted: money or health")
    years_from: Series[int] = described("First year, counted from the first of the plan, 0")
    years_to: Series[int] = described("Last year, which belongs to it")
    percent: Series[int] = described("Percentage a year, in millionths", "quantity")
    source: Series[str] = described("Where it is printed")
    status: Series[str] = described("How sure it is", closed_list=CERTAINTIES)


class UsualDelivery(Table):
    """reference/delivery.csv: one row per confidence: what is usually delivered of savings.

    It acts nowhere by itself: a scenario that wants it states it as its own assumption.
    """

    confidence: Series[str] = described("Confidence", closed_list=words.CONFIDENCES, unique=True)
    percent: Series[int] = described("Percentage delivered, in millionths", "quantity")
    source: Series[str] = described("What says so")
    status: Series[str] = described("How sure it is", closed_list=CERTAINTIES)
