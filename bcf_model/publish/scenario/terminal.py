"""A scenario on a terminal: the bridge in one table, and what follows from it."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final

from bcf_model.core.money import label, shown
from bcf_model.core.tables import records
from bcf_model.core.years import spoken
from bcf_model.plan.figures import NOTHING_PAID
from bcf_model.plan.words import NOT_ALLOCATED
from bcf_model.publish.comparison.terminal import unit_for
from bcf_model.publish.page import Cell
from bcf_model.publish.scenario.bridge_pages import SAID
from bcf_model.publish.scenario.lookups import View, span, who
from bcf_model.publish.scenario.sentences import (
    factor,
    headline,
    not_known,
    printed_totals,
    said,
    still_to_come,
)
from bcf_model.publish.terminal import aligned

_NAME: Final = 24
_LONGEST_NAME: Final = 44
_NARROW: Final = 40
_NOWHERE: Final = "Not allocated"
Table = list[list[str]]
"""Rows of text: the first of each names it; the first row are the headings."""


def told(view: View, room: int = 100) -> str:
    """Describe a scenario: bridge, gap, prevention, what each bears, and what is not known.

    Args:
        view: of the scenario.
        room: columns of the terminal. A table that is wider is parted, numbers are never cut.
    """
    return "\n".join(_lines(view, max(room, _NARROW)))


def _lines(view: View, room: int) -> Iterator[str]:
    settings = view.projection.scenario.settings
    yield from _wrapped(f"{view.name}: {settings.title}", room)
    about = [f"status: {settings.status}", *([settings.author] if settings.author else [])]
    yield from _wrapped(f"{view.perimeter}, {span(view)}; {', '.join(about)}", room)
    yield ""
    yield from _wrapped(headline(view), room)
    if factor(view):
        yield from _wrapped(factor(view), room)
    unit = unit_for(
        [int(amount) for amount in view.walk["amount"]] if view.unit != "pounds" else []
    )
    yield ""
    yield from laid_out(_bridge(view, unit), room, rule_before=("Closing budget",))
    for i, sentence in enumerate(printed_totals(view)):
        yield from ([""] if i == 0 else [])
        yield from _wrapped(sentence, room)
    for table, last in ((_gap(view, unit), "Gap"), (_prevention(view, unit), ""),
                        (_borne(view, unit), "Variance")):  # fmt: skip
        if table:
            yield ""
            yield from laid_out(table, room, rule_before=(last,))
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


def _amount(view: View, cell: Cell, unit: str) -> str:
    """Write an amount; nothing where there is none, a dash where it is nil."""
    if cell is None:
        return ""
    pence = view.amount(cell)
    return shown(pence, unit) if pence else "-"


def _bridge(view: View, unit: str) -> Table:
    """Steps down; years across, or themes when there is one year."""
    if len(view.years) > 1:
        wheres = [{"financial_year": year} for year in view.years]
        heads = [spoken(year) for year in view.years]
    else:
        codes = [*view.groups]
        year = view.years[0]
        wheres = [*({"financial_year": year, "group": code} for code in codes),
                  {"financial_year": year}]  # fmt: skip
        heads = [*(_short(view, code) for code in codes), "Total"]
    opening = [view.opening(where.pop("financial_year"), **where) for where in map(dict, wheres)]
    rows = [["Opening budget", *(_amount(view, cell, unit) for cell in opening)]]
    for step in view.steps:
        cells = [view.summed(step=step, **where) for where in wheres]
        rows.append([SAID[step], *(_amount(view, cell, unit) for cell in cells)])
    closing = [view.summed(**where) for where in wheres]
    rows.append(["Closing budget", *(_amount(view, cell, unit) for cell in closing)])
    return [[label(unit), *heads], *rows]


def _short(view: View, code: str) -> str:
    if code == NOT_ALLOCATED:
        return _NOWHERE
    stated = code in view.projection.plan.inputs.themes["theme"].tolist()
    return f"Theme {code}" if stated and not view.by_block else code


def _gap(view: View, unit: str) -> Table:
    frame = view.table("gap")
    if frame.empty:
        return []
    heads = [label(unit), *(spoken(year) for year in frame["financial_year"])]
    named = (("Spending", "spending"), ("Funding", "funding"), ("Gap", "gap"))
    return [heads, *([name, *(shown(int(pence), unit) for pence in frame[column])]
                     for name, column in named)]  # fmt: skip


def _prevention(view: View, unit: str) -> Table:
    """Return the share of spending that goes to prevention, and what is invested and released."""
    shares, moved = view.table("prevention_share"), view.table("prevention")
    rows = []
    for measure in ("narrow", "wide"):
        own = shares[shares["measure"] == measure]
        if len(own):
            percents = [f"{row.percent:.2f}%" if not row.percent_note else "n/a"
                        for row in records(own)]  # fmt: skip
            rows.append([f"Prevention, {measure}", *percents])
    for column, name in (("invested", "Invested"), ("released", "Released")):
        if len(moved):
            by_year = moved.groupby("financial_year")[column].sum()
            rows.append([name, *(shown(int(by_year.get(year, 0)), unit) for year in view.years)])
    return [[label(unit), *map(spoken, view.years)], *rows] if rows else []


def _borne(view: View, unit: str) -> Table:
    shared = view.table("shared")
    shared = shared[shared["share_note"] == ""]
    years = [*shared["financial_year"].drop_duplicates()]
    if not years:
        return []
    rows = []
    for bearer, own in shared.groupby("bearer", sort=False):
        by_year = own.set_index("financial_year")["borne"]
        rows.append(
            [who(view, str(bearer)), *(shown(int(by_year.get(year, 0)), unit) for year in years)]
        )
    sums = shared.groupby("financial_year")["borne"].sum()
    rows.append(["Variance", *(shown(int(sums.get(year, 0)), unit) for year in years)])
    heads = [f"Borne, {label(unit)}", *map(spoken, years)]
    return [heads, *rows]


def _paybacks(view: View) -> Iterator[str]:
    for row in records(view.table("payback")):
        when = spoken(row.break_even) if row.break_even else f"not by {spoken(view.years[-1])}"
        still = still_to_come(view, row.to_come)
        yield "; ".join([
            f"{who(view, row.partner)}: {f'break-even {when}' if row.invested else NOTHING_PAID}",
            f"net present value {said(view, row.net_present_value)}",
            *([still] if still else []),
        ]) + "."  # fmt: skip


def laid_out(table: Table, room: int, rule_before: Sequence[str] = ()) -> Iterator[str]:
    """Lay a table out under its headings, parted where it is wider than there is room.

    Args:
        table: headings, then rows.
        room: columns.
        rule_before: names of rows that are totals.
    """
    first = min(max(len(row[0]) for row in table), _LONGEST_NAME, max(_NAME, room // 2))
    widths = [max(len(row[i]) for row in table) for i in range(1, len(table[0]))]
    for number, part in enumerate(_parts(widths, room - first - 1)):
        if number:
            yield ""
        some = [widths[i] for i in part]
        rule = "─" * (first + 1 + sum(some) + 2 * len(some))
        for at, row in enumerate(table):
            if row[0] in rule_before:
                yield rule
            yield aligned([row[0], *(row[i + 1] for i in part)], first, some)
            if at == 0:
                yield rule


def _parts(widths: Sequence[int], room: int) -> list[list[int]]:
    """Part columns so that each part has room; one column at least."""
    parts: list[list[int]] = [[]]
    used = 0
    for i, width in enumerate(widths):
        if parts[-1] and used + width + 2 > room:
            parts.append([])
            used = 0
        parts[-1].append(i)
        used += width + 2
    return parts
