"""A plan under another agreement, in sentences: who would bear what of its variance, and how sure.

The draws are the same under each: nothing that is drawn hangs on the agreement.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from bcf_model.core.figures import Figure
from bcf_model.core.tables import each
from bcf_model.core.words import series
from bcf_model.core.years import spoken, year_before
from bcf_model.plan.comparison import BORNE, CLOSING
from bcf_model.publish.scenario.comparison_rows import Compared
from bcf_model.publish.scenario.lookups import View, who
from bcf_model.publish.scenario.sentences import no_shares, not_shared, of_payments, said

OWN: Final = "the pool's own agreement"
_DRAWN: Final = "comparison_percentiles.{}"


def told(compared: Compared) -> list[str]:
    """Return who would bear what under each agreement that is tried; nothing where none is."""
    views = {it.name: it for it in compared.views}
    both = ((views.get(it.projection.scenario.chain[1]), it) for it in compared.tried)
    return [line for own, view in both if own is not None for line in _under(compared, own, view)]


def _under(compared: Compared, own: View, view: View) -> Iterator[str]:
    marked = f" ({view.agreement.status})" if view.agreement.status else ""
    title = f"Under {view.agreement.title!r}{marked}"
    shared = [year for (year,) in each(compared.rows(BORNE), "financial_year")
              if None not in (_borne(compared, it, [year]) for it in (own, view))]  # fmt: skip
    if not shared:
        yield f"{title}, what each would bear of the variance of {own.name} is not known."
        yield from (*no_shares(view), *of_payments(view), *not_shared(view))
        return
    rows = compared.rows(BORNE)
    rows = rows[rows["scenario"].isin([own.name, view.name])]
    bearers = [bearer for (bearer,) in each(rows, "organisation")]
    year = shared[-1]
    yield f"{title}, {_moved(compared, (own, view), year, bearers)}"
    of_year = _who(compared, (own, view), [year], bearers)
    yield of_year[0].upper() + of_year[1:]
    if len(shared) > 1:
        all_years = _who(compared, (own, view), shared, bearers)
        yield f"Together, {all_years}"
    yield from _spending(compared, own, view, year)
    yield from _how_sure(compared, (own, view), year, bearers)


def _moved(compared: Compared, both: tuple[View, View], year: str, bearers: Sequence[str]) -> str:
    """Return how much more or less each bears of the variance of a year under an agreement."""
    own, view = both
    bears, bore = ([_borne(compared, it, [year], bearer) or 0 for bearer in bearers]
                   for it in (view, own))  # fmt: skip
    of = f"of the variance of {spoken(year)} than under {OWN}"
    moved = [
        f"{who(view, bearer)} would bear {said(view, abs(now - was))} "
        f"{'more' if now > was else 'less'}"
        for bearer, now, was in zip(bearers, bears, bore, strict=True)
        if now != was
    ]
    return f"{series(moved)} {of}." if moved else f"nobody would bear more or less {of}."


def _who(
    compared: Compared, both: tuple[View, View], years: Sequence[str], bearers: Sequence[str]
) -> str:
    """Return who bears what of the variance of years, under an agreement and under the own."""
    own, view = both
    variance = _borne(compared, own, years) or 0
    way, budgets = "above" if variance >= 0 else "below", "budgets" if years[1:] else "budget"
    bears, bore = ([_borne(compared, it, years, bearer) or 0 for bearer in bearers]
                   for it in (view, own))  # fmt: skip
    under_own = f"under {OWN} {_each(view, bearers, bore)}"
    return (
        f"of the {said(own, abs(variance))} {way} the agreed {budgets} of "
        f"{_spoken(years)} {_each(view, bearers, bears)}; "
        f"{under_own if bears != bore else f'the same as under {OWN}'}."
    )


def _borne(compared: Compared, view: View, years: Sequence[str], bearer: str = "") -> int | None:
    """Return what one bears in years, or all, in pence; None where it is not known."""
    chosen = {"scenario": view.name, "measure": BORNE, "organisation": bearer}
    keys = tuple((key, (value,)) for key, value in chosen.items() if value)
    figure = Figure("comparison.amount", (*keys, ("year", tuple(years))))
    return compared.figures.amount(figure) if len(compared.figures.rows(figure)) else None


def _each(view: View, bearers: Sequence[str], pence: Sequence[int]) -> str:
    return series(
        [f"{who(view, it)} {_bears(view, of)}" for it, of in zip(bearers, pence, strict=True)]
    )


def _bears(view: View, pence: int) -> str:
    if not pence:
        return "bears nothing"
    return f"{'bears' if pence > 0 else 'is relieved of'} {said(view, abs(pence))}"


def _spending(compared: Compared, own: View, view: View, year: str) -> Iterator[str]:
    """Return whether spending is the same: where activity is paid for, an agreement may move it."""
    closing = [compared.figure(it, year=year, measure=CLOSING) for it in (own, view)]
    spent, same = (None if it is None else compared.figures.amount(it) for it in closing)
    if spent == same:
        yield "Spending, budget and variance are the same under both: only who bears it differs."
    elif spent is not None and same is not None:
        yield (
            f"Spending of {spoken(year)} is {said(own, same)} under it, and {said(own, spent)} "
            f"under {OWN}: what is payable for activity follows the agreement."
        )


def _how_sure(
    compared: Compared, both: tuple[View, View], year: str, bearers: Sequence[str]
) -> Iterator[str]:
    """Return between what each bears nine times in ten, and what the agreement moves on average."""
    own, view = both
    for bearer in bearers:
        where = {"year": year, "measure": BORNE, "organisation": bearer}
        ends = [_ends(compared, it, **where) for it in (view, own)]
        means = [compared.figure(it, _DRAWN.format("mean"), **where) for it in both]
        if None in ends or means[0] is None or means[1] is None:
            continue
        moved = compared.figures.amount(means[1] - means[0])
        if moved is None:
            continue
        more = f"{said(view, abs(moved))} {'more' if moved > 0 else 'less'}" if moved else "as much"
        yield (
            f"In 90 of 100 draws {who(view, bearer)} would bear {ends[0]}; under {OWN} {ends[1]}. "
            f"On average it would bear {more}: both are worked on the same draws."
        )


def _ends(compared: Compared, view: View, **where: str) -> str | None:
    """Return the percentiles 5 and 95 of an outcome, in words; None where it was not drawn."""
    found = [compared.figure(view, _DRAWN.format(it), **where) for it in ("p05", "p95")]
    low, high = (None if it is None else compared.figures.amount(it) for it in found)
    if low is None or high is None:
        return None
    return f"{said(view, low)} to {said(view, high)}" if low != high else said(view, low)


def _spoken(years: Sequence[str]) -> str:
    """Write years in words: from the first to the last, where there are several in a row."""
    in_a_row = all(before == year_before(year) for before, year in pairwise(years))
    if years[2:] and in_a_row:
        return f"{spoken(years[0])} to {spoken(years[-1])}"
    return series([*map(spoken, years)])
