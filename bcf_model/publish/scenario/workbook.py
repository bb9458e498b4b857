"""report.xlsx of a scenario: change an assumption, and the bridge follows, to the penny."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from bcf_model.core.expressions import If, Sum, references_in
from bcf_model.core.figures import Figure
from bcf_model.plan.figures import NOTHING_BACK, consists_of
from bcf_model.plan.partner_shares import shared_years
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.words import OPENING
from bcf_model.publish.excel_book import pages_across
from bcf_model.publish.excel_file import Workbook
from bcf_model.publish.page import Row, Sheet
from bcf_model.publish.scenario import (
    funding_page,
    live_pages,
    releases_page,
    returns_pages,
    walk_page,
)
from bcf_model.publish.scenario.bridge_pages import sheets
from bcf_model.publish.scenario.checks_page import CHECKED, checks
from bcf_model.publish.scenario.cover import cover
from bcf_model.publish.scenario.excel_book import STATED, ScenarioBook
from bcf_model.publish.scenario.excel_bridge_chart import chart
from bcf_model.publish.scenario.homes import home_of
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.scenario.lookups import view as view_of
from bcf_model.publish.scenario.shared_pages import (
    pages_of,
    write_shared,
)

FIRST: Final = ("Bridge", "By theme", "By block", "By organisation")
"""Pages read first; they are sums over the walk."""
REPLACED: Final = ("Assumptions", "Programmes", "Payments")
"""Pages in whose place the workbook has one with inputs."""
CONSTANT: Final = (
    "Constants, as they were computed when the report was made: this page does not follow a "
    "changed assumption."
)


def workbook(view: View, pages: Sequence[Sheet]) -> Workbook:
    """Return the workbook of a scenario.

    Args:
        view: of the scenario.
        pages: as laid out by `bridge_pages.sheets`.
    """
    settings, full = view.projection.scenario.settings, with_nil(view)
    following = pages_that_follow(full)
    shown = [_fitted(view, following.get(sheet.name) or _with_remark(sheet)) for sheet in pages
             if sheet.name not in REPLACED]  # fmt: skip
    years = shared_years(full.projection.plan.inputs, full.table("agreed"), settings.split)
    titles = _titles(pages, shown, full)
    own = {page.name: page.title for year, results in years.items()
           for page in pages_of(year, results)}  # fmt: skip

    def fill(book: ScenarioBook) -> None:
        live = live_pages.write(book, full)
        book.shared = write_shared(book, full, years)
        for sheet in shown:
            book.constant = sheet.name not in following
            book.page(sheet)
        book.constant = False
        chart(book, full, shown[0])
        checks(book, full, live)

    return Workbook(
        f"{settings.title}: {view.perimeter}",
        cover(view),
        {name: (titles | own)[name] for name in _placed(titles, own)},
        partial(ScenarioBook, view=full),
        fill,
        as_at=settings.as_at,
    )


_WITH_NIL: Final = ("walk", "savings_effects")


def with_nil(of: View) -> View:
    """Return the view of a scenario whose walk has a row for all that may come to something."""
    made, plain = of.projection, of.nothing_back
    if made.tables["prevention"].empty and made.tables["savings"].empty:
        return of

    def again(of_it: Projection) -> Projection:
        found = project(made.plan, of_it.scenario, made.factor, _WITH_NIL, keep_nil=True)
        return replace(found, tables={**of_it.tables, **found.tables})

    return view_of(again(made), None if plain is None else again(plain))


def pages_that_follow(view: View) -> dict[str, Sheet]:
    """Lay out the pages whose figures the workbook works out, whatever is changed; by name."""
    found = {sheet.name: sheet for sheet in sheets(view) if _follows(sheet)}
    if "By organisation" in found:
        found["By organisation"] = _holders(view, found["By organisation"])
    return {name: sheet for name, sheet in found.items() if name not in REPLACED}


def _follows(sheet: Sheet) -> bool:
    """Return whether a page has figures, all of which the workbook works out."""
    cells = [cell for row in sheet.rows for cell in row.cells]
    figures = [it for cell in cells if isinstance(cell, Figure | Sum | If)
               for it in references_in(cell)]  # fmt: skip
    return bool(figures) and all(
        it.measure in {"borne", *STATED}
        or home_of(it.measure) is not None
        or consists_of(it) is not None
        for it in figures
    )


def _holders(view: View, page: Sheet) -> Sheet:
    """Leave out budget holders that have nothing in any year, whatever is changed."""
    given = view.walk["unit"].isin(["pounds", OPENING]) & (view.walk["weight"] > 0)
    amounts = view.walk[given & ((view.walk["unit"] != OPENING) | (view.walk["amount"] != 0))]
    kept = {("organisation", (code,)) for code in amounts["organisation"]}
    return page._replace(
        rows=tuple(row for row in page.rows if row.style != "line" or _selected(row) & kept),
    )


def _selected(row: Row) -> set[tuple[str, tuple[str, ...]]]:
    cells = [cell for cell in row.cells if isinstance(cell, Figure)]
    return {pair for cell in cells for pair in cell.selection}


def _with_remark(sheet: Sheet) -> Sheet:
    about = (*sheet.about, *(() if sheet.name == "Sources" else (CONSTANT,)))
    return sheet._replace(about=about)


def _fitted(view: View, sheet: Sheet) -> Sheet:
    """Shorten the title of a page over several sheets of paper, on which a long one is cut."""
    if pages_across(sheet) == 1:
        return sheet
    about = (f"All amounts are of: {view.perimeter}.", *sheet.about)
    return sheet._replace(title=sheet.title.removesuffix(f": {view.perimeter}"), about=about)


def _placed(titles: Mapping[str, str], own: Mapping[str, str]) -> list[str]:
    """Return the names of all tabs: those of shared years stand after the page Risk share."""
    names = [*titles]
    at = names.index("Risk share") + 1 if own else len(names)
    return [*names[:at], *own, *names[at:]]


def _titles(pages: Sequence[Sheet], shown: Sequence[Sheet], view: View) -> dict[str, str]:
    """Name the tabs in their order, each with what it shows."""
    of, named = {sheet.name: sheet.title for sheet in shown}, {sheet.name for sheet in pages}
    invests, beside = len(view.table("prevention")) > 0, view.nothing_back is not None
    releases = invests and not view.projection.releases.worked(view.table("lines")).empty
    further = {
        "Assumptions": ("Assumptions: change them here", True),
        "Savings": ("Savings programmes: change them here", "Programmes" in named),
        "Investments": (returns_pages.INVESTED, invests),
        "Effects": ("What amounts of pounds do, year by year", True),
        "Benefits": (returns_pages.GIVEN_BACK, invests),
        "Released": (releases_page.TITLE, releases),
        "Payments": ("Payment by activity: what of each year is payable", "Payments" in named),
        "Walk": ("Every line, step by step", True),
        returns_pages.POSITIONS_PAGE: (returns_pages.BY_YEAR, invests),
        walk_page.BESIDE: (f"Every line, step by step,{NOTHING_BACK}", beside),
        returns_pages.BESIDE: (f"{returns_pages.BY_YEAR},{NOTHING_BACK}", beside),
        funding_page.NAME: (funding_page.TITLE, len(view.table("funding_walk")) > 0),
    }
    first = [sheet.name for sheet in shown if sheet.name in FIRST]
    last = ("Lines", "Sources")
    return (
        {name: of[name] for name in first}
        | {name: title for name, (title, there) in further.items() if there}
        | {name: title for name, title in of.items() if name not in (*first, *last)}
        | {"Lines": of["Lines"], "Checks": CHECKED, "Sources": of["Sources"]}
    )
