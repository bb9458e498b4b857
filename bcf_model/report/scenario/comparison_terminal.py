"""Scenarios side by side on a terminal."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from bcf_model.money import label, shown
from bcf_model.plan.comparison import compare, of_one_perimeter
from bcf_model.plan.projection import Projection
from bcf_model.report.comparison.terminal import unit_for
from bcf_model.report.scenario.comparison_pages import by_group, in_total
from bcf_model.report.scenario.terminal import laid_out
from bcf_model.report.scenario.view import View, view
from bcf_model.report.sheets import Money, Sheet


def compared(projections: Sequence[Projection], room: int = 100) -> str:
    """Lay a comparison out: in total by year, and by theme or block in the last year.

    Args:
        projections: several; the first is the one compared with.
        room: columns of the terminal. A table that is wider is parted, numbers are never cut.
    """
    views = [view(it) for it in projections]
    if not of_one_perimeter(projections):
        places = "; ".join(dict.fromkeys(it.perimeter for it in views))
        said = (
            f"Not compared: amounts of two perimeters are never set against each other ({places})."
        )
        return "\n".join(wrap(said, max(room, 40)))
    return "\n".join(_lines(projections, views, room))


def _lines(projections: Sequence[Projection], views: list[View], room: int) -> Iterator[str]:
    rows = compare(projections)
    total = in_total(rows, views)
    last = max(year for view in views for year in view.years)
    amounts = [cell.pence for row in total.rows for cell in row.cells if isinstance(cell, Money)]
    unit = unit_for(amounts) if views[0].unit != "pounds" else "pounds"
    for at, it in enumerate(views, start=1):
        yield from wrap(f"[{at}] {it.name}: {it.projection.scenario.settings.title}", room,
                        subsequent_indent="    ")  # fmt: skip
    for sheet in (total, by_group(rows, views, last)):
        yield ""
        yield from _table(sheet, views, unit, room)
    if any(len(it.years) > 1 for it in views):
        yield f"By {views[0].group_label.lower()} in every year: comparison.csv."


def _table(sheet: Sheet, views: Sequence[View], unit: str, room: int) -> Iterator[str]:
    """Lay a page out, its columns numbered as the scenarios are."""
    numbers = range(1, len(views) + 1)
    heads = [label(unit), *(f"[{at}]" for at in numbers), *(f"[{at}]-[1]" for at in numbers[1:])]
    body = []
    for row in sheet.rows:
        cells = [shown(c.pence, unit) if isinstance(c, Money) else "" for c in row.cells[1:]]
        name = str(row.cells[0]) if row.style in ("group", "total") else f"  {row.cells[0]}"
        body.append([name, *cells, *[""] * (len(heads) - 1 - len(cells))])
    yield from laid_out([heads, *body], room, rule_before=("Total",))
