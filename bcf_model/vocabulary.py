"""The closed lists: words a file may use, and what each of them means.

A word that is not here is a finding, never a guess.
"""

from typing import Final

NOT_STATED: Final = "not stated"
"""A category the paper leaves out. Declared, so that nothing may be borne through it."""

KINDS: Final = {
    "revenue": "Day-to-day spending",
    "capital": "Capital grants and spending; never nets against revenue",
}

POOLINGS: Final = {
    "pooled": "Inside the pooled fund and its risk share",
    "aligned": "Managed alongside the pool but outside it: reported as a memo, never shared",
}

UNITS: Final = {"pounds": 100, "thousands": 100_000, "millions": 100_000_000}
"""Pence in one unit."""

UNIT_LABELS: Final = {"pounds": "£", "thousands": "£000", "millions": "£m", "percent": "%"}

DIRECTIONS: Final = {
    "over": "applies to an overspend (variance above nil)",
    "under": "applies to an underspend (variance below nil)",
    "either": "applies whichever way the variance falls",
}

BASES: Final = {
    "own": "each budget holder bears the variance on its own budget lines",
    "fixed": "the net variance of the scope is split in the stated shares",
}

BUDGET_HOLDER: Final = "budget holder"
"""The bearer named by a rule whose basis is `own`: whoever holds the budget line."""

ORGANISATION_KINDS: Final = {
    "nhs": "NHS commissioner (CCG, since 2022 ICB)",
    "council": "Local authority",
    "other": "Any other partner",
}
