"""The pages that prove the workbook: the register of figures, and the checks."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model.core.expressions import (
    NIL,
    AddedUp,
    Column,
    Counted,
    Expression,
    If,
    Known,
    Named,
    NumberIn,
    Rounded,
    Total,
    Whole,
    formula,
    of_row,
    size_of,
)
from bcf_model.core.figures import MEASURES, Figure, Selection
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import records
from bcf_model.core.words import POOLINGS
from bcf_model.publish.derivations import MOST_LINES
from bcf_model.publish.excel_book import (
    LINE,
    NAVIGATION,
    Book,
    lines_in,
    wrapped,
)
from bcf_model.publish.excel_checks import Check, verdict, write_checks
from bcf_model.publish.excel_formulas import LONGEST_FORMULA
from bcf_model.publish.house_style import DARK, LINK, REGISTERED, REGISTERED_LINE, SHOWN, WHITE
from bcf_model.publish.page import IN_FORCE, heads
from bcf_model.publish.year_end_pages import VARIANCE_COLUMNS
from bcf_model.year.results import Results

_OF_LINES: Final = (
    "Line", "Rate", "Budget £", "Expenditure £", "Differences", "Result", "Stands at"
)  # fmt: skip
"""Columns of the register of lines: a budget stands in C, an expenditure in D, a rate in B."""
_APART: Final = (
    size_of(Column("budget") - Column("C"))
    + size_of(Column("expenditure") - Column("D"))
    + size_of(Column("variance") - (Column("D") - Column("C")))
)
_RATE_APART: Final = size_of(Column("variance_percent") - Column("B"))
_FINE: Final = 6
"""Decimals of a difference: more than the binary noise of an amount."""
_BLANK = "not given"
_MOST_LINKS = 60_000  # Excel takes 65,530 on a page
_WIDTHS = (74, 18, 18, 14)


def register(book: Book, results: Results) -> int:
    """Write the register: each figure of the workbook beside the engine's own value.

    Returns:
        How many figures it has.
    """
    tab = book.tabs["Figures"]
    headings = (
        *heads(figure=46, unit=8),
        *heads("exact", in_the_workbook=18, computed=18, difference=14),
        *heads(result=11, first_stands_at=26, in_words=90),
    )
    of_checks = [
        figure
        for check in results.checks
        for figure in (*check.expected_figures, *check.found_figures)
    ]
    everything = dict.fromkeys([*book.place, *of_checks])
    by_line = _by_line(book.figures, everything)
    everything = {it: None for it in everything if it not in by_line.get(it.selection, ())}
    about = wrapped(
        "Every figure of this workbook: what its formula gives now, and what the engine computed "
        "when the report was made. Amounts in pounds; rates as fractions.",
        *(
            [
                f"Below them {len(by_line):,} lines, each with what was computed of it, and by how "
                "much its budget, expenditure, variance and rate differ from that, together."
            ]
            if by_line
            else ()
        ),
    )
    book.head(tab, "Register of figures", about)
    top = NAVIGATION + 2 + len(about)
    book.headings(tab, top, headings)
    for at, figure in enumerate(everything, start=top + 1):
        _listed(book, tab, at, figure, headings[7].width)
    last = top + len(everything)
    tab.autofilter(top, 0, last, len(headings) - 1)
    if by_line:
        last = _lines(book, tab, last + 2, by_line)
    book.name("figure_result", "Figures", (top + 1, 5), (last, 5))
    return len(everything) + len(by_line)


def _listed(book: Book, tab: Worksheet, at: int, figure: Figure, width: int) -> None:
    """Write the row of a figure: what its formula gives, what was computed, and whether they agree.

    Args:
        book: as it is written.
        tab: the register.
        at: the row.
        figure: to be written.
        width: of the column of its words.
    """
    here = f"'Figures'!{xl_rowcol_to_cell(at, 2, True, True)}"
    elsewhere = book.place.get(figure)
    worked = NumberIn(Named(elsewhere)) if elsewhere else figure
    printed = formula(worked, book.printed)
    book.place.setdefault(figure, here)
    unit = MEASURES[figure.measure].unit
    is_money = unit == "money"
    number = book.format(num_format=SHOWN["pounds"] if is_money else REGISTERED, align="right")
    text, value = book.format(), book.value(figure) or 0
    beside = book.format(align="left", indent=1)
    tab.write_string(at, 0, str(figure), text)
    tab.write_string(at, 1, "£" if is_money else unit, text)
    words = figure.words
    if lost := book.figures.lacks(figure):
        words = f"Not given: {lost}. {words[0].upper()}{words[1:]}"
        _not_given(book, at, Named(elsewhere or ""), number, beside)
    elif len(printed) <= LONGEST_FORMULA:
        tab.write_formula(at, 2, printed, number, value)
    else:  # a selection of hundreds of codes: Excel would refuse the file
        tab.write_number(at, 2, float(value), number)
    if not lost:
        tab.write_number(at, 3, float(value), number)
        apart = Rounded(Named(f"C{at + 1}") - Named(f"D{at + 1}"), _FINE)
        book.work(tab, (at, 4), apart, number, 0)
    book.work(tab, (at, 5), _agrees(at), beside, "agrees")
    if elsewhere and at < _MOST_LINKS:
        link = f"internal:{elsewhere}"
        tab.write_url(
            at,
            6,
            link,
            book.format(font_color=LINK, underline=1),
            elsewhere.replace("$", ""),
        )
    tab.write_string(at, 7, words, book.format(text_wrap=True, align="left", indent=1))
    if lines_in(words, width) > 1:
        tab.set_row(at, LINE * lines_in(words, width))


def _by_line(
    figures: Ledger, everything: Collection[Figure]
) -> dict[Selection, tuple[Figure, ...]]:
    """Return the figures of each line that has one row of the register: where lines are very many.

    What lacks something has rows of its own, which say what.
    """
    if len(figures.tables["lines"]) <= MOST_LINES:
        return {}
    selections = dict.fromkeys(it.selection for it in everything if "scheme" in dict(it.selection))
    of_lines = {it: tuple(Figure(name, it) for name in VARIANCE_COLUMNS) for it in selections}
    return {
        selection: own
        for selection, own in of_lines.items()
        if all(it in everything for it in own) and len(figures.rows(own[0])) == 1
        if not any(map(figures.lacks, own))
    }


def _lines(
    book: Book, tab: Worksheet, top: int, by_line: Mapping[Selection, tuple[Figure, ...]]
) -> int:
    """Write what was computed of each line, and how far the cells of its page are from that.

    Returns:
        The last row, counted from 0.
    """
    looks = book.format(bold=True, font_color=WHITE, bg_color=DARK)
    tab.write_row(top, 0, _OF_LINES, looks)
    text, beside = book.format(), book.format(align="left", indent=1)
    amount = book.format(num_format=SHOWN["pounds"], align="right")
    rate = book.format(num_format=REGISTERED_LINE, align="right")
    for at, (selection, own) in enumerate(by_line.items(), start=top + 1):
        place = {figure.measure: book.place[figure] for figure in own}
        computed = {figure.measure: book.value(figure) for figure in own}
        percent = computed["variance_percent"]
        apart = _APART
        tab.write_string(at, 0, "/".join(f"{key}={code}" for key, (code,) in selection), text)
        if isinstance(percent, float):  # it is not blank
            tab.write_number(at, 1, percent, rate)
            apart += _RATE_APART
        tab.write_number(at, 2, computed["budget"], amount)
        tab.write_number(at, 3, computed["expenditure"], amount)
        cells = place | {letter: f"{letter}{at + 1}" for letter in "BCD"}
        printed = formula(Rounded(apart, _FINE), of_row(cells))
        tab.write_formula(at, 4, printed, amount, 0)
        book.work(tab, (at, 5), _agrees(at), beside, "agrees")
        tab.write_string(at, 6, place["budget"].replace("$", ""), text)
    return top + len(by_line)


def _agrees(at: int) -> If:
    """Choose what is said of a row, counted from 0: whether it is what was computed."""
    return verdict(Named(f"E{at + 1}"), "0.0000015", "agrees")


def _not_given(book: Book, at: int, cell: Named, number: Any, text: Any) -> None:
    """Write a figure that is blank; once what it needs is stated, it is no longer as issued."""
    tab, here = book.tabs["Figures"], Named(f"C{at + 1}")
    book.work(tab, (at, 2), If(Known(cell), cell, _BLANK), number, _BLANK)
    tab.write_string(at, 3, _BLANK, text)
    book.work(tab, (at, 4), If(Known(here), "now given", NIL), number, 0)


def checks(book: Book, results: Results, registered: int) -> None:
    """Write the identities that must hold, live where a side is figures, and the master check."""
    near = results.near_half
    about = (
        "Identities that must hold to the penny. All were checked when the report was made, and "
        "nothing is written when one fails; a side that is made of figures is added up again here.",
        "Shares within 0.001p of a half penny, where a spreadsheet may round otherwise: "
        f"{len(near)}." + "".join(f" {row.pot}, {row.bearer}." for row in records(near)),
    )
    rows = len(book.figures.tables["shares"])  # with none, no column of theirs has a name
    in_force = Counted(book.called("shares", "in_force"), IN_FORCE)
    # What agrees is counted, not what differs: an error is then no agreement.
    agrees = Counted("figure_result", "agrees")
    write_checks(book, about, _WIDTHS, [
        *(Check(it.name, _side(it.expected_figures), _side(it.found_figures), it.expected)
          for it in results.checks),
        *_of_columns(book),
        Check("Rules in Workings whose direction no longer applies",
              None, Whole(rows) - in_force if rows else None, 0, is_count=True),
        Check("Figures that differ from those computed when the report was made",
              None, Whole(registered) - agrees, 0, is_count=True),
    ])  # fmt: skip


def _side(figures: tuple[Figure, ...]) -> Expression | None:
    return AddedUp(figures) if figures else None


def _of_columns(book: Book) -> Iterator[Check]:
    """Return what two columns must both come to.

    A line typed below the last would be in no figure; the parts of the year do not follow a line
    that is changed.
    """
    figures = book.figures
    codes = dict.fromkeys(figures.tables["parts"]["scheme_id"])
    for column in ("budget", "expenditure"):
        name = f"{column.capitalize()} in the lines = in the whole column of Inputs"
        whole = AddedUp((Named(book.whole_column[column]),))
        pence = figures.so_far(Figure.of(column, pooling="+".join(POOLINGS)))
        yield Check(name, Total(column, table="lines"), whole, int(pence or 0))
    for column in ("budget", "expenditure") if codes else ():
        name = f"{column.capitalize()} of the parts = of their lines"
        lines = tuple(Figure.parse(f"{column}/scheme={code}") for code in codes)
        pence = figures.so_far(Figure.of(column, scheme="+".join(codes)))
        yield Check(name, Total(column, table="parts"), AddedUp(lines), int(pence or 0))
