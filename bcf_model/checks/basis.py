"""Checks of the basis of a position, and of control totals of shares that are not given."""

from collections.abc import Iterator

from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.findings import Finding
from bcf_model.intake.drafts import Drafts


def stated(drafts: Drafts) -> Iterator[Finding]:
    """Check that a position says what it is, and no total is of a share not given (BCF511, 106)."""
    settings = drafts.settings
    if settings is None:
        return
    standing = settings.standing
    if not standing.basis:
        value, expected = settings.day, "a basis: plan, to date or forecast"
        yield drafts.stood.finding("BCF511", "basis", value, expected)
    if not standing.no_share or "control_totals" not in drafts:
        return
    draft = drafts["control_totals"]
    for i, text in draft.rows("figure"):
        measure = Figure.parse(text).measure
        if measure in MEASURES and MEASURES[measure].table == "shares":
            yield draft.at(i).finding("BCF106", "figure", repr(text))
