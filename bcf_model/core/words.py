"""The closed lists: words a file may use, and what each of them means.

A word that is not here is a finding, never a guess.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

MANIFESTS: Final = ("run.json", "comparison.json")
"""What a folder of a report holds, and no pool: the manifest of a report, and of a comparison."""

NOT_STATED: Final = "not stated"
"""What nobody stated: an amount, a budget holder, a theme, a category. It is never nil."""

NOT_COMPUTED: Final = "not computed"
"""What is said of a printed number about something that the inputs do not hold."""

UNSTATED: Final = {NOT_STATED: "nobody stated it: it is not nil, and what needs it is blank"}
"""The word that may stand instead of an amount."""

KINDS: Final = {
    "revenue": "Day-to-day spending",
    "capital": "Capital grants and spending; never nets against revenue",
}

NONE: Final = "none"
"""The grant of a line without a ring-fenced grant; the cause of what no cause was attributed to."""

POOLINGS: Final = {
    "pooled": "Inside the pooled fund and its risk share",
    "aligned": "Managed alongside the pool but outside it: reported as a memo, never shared",
    "in view": "Outside the agreement, and shown for information only: a memo, never shared",
}

PLAN: Final = "plan"
TO_DATE: Final = "to date"
FORECAST: Final = "forecast"
OUTTURN: Final = "outturn"
POSITIONS: Final = {
    PLAN: "what is planned to be spent in the year",
    TO_DATE: "what was spent up to a day within the year",
    FORECAST: "what will be spent in the year, as expected on a day within it",
    OUTTURN: "what was spent in the year, once it is over",
}
"""What the expenditure of a pool may be: the basis of the position (`basis` words it)."""
COUNTS_AS: Final = {
    "line": "a line of its own, although it is called a total or has the amounts of other lines",
}
"""What a row of the lines can be declared to be, where its name or its amounts leave a doubt."""

PREVENTIONS: Final = {
    "treatment": "treating illness, and looking after people who have it",
    "primary": "preventing injury or illness before it occurs",
    "secondary": "finding illness early, and keeping it from getting worse",
    "tertiary": "softening what a lasting illness does",
}
"""What spending on a line is for, seen from illness."""

UNITS: Final = {"pounds": 100, "thousands": 100_000, "millions": 100_000_000}
"""Pence in one unit."""

UNIT_LABELS: Final = {"pounds": "£", "thousands": "£000", "millions": "£m", "percent": "%"}

PRINTED_UNITS: Final = {
    **UNIT_LABELS,
    "billions": "£bn",
    "count": "number",
    "days": "days",
    "per 100,000": "per 100,000",
    "each": "each",
    "pounds each": "£ each",
}
"""What papers print numbers in: `each` is an average, `pounds each` a price."""

DOWN: Final = "down"
ROUNDINGS: Final = {
    "nearest": "to the nearest, a half either way",
    "half even": "to the nearest, a half to the even digit",
    DOWN: "what is beyond the last digit was cut off",
}
"""How a paper says that it rounds. Intervals hold both their ends, so the first two are alike."""

DIRECTIONS: Final = {
    "over": "applies to an overspend (variance above nil)",
    "under": "applies to an underspend (variance below nil)",
    "either": "applies whichever way the variance falls",
}

BUDGET_HOLDER: Final = "budget holder"
"""The bearer named by a rule whose basis is `own`: whoever holds the budget line."""

LEAD_COMMISSIONER: Final = "lead commissioner"
"""The bearer named by a rule whose basis is `lead`."""

REST_OF_SCOPE: Final = "rest of the scope"
"""The bearer named by a rule whose basis is `offset`: its parts come to nil over the scope."""

CONTRIBUTIONS: Final = "contributions"


class Basis(NamedTuple):
    """What a basis of the rules means.

    Attributes:
        meaning: as printed.
        bearer: the one bearer its rows may name; blank where each row names who bears.
        pots_of: the column of the lines that says whose pot is whose, and so who bears it.
        weighed_by: what the weights are measured in: `CONTRIBUTIONS`, or the column of the lines
            that says whose budget each is; blank where nothing is measured.
        weight: one such weight, in words.
        states_shares: whether each row states its share. offsets: whether nothing is shared, but
            overspends meet underspends.
    """

    meaning: str
    bearer: str = ""
    pots_of: str = ""
    weighed_by: str = ""
    weight: str = ""
    states_shares: bool = False
    offsets: bool = False


BASIS: Final[dict[str, Basis]] = {
    "own": Basis(
        "each budget holder bears the variance on its own budget lines",
        bearer=BUDGET_HOLDER,
        pots_of="organisation",
    ),
    "lead": Basis(
        "each lead commissioner bears the variance on the lines it leads",
        bearer=LEAD_COMMISSIONER,
        pots_of="lead",
    ),
    "fixed": Basis("divided in the stated shares", states_shares=True),
    "contribution": Basis(
        "divided in proportion to what each partner contributes",
        weighed_by=CONTRIBUTIONS,
        weight="contribution",
    ),
    "commissioned": Basis(
        "divided in proportion to the budgets each partner commissions, as lead",
        weighed_by="lead",
        weight="budget led by any",
    ),
    "budget": Basis(
        "divided in proportion to the budgets of each partner's own lines, "
        "which stand in for contributions that are not stated",
        weighed_by="organisation",
        weight="budget",
    ),
    "offset": Basis(
        "overspends are met by underspends elsewhere in the scope",
        bearer=REST_OF_SCOPE,
        offsets=True,
    ),
}
BASES: Final = {name: basis.meaning for name, basis in BASIS.items()}
MEASURED_BASES: Final = tuple(name for name, basis in BASIS.items() if basis.weighed_by)
"""Bases whose weights are measured, in pence, instead of stated."""
PARTED_BY: Final = {name: basis.pots_of for name, basis in BASIS.items() if basis.pots_of}
"""Bases whose bearer is whose pot it is, each with the column of the lines that says whose."""
ROLES: Final = tuple(basis.bearer for basis in BASIS.values() if basis.bearer)
"""The bearers that bases name: roles, and no codes."""

CARRIED_FORWARD: Final = "carried forward"
OUTSIDE: Final = "outside the pool"

MET_OUTSIDE: Final = "met outside the pool"
"""The line of a settlement for what partners meet by themselves, without a payment."""

UNPAID_ACTIVITY: Final = "unpaid activity"
"""The kind of a party whose activity was not paid for: a memo, beside the pool."""

BEARER_KINDS: Final = {
    "partner": "A partner of the pool",
    "provider": "A provider, who is no partner of the pool",
    "reserve": "A named reserve: borne by it above nil, paid into it below",
    CARRIED_FORWARD: "Carried forward in the pool",
    OUTSIDE: "Left outside the pool",
    REST_OF_SCOPE: "Met by underspends elsewhere in the scope, or meeting overspends there",
}

NETTINGS: Final = {
    "scope": "all lines of the scope",
    "theme": "the lines of each theme in the scope",
    "category": "the lines of each category in the scope",
    "holder": "the lines of each budget holder in the scope",
    "line": "each line by itself",
}

VERSIONS: Final = {
    "opening": "contributions agreed at the start of the year",
    "revised": "contributions as revised in the year",
    "paid": "contributions as paid",
}

WITHOUT: Final = {
    "grants": "ring-fenced grants are left out",
    "capital": "capital is left out",
    "grants and capital": "ring-fenced grants and capital are left out",
}

HELD: Final = {
    "in the pool": "settled through the pool",
    OUTSIDE: "met by the partner from money outside the pool",
}

COUNTED: Final = {
    "overspends": "what its bearer bears of overspends; underspends give nothing back",
    "underspends": "what its bearer bears of underspends; overspends give nothing back",
    "net": "what its bearer bears of overspends, less what it bears of underspends",
}
"""What a limit over several rules counts."""

PER_PART: Final = "per part"
PRO_RATA: Final = "pro rata"
OVER_THE_YEAR: Final = "whole year"
OVER_PARTS: Final = {
    PER_PART: "the amount as written stands in each part",
    PRO_RATA: "each part has its months' part of the amount",
    OVER_THE_YEAR: "the amount stands for all parts together, in their order",
}
"""What an amount of the agreement means where its rules change within the year."""
OVER_PARTS_OF_A_RULE: Final = {word: OVER_PARTS[word] for word in (PER_PART, PRO_RATA)}

FUNDINGS: Final = {
    "core": "neither a ring-fenced grant nor capital",
    "grant": "a ring-fenced grant",
    "capital": "capital",
}

RESERVE_KINDS: Final = {
    "contingency": "held for overspends in general",
    "risk pool": "set up by the agreement to meet overspends",
    "uncommitted allocation": "money of the pool that no scheme has been given",
    "performance pot": "released in proportion to what was achieved",
}

ORGANISATION_KINDS: Final = {
    "nhs": "NHS commissioner (CCG, since 2022 ICB)",
    "council": "Local authority",
    "other": "Any other partner",
    "provider": "Provider: no partner of the pool, but an agreement may name it as a bearer",
}

LAST_YEAR: Final = "last year"
NOT_AVAILABLE: Final = "not available"
"""Stands in place of a number of an indicator where the data is incomplete: it is never nil."""

METRIC_FORMS: Final = {
    "count": "a number of people, stays or days",
    "rate": "numerator × per ÷ denominator, such as admissions per 100,000 people",
    "percent": "numerator × 100 ÷ denominator",
    "average": "numerator ÷ denominator, such as delayed days a day",
}

BETTER: Final = {
    "higher": "the target is met by what is at least the target",
    "lower": "the target is met by what is at most the target",
}
"""Which way is favourable: polarity is a word of its own, never a changed sign."""

PERIOD_BASES: Final = {
    "month": "a month stands for itself: months are added up",
    "cumulative": "a month stands for the year up to its end",
    "rolling 12": "a month stands for the twelve months up to its end",
    "quarter": "quarters, each compared with itself",
    "year": "the whole year alone",
}
"""What the value of a month says."""

WHOLE_YEAR: Final = "year"
MONTHS: Final = tuple(f"month {number}" for number in range(1, 13))
QUARTERS: Final = tuple(f"quarter {number}" for number in range(1, 5))
PERIODS: Final = {
    WHOLE_YEAR: "the financial year",
    **dict.fromkeys(MONTHS, "the month of the financial year; month 1 is April"),
    **dict.fromkeys(QUARTERS, "the quarter; quarter 1 begins in April"),
}
LATEST: Final = "latest"
"""The period of a figure that does not name one: the latest of which the actual is known."""

ACTUAL: Final = "actual"
TARGET: Final = "target"
LEVELS: Final = {
    ACTUAL: "what was achieved",
    TARGET: "what was to be achieved",
    LAST_YEAR: "what was achieved in the year before",
    "national": "what was achieved nationally",
}
WEIGHT: Final = "weight"
PRINTED_DIFFERENCES: Final = {
    "actual less target": (TARGET, 1),
    "target less actual": (TARGET, -1),
    "actual less last year": (LAST_YEAR, 1),
    "last year less actual": (LAST_YEAR, -1),
}
"""Percentages printed of a difference: of what, and 1 where that is what is taken away."""
SERIES: Final = {
    **LEVELS,
    WEIGHT: "the weight of a month, by which a target for the year is apportioned",
    **{name: f"a percentage of {of}, printed without its numbers"
       for name, (of, _) in PRINTED_DIFFERENCES.items()},
}  # fmt: skip

EVENLY, BY_WEIGHTS, BY_LAST_YEAR = "evenly", "by weights", "by last year"
APPORTIONED: Final = {
    EVENLY: "a twelfth to each month",
    BY_WEIGHTS: "in proportion to the weights stated for the months",
    BY_LAST_YEAR: "in proportion to the months of the year before",
}
"""How a target for the year is apportioned to months."""

BUDGET_SET_ON: Final = {
    "yes": "the budget of the line was set on this volume",
    "no": "it is another volume, and the split by it does not stand",
}

YES, NO, NEITHER = "yes", "no", "neither"
"""Whether a difference is favourable, or a target met."""
OVER: Final = "the year is over"
BY_SHAPE: Final = "last year's shape: to date × last year ÷ last year to date"
STRAIGHT: Final = "straight line: to date × 12 ÷ months"
"""How a count is projected to the end of the year."""

GREEN, AMBER, RED = "green", "amber", "red"
STATUSES: Final = {
    GREEN: "met, or missed by no more than the threshold of green",
    AMBER: "missed by no more than the threshold of amber",
    RED: "missed by more",
}

MAPPED: Final = {
    "expenditure": "what was spent",
    "income": "what came in, below nil: it lessens the expenditure",
    "budget": "the budget",
    "forecast": "what will be spent in the year, as expected",
    "commitment": "what is ordered and not yet spent: shown, and part of no total",
}
"""What the lines of a ledger are to the scheme they are mapped to."""
EXCLUDE: Final = "exclude"
RULE_MEASURES: Final = {**MAPPED, EXCLUDE: "no part of the pool, for the reason in the note"}
EXCLUDED: Final = "excluded"
UNMAPPED: Final = "unmapped"
ACTUAL_MEASURES: Final = {
    **MAPPED,
    EXCLUDED: "no part of the pool, by a rule",
    UNMAPPED: "mapped by no rule: part of no scheme until one does",
}
"""What an amount taken from a ledger is."""


def series(parts: Sequence[str], last: str = "and") -> str:
    """Join names as a sentence does.

    >>> series(["ICB", "council", "reserve"]), series(["over", "under"], "or")
    ('ICB, council and reserve', 'over or under')
    """
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
