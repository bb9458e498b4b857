"""Every table of a plan, in and out: the data dictionary of budgets to come (docs/method.md).

Money is int64 whole pence, signed as a bridge amount unless a column says otherwise. A `quantity`
is in millionths of what its unit says.
"""

from typing import Final

from pandera.typing import Series

from bcf_model import vocabulary
from bcf_model.plan import words
from bcf_model.tables import InputTable, Table, described

# ------------------------------------------------------------------ what a pool may add


class Budgets(Table):
    """One row per version, theme, organisation, scheme and kind."""

    version: Series[str] = described("Name of the version, such as closing 2018-19", "code")
    financial_year: Series[str] = described("Financial year it is a budget of", "year")
    theme: Series[str] = described("Theme", "code", refers_to="themes")
    organisation: Series[str] = described(
        f"Budget holder, or '{vocabulary.NOT_STATED}'",
        "code",
        default=vocabulary.NOT_STATED,
        refers_to="organisations",
    )
    scheme_id: Series[str] = described(
        "Scheme line, where stated by scheme", "code", default="", refers_to="schemes"
    )
    kind: Series[str] = described(
        "Revenue or capital", "word", words=vocabulary.KINDS, default="revenue"
    )
    amount: Series[int] = described("Budget", "money")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Virements(Table):
    """One row per change between two versions whose cause is known."""

    from_version: Series[str] = described("Earlier version", "code")
    to_version: Series[str] = described("Later version", "code")
    cause: Series[str] = described("What caused it; 'virement' moves money only", "code")
    theme: Series[str] = described("Theme", "code", refers_to="themes")
    organisation: Series[str] = described(
        f"Budget holder, or '{vocabulary.NOT_STATED}'",
        "code",
        default=vocabulary.NOT_STATED,
        refers_to="organisations",
    )
    scheme_id: Series[str] = described("Scheme line", "code", default="", refers_to="schemes")
    kind: Series[str] = described(
        "Revenue or capital", "word", words=vocabulary.KINDS, default="revenue"
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
        "Recurrent or not", "word", words=words.RECURRENCES, default="recurrent"
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
        "Recurrent or not", "word", words=words.RECURRENCES, default="recurrent"
    )
    confidence: Series[str] = described("How sure it is", "word", words=words.CONFIDENCES)
    delivered: Series[int] = described("Delivered up to period `delivered_to`", "money", default=0)
    delivered_to: Series[int] = described(
        "Period up to which that was counted; 0 when it was not", "whole", default=0, ge=0, le=12
    )
    evidence: Series[str] = described("What shows that it can be done", default="")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Phasing(Table):
    """One row per profile and period: how a full-year value is spread over the year."""

    profile: Series[str] = described("Code of the profile", "code")
    period: Series[int] = described("Period, 1 is April", "whole", ge=1, le=12)
    share: Series[int] = described("Percentage of the full-year value", "share")
    source: Series[str] = described("Where it is stated", default="")
    note: Series[str] = described("Remark", default="")


class Efficiencies(Table):
    """One row per body and year: a savings target as printed, with the percentage beside it."""

    body: Series[str] = described("Body whose target it is")
    financial_year: Series[str] = described("Financial year", "year")
    perimeter: Series[str] = described("What it is part of", "code")
    amount: Series[str] = described("Target as printed", "printed")
    unit: Series[str] = described("Unit it is printed in", "word", words=vocabulary.UNITS)
    percent: Series[str] = described("Percentage as printed", "printed")
    source: Series[str] = described("Where it is printed")
    note: Series[str] = described("Remark", default="")


class Blocks(Table):
    """One row per block of the city's spending."""

    block: Series[str] = described("Code of the block", "code", unique=True)
    name: Series[str] = described("Full name of the block")
    prevention: Series[str] = described(
        "Treatment, or which kind of prevention", "word", words=words.PREVENTIONS
    )
    share: Series[int] = described("Percentage of the city's spending, as printed", "share")
    source: Series[str] = described("Where it is printed", default="")
    note: Series[str] = described("Remark", default="")


class Perimeters(Table):
    """One row per perimeter; amounts of two perimeters are never added."""

    perimeter: Series[str] = described("Code of the perimeter", "code", unique=True)
    name: Series[str] = described("What it holds")
    financial_year: Series[str] = described("Financial year", "year")
    amount: Series[int] = described("What it comes to, as printed", "money")
    source: Series[str] = described("Where it is printed")
    note: Series[str] = described("Remark", default="")


# ------------------------------------------------------------------ what a scenario says


class Assumptions(Table):
    """One row per assumption and year."""

    assumption: Series[str] = described("Name of the assumption", "code")
    step: Series[str] = described("What it acts on", "word", words=words.ACTS_ON)
    scope: Series[str] = described("Lines, funding or programmes it acts on", default=words.ALL)
    year: Series[str] = described("Financial year; every year when blank", "year", default="")
    value: Series[int] = described("Value", "quantity")
    unit: Series[str] = described("Unit of the value", "word", words=words.ASSUMED_UNITS)
    recurrence: Series[str] = described(
        "Recurrent or not", "word", words=words.RECURRENCES, default="recurrent"
    )
    from_period: Series[int] = described(
        "Period in which it starts, 1 is April", "whole", default=1, ge=1, le=12
    )
    low: Series[str] = described("Low end of its range", "printed", default="")
    high: Series[str] = described("High end of its range", "printed", default="")
    shape: Series[str] = described(
        "How likely each value is", "word", words=words.SHAPES, default=""
    )
    chances: Series[str] = described(
        "Chances of value, low and high, as 60/30/10", "printed", default=""
    )
    source: Series[str] = described("Where it comes from", default="")
    status: Series[str] = described(
        "How sure that is", "word", words=words.STATUSES, default=vocabulary.NOT_STATED
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
        "How sure that is", "word", words=words.STATUSES, default=vocabulary.NOT_STATED
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
        "How sure that is", "word", words=words.STATUSES, default=vocabulary.NOT_STATED
    )
    source: Series[str] = described("Where it comes from", default="")
    note: Series[str] = described("Remark", default="")


class Lags(Table):
    """One row per lag and year after the investment."""

    lag: Series[str] = described("Code of the lag", "code")
    years_after: Series[int] = described("Years after the investment", "whole")
    share: Series[int] = described("Percentage of the benefit that comes in that year", "share")
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
    InputTable("budgets", Budgets, required=False, may_be_blank=True),
    InputTable("virements", Virements, required=False, may_be_blank=True),
    InputTable("funding", Funding, required=False, may_be_blank=True),
    InputTable("savings", Savings, required=False, may_be_blank=True),
    InputTable("phasing", Phasing, required=False, may_be_blank=True),
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
    "prevention": ("programme",),
    "returns": ("programme",),
    "lags": ("lag",),
    "correlations": ("first", "second"),
}
"""By what a scenario's rows replace those of its base: all of its rows with the same key."""

# ------------------------------------------------------------------ what is worked out


class PlanLines(Table):
    """One row per line of a scenario: a row of its opening version, and `not allocated` at last."""

    scenario: Series[str] = described("Name of the scenario")
    line: Series[str] = described("Code of the line", unique=True)
    name: Series[str] = described("Name of the line")
    theme: Series[str] = described("Theme; blank for a block")
    organisation: Series[str] = described("Budget holder, or not stated")
    scheme_id: Series[str] = described("Scheme line; blank where there is none")
    category: Series[str] = described("Risk share category; blank where there is no scheme")
    kind: Series[str] = described("Revenue or capital")
    block: Series[str] = described("Block of the city's spending; blank in a pool")
    prevention: Series[str] = described("Treatment, or which kind of prevention; blank in a pool")
    opening: Series[int] = described("Amount in the opening version", "money")


class Walk(Table):
    """walk.csv: one row per year, line, step and cause; a year's rows of a line sum to closing.

    Rows stand in the order in which they follow from each other.
    """

    scenario: Series[str] = described("Name of the scenario")
    financial_year: Series[str] = described("Financial year")
    line: Series[str] = described("Code of the line")
    theme: Series[str] = described("Theme; blank for a block")
    organisation: Series[str] = described("Budget holder, or not stated")
    block: Series[str] = described("Block; blank in a pool")
    step_order: Series[int] = described("Place of the step in the walk; the opening is 0")
    step: Series[str] = described("Step")
    cause: Series[str] = described("Assumption or programme it comes from; blank at the opening")
    unit: Series[str] = described("percent, pounds, or opening")
    base: Series[int] = described("What a percentage is taken of", "money")
    rate: Series[int] = described("Percentage, in millionths, signed; nil of pounds")
    whole: Series[int] = described(
        "Amount that is parted over lines, signed; nil of a percentage", "money"
    )
    weight: Series[int] = described("Weight of the line in it")
    cumulative_weight: Series[int] = described("Weights up to this line")
    total_weight: Series[int] = described("Weights of all its lines")
    amount: Series[int] = described("What the step adds to the budget of the line", "money")


class Movement(Table):
    """movement.csv: one row per pair of versions, theme, organisation, scheme, kind and cause."""

    from_version: Series[str] = described("Earlier version")
    to_version: Series[str] = described("Later version")
    theme: Series[str] = described("Theme")
    organisation: Series[str] = described("Budget holder, or not stated")
    scheme_id: Series[str] = described("Scheme line; blank where either has none")
    kind: Series[str] = described("Revenue or capital")
    cause: Series[str] = described("Cause, or 'cause not stated' for what no virement explains")
    amount: Series[int] = described("Later − earlier, of this cause", "money")


class SavingsOut(Table):
    """savings.csv: one row per programme of the scenario's perimeter (docs/method.md, 6).

    A saving is above nil, and so is what it costs; slippage above nil is adverse.
    """

    scenario: Series[str] = described("Name of the scenario")
    programme: Series[str] = described("Code of the programme", unique=True)
    name: Series[str] = described("Name of the programme")
    owner: Series[str] = described("Who is to deliver it")
    beneficiary: Series[str] = described("Whose budget it relieves")
    perimeter: Series[str] = described("What it is part of")
    scope: Series[str] = described("Lines it saves on, or 'not allocated'")
    financial_year: Series[str] = described("Year in which it starts")
    start_period: Series[int] = described("Period in which it starts, 1 is April")
    profile: Series[str] = described("How it is phased over the year; evenly when blank")
    recurrence: Series[str] = described("Recurrent or not", words=words.RECURRENCES)
    confidence: Series[str] = described("How sure it is", words=words.CONFIDENCES)
    identified: Series[str] = described("Whether there is a plan for it: yes or no")
    gross: Series[int] = described("Full-year value", "money")
    investment: Series[int] = described("What it costs in a full year", "money")
    net: Series[int] = described("Gross − investment", "money")
    phased: Series[int] = described("Part of a full year that falls in its year, above the line")
    phased_to_date: Series[int] = described("The same up to period `delivered_to`")
    phased_of: Series[int] = described("Both are out of this: 12 months, or 100 %", gt=0)
    delivery: Series[int] = described("Percentage that is expected to be delivered", "share")
    part_year_effect: Series[int] = described("What it saves in its year", "money")
    full_year_effect: Series[int] = described("What it saves more in the next year", "money")
    part_year_investment: Series[int] = described("What it costs in its year", "money")
    full_year_investment: Series[int] = described("What it costs more in the next year", "money")
    adjusted_part_year: Series[int] = described("Part-year effect × delivery", "money")
    adjusted_full_year: Series[int] = described("Gross × delivery", "money")
    adjusted_full_year_effect: Series[int] = described(
        "What it is expected to save more in the next year", "money"
    )
    adjusted_net: Series[int] = described("Gross × delivery, less the investment", "money")
    reversal: Series[int] = described(
        "Expected saving of its year that falls away in the next: of what is non-recurrent", "money"
    )
    reversal_of_investment: Series[int] = described("Cost that falls away with it", "money")
    underlying: Series[int] = described("Adjusted net of what is recurrent", "money")
    delivered_to: Series[int] = described("Period up to which it was counted; 0 when it was not")
    plan_to_date: Series[int] = described("What it was to save up to that period", "money")
    delivered: Series[int] = described("What it saved up to that period", "money")
    slippage: Series[int] = described("Plan to date − delivered; positive is adverse", "money")
    evidence: Series[str] = described("What shows that it can be done")
    source: Series[str] = described("Where it is stated")


class SavingsEffects(Table):
    """One row per programme, side (saving or investment) and year: what the bridge is given."""

    scenario: Series[str] = described("Name of the scenario")
    cause: Series[str] = described("Code of the programme")
    side: Series[str] = described("saving or investment")
    financial_year: Series[str] = described("Financial year")
    step: Series[str] = described("Step of the bridge")
    scope: Series[str] = described("Lines it acts on, or 'not allocated'")
    part: Series[str] = described("In the year, the rest of it in the next, or its reversal")
    months: Series[int] = described("Periods of its year from its start on")
    stated: Series[int] = described("Full-year value, signed as in the bridge", "money")
    planned: Series[int] = described("Amount before delivery, signed as in the bridge", "money")
    delivery: Series[int] = described("Percentage that is expected to be delivered", "share")
    amount: Series[int] = described("What the step adds to the budget of its lines", "money")


class SavingsSummaryOut(Table):
    """savings_summary.csv: one row per perimeter, group and whether it is identified."""

    scenario: Series[str] = described("Name of the scenario")
    perimeter: Series[str] = described("What the programmes are part of; never added together")
    by: Series[str] = described("What it is added up by: owner, beneficiary, confidence, …")
    group: Series[str] = described("Which owner, beneficiary, confidence, …")
    identified: Series[str] = described("Whether there is a plan: yes or no")
    programmes: Series[int] = described("How many programmes")
    gross: Series[int] = described("Full-year value", "money")
    investment: Series[int] = described("What they cost in a full year", "money")
    net: Series[int] = described("Gross − investment", "money")
    part_year_effect: Series[int] = described("What they save in their year", "money")
    full_year_effect: Series[int] = described("What they save more in the next year", "money")
    adjusted_part_year: Series[int] = described("Part-year effect × delivery", "money")
    adjusted_full_year: Series[int] = described("Gross × delivery", "money")
    adjusted_net: Series[int] = described("Gross × delivery, less the investment", "money")
    underlying: Series[int] = described("Adjusted net of what is recurrent", "money")
    plan_to_date: Series[int] = described("What they were to save up to the day counted", "money")
    delivered: Series[int] = described("What they saved up to then", "money")
    slippage: Series[int] = described("Plan to date − delivered; positive is adverse", "money")


class EfficienciesOut(Table):
    """efficiencies.csv: one row per body and year: the base its printed target implies."""

    body: Series[str] = described("Body whose target it is")
    financial_year: Series[str] = described("Financial year")
    perimeter: Series[str] = described("What it is part of")
    printed_amount: Series[str] = described("Target as printed")
    unit: Series[str] = described("Unit it is printed in")
    printed_percent: Series[str] = described("Percentage as printed")
    amount: Series[int] = described("Target", "money")
    amount_lowest: Series[int] = described("Least it may be, as printed", "money")
    amount_highest: Series[int] = described("Most it may be, as printed", "money")
    base: Series[float] = described(
        "Amount ÷ percentage; blank where the percentage may be nil", "money", nullable=True
    )
    base_lowest: Series[float] = described("Least it may be", "money", nullable=True)
    base_highest: Series[float] = described("Most it may be", "money", nullable=True)
    source: Series[str] = described("Where it is printed")


class EfficienciesTotalOut(Table):
    """efficiencies_total.csv: one row per perimeter and year: the printed targets added up."""

    financial_year: Series[str] = described("Financial year")
    perimeter: Series[str] = described("What the bodies are part of; never added together")
    bodies: Series[int] = described("How many bodies")
    amount: Series[int] = described("Their targets", "money")
    amount_lowest: Series[int] = described("Least they may come to, as printed", "money")
    amount_highest: Series[int] = described("Most they may come to, as printed", "money")


class FundingWalk(Table):
    """funding.csv: one row per year, organisation, funding, step and cause (docs/method.md, 5).

    A year's rows of a funding sum to what it is in that year; those that are recurrent, to the
    next year's opening.
    """

    scenario: Series[str] = described("Name of the scenario")
    financial_year: Series[str] = described("Financial year")
    organisation: Series[str] = described("Partner; 'not allocated' where no funding takes it")
    funding: Series[str] = described("What pays")
    step_order: Series[int] = described("Place of the step in the walk; the opening is 0")
    step: Series[str] = described("Step")
    cause: Series[str] = described("Assumption it comes from; blank where it is stated")
    recurrence: Series[str] = described("Recurrent or not", words=words.RECURRENCES)
    unit: Series[str] = described("percent, pounds, or stated")
    base: Series[int] = described("What a percentage is taken of", "money")
    rate: Series[int] = described("Percentage, in millionths, signed; nil of pounds")
    whole: Series[int] = described(
        "Amount that is parted over funding, signed; nil of a percentage", "money"
    )
    weight: Series[int] = described("Weight of the funding in it")
    cumulative_weight: Series[int] = described("Weights up to this funding")
    total_weight: Series[int] = described("Weights of all funding in it")
    amount: Series[int] = described("What the step adds to the funding", "money")


class GapOut(Table):
    """gap.csv: one row per year for which funding is stated."""

    scenario: Series[str] = described("Name of the scenario")
    financial_year: Series[str] = described("Financial year")
    spending: Series[int] = described("Closing spending", "money")
    recurrent: Series[int] = described("Recurrent funding", "money")
    non_recurrent: Series[int] = described("Funding of that year only", "money")
    funding: Series[int] = described("Both", "money")
    gap: Series[int] = described("Spending − funding; positive is a shortfall", "money")


class PreventionOut(Table):
    """prevention.csv: one row per stream of money and financial year.

    A stream is what one payer invests in a line through a programme (then without a beneficiary),
    or what one beneficiary gets back of it; so each column may be added up. Levels, not changes on
    the year before; investment and benefit are both above nil.
    """

    scenario: Series[str] = described("Name of the scenario")
    programme: Series[str] = described("Code of the programme")
    payer: Series[str] = described("Who invests")
    beneficiary: Series[str] = described("Who spends less; blank where it is the investment")
    scope: Series[str] = described("Lines reduced; the line invested in where it is the investment")
    financial_year: Series[str] = described("Financial year")
    invested: Series[int] = described("Invested in the year", "money")
    gross: Series[int] = described("Gross benefit of the year", "money")
    cashable: Series[int] = described("Part of it that can be taken out of budgets", "money")
    released: Series[int] = described("Part of that for which there was a budget", "money")
    not_released: Series[int] = described("Cashable − released: no budget left", "money")


class PositionsOut(Table):
    """positions.csv: one row per partner and financial year; 'all' is the sum of the partners."""

    scenario: Series[str] = described("Name of the scenario")
    partner: Series[str] = described("Partner that invests or spends less; 'all' for the system")
    financial_year: Series[str] = described("Financial year")
    invested: Series[int] = described("Invested by it", "money")
    released: Series[int] = described("Released to it", "money")
    net: Series[int] = described("Released − invested; above nil is a gain", "money")
    deflated: Series[int] = described("Net, in prices of the first year", "money")
    discounted: Series[int] = described("Net, in prices of the first year, discounted", "money")
    cumulative: Series[int] = described("Net of this year and those before it", "money")
    cumulative_discounted: Series[int] = described(
        "Discounted, of this year and those before it", "money"
    )


class PaybackOut(Table):
    """payback.csv: one row per partner: its position over all years of the plan."""

    scenario: Series[str] = described("Name of the scenario")
    partner: Series[str] = described("Partner; 'all' for the system", unique=True)
    invested: Series[int] = described("Invested by it", "money")
    released: Series[int] = described("Released to it", "money")
    net: Series[int] = described("Released − invested; above nil is a gain", "money")
    net_present_value: Series[int] = described(
        "Net, in prices of the first year, discounted", "money"
    )
    break_even: Series[str] = described(
        "First year from which it is never below nil again; blank for none"
    )
    break_even_discounted: Series[str] = described("The same of discounted amounts")


class MatrixOut(Table):
    """matrix.csv: one row per payer and beneficiary, all years of the plan together."""

    scenario: Series[str] = described("Name of the scenario")
    payer: Series[str] = described("Who invests")
    beneficiary: Series[str] = described("Who spends less by it")
    gross: Series[int] = described("Gross benefit", "money")
    cashable: Series[int] = described("Part of it that can be taken out of budgets", "money")
    released: Series[int] = described("Part of that for which there was a budget", "money")


class PreventionShareOut(Table):
    """prevention_share.csv: two rows per financial year, narrow and wide."""

    scenario: Series[str] = described("Name of the scenario")
    financial_year: Series[str] = described("Financial year")
    measure: Series[str] = described(
        "narrow: primary prevention; wide: everything that is not treatment"
    )
    prevention: Series[int] = described("Closing budget of the lines that count", "money")
    spending: Series[int] = described("Closing budget of all lines", "money")
    percent: Series[float] = described(
        "Prevention in percent of spending", "percent", nullable=True
    )
    percent_note: Series[str] = described("Why the percentage is blank")


class AgreedOut(Table):
    """agreed.csv: one row per year with an agreed budget, and line."""

    scenario: Series[str] = described("Name of the scenario")
    financial_year: Series[str] = described("Financial year")
    line: Series[str] = described("Code of the line")
    theme: Series[str] = described("Theme; blank for a block")
    organisation: Series[str] = described("Budget holder, or not stated")
    scheme_id: Series[str] = described("Scheme line; blank where there is none")
    budget: Series[int] = described("Agreed budget of the year", "money")
    expenditure: Series[int] = described("Closing spending of the scenario", "money")
    variance: Series[int] = described("Expenditure − budget; positive is an overspend", "money")


class SharedOut(Table):
    """shared.csv: one row per year with an agreed budget, and bearer; they sum to the variance."""

    scenario: Series[str] = described("Name of the scenario")
    financial_year: Series[str] = described("Financial year")
    bearer: Series[str] = described("Who bears it; 'not shared' for lines without a scheme")
    bearer_kind: Series[str] = described("What it is")
    borne: Series[int] = described("What it bears of the variance", "money")


class PercentilesOut(Table):
    """percentiles.csv: one row per outcome, of many draws."""

    scenario: Series[str] = described("Name of the scenario")
    measure: Series[str] = described("closing, funding, gap, borne, or cumulative position")
    financial_year: Series[str] = described("Financial year")
    by: Series[str] = described("total, theme, organisation, block, bearer or partner")
    key: Series[str] = described("Which of them; blank in total")
    mean: Series[int] = described("Mean of the draws", "money")
    standard_deviation: Series[int] = described("Standard deviation of the draws", "money")
    p05: Series[int] = described("Percentile 5", "money")
    p05_error: Series[int] = described("Its standard error", "money")
    p10: Series[int] = described("Percentile 10", "money")
    p10_error: Series[int] = described("Its standard error", "money")
    p25: Series[int] = described("Percentile 25", "money")
    p25_error: Series[int] = described("Its standard error", "money")
    p50: Series[int] = described("Percentile 50", "money")
    p50_error: Series[int] = described("Its standard error", "money")
    p75: Series[int] = described("Percentile 75", "money")
    p75_error: Series[int] = described("Its standard error", "money")
    p90: Series[int] = described("Percentile 90", "money")
    p90_error: Series[int] = described("Its standard error", "money")
    p95: Series[int] = described("Percentile 95", "money")
    p95_error: Series[int] = described("Its standard error", "money")
    bin_width: Series[int] = described(
        "Further error where percentiles are read off a histogram; nil where all draws are kept",
        "money",
    )


class BreachOut(Table):
    """breaches.csv: one row per limit and year: how likely spending passes it."""

    scenario: Series[str] = described("Name of the scenario")
    limit_name: Series[str] = described("Assumption that states the limit")
    financial_year: Series[str] = described("Financial year")
    limit: Series[int] = described("The limit", "money")
    percent: Series[float] = described("Draws in which closing spending is above it", "percent")
    percent_error: Series[float] = described("Standard error of that", "percent")


class DriversOut(Table):
    """drivers.csv: one row per ranged assumption, the widest first."""

    scenario: Series[str] = described("Name of the scenario")
    measure: Series[str] = described("The outcome looked at: the gap, or closing spending")
    financial_year: Series[str] = described("Financial year of the outcome")
    assumption: Series[str] = described("Assumption")
    year: Series[str] = described("Year it is for; every year when blank")
    low: Series[int] = described("What its low end alone changes the outcome by", "money")
    high: Series[int] = described("What its high end alone changes it by", "money")
    rank_correlation: Series[float] = described("Rank correlation with the outcome, −1 to 1")


class ScenariosOut(Table):
    """comparison.csv: one row per scenario, year, measure, group and organisation."""

    scenario: Series[str] = described("Name of the scenario")
    financial_year: Series[str] = described("Financial year")
    measure: Series[str] = described(
        "closing spending, gap to funding, or borne of spending above the agreed budget"
    )
    group: Series[str] = described("Theme or block, or not allocated; all where it is of all")
    organisation: Series[str] = described("Budget holder, or bearer; all where it is of all")
    amount: Series[int] = described("Amount", "money")
    difference: Series[float] = described(
        "Less that of the first scenario; blank where it is not known there", "money", nullable=True
    )


CERTAINTIES: Final = {
    "verified": "read in the source named",
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
    status: Series[str] = described("How sure it is", words=CERTAINTIES)


class DiscountRates(Table):
    """reference/discount.csv: one row per kind of effect and span of years; real, a year."""

    what: Series[str] = described("What is discounted: money or health")
    years_from: Series[int] = described("First year, counted from the first of the plan, 0")
    years_to: Series[int] = described("Last year, which belongs to it")
    percent: Series[int] = described("Percentage a year, in millionths", "quantity")
    source: Series[str] = described("Where it is printed")
    status: Series[str] = described("How sure it is", words=CERTAINTIES)


class UsualDelivery(Table):
    """reference/delivery.csv: one row per confidence: what is usually delivered of savings.

    It acts nowhere by itself: a scenario that wants it states it as its own assumption.
    """

    confidence: Series[str] = described("Confidence", words=words.CONFIDENCES, unique=True)
    percent: Series[int] = described("Percentage delivered, in millionths", "quantity")
    source: Series[str] = described("What says so")
    status: Series[str] = described("How sure it is", words=CERTAINTIES)


def types(model: type[Table]) -> dict[str, str]:
    """Give the columns of a table that is worked out, each with the type of its numbers or text.

    The scenario is left out: it is added to the rows of all of them at once.
    """
    columns = model.to_schema().columns
    return {
        name: "str" if str(column.dtype).startswith("str") else str(column.dtype)
        for name, column in columns.items()
        if name != "scenario"
    }


PROJECTION_TABLES: Final[dict[str, type[Table]]] = {
    "lines": PlanLines,
    "walk": Walk,
    "funding_walk": FundingWalk,
    "gap": GapOut,
    "savings": SavingsOut,
    "savings_effects": SavingsEffects,
    "prevention": PreventionOut,
    "positions": PositionsOut,
    "payback": PaybackOut,
    "matrix": MatrixOut,
    "prevention_share": PreventionShareOut,
    "agreed": AgreedOut,
    "shared": SharedOut,
}
"""What `bcf scenario` writes of each scenario; every row begins with its name."""
