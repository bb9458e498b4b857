"""The pages that prove the workbook: the register of figures, and the checks."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model.core.expressions import NIL, Column, Expression, Most, formula
from bcf_model.core.figures import MEASURES, Figure, Selection
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import records
from bcf_model.publish.derivations import MOST_LINES
from bcf_model.publish.excel_book import (
    DARK,
    LINE,
    LONGEST_FORMULA,
    NAVIGATION,
    SHOWN,
    Book,
    lines_in,
    quoted,
    wrapped,
)
from bcf_model.publish.page import IN_FORCE, Heading
from bcf_model.publish.year_end_pages import VARIANCE_COLUMNS

_OF_LINES: Final = (
    "Line", "Rate", "Budget £", "Expenditure £", "Differences", "Result", "Stands at"
)  # fmt: skip
"""Columns of the register of lines: a budget stands in C, an expenditure in D, a rate in B."""


def _size(difference: Expression) -> Expression:
    return Most(difference, NIL - difference)


_APART: Final = (
    _size(Column("budget") - Column("C"))
    + _size(Column("expenditure") - Column("D"))
    + _size(Column("variance") - (Column("D") - Column("C")))
)
_RATE_APART: Final = _size(Column("variance_percent") - Column("B"))
_IN_ONE_SUM = 200
_BLANK = "not given"
_MOST_LINKS = 60_000  # Excel takes 65,530 on a page
_PARTS_FROM = 6  # the first column to the right of the checks


def register(book: Book) -> None:
    """Write the register: each figure of the workbook beside the engine's own value."""
    tab = book.tabs["Figures"]
    headings = (
        Heading("Figure", width=46),
        Heading("Unit", width=8),
        Heading("In the workbook", "exact", 18),
        Heading("Computed", "exact", 18),
        Heading("Difference", "exact", 14),
        Heading("Result", width=11),
        Heading("First stands at", width=26),
        Heading("In words", width=90),
    )
    of_checks = [
        figure
        for check in book.results.checks
        for figure in (*check.expected_figures, *check.found_figures)
    ]
    everything = dict.fromkeys([*book.place, *of_checks])
    by_line = _by_line(book.results.figures, everything)
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
        here = f"'Figures'!{xl_rowcol_to_cell(at, 2, True, True)}"
        elsewhere = book.place.get(figure)
        printed = f"N({elsewhere})" if elsewhere else book.formula(figure)
        book.place.setdefault(figure, here)
        is_money = MEASURES[figure.measure].unit == "money"
        number = book.format(num_format=SHOWN["pounds"] if is_money else "0.000000", align="right")
        text, value = book.format(), book.value(figure) or 0
        beside = book.format(align="left", indent=1)
        tab.write_string(at, 0, str(figure), text)
        tab.write_string(at, 1, "£" if is_money else "rate", text)
        words = figure.words
        if lost := book.results.figures.lacks(figure):
            words = f"Not given: {lost}. {words[0].upper()}{words[1:]}"
            _not_given(tab, at, elsewhere or "", number, beside)
        elif len(printed) <= LONGEST_FORMULA:
            tab.write_formula(at, 2, "=" + printed, number, value)
        else:  # a selection of hundreds of codes: Excel would refuse the file
            tab.write_number(at, 2, float(value), number)
        if not lost:
            tab.write_number(at, 3, float(value), number)
            difference = _rounded(Column("C") - Column("D"), _cells(at))
            tab.write_formula(at, 4, difference, number, 0)
        tab.write_formula(at, 5, _verdict(f"E{at + 1}", "0.0000015", "agrees"), beside, "agrees")
        if elsewhere and at < _MOST_LINKS:
            link = f"internal:{elsewhere}"
            tab.write_url(
                at,
                6,
                link,
                book.format(font_color="#0563C1", underline=1),
                elsewhere.replace("$", ""),
            )
        tab.write_string(at, 7, words, book.format(text_wrap=True, align="left", indent=1))
        if lines_in(words, headings[7].width) > 1:
            tab.set_row(at, LINE * lines_in(words, headings[7].width))
    last = top + len(everything)
    tab.autofilter(top, 0, last, len(headings) - 1)
    if by_line:
        last = _lines(book, tab, last + 2, by_line)
    book.file.define_name("figure_result", f"='Figures'!$F${top + 2}:$F${last + 1}")
    book.figures = len(everything) + len(by_line)


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
    looks = book.format(bold=True, font_color="#FFFFFF", bg_color=DARK)
    tab.write_row(top, 0, _OF_LINES, looks)
    text, beside = book.format(), book.format(align="left", indent=1)
    amount = book.format(num_format=SHOWN["pounds"], align="right")
    rate = book.format(num_format="0.0000", align="right")
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
        tab.write_formula(at, 4, _rounded(apart, place | _cells(at)), amount, 0)
        tab.write_formula(at, 5, _verdict(f"E{at + 1}", "0.0000015", "agrees"), beside, "agrees")
        tab.write_string(at, 6, place["budget"].replace("$", ""), text)
    return top + len(by_line)


def _cells(at: int) -> dict[str, str]:
    """Return the cells of a row, counted from 0, by the letters of their columns."""
    return {letter: f"{letter}{at + 1}" for letter in "BCD"}


def _rounded(difference: Expression, place: Mapping[str, str]) -> str:
    """Print a difference of the cells that are named: more than the binary noise of an amount."""
    return f"=ROUND({formula(difference, lambda cell: place[cell.name])},6)"


def _not_given(tab: Worksheet, at: int, place: str, number: Any, text: Any) -> None:
    """Write a figure that is blank; once what it needs is stated, it is no longer as issued."""
    tab.write_formula(at, 2, f"=IF(ISNUMBER({place}),{place},{quoted(_BLANK)})", number, _BLANK)
    tab.write_string(at, 3, _BLANK, text)
    tab.write_formula(at, 4, f"=IF(ISNUMBER(C{at + 1}),{quoted('now given')},0)", number, 0)


def checks(book: Book) -> None:
    """Write the identities that must hold, live where a side is figures, and the master check."""
    tab = book.tabs["Checks"]
    headings = (
        Heading("Check", width=74),
        Heading("Expected", "exact", 18),
        Heading("Found", "exact", 18),
        Heading("Difference", "exact", 14),
        Heading("Result", width=18),
    )
    near = book.results.near_half
    about = wrapped(
        "Identities that must hold to the penny. All were checked when the report was made, and "
        "nothing is written when one fails; a side that is made of figures is added up again here.",
        "Shares within 0.001p of a half penny, where a spreadsheet may round otherwise: "
        f"{len(near)}." + "".join(f" {row.pot}, {row.bearer}." for row in records(near)),
    )
    book.head(tab, "Checks", about)
    top = NAVIGATION + 2 + len(about)
    book.headings(tab, top, headings)
    number = book.format(num_format=SHOWN["pounds"], align="right")
    text = book.format()
    at = top + 1
    for check in book.results.checks:
        tab.write_string(at, 0, check.name, text)
        for column, pence, figures in (
            (1, check.expected, check.expected_figures),
            (2, check.found, check.found_figures),
        ):
            if figures:
                printed = f"=ROUND({_sum(book, tab, at, figures)},2)"
                tab.write_formula(at, column, printed, number, pence / 100)
            else:
                tab.write_number(at, column, pence / 100, number)
        _compare(book, tab, at, number)
        at += 1
    for name, first, second, pence in _of_columns(book, tab, at):
        tab.write_string(at, 0, name, text)
        tab.write_formula(at, 1, f"=ROUND({first},2)", number, pence / 100)
        tab.write_formula(at, 2, f"=ROUND({second},2)", number, pence / 100)
        _compare(book, tab, at, number)
        at += 1
    count = book.format(num_format="0", align="right")
    tab.write_string(at, 0, "Rules in Workings whose direction no longer applies", text)
    tab.write_number(at, 1, 0, count)
    rows = len(book.results.figures.tables["shares"])
    if rows:
        tab.write_formula(at, 2, f'={rows}-COUNTIFS(share_in_force,"{IN_FORCE}")', count, 0)
    else:  # nothing is shared, and no column of the page has a name
        tab.write_number(at, 2, 0, count)
    _compare(book, tab, at, number)
    at += 1
    said = "Figures that differ from those computed when the report was made"
    tab.write_string(at, 0, said, text)
    tab.write_number(at, 1, 0, count)
    # What agrees is counted, not what differs: an error is then no agreement.
    tab.write_formula(at, 2, f'={book.figures}-COUNTIFS(figure_result,"agrees")', count, 0)
    _compare(book, tab, at, number)
    book.file.define_name("check_result", f"='Checks'!$E${top + 2}:$E${at + 1}")
    master = at + 2
    tab.write_string(master, 0, "Checks that fail", book.format(bold=True, top=1, bottom=6))
    failed = f'={at - top}-COUNTIFS(check_result,"holds")'
    tab.write_formula(
        master,
        1,
        failed,
        book.format(bold=True, top=1, bottom=6, num_format="0", align="right"),
        0,
    )
    book.file.define_name("checks_failed", f"='Checks'!$B${master + 1}")
    tab.conditional_format(
        top + 1, 4, at, 4,
        {"type": "cell", "criteria": "==", "value": '"FAILS"',
         "format": book.format(bold=True, bg_color="#F8D7DA", font_color="#842029")},
    )  # fmt: skip


def _compare(book: Book, tab: Worksheet, at: int, number: Any) -> None:
    tab.write_formula(at, 3, f"=ROUND(C{at + 1}-B{at + 1},2)", number, 0)
    tab.write_formula(
        at,
        4,
        _verdict(f"D{at + 1}", "0.005", "holds"),
        book.format(align="left", indent=1),
        "holds",
    )


def _verdict(difference: str, limit: str, good: str) -> str:
    """Return of a difference whether it is within a limit; an error is not."""
    return f'=IF(ISNUMBER({difference}),IF(ABS({difference})<{limit},"{good}","FAILS"),"FAILS")'


def _of_columns(book: Book, tab: Worksheet, at: int) -> Iterator[tuple[str, str, str, int]]:
    """Return what two columns must both come to: what it is, each side as a formula, and pence.

    A line typed below the last would be in no figure; the parts of the year do not follow a line
    that is changed. The first stands in the row `at`, and each of the others below it.
    """
    tables = book.results.figures.tables
    for column in ("budget", "expenditure"):
        name = f"{column.capitalize()} in the lines = in the whole column of Inputs"
        whole = f"SUM({book.whole_column[column]})"
        yield name, f"SUM(line_{column})", whole, int(tables["lines"][column].sum())
        at += 1
    for column in ("budget", "expenditure") if len(tables["parts"]) else ():
        name = f"{column.capitalize()} of the parts = of their lines"
        codes = dict.fromkeys(tables["parts"]["scheme_id"])
        lines = tuple(Figure.parse(f"{column}/scheme={code}") for code in codes)
        whole = _sum(book, tab, at, lines)
        yield name, f"SUM(part_{column})", whole, int(tables["parts"][column].sum())
        at += 1


def _sum(book: Book, tab: Worksheet, at: int, figures: tuple[Figure, ...]) -> str:
    """Add up cells; where they are many, in parts to the right: formulas have a longest length."""
    cells = [book.place[figure] for figure in figures]
    if len(cells) <= _IN_ONE_SUM:
        return f"SUM({','.join(cells)})"
    number = book.format(num_format=SHOWN["pounds"], font_color="#888888")
    last = _PARTS_FROM
    for last, start in enumerate(range(0, len(cells), _IN_ONE_SUM), start=_PARTS_FROM):
        part = slice(start, start + _IN_ONE_SUM)
        value = sum(book.results.figures.pence(figure) for figure in figures[part]) / 100
        tab.write_formula(at, last, f"=ROUND(SUM({','.join(cells[part])}),2)", number, value)
    return f"SUM({xl_rowcol_to_cell(at, _PARTS_FROM)}:{xl_rowcol_to_cell(at, last)})"
