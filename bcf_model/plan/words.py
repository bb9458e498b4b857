"""The closed lists of a plan: words its files may use, and what each of them means."""

from typing import Final

from bcf_model.core.words import NOT_STATED, UNITS

POOL: Final = "pool"
CITY: Final = "city"

NOT_ALLOCATED: Final = "not allocated"
"""The line of amounts that are known in total only; and the scope that names it."""
ALL: Final = "all"
SEVERAL: Final = "several"
"""Themes, or blocks, together: of what belongs to more than one and is parted over none."""

VIREMENT: Final = "virement"
CAUSE_NOT_STATED: Final = "cause not stated"

RECURRENCES: Final = {
    "recurrent": "goes on in later years",
    "non-recurrent": "acts once, and is taken out again in the next year",
}

OPENING: Final = "opening"
INFLATION: Final = "inflation"
CLOSING: Final = "closing"
SHIFT: Final = "shift"
UNEXPLAINED: Final = "movement not explained"
STEPS: Final = {
    "non-recurrent": "what was not recurrent is taken out",
    "full-year effects": "the rest of what began part of the way through last year",
    INFLATION: "inflation and pay",
    "demand": "demography and growth of activity",
    "pressures": "pressures that are funded",
    "investment": "new spending",
    "savings": "savings programmes",
    SHIFT: "money moved towards prevention, and what that releases",
    UNEXPLAINED: "a movement printed without its cause",
    "allocation": "what was known in total only, parted over lines",
}
"""The steps of the bridge, in the order in which they are walked unless otherwise said."""

FULL_PRICE: Final = "back to full price"
UNPAID: Final = "unpaid activity"
PAYMENT_STEPS: Final = {
    FULL_PRICE: "what was unpaid of activity in the year before is put back",
    UNPAID: "what is not payable of activity above or below plan",
}
"""Steps of a pool with payment by activity: walked before and after all others (no `order` names
them), so that the others act on full prices and a year closes with what is payable."""
BY_ACTIVITY: Final = "payment by activity"
"""Their cause; and in inflation, that of what a stated price adds to it."""

TAKEN_OFF: Final = frozenset({"non-recurrent", "savings"})
"""Steps whose values are stated as what is taken off."""
IN_PERCENT: Final = frozenset(
    {"inflation", "demand", "pressures", "investment", "savings", "allocation"}
)
"""Steps that a percentage may state."""
GROWS: Final = frozenset({INFLATION, "demand", "uplift", "deflator", "discount"})
"""Steps whose percentages are rates of a year."""
IN_POUNDS: Final = frozenset(STEPS) - {"allocation"}

FUNDING_STEPS: Final = {
    "uplift": "a percentage put on recurrent funding",
    "efficiency": "a percentage taken off recurrent funding",
    "funding change": "an amount agreed",
}

RESERVES: Final = "reserves"
FUNDING_KINDS: Final = {
    "minimum": "what the NHS has to pool of its allocation (the CCG minimum)",
    "ibcf": "improved Better Care Fund, a grant to the council",
    "dfg": "Disabled Facilities Grant, capital",
    "winter pressures": "winter pressures grant to the council",
    "additional": "what a partner adds of its own",
    RESERVES: "what was put by in earlier years: it is used once, and runs down",
    "other": "another source",
    NOT_STATED: "nobody said",
}

AGREED_AND_SHARE: Final = "agreed budget and share"
SHARE_ALONE: Final = "share alone"
BY_SHARE: Final = (AGREED_AND_SHARE, SHARE_ALONE)
OWN_LINES: Final = "own lines"
NO_LINES: Final = "no lines"
GAP_BASES: Final = {
    AGREED_AND_SHARE: "the agreed budget of the lines it holds, and what it bears of the variance",
    SHARE_ALONE: "what it bears of the variance: it holds no line",
    OWN_LINES: "what the lines it holds close with: no budget is agreed for the year",
    NO_LINES: "nothing: it holds no line and bears nothing",
}
"""What one has to pay of a pool in a year."""

PARAMETERS: Final = {
    "delivery": "percentage of planned savings that is delivered, by confidence",
    "return": "factor on the return of prevention programmes",
    "deflator": "percentage by which prices rise in the year",
    "discount": "percentage by which a real amount is worth less a year later",
    "limit": "spending of the year that is not to be passed",
}

NATIONAL: Final = ("delivery", "discount")
"""Parameters of which reference/national.csv has figures of England."""

ACTS_ON: Final = STEPS | FUNDING_STEPS | PARAMETERS

ASSUMED_UNITS: Final = {
    "percent": "percent",
    "pounds": "pounds",
    "thousands": "thousands of pounds",
    "millions": "millions of pounds",
    "number": "a plain number, such as a factor",
}
PENCE: Final = UNITS
PERCENT: Final = "percent"
NUMBER: Final = "number"

UNITS_TAKEN: Final[dict[str, tuple[str, ...]]] = {
    **{
        step: (*((PERCENT,) if step in IN_PERCENT else ()), *(UNITS if step in IN_POUNDS else ()))
        for step in STEPS
    },
    "uplift": (PERCENT,),
    "efficiency": (PERCENT,),
    "funding change": tuple(UNITS),
    "delivery": (PERCENT,),
    "return": (NUMBER,),
    "deflator": (PERCENT,),
    "discount": (PERCENT,),
    "limit": tuple(UNITS),
}
"""The units in which each step, or parameter, may be stated."""

STATUSES: Final = {
    "published": "printed in a public paper, which is named",
    "sourced": "taken from evidence elsewhere, which is named",
    "illustrative": "chosen to show what would follow; nobody has stated it",
    "invented": "made up",
    NOT_STATED: "nobody said",
}

SHAPES: Final = {
    "uniform": "anything between low and high is as likely",
    "triangular": "most likely the value",
    "pert": "most likely the value, and near it",
    "normal": "the value on average; low and high are the 5th and the 95th percentile",
    "lognormal": "above nil, the value in the middle; high is the 95th percentile",
    "discrete": "the value, low or high, with stated chances",
}

CONFIDENCES: Final = {
    "green": "on track, or delivered",
    "amber": "planned, with risks",
    "red": "planned, and in doubt",
    "unidentified": "a target for which there is no plan yet",
}

EVERY_PERIOD: Final = 12
"""A programme delivered up to this period was delivered in all periods of its year."""
PLANNED: Final = "planned"
REACHED: Final = "reached"
STATED: Final = "stated"
CARRIES: Final = {
    PLANNED: "gross × delivery: its year is not over, or it was not counted",
    REACHED: "what was delivered in all periods, for a full year",
    STATED: "the full-year value the programme states for later years",
}
"""What later years carry of a savings programme."""

IDENTIFIED: Final = frozenset({"green", "amber", "red"})

MOST_DRAWS: Final = 10_000_000
"""So often a scenario is drawn at most."""
