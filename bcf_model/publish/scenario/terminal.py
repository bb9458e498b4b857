"""A scenario on a terminal: the bridge in one table, and what follows from it."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Final

from bcf_model.core.figures import Figure, Selection
from bcf_model.core.money import label
from bcf_model.core.tables import each, records
from bcf_model.core.years import spoken
from bcf_model.plan.figures import NOTHING_PAID
from bcf_model.plan.positions import COUNTED
from bcf_model.plan.words import ALL, NOT_ALLOCATED
from bcf_model.publish.page import Row, Sheet
from bcf_model.publish.scenario.bridge_pages import bridge, by_group
from bcf_model.publish.scenario.lookups import View, span, who
from bcf_model.publish.scenario.sentences import (
    factor,
    headline,
    not_known,
    printed_totals,
    said,
    still_to_come,
)
from bcf_model.publish.text import NARROW, amounts, laid_out, table, unit_for

_TOTALS: Final = ("Gap", "Variance")


def told(view: View, room: int = 100) -> str:
    """Describe a scenario: bridge, gap, prevention, what each bears, and what is not known.

    Args:
        view: of the scenario.
        room: columns of the terminal. A table that is wider is parted, numbers are never cut.
    """
    return "\n".join(_lines(view, max(room, NARROW)))


def _lines(view: View, room: int) -> Iterator[str]:
    settings = view.projection.scenario.settings
    yield from _wrapped(f"{view.name}: {settings.title}", room)
    about = [f"status: {settings.status}", *([settings.author] if settings.author else [])]
    yield from _wrapped(f"{view.perimeter}, {span(view)}; {', '.join(about)}", room)
    yield ""
    yield from _wrapped(headline(view), room)
    if factor(view):
        yield from _wrapped(factor(view), room)
    rows = _steps(view)
    unit = unit_for((view.amount(cell) for row in rows for cell in row.cells), view.unit)
    yield ""
    in_bridge = amounts(view.figures, unit, nil="-")
    bridge_of = table([label(unit), *_heads(view)], rows)
    yield from laid_out(bridge_of, in_bridge, room, parted=True)
    for i, sentence in enumerate(printed_totals(view)):
        yield from ([""] if i == 0 else [])
        yield from _wrapped(sentence, room)
    for page in _tables(view, unit):
        yield ""
        yield from laid_out(page, amounts(view.figures, unit), room, parted=True)
    for sentence in _paybacks(view):
        yield from _wrapped(sentence, room)
    found = not_known(view)
    if found:
        yield ""
        yield "Not known"
        for sentence in found:
            yield from _wrapped(sentence, room, "  ")


def _wrapped(text: str, room: int, indent: str = "") -> list[str]:
    return wrap(
        text, room, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
    )


def _steps(view: View) -> list[Row]:
    """Return the bridge, steps down; years across, or groups when there is one year."""
    steps = bridge(view).rows
    if len(view.years) > 1:
        return [Row(it.style, it.cells[:-1]) for it in steps]  # without all years together
    across = zip(*(row.cells[1:] for row in by_group(view).rows), strict=True)
    return [Row(it.style, (it.cells[0], *cells)) for it, cells in zip(steps, across, strict=True)]


def _heads(view: View) -> list[str]:
    if len(view.years) > 1:
        return [*map(spoken, view.years)]
    return [*(_short(view, code) for code in view.groups), "Total"]


def _short(view: View, code: str) -> str:
    if code == NOT_ALLOCATED:
        return "Not allocated"
    stated = code in view.projection.plan.inputs.themes["theme"].tolist()
    return f"Theme {code}" if stated and not view.by_block else code


def _tables(view: View, unit: str) -> Iterator[Sheet]:
    """Return the gap, prevention, and what each bears, of the years in which they are known."""
    known = view.table("gap").query("gap == gap")
    funded = [year for (year,) in each(known, "financial_year")]
    if funded:
        measures = {"Spending": "gap.spending", "Funding": "gap.funding", "Gap": "gap"}
        own = [(f"  of {who(view, code)}", "gap", (("organisation", (code,)),))
               for (code,) in each(known, "organisation") if code != ALL]  # fmt: skip
        yield _by_year(label(unit), funded, [*((*it, ()) for it in measures.items()), *own])
    shares = view.table("prevention_share")["measure"]
    rows: list[tuple[str, str, Selection]] = [
        (f"Prevention, {measure}", "prevention share", (("measure", (measure,)),))
        for measure in COUNTED
        if (shares == measure).any()
    ]
    if len(view.table("prevention")):
        rows += [("Invested", "positions.invested", ()), ("Released", "positions.released", ())]
    if rows:
        yield _by_year(label(unit), view.years, rows)
    given = view.table("shared").query("share_note == ''")
    if len(given):
        borne = [(who(view, code), "borne", (("bearer", (code,)),))
                 for (code,) in each(given, "bearer")]  # fmt: skip
        years = [year for (year,) in each(given, "financial_year")]
        yield _by_year(f"Borne, {label(unit)}", years, [*borne, ("Variance", "borne", ())])


def _by_year(
    heading: str, years: Sequence[str], rows: Iterable[tuple[str, str, Selection]]
) -> Sheet:
    """Lay figures out, a column a year: each a name, a measure, and what else selects it."""
    return table(
        [heading, *map(spoken, years)],
        [Row("total" if name in _TOTALS else "line",
             (name, *(Figure(measure, (*where, ("year", (year,)))) for year in years)))
         for name, measure, where in rows],
    )  # fmt: skip


def _paybacks(view: View) -> Iterator[str]:
    for row in records(view.table("payback")):
        when = spoken(row.break_even) if row.break_even else f"not by {spoken(view.years[-1])}"
        still = still_to_come(view, row.to_come)
        yield "; ".join([
            f"{who(view, row.partner)}: {f'break-even {when}' if row.invested else NOTHING_PAID}",
            f"net present value {said(view, row.net_present_value)}",
            *([still] if still else []),
        ]) + "."  # fmt: skip
