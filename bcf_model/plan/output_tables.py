"""Every table that is worked out of a plan: what `bcf scenario` and its like write.

Money is int64 whole pence, signed as a bridge amount unless a column says otherwise.
"""

from typing import Final

import pandas as pd
from pandera.typing import Series

from bcf_model.core.tables import Table, described
from bcf_model.plan import words


class OfScenario(Table):
    """Rows of one scenario."""

    scenario: Series[str] = described("Name of the scenario")


class OfYear(OfScenario):
    """Rows of one scenario and year."""

    financial_year: Series[str] = described("Financial year")


class PlanLines(OfScenario):
    """One row per line of a scenario: a row of its opening version, and `not allocated` at last."""

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


class Walk(OfYear):
    """walk.csv: one row per year, line, step and cause; a year's rows of a line sum to closing.

    Rows stand in the order in which they follow from each other.
    """

    line: Series[str] = described("Code of the line")
    theme: Series[str] = described("Theme; blank for a block")
    organisation: Series[str] = described("Budget holder, or not stated")
    block: Series[str] = described("Block; blank in a pool")
    step_order: Series[int] = described("Place of the step in the walk; the opening is 0", "whole")
    step: Series[str] = described("Step")
    cause: Series[str] = described("Assumption or programme it comes from; blank at the opening")
    unit: Series[str] = described("percent, pounds, opening, or activity")
    base: Series[int] = described("What a percentage is taken of", "money")
    rate: Series[int] = described("Percentage, signed; nil of pounds", "share")
    whole: Series[int] = described(
        "Amount that is parted over lines, signed; nil of a percentage", "money"
    )
    weight: Series[int] = described("Weight of the line in it", "weight")
    cumulative_weight: Series[int] = described("Weights up to this line", "weight")
    total_weight: Series[int] = described("Weights of all its lines", "weight")
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


class PlannedPaymentsOut(OfYear):
    """payments.csv: one row per line paid by activity and year (docs/method.md, 8a).

    What is payable of a year is blank where it is not known, and the note says why. Activity and
    price are written to six decimals, and are not rounded in between.
    """

    line: Series[str] = described("Code of the line")
    provider: Series[str] = described("Provider that is paid")
    counted_in: Series[str] = described("What is counted")
    planned: Series[float] = described("Activity planned for the year", "whole", nullable=True)
    actual: Series[float] = described(
        "Activity of the year, as demand moves it", "quantity", nullable=True
    )
    price: Series[float] = described("Price of one, as inflation moves it", "price", nullable=True)
    full_price: Series[int] = described("Spending of the line at full price", "money")
    difference: Series[float] = described("(Actual − planned) × price", "money", nullable=True)
    reopens_at: Series[int] = described("Percentage of plan at which the payment reopens", "share")
    point: Series[float] = described("The same in money", "money", nullable=True)
    within: Series[float] = described(
        "Part of the difference up to that point", "money", nullable=True
    )
    share: Series[float] = described(
        "Percentage of price paid (or refunded) up to it", "share", nullable=True
    )
    share_beyond: Series[int] = described("Percentage of price paid beyond it", "share")
    paid: Series[float] = described(
        "What of the difference is payable (or got back)", "money", nullable=True
    )
    unpaid: Series[float] = described("What of it is not", "money", nullable=True)
    payable: Series[float] = described(
        "Spending of the line: at full price, less what is unpaid", "money", nullable=True
    )
    note: Series[str] = described("Why what is payable is not known")


class MovementOut(OfScenario):
    """movement.csv: one row per place and cause: from the opening to the first year's budget.

    Rows of a place sum to the later budget less the earlier one.
    """

    from_version: Series[str] = described("Version the scenario opens with")
    to_version: Series[str] = described(
        "Version agreed for the first year, or the closing of that year"
    )
    theme: Series[str] = described("Theme; blank where it is said of none, and for a block")
    block: Series[str] = described("Block of the city's spending; blank in a pool")
    organisation: Series[str] = described("Budget holder, or not stated")
    scheme_id: Series[str] = described("Scheme line; blank where either has none")
    kind: Series[str] = described("Revenue or capital")
    step: Series[str] = described("Step of the bridge; blank between two versions")
    cause: Series[str] = described("Cause, or 'cause not stated' for what no virement explains")
    amount: Series[int] = described("Later − earlier, of this cause", "money")


class SavingsOut(OfScenario):
    """savings.csv: one row per programme of the scenario's perimeter (docs/method.md, 6).

    A saving is above nil, and so is what it costs; slippage above nil is adverse.
    """

    programme: Series[str] = described("Code of the programme", unique=True)
    name: Series[str] = described("Name of the programme")
    owner: Series[str] = described("Who is to deliver it")
    beneficiary: Series[str] = described("Whose budget it relieves")
    perimeter: Series[str] = described("What it is part of")
    scope: Series[str] = described("Lines it saves on, or 'not allocated'")
    financial_year: Series[str] = described("Year in which it starts")
    start_period: Series[int] = described("Period in which it starts, 1 is April", "whole")
    profile: Series[str] = described("How it is phased over the year; evenly when blank")
    recurrence: Series[str] = described("Recurrent or not", closed_list=words.RECURRENCES)
    confidence: Series[str] = described("How sure it is", closed_list=words.CONFIDENCES)
    identified: Series[str] = described("Whether there is a plan for it: yes or no")
    gross: Series[int] = described("Full-year value", "money")
    investment: Series[int] = described("What it costs in a full year", "money")
    net: Series[int] = described("Gross − investment", "money")
    phased: Series[int] = described(
        "Part of a full year that falls in its year: months, or of a profile percent", "quantity"
    )
    phased_to_date: Series[int] = described("The same up to period `delivered_to`", "quantity")
    phased_of: Series[int] = described(
        "Both are out of this: 12 months, or 100 percent", "quantity", gt=0
    )
    delivery: Series[int] = described("Percentage that is expected to be delivered", "share")
    part_year_effect: Series[int] = described("What it saves in its year", "money")
    full_year_effect: Series[int] = described("What it saves more in the next year", "money")
    part_year_investment: Series[int] = described("What it costs in its year", "money")
    full_year_investment: Series[int] = described("What it costs more in the next year", "money")
    adjusted_part_year: Series[int] = described(
        "What it is expected to save in its year: delivered, and delivery × what is still to come",
        "money",
    )
    later_years: Series[str] = described("What it states for later years; blank for nothing")
    carries: Series[str] = described("What later years carry", closed_list=words.CARRIES)
    adjusted_full_year: Series[int] = described("Full-year value that later years carry", "money")
    adjusted_full_year_effect: Series[int] = described(
        "What it is expected to save more in the next year", "money"
    )
    adjusted_net: Series[int] = described("The same, less the investment", "money")
    reversal: Series[int] = described(
        "Expected saving of its year that falls away in the next: of what is non-recurrent", "money"
    )
    reversal_of_investment: Series[int] = described("Cost that falls away with it", "money")
    underlying: Series[int] = described("Adjusted net of what is recurrent", "money")
    delivered_to: Series[int] = described(
        "Period up to which it was counted; 0 when it was not", "whole"
    )
    plan_to_date: Series[int] = described("What it was to save up to that period", "money")
    delivered: Series[int] = described("What it saved up to that period", "money")
    slippage: Series[int] = described("Plan to date − delivered; positive is adverse", "money")
    evidence: Series[str] = described("What shows that it can be done")
    source: Series[str] = described("Where it is stated")


class SavingsEffects(OfScenario):
    """One row per programme, side (saving or investment) and year: what the bridge is given."""

    cause: Series[str] = described("Code of the programme")
    side: Series[str] = described("saving or investment")
    financial_year: Series[str] = described("Financial year")
    step: Series[str] = described("Step of the bridge")
    scope: Series[str] = described("Lines it acts on, or 'not allocated'")
    part: Series[str] = described("In the year, the rest of it in the next, or its reversal")
    months: Series[int] = described("Periods of its year from its start on", "whole")
    stated: Series[int] = described("Full-year value, signed as in the bridge", "money")
    planned: Series[int] = described(
        "Part of it that delivery acts on, before that, signed as in the bridge", "money"
    )
    delivery: Series[int] = described("Percentage that is expected to be delivered", "share")
    amount: Series[int] = described("What the step adds to the budget of its lines", "money")


class SavingsSummaryOut(OfScenario):
    """savings_summary.csv: one row per perimeter, group and whether it is identified."""

    perimeter: Series[str] = described("What the programmes are part of; never added together")
    by: Series[str] = described("What it is added up by: owner, beneficiary, confidence, …")
    group: Series[str] = described("Which owner, beneficiary, confidence, …")
    identified: Series[str] = described("Whether there is a plan: yes or no")
    programmes: Series[int] = described("How many programmes", "whole")
    gross: Series[int] = described("Full-year value", "money")
    investment: Series[int] = described("What they cost in a full year", "money")
    net: Series[int] = described("Gross − investment", "money")
    part_year_effect: Series[int] = described("What they save in their year", "money")
    full_year_effect: Series[int] = described("What they save more in the next year", "money")
    adjusted_part_year: Series[int] = described(
        "What they are expected to save in their year", "money"
    )
    adjusted_full_year: Series[int] = described("Full-year value later years carry", "money")
    adjusted_net: Series[int] = described("The same, less the investment", "money")
    underlying: Series[int] = described("Adjusted net of what is recurrent", "money")
    plan_to_date: Series[int] = described("What they were to save up to the day counted", "money")
    delivered: Series[int] = described("What they saved up to then", "money")
    slippage: Series[int] = described("Plan to date − delivered; positive is adverse", "money")


class EfficienciesOut(OfScenario):
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


class EfficienciesTotalOut(OfScenario):
    """efficiencies_total.csv: one row per perimeter and year: the printed targets added up."""

    financial_year: Series[str] = described("Financial year")
    perimeter: Series[str] = described("What the bodies are part of; never added together")
    bodies: Series[int] = described("How many bodies", "whole")
    amount: Series[int] = described("Their targets", "money")
    amount_lowest: Series[int] = described("Least they may come to, as printed", "money")
    amount_highest: Series[int] = described("Most they may come to, as printed", "money")


class BlocksOut(OfScenario):
    """blocks.csv: one row per block: what its printed share of the city's spending comes to."""

    block: Series[str] = described("Code of the block")
    name: Series[str] = described("Full name of the block")
    share: Series[float] = described("Percentage as printed", "percent")
    share_lowest: Series[float] = described("Least it may be, as printed", "percent")
    share_highest: Series[float] = described("Most it may be, as printed", "percent")
    amount: Series[int] = described("What it comes to, of the whole as printed", "money")
    amount_lowest: Series[int] = described("Least it may be", "money")
    amount_highest: Series[int] = described("Most it may be", "money")
    source: Series[str] = described("Where it is printed")


class FundingWalk(OfYear):
    """funding.csv: one row per year, organisation, funding, step and cause (docs/method.md, 5).

    A year's rows of a funding sum to what it is in that year; those that are recurrent, to the
    next year's opening.
    """

    organisation: Series[str] = described("Partner; 'not allocated' where no funding takes it")
    funding: Series[str] = described("What pays")
    step_order: Series[int] = described("Place of the step in the walk; the opening is 0", "whole")
    step: Series[str] = described("Step")
    cause: Series[str] = described("Assumption it comes from; blank where it is stated")
    recurrence: Series[str] = described("Recurrent or not", closed_list=words.RECURRENCES)
    unit: Series[str] = described("percent, pounds, or stated")
    base: Series[int] = described("What a percentage is taken of", "money")
    rate: Series[int] = described("Percentage, signed; nil of pounds", "share")
    whole: Series[int] = described(
        "Amount that is parted over funding, signed; nil of a percentage", "money"
    )
    weight: Series[int] = described("Weight of the funding in it", "weight")
    cumulative_weight: Series[int] = described("Weights up to this funding", "weight")
    total_weight: Series[int] = described("Weights of all funding in it", "weight")
    amount: Series[int] = described("What the step adds to the funding", "money")


class GapOut(OfYear):
    """gap.csv: one row per year for which funding is stated."""

    spending: Series[int] = described("Closing spending", "money")
    recurrent: Series[int] = described("Recurrent funding", "money")
    non_recurrent: Series[int] = described("Funding of that year only", "money")
    funding: Series[int] = described("Both", "money")
    gap: Series[int] = described("Spending − funding; positive is a shortfall", "money")


class PreventionOut(OfScenario):
    """prevention.csv: one row per stream of money and financial year.

    A stream is what one payer invests in a line through a programme (then without a beneficiary),
    or what one beneficiary gets back of it; so each column may be added up. Levels, not changes on
    the year before; investment and benefit are both above nil.
    """

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


class PositionsOut(OfScenario):
    """positions.csv: one row per partner and financial year; 'all' is the sum of the partners."""

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


class PaybackOut(OfScenario):
    """payback.csv: one row per partner: its position over all years of the plan."""

    partner: Series[str] = described("Partner; 'all' for the system", unique=True)
    invested: Series[int] = described("Invested by it", "money")
    released: Series[int] = described("Released to it", "money")
    net: Series[int] = described("Released − invested; above nil is a gain", "money")
    net_present_value: Series[int] = described(
        "Net, in prices of the first year, discounted", "money"
    )
    to_come: Series[int] = described(
        "Cashable benefit of these investments after the last year; in no other column", "money"
    )
    break_even: Series[str] = described(
        "First year from which it is never below nil again; blank for none"
    )
    break_even_discounted: Series[str] = described("The same of discounted amounts")


class MatrixOut(OfScenario):
    """matrix.csv: one row per payer, beneficiary and group, all years of the plan together."""

    payer: Series[str] = described("Who invests")
    beneficiary: Series[str] = described("Who spends less by it")
    group: Series[str] = described(
        "Theme or block of the lines reduced, or not allocated; 'several' for gross and cashable "
        "benefit of lines in more than one"
    )
    gross: Series[int] = described("Gross benefit", "money")
    cashable: Series[int] = described("Part of it that can be taken out of budgets", "money")
    released: Series[int] = described("Part of that for which there was a budget", "money")


class PreventionShareOut(OfYear):
    """prevention_share.csv: two rows per financial year, narrow and wide."""

    measure: Series[str] = described(
        "narrow: primary prevention; wide: everything that is not treatment"
    )
    prevention: Series[int] = described("Closing budget of the lines that count", "money")
    spending: Series[int] = described("Closing budget of all lines", "money")
    percent: Series[float] = described(
        "Prevention in percent of spending", "percent", nullable=True
    )
    percent_note: Series[str] = described("Why the percentage is blank")


class AgreedOut(OfYear):
    """agreed.csv: one row per year with an agreed budget, and line."""

    line: Series[str] = described("Code of the line")
    theme: Series[str] = described("Theme; blank for a block")
    organisation: Series[str] = described("Budget holder, or not stated")
    scheme_id: Series[str] = described("Scheme line; blank where there is none")
    budget: Series[int] = described("Agreed budget of the year", "money")
    expenditure: Series[int] = described("Closing spending of the scenario", "money")
    variance: Series[int] = described("Expenditure − budget; positive is an overspend", "money")


class SharedOut(OfYear):
    """shared.csv: one row per year with an agreed budget, and bearer; they sum to the variance.

    Blank, with the reason, for a year of which no share can be given.
    """

    bearer: Series[str] = described("Who bears it")
    bearer_kind: Series[str] = described("What it is")
    borne: Series[pd.Int64Dtype] = described(
        "What it bears of the variance", "money", nullable=True
    )
    share_note: Series[str] = described("Why there is no share, and what to add")


STANDARD_ERROR: Final = "Its standard error; blank of a single draw"


class PercentilesOut(OfScenario):
    """percentiles.csv: one row per outcome, of many draws."""

    measure: Series[str] = described("closing, funding, gap, borne, or cumulative position")
    financial_year: Series[str] = described("Financial year")
    by: Series[str] = described("total, theme, organisation, block, bearer or partner")
    key: Series[str] = described("Which of them; blank in total")
    central: Series[int] = described(
        "Central case: the scenario itself, every assumption at its stated value", "money"
    )
    percent_above: Series[float] = described("Draws that are above the central case", "percent")
    percent_above_error: Series[float] = described(STANDARD_ERROR, "percent", nullable=True)
    mean: Series[int] = described("Mean of the draws", "money")
    standard_deviation: Series[float] = described(
        "Standard deviation of the draws; blank of a single draw", "money", nullable=True
    )
    p05: Series[int] = described("Percentile 5", "money")
    p05_error: Series[float] = described(STANDARD_ERROR, "money", nullable=True)
    p10: Series[int] = described("Percentile 10", "money")
    p10_error: Series[float] = described(STANDARD_ERROR, "money", nullable=True)
    p25: Series[int] = described("Percentile 25", "money")
    p25_error: Series[float] = described(STANDARD_ERROR, "money", nullable=True)
    p50: Series[int] = described("Percentile 50", "money")
    p50_error: Series[float] = described(STANDARD_ERROR, "money", nullable=True)
    p75: Series[int] = described("Percentile 75", "money")
    p75_error: Series[float] = described(STANDARD_ERROR, "money", nullable=True)
    p90: Series[int] = described("Percentile 90", "money")
    p90_error: Series[float] = described(STANDARD_ERROR, "money", nullable=True)
    p95: Series[int] = described("Percentile 95", "money")
    p95_error: Series[float] = described(STANDARD_ERROR, "money", nullable=True)
    bin_width: Series[int] = described(
        "Further error where percentiles are read off a histogram; nil where all draws are kept",
        "money",
    )


class BreachOut(OfScenario):
    """breaches.csv: one row per limit and year: how likely spending passes it."""

    limit_name: Series[str] = described("Assumption that states the limit")
    financial_year: Series[str] = described("Financial year")
    limit: Series[int] = described("The limit", "money")
    percent: Series[float] = described("Draws in which closing spending is above it", "percent")
    percent_error: Series[float] = described(STANDARD_ERROR, "percent", nullable=True)


class DriversOut(OfScenario):
    """drivers.csv: one row per ranged assumption, the widest first."""

    measure: Series[str] = described("The outcome looked at: the gap, or closing spending")
    financial_year: Series[str] = described("Financial year of the outcome")
    assumption: Series[str] = described("Assumption")
    year: Series[str] = described(
        "Year it is stated for; when blank, every year that no other row of it is for"
    )
    low: Series[int] = described("What its low end alone changes the outcome by", "money")
    high: Series[int] = described("What its high end alone changes it by", "money")
    rank_correlation: Series[float] = described(
        "Rank correlation with the outcome, −1 to 1; blank of a single draw",
        "number",
        nullable=True,
    )


class ScenariosOut(OfScenario):
    """comparison.csv: one row per scenario, year, measure, group and organisation.

    Every scenario has the same rows. An amount of a group or organisation that a scenario does not
    have is nil; one that it does not know is blank.
    """

    financial_year: Series[str] = described("Financial year; blank where it is of all years")
    measure: Series[str] = described(
        "closing spending, gap, borne, one of the savings that start in the year, prevention "
        "invested or released, cumulative position, net present value, or what is still to come "
        "after the last year and not counted"
    )
    group: Series[str] = described("Theme or block, or not allocated; all where it is of all")
    organisation: Series[str] = described(
        "Budget holder, bearer or partner; all where it is of all"
    )
    amount: Series[float] = described("Amount", "money", nullable=True)
    difference: Series[float] = described(
        "Less that of the first scenario; blank where it is not known of both",
        "money",
        nullable=True,
    )
    note: Series[str] = described("Why the amount is blank")


class ScenarioSharesOut(OfYear):
    """comparison_shares.csv: per scenario and year two rows, narrow and wide.

    It has no rows where no scenario says which of its lines are prevention.
    """

    measure: Series[str] = described(
        "narrow: primary prevention; wide: everything that is not treatment"
    )
    percent: Series[float] = described(
        "Prevention in percent of spending", "percent", nullable=True
    )
    note: Series[str] = described("Why the percentage is blank")


class ScenarioBreakEvensOut(OfScenario):
    """comparison_break_even.csv: per scenario and partner two rows, in cash and discounted.

    It has no rows where no scenario has a prevention programme.
    """

    partner: Series[str] = described("Partner; 'all' for the system")
    measure: Series[str] = described("cash or discounted")
    break_even: Series[str] = described("First year from which it is never below nil again")
    note: Series[str] = described("Why it is blank")


class ScenarioPercentilesOut(OfYear):
    """comparison_percentiles.csv: one row per scenario and outcome, of as many draws each.

    It has no rows unless every scenario was drawn as often and from the same seed.
    """

    measure: Series[str] = described("closing, gap or borne")
    organisation: Series[str] = described("Bearer; all where it is of all")
    p05: Series[float] = described("Percentile 5", "money", nullable=True)
    p50: Series[float] = described("Percentile 50", "money", nullable=True)
    p95: Series[float] = described("Percentile 95", "money", nullable=True)
    standard_error: Series[float] = described(
        "The largest of the outcome's percentiles", "money", nullable=True
    )
    note: Series[str] = described("Why it is blank")


def types(model: type[Table]) -> dict[str, str]:
    """Return the columns of a table that is worked out, each with the type of its numbers or text.

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
    "payments": PlannedPaymentsOut,
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

COMPARISON_TABLES: Final[dict[str, type[Table]]] = {
    "comparison": ScenariosOut,
    "comparison_shares": ScenarioSharesOut,
    "comparison_break_even": ScenarioBreakEvensOut,
    "comparison_percentiles": ScenarioPercentilesOut,
}
"""What `bcf scenario` writes of several scenarios, beside their folders."""
