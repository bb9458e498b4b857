"""A workbook as a whole: what it consists of, and the one function that writes it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final, NamedTuple

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.core.expressions import Expression, to_the_penny
from bcf_model.publish.excel_book import ALL_HOLD, LINE, Book, Page, all_hold, lines_in
from bcf_model.publish.house_style import (
    DARK,
    DOTTED,
    IN_A_SENTENCE,
    LINK,
    WIDTHS,
)

COVER: Final = "Cover"
UNDATED: Final = datetime(2000, 1, 1)
"""No date of the run stands in a file: the same inputs give the same bytes."""
RULED: Final[Mapping[str, Any]] = {"bottom": 4, "bottom_color": DOTTED}
FACTS: Final = 3  # the row they begin in, counted from 0
_LARGE: Final = {"bold": True, "font_size": 12}
_TITLE_WIDTH: Final = 62  # characters
_SPACED: Final = 18  # points


@dataclass(frozen=True)
class Fact:
    """What is said on a cover of something; a number is an amount in pounds.

    Attributes:
        worked: how it is worked out, where it follows what is changed. cell: its name, if any.
        looks: of its cell.
    """

    name: str
    said: str | float
    worked: Expression | None = None
    cell: str = ""
    looks: Mapping[str, Any] = field(default_factory=dict)


Verdict = tuple[str, Expression, str]
"""What is looked at; what is said of it, worked out; and what that came to."""
MASTER_CHECK: Final[Verdict] = ("Master check", all_hold("the Checks page"), ALL_HOLD)


@dataclass(frozen=True)
class Cover:
    """The first page: a title and the line under it, facts, verdicts, and a list of the pages.

    Attributes:
        heading: of the list of pages; blank for none. looks: of the cells of facts.
        widths: of its two columns. room: characters of a line of a fact, and points beside them.
        spaced: verdicts and the heading have room. long_title: the title may take several lines.
    """

    title: str
    under: str
    facts: Sequence[Fact]
    verdicts: Iterable[Verdict] = ()
    heading: str = ""
    looks: Mapping[str, Any] = field(default_factory=dict)
    widths: tuple[int, int] = WIDTHS
    room: tuple[int, int] = (WIDTHS[1], 4)
    spaced: bool = False
    long_title: bool = False


class Workbook(NamedTuple):
    """A workbook.

    Attributes:
        title, subject: of the file. tabs: what each page shows, by its name, in order; not the
            cover, which stands before them. book: begins what writes them, given the file and its
            empty tabs by name. fill: has it write them.
        as_at: the date of the position, for that of the run stands nowhere.
    """

    title: str
    cover: Cover
    tabs: Mapping[str, str]
    book: Callable[[xlsxwriter.Workbook, dict[str, Worksheet]], Any]
    fill: Callable[[Any], None]
    subject: str = ""
    as_at: date | None = None


def workbook_bytes(workbook: Workbook) -> bytes:
    """Write a workbook, which opens on its cover. Text in it never becomes a formula or a link.

    Returns:
        The bytes of an .xlsx file; the same workbook gives the same bytes.
    """
    stream = BytesIO()
    file = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    file.set_properties({
        "title": workbook.title,
        **({"subject": workbook.subject} if workbook.subject else {}),
        "comments": f"Made with bcf_model {__version__}",
        "created": datetime.combine(workbook.as_at, time()) if workbook.as_at else UNDATED,
    })  # fmt: skip
    tabs = {name: file.add_worksheet(name, Page) for name in (COVER, *workbook.tabs)}
    book = workbook.book(file, tabs)
    workbook.fill(book)
    _write_cover(book, workbook.cover, workbook.tabs)
    tabs[COVER].activate()
    file.close()
    return stream.getvalue()


def _write_cover(book: Book, cover: Cover, titles: Mapping[str, str]) -> None:
    """Write the cover, for one sheet of paper; each page is listed with a link to it."""
    tab = book.tabs[COVER]
    tab.hide_gridlines(2)
    tab.set_portrait()
    tab.set_paper(9)
    tab.fit_to_pages(1, 1)
    for column, width in enumerate(cover.widths):
        tab.set_column(column, column, width)
    tab.set_row(0, LINE * 2 * lines_in(cover.title, _TITLE_WIDTH) + 4 if cover.long_title else 28)
    tab.set_row(1, 20)
    tab.write_string(0, 0, cover.title, book.format(bold=True, font_size=18, font_color=DARK))
    tab.write_string(1, 0, cover.under, book.format(bold=True, font_size=13, font_color=DARK))
    at = FACTS
    for at, fact in enumerate(cover.facts, start=FACTS + 1):
        _write_fact(book, cover, at - 1, fact)
    at += 1
    spaced = tab.set_row if cover.spaced else lambda *_: None
    for name, worked, value in cover.verdicts:
        spaced(at, _SPACED)
        tab.write_string(at, 0, name, book.format(**_LARGE))
        book.work(tab, (at, 1), worked, book.format(**_LARGE, font_color=DARK), value)
        at += 1
    at += 1 if cover.verdicts else 0
    if cover.heading:
        spaced(at, _SPACED)
        tab.write_string(at, 0, cover.heading, book.format(**_LARGE))
        at += 1
    link = book.format(font_color=LINK, underline=1)
    for row, (name, title) in enumerate(titles.items(), start=at):
        tab.write_url(row, 0, f"internal:'{name}'!A1", link, name)
        tab.write_string(row, 1, title, book.format())


def _write_fact(book: Book, cover: Cover, at: int, fact: Fact) -> None:
    tab, is_amount = book.tabs[COVER], isinstance(fact.said, float)
    own = {"num_format": IN_A_SENTENCE, "align": "left"} if is_amount else {"text_wrap": True}
    looks = book.format(**cover.looks, **own, **fact.looks)
    tab.write_string(at, 0, fact.name, book.format(bold=True, **cover.looks))
    if fact.worked is None:
        tab.write_string(at, 1, fact.said, looks)
    else:
        worked = to_the_penny(fact.worked) if is_amount else fact.worked
        book.work(tab, (at, 1), worked, looks, fact.said)
    if fact.cell:
        book.name(fact.cell, COVER, (at, 1))
    width, beside = cover.room
    heights = [LINE * lines_in(line, width) for line in str(fact.said).split("\n")]
    tab.set_row(at, sum(heights) + beside)
