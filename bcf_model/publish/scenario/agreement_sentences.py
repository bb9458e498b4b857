"""A plan under another agreement, in sentences: who would bear what of its variance, and how sure.

The draws are the same under each: nothing that is drawn hangs on the agreement.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bcf_model.core.tables import each
from bcf_model.core.years import spoken
from bcf_model.plan.comparison import BORNE, CLOSING
from bcf_model.publish.scenario.comparison_rows import Compared
from bcf_model.publish.scenario.lookups import View, who
from bcf_model.publish.scenario.sentences import no_shares, of_payments, said

OWN: Final = "the pool's own agreement"
_DRAWN: Final = "comparison_percentiles.{}"


def told(compared: Compared) -> list[str]:
    """Return who would bear what under each agreement that is tried; nothing where none is."""
    return [line for view in compared.tried for line in _under(compared, view)]


def _under(compared: Compared, view: View) -> Iterator[str]:
    own, agreement = _under_own(compared, view), view.agreement
    marked = f" ({agreement.status})" if agreement.status else ""
    title = f"Under {agreement.title!r}{marked}"
    shared = [year for (year,) in each(compared.rows(BORNE), "financial_year")
              if None not in (_borne(compared, it, year) for it in (own, view))]  # fmt: skip
    if not shared:
        yield f"{title}, what each would bear of the variance of {own.name} is not known."
        none = "No year of it has an agreed budget that could be shared."
        yield from [*no_shares(view), *of_payments(view)] or [none]
        return
    year, bearers = shared[-1], _bearers(compared, own, view, shared[-1])
    variance = _borne(compared, own, year) or 0
    way = "above" if variance >= 0 else "below"
    bears, bore = ([_borne(compared, it, year, bearer) or 0 for bearer in bearers]
                   for it in (view, own))  # fmt: skip
    under_own = f"under {OWN} {_each(view, bearers, bore, _bears)}"
    yield (
        f"{title}, of the {said(own, abs(variance))} {way} the agreed budget of {spoken(year)} "
        f"{_each(view, bearers, bears, _bears)}; "
        f"{under_own if bears != bore else f'the same as under {OWN}'}."
    )
    yield from _spending(compared, own, view, year)
    yield from _how_sure(compared, (own, view), year, bearers)


def _under_own(compared: Compared, view: View) -> View:
    """Return the same scenario under the pool's own agreement."""
    names = {it.name: it for it in compared.views}
    return names.get(view.projection.scenario.chain[1], compared.first)


def _bearers(compared: Compared, own: View, view: View, year: str) -> list[str]:
    """Return who bears something in a year under either agreement."""
    rows = compared.rows(BORNE, financial_year=year)
    rows = rows[rows["scenario"].isin([own.name, view.name])]
    return [bearer for (bearer,) in each(rows, "organisation")]


def _borne(compared: Compared, view: View, year: str, bearer: str = "") -> int | None:
    """Return what one bears, or all, in pence; None where it is not known."""
    found = compared.figure(view, year=year, measure=BORNE, organisation=bearer)
    return None if found is None else compared.figures.amount(found)


def _each(
    view: View, bearers: Sequence[str], pence: Sequence[int], tell: Callable[[View, int], str]
) -> str:
    told = [f"{who(view, it)} {tell(view, of)}" for it, of in zip(bearers, pence, strict=True)]
    return " and ".join([", ".join(told[:-1]), *told[-1:]] if len(told) > 1 else told)


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
