"""What ledgers give the lines of a pool: where schemes.csv leaves an amount blank, it is theirs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bcf_model.core.basis import SPENT, measures_of
from bcf_model.core.findings import Finding, listed
from bcf_model.core.money import pounds, sterling, within_last_digit
from bcf_model.core.settings import Settings
from bcf_model.core.words import MAPPED, NOT_STATED, OUTTURN, TO_DATE, UNMAPPED
from bcf_model.intake.drafts import Draft, Drafts

_OF_A_YEAR: Final = range(1, 13)


def sums(draft: Draft, column: str, basis: str) -> Mapping[str, int]:
    """Return what an amount of each scheme comes to, in pence; none of a scheme without any."""
    found: dict[str, int] = {}
    measures = measures_of(column, basis)
    for _, scheme, measure, pence in draft.rows("scheme_id", "measure", "amount"):
        if scheme and measure in measures:
            found[scheme] = found.get(scheme, 0) + pence
    return found


def with_actuals(drafts: Drafts) -> tuple[Drafts, list[Finding]]:
    """Return the drafts with each amount that is left blank and has actuals, and what is found.

    An amount that no actual reaches is then not stated. A position whose ledgers lack a period is
    one to date (BCF936).
    """
    draft, settings = drafts.table("actuals"), drafts.settings
    if "schemes" not in drafts or not draft.numbers:
        return drafts, []
    basis = settings.basis if settings else ""
    schemes = drafts["schemes"]
    for column in ("budget", "expenditure"):
        if of_scheme := sums(draft, column, basis):
            schemes = _filled(schemes, column, of_scheme)
    drafts = drafts.having({"schemes": schemes})
    if settings is None or not sums(draft, "expenditure", ""):
        return drafts, []
    lacking = _lacking(draft, settings.basis)
    if not lacking or settings.basis not in ("", OUTTURN):
        return drafts, []
    value = "; ".join(f"{ledger} lacks {said}" for ledger, said in lacking.items())
    expected = "periods 1 to 12 of each ledger"
    mild = not settings.basis
    finding = draft.at().finding("BCF936", "period", value, expected, mild=mild)
    return replace(drafts, settings=_to_date(settings) if mild else settings), [finding]


def _to_date(settings: Settings) -> Settings:
    return settings.model_copy(update={"basis": TO_DATE})


def _filled(schemes: Draft, column: str, of_scheme: Mapping[str, int]) -> Draft:
    """Return the lines with what is left blank of a column: its sum, or that it is not stated."""
    count = len(schemes.numbers)
    cells = list(schemes.cells[column])
    steps = list(schemes.steps.get(column) or [0] * count)
    texts = list(schemes.texts.get(column) or [""] * count)
    for i, code in enumerate(schemes.cells["scheme_id"]):
        blank = not texts[i].strip()
        unstated = blank or texts[i].strip().casefold() == NOT_STATED
        if unstated and code in of_scheme:
            cells[i], steps[i] = of_scheme[code], 1
            texts[i] = pounds(of_scheme[code])
        elif blank:
            texts[i] = NOT_STATED
    return replace(
        schemes,
        cells={**schemes.cells, column: cells},
        steps={**schemes.steps, column: steps},
        texts={**schemes.texts, column: texts},
    )


def _lacking(draft: Draft, basis: str) -> Mapping[str, str]:
    """Return for each ledger that gives expenditure what it lacks of the year's periods.

    A ledger that states no period is of the whole year where the position is said to be an outturn.
    """
    periods: dict[str, set[int]] = {}
    spends = set[str]()
    for _, ledger, measure, period in draft.rows("ledger", "measure", "period"):
        if measure in SPENT or measure not in MAPPED:
            periods.setdefault(ledger, set()).add(period)
        if measure in SPENT:
            spends.add(ledger)
    found = {}
    for ledger, told in periods.items():
        if ledger not in spends or (told == {0} and basis == OUTTURN):
            continue
        lost = [str(it) for it in _OF_A_YEAR if it not in told]
        if told == {0}:
            found[ledger] = "its periods"
        elif lost:
            found[ledger] = f"period{'' if len(lost) == 1 else 's'} {listed(lost)}"
    return found


def stated_once(drafts: Drafts) -> Iterator[Finding]:
    """An amount of schemes.csv is what its actuals come to (BCF934)."""
    draft, schemes = drafts.table("actuals"), drafts.table("schemes")
    basis = drafts.settings.basis if drafts.settings else ""
    for column in ("budget", "expenditure"):
        of_scheme = sums(draft, column, basis)
        steps = schemes.steps.get(column, [])
        for i, code, pence in schemes.rows("scheme_id", column):
            come_to = of_scheme.get(code)
            if come_to is not None and not within_last_digit(come_to, pence, steps[i]):
                value = f"{sterling(pence)} for {code}"
                expected = f"{sterling(come_to)}, as in {draft.file}, or a blank"
                yield schemes.at(i).finding("BCF934", column, value, expected)


def taken_once(drafts: Drafts) -> Iterator[Finding]:
    """A period of a ledger is taken from one extract, and each row stands once (BCF935).

    Lines of no stated period may be of any, so that no other extract goes with them.
    """
    draft = drafts.table("actuals")
    first: dict[tuple[str, int], tuple[str, int]] = {}
    last: dict[str, tuple[str, int]] = {}
    met: dict[tuple[object, ...], int] = {}
    for i, ledger, period, extract in draft.rows("ledger", "period", "extract"):
        before = last.get(ledger) if not period else first.get((ledger, 0))
        before = before or first.get((ledger, period))
        told = f"period {period}" if period else "an unstated period"
        if before and before[0] != extract:
            value = f"{told} of {ledger}, as in row {draft.numbers[before[1]]} of another extract"
            yield draft.at(i).finding("BCF935", "period", value)
        first.setdefault((ledger, period), (extract, i))
        last[ledger] = (extract, i)
    columns = ("ledger", "period", "rule", "scheme_id", "measure", "extract", "file", "cells")
    for i, *key in draft.rows(*columns):
        again = met.setdefault(tuple(key), i)
        if again != i:
            value = f"the same as row {draft.numbers[again]}"
            yield draft.at(i).finding("BCF935", "ledger", value)


def of_the_pool(drafts: Drafts) -> Iterator[Finding]:
    """An actual is of the pool's year and, unless it is set aside, of a scheme (BCF937, 938)."""
    draft = drafts.table("actuals")
    for i, year in draft.rows("financial_year"):
        if drafts.year is not None and year != drafts.year:
            yield draft.at(i).finding("BCF938", "financial_year", year, drafts.year)
    for i, scheme, measure in draft.rows("scheme_id", "measure"):
        if bool(scheme) != (measure in MAPPED):
            expected = "a scheme" if measure in MAPPED else "no scheme"
            yield draft.at(i).finding("BCF938", "scheme_id", repr(measure), expected)
    rows = [row for row in draft.rows("measure", "amount") if row[1] == UNMAPPED and row[2]]
    if rows:
        pence = sum(amount for *_, amount in rows)
        value = f"{len(rows)} row{'' if len(rows) == 1 else 's'}, {sterling(pence)}"
        yield draft.at(rows[0][0]).finding("BCF937", "amount", value)
