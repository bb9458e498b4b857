"""Pages of a scenario's workbook whose amounts follow the assumptions, beside the live ones.

Those of sums over the walk are laid out again, of a walk with a row for all that may be released;
the gap and who saves become formulas over the pages Walk and Savings.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from bcf_model.core.figures import Figure
from bcf_model.plan.savings import owners_and_beneficiaries
from bcf_model.plan.words import OPENING
from bcf_model.publish.excel_book import quoted
from bcf_model.publish.page import Cell, Money, Row, Sheet
from bcf_model.publish.scenario.bridge_pages import bridge, by_group, by_organisation, lines
from bcf_model.publish.scenario.lookups import View

GAP_FOLLOWS: Final = (
    "Spending and the gap follow a changed assumption; funding is a constant, as it was computed "
    "when the report was made."
)
OWNERS_FOLLOW: Final = "Every amount is a formula over the Savings page."


@dataclass(frozen=True)
class Printed(Money):
    """An amount that is a formula; `printed` gives it for the row and column it stands in."""

    printed: Callable[[int, int], str]


def laid_out(view: View, sheet: Sheet) -> Sheet | None:
    """Lay a page out so that it follows; None for one of constants.

    Args:
        view: of the scenario, as `releases_page.followed` gives it.
        sheet: as it is in the report.
    """
    page = PAGES.get(sheet.name)
    return page(view, sheet) if page else None


def _holders(view: View, sheet: Sheet) -> Sheet:
    """Leave out budget holders that have nothing in any year, whatever is changed."""
    del sheet
    page = by_organisation(view)
    given = view.walk["unit"].isin(["pounds", OPENING]) & (view.walk["weight"] > 0)
    amounts = view.walk[given & ((view.walk["unit"] != OPENING) | (view.walk["amount"] != 0))]
    kept = {("organisation", (code,)) for code in amounts["organisation"]}
    return replace(
        page,
        rows=tuple(row for row in page.rows if row.style != "line" or _selected(row) & kept),
    )


def _selected(row: Row) -> set[tuple[str, tuple[str, ...]]]:
    cells = [cell for cell in row.cells if isinstance(cell, Figure)]
    return {pair for cell in cells for pair in cell.selection}


def _gap(view: View, sheet: Sheet) -> Sheet:
    """Closing spending is a sum over the walk; the gap is that less the funding above it."""
    names = [str(row.cells[0]).partition(":")[0] for row in sheet.rows]
    spending, funding, gap = map(names.index, ("Closing spending", "Funding", "Gap"))
    above = [gap - spending, gap - funding]

    def less(row: int, column: int) -> str:
        spent, funded = (xl_rowcol_to_cell(row - up, column) for up in above)
        return f"ROUND({spent}-{funded},2)"

    def cells(of: Row, change: Callable[[int, Money], Cell]) -> Row:
        found = [change(i, it) if isinstance(it, Money) else it for i, it in enumerate(of.cells)]
        return replace(of, cells=tuple(found))

    rows = [*sheet.rows]
    rows[spending] = cells(rows[spending], lambda i, _: view.closing(view.years[i - 1]))
    rows[gap] = cells(rows[gap], lambda _, it: Printed(it.pence, less))
    return replace(sheet, rows=tuple(rows), in_workbook=(*sheet.in_workbook, GAP_FOLLOWS))


def _owners(view: View, sheet: Sheet) -> Sheet:
    """Each amount is a sum over programmes, by the codes of who delivers and who is relieved."""
    found = owners_and_beneficiaries(view.table("savings"))
    rows = []
    for row, (_, owner, identified) in zip(sheet.rows, found.index, strict=False):
        sums: list[Callable[[int, int], str]] = [
            partial(_saved, owner, str(code), identified) for code in found
        ]
        rows.append(_printed(row, [*sums, _across]))

    def down(row: int, column: int) -> str:
        first = xl_rowcol_to_cell(row - len(found), column)
        return f"ROUND(SUM({first}:{xl_rowcol_to_cell(row - 1, column)}),2)"

    rows.append(_printed(sheet.rows[-1], [down] * (found.shape[1] + 1)))
    return replace(sheet, rows=tuple(rows), in_workbook=(*sheet.in_workbook, OWNERS_FOLLOW))


def _saved(owner: str, relieved: str, identified: str, row: int, column: int) -> str:
    """Print what an owner's programmes save for one budget holder, risk-adjusted and net."""
    del row, column
    how_sure = "<>unidentified" if identified == "yes" else "unidentified"
    chosen = {
        "owner_code": owner, "beneficiary_code": relieved, "confidence": how_sure,
    }  # fmt: skip
    said = ",".join(f"saving_{name},{quoted(value)}" for name, value in chosen.items())
    return f"ROUND(SUMIFS(saving_adjusted_net,{said}),2)"


def _across(row: int, column: int) -> str:
    first, last = xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, column - 1)
    return f"ROUND(SUM({first}:{last}),2)"


def _printed(row: Row, formulas: Sequence[Callable[[int, int], str]]) -> Row:
    """Place formulas in the place of a row's amounts, which follow its name."""
    amounts = [it for it in row.cells[1:] if isinstance(it, Money)]
    cells = [Printed(it.pence, how) for it, how in zip(amounts, formulas, strict=True)]
    return replace(row, cells=(row.cells[0], *cells))


def _walked(page: Callable[[View], Sheet]) -> Callable[[View, Sheet], Sheet]:
    return lambda view, _: page(view)


PAGES: Final[Mapping[str, Callable[[View, Sheet], Sheet]]] = {
    "Bridge": _walked(bridge),
    "By theme": _walked(by_group),
    "By block": _walked(by_group),
    "By organisation": _holders,
    "Lines": _walked(lines),
    "Gap": _gap,
    "Owners": _owners,
}
"""The pages that follow, each with what lays it out; the first of them are read first."""
