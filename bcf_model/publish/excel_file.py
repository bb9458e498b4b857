"""What every workbook has in common: its file, and the look of its cover."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final, cast

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.core.ledger import Ledger
from bcf_model.publish.excel_book import ALL_HOLD, LINE, NAVIGATION, Book, Page, all_hold, lines_in
from bcf_model.publish.house_style import DARK, DOTTED, LINK, WIDTHS
from bcf_model.publish.page import Heading
from bcf_model.year.results import Results

COVER: Final = "Cover"
UNDATED: Final = datetime(2000, 1, 1)
"""No date of the run stands in a file: the same inputs give the same bytes."""
RULED: Final[dict[str, Any]] = {"bottom": 4, "bottom_color": DOTTED}
FACTS: Final = 3  # the row they begin in, counted from 0


class Unchecked(Book):
    """A book without a page of checks: it has no master check to show."""

    def headings(self, tab: Worksheet, top: int, headings: tuple[Heading, ...]) -> None:
        """Write the headings alone."""
        super().headings(tab, top, headings)
        tab.write_blank(NAVIGATION, len(headings) - 1, None, self.format())


def only_settings(settings: Any, figures: Ledger | None = None) -> Results:
    """Return what stands in for results of a year: settings, and what gives figures, if any."""
    found = SimpleNamespace(inputs=SimpleNamespace(settings=settings), figures=figures)
    return cast(Results, found)


def written(
    tabs: Iterable[str],
    fill: Callable[[xlsxwriter.Workbook, dict[str, Worksheet]], None],
    *,
    title: str,
    created: datetime = UNDATED,
    **properties: str,
) -> bytes:
    """Write a workbook, which opens on its cover. Text in it never becomes a formula or a link.

    Args:
        tabs: their names in order; the cover is one of them.
        fill: writes the workbook, given its empty tabs by name.
        title: of the document.
        created: what it says of when it was made: never the time of the run.
        properties: of the document, besides.

    Returns:
        The bytes of an .xlsx file.
    """
    stream = BytesIO()
    file = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    made_with = f"Made with bcf_model {__version__}"
    file.set_properties({"title": title, "comments": made_with, "created": created, **properties})
    sheets = {name: file.add_worksheet(name, Page) for name in tabs}
    fill(file, sheets)
    sheets[COVER].activate()
    file.close()
    return stream.getvalue()


def begin_cover(book: Book, title: str, under: str, widths: tuple[int, int] = WIDTHS) -> Worksheet:
    """Set the cover up for one sheet of paper, and write its title and the line under it."""
    tab = book.tabs[COVER]
    tab.hide_gridlines(2)
    tab.set_portrait()
    tab.set_paper(9)
    tab.fit_to_pages(1, 1)
    for column, width in enumerate(widths):
        tab.set_column(column, column, width)
    tab.set_row(0, 28)
    tab.set_row(1, 20)
    tab.write_string(0, 0, title, book.format(bold=True, font_size=18, font_color=DARK))
    tab.write_string(1, 0, under, book.format(bold=True, font_size=13, font_color=DARK))
    return tab


def cover_facts(
    book: Book, facts: Iterable[tuple[str, str]], width: int = WIDTHS[1], **looks: Any
) -> int:
    """Write what stands on the cover under its title.

    Args:
        book: with a cover that is begun.
        facts: each with its name.
        width: of the column they stand in.
        looks: of their cells.

    Returns:
        The row after the next.
    """
    tab, at = book.tabs[COVER], FACTS
    for name, said in facts:
        tab.write_string(at, 0, name, book.format(bold=True, **looks))
        tab.write_string(at, 1, said, book.format(text_wrap=True, **looks))
        tab.set_row(at, LINE * lines_in(said, width) + 4)
        at += 1
    return at + 1


def master_check(book: Book, at: int) -> None:
    """Write on the cover whether all checks of the workbook hold."""
    tab = book.tabs[COVER]
    tab.write_string(at, 0, "Master check", book.format(bold=True, font_size=12))
    bold = book.format(bold=True, font_size=12, font_color=DARK)
    book.work(tab, (at, 1), all_hold("the Checks page"), bold, ALL_HOLD)


def cover_contents(book: Book, at: int, titles: Mapping[str, str], heading: str = "") -> None:
    """List pages on the cover, each a link, with its title; under a heading if there is one."""
    tab = book.tabs[COVER]
    if heading:
        tab.write_string(at, 0, heading, book.format(bold=True, font_size=12))
        at += 1
    link = book.format(font_color=LINK, underline=1)
    for row, (name, title) in enumerate(titles.items(), start=at):
        tab.write_url(row, 0, f"internal:'{name}'!A1", link, name)
        tab.write_string(row, 1, title, book.format())
