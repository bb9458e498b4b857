"""Each row of the rules by itself: who bears, and which cells have a meaning there."""

from collections.abc import Iterator
from typing import Final

from bcf_model.checks.agreement_rows import Rule, named, ruled
from bcf_model.checks.code_index import PLACES, PROVIDER, bearers
from bcf_model.core.findings import Finding, one_of
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.words import BASIS, CONTRIBUTIONS, MEASURED_BASES, OUTSIDE, ROLES, VERSIONS
from bcf_model.intake.cells import CONTRIBUTION
from bcf_model.intake.drafts import Drafts


def rule_bearers(drafts: Drafts) -> Iterator[Finding]:
    """A bearer is declared (BCF404), and goes with the basis (BCF409)."""
    known = bearers(drafts)
    if "rules" not in drafts or known is None:
        return
    draft = drafts["rules"]
    partners = {c: kind for c, kind in known.items() if kind in ("partner", "organisation")}
    for i, basis, bearer in draft.rows("basis", "bearer"):
        role = BASIS[basis].bearer
        kind = "role" if bearer in ROLES else known.get(bearer)
        among = partners if basis in MEASURED_BASES else known
        if bearer != role if role else bearer not in among:
            expected = repr(role) if role else one_of(among, bearer)
            code = "BCF409" if role or kind else "BCF404"
            said = f"{bearer!r}, a {kind}," if kind in ("reserve", PROVIDER) else repr(bearer)
            value = f"{said} with basis {basis!r} in {named(draft, i)}"
            yield draft.at(i).finding(code, "bearer", value, expected)


def words_in_use(drafts: Drafts) -> Iterator[Finding]:
    """What a row says has a meaning there (BCF419), and a version is named (BCF420)."""
    draft, scopes = ruled(drafts)
    known = bearers(drafts) or {}
    for row in (row for rows in scopes.values() for row in rows):
        for column, why in _meaningless(row, known):
            cell = getattr(row, column)
            shown = f"{cell / MILLIONTHS:g}%" if column == "share" else repr(cell)
            value = f"{shown} in {named(draft, row.i)}: {why}"
            yield draft.at(row.i).finding("BCF419", column, value, "a blank cell")
        by_contribution = BASIS[row.basis].weighed_by == CONTRIBUTIONS
        if by_contribution and not row.version:
            expected = one_of(VERSIONS)
            value = named(draft, row.i)
            yield draft.at(row.i).finding("BCF420", "version", value, expected)


NOT_FOR_OFFSETS: Final = ("band_from", "band_to", "limit")


def _meaningless(row: Rule, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Return the cells of a row that mean nothing there, each with the reason."""
    basis = BASIS[row.basis]
    measured = bool(basis.weighed_by)
    if measured and row.share:
        yield "share", f"the basis {row.basis!r} measures the shares"
    if basis.weighed_by != CONTRIBUTIONS and row.version:
        yield "version", f"the basis {row.basis!r} measures no contributions"
    for column in ("measured_over", "without"):
        if not measured and getattr(row, column):
            yield column, f"the basis {row.basis!r} measures nothing"
    if row.limit == CONTRIBUTION and not measured:
        yield "limit", f"the basis {row.basis!r} measures no contribution"
    if basis.offsets:
        for column in NOT_FOR_OFFSETS:
            if getattr(row, column):
                yield column, "an offset takes all that can be met"
    if row.limit and basis.states_shares and known.get(row.bearer) == "reserve":
        yield "limit", "a reserve is limited by its balance alone"
    nobody = known.get(row.bearer, "") in (PROVIDER, "reserve", *PLACES)
    if row.held == OUTSIDE and (basis.offsets or nobody):
        yield "held", f"{row.bearer!r} is no partner"
