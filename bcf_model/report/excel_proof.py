"""The pages that prove the workbook: the register of figures, and the checks."""

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model.figures import MEASURES, Figure
from bcf_model.report.excel_book import LINE, NAVIGATION, SHOWN, Book, beyond, lines_in, wrapped
from bcf_model.report.sheets import Heading
from bcf_model.tables import records


def register(book: Book) -> None:
    """Write the register: each figure of the workbook beside the engine's own value."""
    tab = book.tabs["Figures"]
    headings = (
        Heading("Figure", width=46),
        Heading("Unit", width=8),
        Heading("In the workbook", "exact", 18),
        Heading("Computed", "exact", 18),
        Heading("Difference", "exact", 14),
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
        tab.write_string(at, 0, str(figure), text)
        tab.write_string(at, 1, "£" if is_money else "rate", text)
        tab.write_formula(at, 2, "=" + printed, number, value)
        tab.write_number(at, 3, float(value), number)
        tab.write_formula(at, 4, f"=ROUND(C{at + 1}-D{at + 1},6)", number, 0)
        if elsewhere:
            link = f"internal:{elsewhere}"
            tab.write_url(
                at,
                5,
                link,
                book.format(font_color="#0563C1", underline=1),
                elsewhere.replace("$", ""),
            )
        tab.write_string(at, 6, figure.words, book.format(text_wrap=True, align="left", indent=1))
        if lines_in(figure.words, headings[6].width) > 1:
            tab.set_row(at, LINE * lines_in(figure.words, headings[6].width))
    last = top + len(everything)
    book.file.define_name("figure_difference", f"='Figures'!$E${top + 2}:$E${last + 1}")
    tab.autofilter(top, 0, last, len(headings) - 1)


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
                printed = f"=ROUND({_sum(book, figures)},2)"
                tab.write_formula(at, column, printed, number, pence / 100)
            else:
                tab.write_number(at, column, pence / 100, number)
        _verdict(book, tab, at, number)
        at += 1
    tab.write_string(
        at, 0, "Figures that differ from those computed when the report was made", text
    )
    tab.write_number(at, 1, 0, book.format(num_format="0", align="right"))
    differing = beyond("figure_difference", "0.0000015")
    tab.write_formula(at, 2, differing, book.format(num_format="0", align="right"), 0)
    _verdict(book, tab, at, number)
    book.file.define_name("check_difference", f"='Checks'!$D${top + 2}:$D${at + 1}")
    master = at + 2
    tab.write_string(master, 0, "Checks that fail", book.format(bold=True, top=1, bottom=6))
    failed = beyond("check_difference", "0.005")
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


def _verdict(book: Book, tab: Worksheet, at: int, number: Any) -> None:
    tab.write_formula(at, 3, f"=ROUND(C{at + 1}-B{at + 1},2)", number, 0)
    tab.write_formula(at, 4, f'=IF(ABS(D{at + 1})<0.005,"holds","FAILS")', book.format(), "holds")


def _sum(book: Book, figures: tuple[Figure, ...]) -> str:
    """Add up cells; SUM takes 255 arguments, so long sums are sums of sums."""
    cells = [book.place[figure] for figure in figures]
    parts = [cells[i : i + 200] for i in range(0, len(cells), 200)]
    return "+".join(f"SUM({','.join(part)})" for part in parts)
