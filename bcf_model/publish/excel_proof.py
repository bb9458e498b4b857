"""The pages that prove the workbook: the register of figures, and the checks."""

from collections.abc import Iterator
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model.core.expressions import (
    AddedUp,
    Counted,
    Expression,
    Named,
    Total,
    Whole,
    formula,
)
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.tables import records
from bcf_model.publish.excel_book import (
    LINE,
    LONGEST_FORMULA,
    NAVIGATION,
    SHOWN,
    Book,
    lines_in,
    quoted,
    wrapped,
)
from bcf_model.publish.excel_checks import Check, verdict, write_checks
from bcf_model.publish.page import IN_FORCE, Heading

_BLANK = "not given"
_MOST_LINKS = 60_000  # Excel takes 65,530 on a page
_WIDTHS = (74, 18, 18, 14)


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
    about = wrapped(
        "Every figure of this workbook: what its formula gives now, and what the engine computed "
        "when the report was made. Amounts in pounds; rates as fractions."
    )
    book.head(tab, "Register of figures", about)
    top = NAVIGATION + 2 + len(about)
    book.headings(tab, top, headings)
    of_checks = [
        figure
        for check in book.results.checks
        for figure in (*check.expected_figures, *check.found_figures)
    ]
    everything = list(dict.fromkeys([*book.place, *of_checks]))
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
            tab.write_formula(at, 4, f"=ROUND(C{at + 1}-D{at + 1},6)", number, 0)
        tab.write_formula(
            at,
            5,
            formula(verdict(Named(f"E{at + 1}"), "0.0000015", "agrees"), book.printed),
            beside,
            "agrees",
        )
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
    book.name("figure_result", "Figures", (top + 1, 5), (last, 5))
    book.figures = len(everything)
    tab.autofilter(top, 0, last, len(headings) - 1)


def _not_given(tab: Worksheet, at: int, place: str, number: Any, text: Any) -> None:
    """Write a figure that is blank; once what it needs is stated, it is no longer as issued."""
    tab.write_formula(at, 2, f"=IF(ISNUMBER({place}),{place},{quoted(_BLANK)})", number, _BLANK)
    tab.write_string(at, 3, _BLANK, text)
    tab.write_formula(at, 4, f"=IF(ISNUMBER(C{at + 1}),{quoted('now given')},0)", number, 0)


def checks(book: Book) -> None:
    """Write the identities that must hold, live where a side is figures, and the master check."""
    near = book.results.near_half
    about = (
        "Identities that must hold to the penny. All were checked when the report was made, and "
        "nothing is written when one fails; a side that is made of figures is added up again here.",
        "Shares within 0.001p of a half penny, where a spreadsheet may round otherwise: "
        f"{len(near)}." + "".join(f" {row.pot}, {row.bearer}." for row in records(near)),
    )
    rows = len(book.results.figures.tables["shares"])  # with none, no column of theirs has a name
    in_force = Counted(book.called("shares", "in_force"), IN_FORCE)
    # What agrees is counted, not what differs: an error is then no agreement.
    agrees = Counted("figure_result", "agrees")
    write_checks(book, about, _WIDTHS, [
        *(Check(it.name, _side(it.expected_figures), _side(it.found_figures), it.expected)
          for it in book.results.checks),
        *_of_columns(book),
        Check("Rules in Workings whose direction no longer applies",
              None, Whole(rows) - in_force if rows else None, 0, is_count=True),
        Check("Figures that differ from those computed when the report was made",
              None, Whole(book.figures) - agrees, 0, is_count=True),
    ])  # fmt: skip


def _side(figures: tuple[Figure, ...]) -> Expression | None:
    return AddedUp(figures) if figures else None


def _of_columns(book: Book) -> Iterator[Check]:
    """Return what two columns must both come to.

    A line typed below the last would be in no figure; the parts of the year do not follow a line
    that is changed.
    """
    tables = book.results.figures.tables
    for column in ("budget", "expenditure"):
        name = f"{column.capitalize()} in the lines = in the whole column of Inputs"
        whole = AddedUp((Named(book.whole_column[column]),))
        pence = int(tables["lines"][column].sum())
        yield Check(name, Total(column, table="lines"), whole, pence)
    for column in ("budget", "expenditure") if len(tables["parts"]) else ():
        name = f"{column.capitalize()} of the parts = of their lines"
        codes = dict.fromkeys(tables["parts"]["scheme_id"])
        lines = tuple(Figure.parse(f"{column}/scheme={code}") for code in codes)
        pence = int(tables["parts"][column].sum())
        yield Check(name, Total(column, table="parts"), AddedUp(lines), pence)
