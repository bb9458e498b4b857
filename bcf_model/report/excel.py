"""The workbook: the report's pages with live formulas, each written with its computed value.

A figure becomes SUMIFS over the Inputs (or Workings) page, whose columns have names: budget of the
lines is `line_budget`, and so on. Amounts are in pounds, shown in the pool's unit by number format.
Text cells never become formulas or links.
"""

from collections.abc import Iterable
from datetime import datetime, time
from io import BytesIO
from itertools import product
from textwrap import wrap
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.expressions import Column, Leaf, Total, formula
from bcf_model.figures import IN_ROW, MEASURES, Figure, blank_reason
from bcf_model.money import label
from bcf_model.report.sheets import (
    BlankBecause,
    Cell,
    Heading,
    InRow,
    Money,
    Number,
    Row,
    Sheet,
)
from bcf_model.results import Results
from bcf_model.years import spoken

_PREFIX: Final = {"lines": "line_", "shares": "share_"}
_SHOWN: Final = {
    "pounds": '#,##0.00_);(#,##0.00);"-"_)',
    "thousands": '#,##0,_);(#,##0,);"-"_)',
    "millions": '#,##0.000,,_);(#,##0.000,,);"-"_)',
}
_RATE: Final = "0.0%_);(0.0%);0.0%_)"
_WHOLE: Final = '#,##0_);(#,##0);"-"_)'
_DECIMALS: Final = "#,##0.00_);(#,##0.00);0.00_)"
_DARK, _PALE, _PALER, _INPUT = "#1F3A5F", "#DCE6F1", "#F2F5F9", "#FFF9DB"
_ABOUT_WIDTH: Final = 118
_LINE: Final = 13.5  # points
_WRAPPED_FROM: Final = 16  # characters
_NAVIGATION: Final = 1  # the row under the title


def workbook(results: Results, pages: tuple[Sheet, ...]) -> bytes:
    """Write the whole workbook.

    Returns:
        The bytes of an .xlsx file; the same results give the same bytes.
    """
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    _Writer(book, results, pages).write()
    book.close()
    return stream.getvalue()


class _EmptyText(str):
    """The text "" as a formula's stored result.

    xlsxwriter takes a plain "" to mean "not calculated" and leaves its type out, so that other
    programs read a number there; what is not equal to "" is written as the text it is.
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False


_EMPTY: Final = _EmptyText("")


class _Writer:
    """Holds what the pages share while they are written: formats, names, where figures stand."""

    def __init__(
        self, book: xlsxwriter.Workbook, results: Results, pages: tuple[Sheet, ...]
    ) -> None:
        self.book = book
        self.results = results
        self.pages = pages
        self.unit = results.inputs.settings.unit
        self.place: dict[Figure, str] = {}
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.tabs: dict[str, Worksheet] = {}
        self.first: Heading | None = None  # the leading column of the page being written

    def write(self) -> None:
        settings = self.results.inputs.settings
        self.book.set_properties(
            {
                "title": f"{settings.title}, {spoken(settings.financial_year)}",
                "subject": settings.board,
                "comments": f"Made with bcf_model {__version__}",
                # The date of the position, not of the run: the same inputs give the same bytes.
                "created": datetime.combine(settings.as_at, time()),
            }
        )
        checks = ("Checks", "Figures")
        names = [page.name for page in self.pages]
        at = names.index("Findings")
        for name in ("Cover", *names[:at], *checks, *names[at:]):
            self.tabs[name] = self.book.add_worksheet(name)
        for page in self.pages:
            self._name_columns(page)
        for page in self.pages:
            self._page(page)
        self._summary_chart()
        self._figures()
        self._checks()
        self._cover()
        self.tabs["Cover"].activate()

    # -------------------------------------------------------------- formats

    def format(self, **properties: Any) -> Any:
        """Give a format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(
                {"font_name": "Arial", "font_size": 10, "valign": "top", **properties}
            )
        return self.formats[key]

    def _cell_format(self, heading: Heading, style: str, cell: Cell) -> Any:
        looks: dict[str, Any] = {}
        if heading.form == "text":
            looks["num_format"] = "@"
            if heading is not self.first:
                looks["indent"] = 1  # clear of the number on its left
            if _wraps(heading, style):
                looks["text_wrap"] = True
        else:
            looks["align"] = "right"
            looks["num_format"] = self._number_format(heading, cell)
        if style == "group":
            looks |= {"bold": True, "bg_color": _PALE, "font_color": _DARK}
        elif style == "heading":
            looks |= {"bold": True, "italic": True}
        elif style == "subtotal":
            looks |= {"bold": True, "top": 1, "bg_color": _PALER}
        elif style == "total":
            looks |= {"bold": True, "top": 1, "bottom": 6, "bg_color": _PALE}
        if (
            isinstance(cell, InRow)
            and cell.table == "lines"
            and cell.column in {"budget", "expenditure"}
        ):
            looks["bg_color"] = _INPUT
        return self.format(**looks)

    def _number_format(self, heading: Heading, cell: Cell) -> str:
        if heading.form == "money":
            return _SHOWN[self.unit]
        if heading.form == "exact":
            return _SHOWN["pounds"]
        if heading.form == "rate":
            return _RATE
        whole = not isinstance(cell, Number) or float(cell.value).is_integer()
        return _WHOLE if whole else _DECIMALS

    # -------------------------------------------------------------- a page

    def _top(self, page: Sheet) -> int:
        """Give the row of the headings, counted from 0."""
        return _NAVIGATION + 2 + len(_about_lines(page))

    def _name_columns(self, page: Sheet) -> None:
        """Name each column of a page whose rows are those of a table."""
        first = page.rows[0].cells if page.rows else ()
        start = self._top(page) + 1
        for column, cell in enumerate(first):
            if isinstance(cell, InRow):
                top = xl_rowcol_to_cell(start, column, True, True)
                end = xl_rowcol_to_cell(start + len(page.rows) - 1, column, True, True)
                self.book.define_name(
                    f"{_PREFIX[cell.table]}{cell.column}", f"='{page.name}'!{top}:{end}"
                )

    def _page(self, page: Sheet) -> None:
        tab = self.tabs[page.name]
        self._head(tab, page.title, _about_lines(page))
        top = self._top(page)
        self._headings(tab, top, page.headings)
        self.first = page.headings[0]
        for i, row in enumerate(page.rows, start=top + 1):
            self._row(page, tab, i, row)
        if page.rows and all(row.style == "line" for row in page.rows):
            tab.autofilter(top, 0, top + len(page.rows), len(page.headings) - 1)

    def _head(self, tab: Worksheet, title: str, about: Iterable[str]) -> None:
        settings = self.results.inputs.settings
        tab.hide_gridlines(2)
        tab.set_landscape()
        tab.set_paper(9)
        tab.fit_to_pages(1, 0)
        tab.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        name = settings.title.replace("&", "&&")
        tab.set_footer(f"&L&8{name}, {spoken(settings.financial_year)}&R&8&A: page &P of &N")
        tab.set_row(0, 24)
        tab.write_string(0, 0, title, self.format(bold=True, font_size=15, font_color=_DARK))
        tab.write_url(
            _NAVIGATION, 0, "internal:Cover!A1",
            self.format(font_color="#0563C1", underline=1), "Back to contents",
        )  # fmt: skip
        for i, sentence in enumerate(about, start=_NAVIGATION + 1):
            tab.write_string(i, 0, sentence, self.format(font_color="#444444"))

    def _headings(self, tab: Worksheet, top: int, headings: tuple[Heading, ...]) -> None:
        tab.set_row(top, 2 * _LINE)
        for column, heading in enumerate(headings):
            tab.set_column(column, column, heading.width)
            looks = {"bold": True, "font_color": "#FFFFFF", "bg_color": _DARK, "text_wrap": True}
            if heading.form != "text":
                looks["align"] = "right"
            elif column:
                looks["indent"] = 1
            unit = {"money": f" {label(self.unit)}", "exact": " £"}.get(heading.form, "")
            tab.write_string(top, column, heading.text + unit, self.format(**looks))
        tab.freeze_panes(top + 1, 1)
        tab.repeat_rows(top)
        # The master check stands on every page, in the column that is sure to be there.
        status = '=IF(checks_failed=0,"All checks hold",checks_failed&" checks fail: see Checks")'
        bold = self.format(bold=True, align="right", font_color=_DARK)
        tab.write_formula(_NAVIGATION, len(headings) - 1, status, bold, "All checks hold")

    def _row(self, page: Sheet, tab: Worksheet, at: int, row: Row) -> None:
        lines = [
            _lines_in(self._text(cell), heading.width)
            for heading, cell in zip(page.headings, row.cells, strict=False)
            if _wraps(heading, row.style)
        ]
        if max(lines, default=1) > 1:
            tab.set_row(at, _LINE * max(lines))
        for column, heading in enumerate(page.headings):
            cell = row.cells[column] if column < len(row.cells) else None
            looks = self._cell_format(heading, row.style, cell)
            here = f"'{page.name}'!{xl_rowcol_to_cell(at, column, True, True)}"
            match cell:
                case None:
                    tab.write_blank(at, column, None, looks)
                case str():
                    tab.write_string(at, column, cell, looks)
                case Money(pence):
                    tab.write_number(at, column, pence / 100, looks)
                case Number(value):
                    tab.write_number(at, column, value, looks)
                case Figure():
                    self.place.setdefault(cell, here)
                    tab.write_formula(at, column, "=" + self.formula(cell), looks, self.value(cell))
                case BlankBecause(budget):
                    tab.write_formula(
                        at, column, "=" + self._reason(budget), looks,
                        blank_reason(self.results.figures.pence(budget)) or _EMPTY,
                    )  # fmt: skip
                case InRow():
                    self._in_row(page, tab, at, column, cell, looks)

    def _text(self, cell: Cell) -> str:
        if isinstance(cell, InRow):
            return str(self.results.figures.tables[cell.table][cell.column].iloc[cell.row])
        return cell if isinstance(cell, str) else ""

    def _in_row(
        self, page: Sheet, tab: Worksheet, at: int, column: int, cell: InRow, looks: Any
    ) -> None:
        value = self.results.figures.tables[cell.table][cell.column].iloc[cell.row]
        if isinstance(value, str):
            tab.write_string(at, column, value, looks)
            return
        number = int(value) / 100 if page.headings[column].form == "exact" else int(value)
        if (cell.table, cell.column) not in IN_ROW:
            tab.write_number(at, column, number, looks)
            return
        over, expression = IN_ROW[cell.table, cell.column]
        position = {c.column: i for i, c in enumerate(page.rows[0].cells) if isinstance(c, InRow)}

        def refer(leaf: Leaf) -> str:
            def own(name: str) -> str:
                return xl_rowcol_to_cell(at, position[name], col_abs=True)

            if isinstance(leaf, Column):
                return own(leaf.name)
            prefix = _PREFIX[over]
            said = f"{prefix}{leaf.name},{prefix}{leaf.sharing},{own(leaf.sharing)}"
            if leaf.up_to:
                said += f',{prefix}{leaf.up_to},"<="&{own(leaf.up_to)}'
            return f"SUMIFS({said})"

        printed = formula(expression, refer)
        if page.headings[column].form == "exact":
            printed = f"ROUND({printed},2)"
        tab.write_formula(at, column, "=" + printed, looks, number)

    # -------------------------------------------------------------- figures

    def value(self, figure: Figure) -> float | str:
        """Give a figure as the workbook shows it: pounds, a rate, or nothing."""
        value = self.results.figures.value(figure)
        if value is None:
            return _EMPTY
        return value / 100 if MEASURES[figure.measure].unit == "money" else value

    def formula(self, figure: Figure) -> str:
        """Print a figure as a formula over the pages that hold its table."""
        measure = MEASURES[figure.measure]
        prefix = _PREFIX[measure.table]
        criteria = self.results.figures.criteria(figure)

        def total(leaf: Leaf) -> str:
            assert isinstance(leaf, Total)  # a measure is made of totals
            sums = [
                f"SUMIFS({prefix}{leaf.name}"
                + "".join(
                    f",{prefix}{c[0]},{_quoted(v)}" for c, v in zip(criteria, values, strict=True)
                )
                + ")"
                for values in product(*(allowed for _, allowed in criteria))
            ]
            if not criteria:
                return f"SUM({prefix}{leaf.name})"
            return sums[0] if len(sums) == 1 else f"({'+'.join(sums) or 0})"

        assert measure.expression is not None  # only computable figures stand on a page
        printed = formula(measure.expression, total)
        return f"ROUND({printed},2)" if measure.unit == "money" else printed

    def _reason(self, budget: Figure) -> str:
        printed = self.formula(budget)
        nil, negative = blank_reason(0), blank_reason(-1)
        return f'IF({printed}>0,"",IF({printed}=0,{_quoted(nil)},{_quoted(negative)}))'

    def _figures(self) -> None:
        """Write the register: each figure of the workbook beside the engine's own value."""
        tab = self.tabs["Figures"]
        headings = (
            Heading("Figure", width=46),
            Heading("Unit", width=8),
            Heading("In the workbook", "exact", 18),
            Heading("Computed", "exact", 18),
            Heading("Difference", "exact", 14),
            Heading("First stands at", width=26),
            Heading("In words", width=90),
        )
        about = _wrapped(
            "Every figure of this workbook: what its formula gives now, and what the engine computed "
            "when the report was made. Amounts in pounds; rates as fractions."
        )
        self._head(tab, "Register of figures", about)
        top = _NAVIGATION + 2 + len(about)
        self._headings(tab, top, headings)
        of_checks = [
            figure
            for check in self.results.checks
            for figure in (*check.expected_figures, *check.found_figures)
        ]
        everything = list(dict.fromkeys([*self.place, *of_checks]))
        for at, figure in enumerate(everything, start=top + 1):
            here = f"'Figures'!{xl_rowcol_to_cell(at, 2, True, True)}"
            elsewhere = self.place.get(figure)
            printed = f"N({elsewhere})" if elsewhere else self.formula(figure)
            self.place.setdefault(figure, here)
            is_money = MEASURES[figure.measure].unit == "money"
            number = self.format(
                num_format=_SHOWN["pounds"] if is_money else "0.000000", align="right"
            )
            text, value = self.format(), self.value(figure) or 0
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
                    self.format(font_color="#0563C1", underline=1),
                    elsewhere.replace("$", ""),
                )
            tab.write_string(at, 6, figure.words, self.format(text_wrap=True, indent=1))
            if _lines_in(figure.words, headings[6].width) > 1:
                tab.set_row(at, _LINE * _lines_in(figure.words, headings[6].width))
        last = top + len(everything)
        self.book.define_name("figure_difference", f"='Figures'!$E${top + 2}:$E${last + 1}")
        tab.autofilter(top, 0, last, len(headings) - 1)

    # -------------------------------------------------------------- checks, cover

    def _checks(self) -> None:
        tab = self.tabs["Checks"]
        headings = (
            Heading("Check", width=74),
            Heading("Expected", "exact", 18),
            Heading("Found", "exact", 18),
            Heading("Difference", "exact", 14),
            Heading("Result", width=18),
        )
        near = self.results.near_half
        about = _wrapped(
            "Identities that must hold to the penny. All were checked when the report was made, and "
            "nothing is written when one fails; where both sides are formulas they are checked again here.",
            f"Shares within 0.001p of a half penny, where a spreadsheet may round otherwise: {len(near)}."
            + "".join(f" {row.pot}, {row.bearer}." for row in near.itertuples()),
        )
        self._head(tab, "Checks", about)
        top = _NAVIGATION + 2 + len(about)
        self._headings(tab, top, headings)
        number = self.format(num_format=_SHOWN["pounds"], align="right")
        text = self.format()
        at = top + 1
        for check in self.results.checks:
            tab.write_string(at, 0, check.name, text)
            for column, pence, figures in (
                (1, check.expected, check.expected_figures),
                (2, check.found, check.found_figures),
            ):
                if figures:
                    printed = f"=ROUND({self._sum(figures)},2)"
                    tab.write_formula(at, column, printed, number, pence / 100)
                else:
                    tab.write_number(at, column, pence / 100, number)
            self._verdict(tab, at, number)
            at += 1
        tab.write_string(
            at, 0, "Figures that differ from those computed when the report was made", text
        )
        tab.write_number(at, 1, 0, self.format(num_format="0", align="right"))
        differing = _beyond("figure_difference", "0.0000015")
        tab.write_formula(at, 2, differing, self.format(num_format="0", align="right"), 0)
        self._verdict(tab, at, number)
        self.book.define_name("check_difference", f"='Checks'!$D${top + 2}:$D${at + 1}")
        master = at + 2
        tab.write_string(master, 0, "Checks that fail", self.format(bold=True, top=1, bottom=6))
        failed = _beyond("check_difference", "0.005")
        tab.write_formula(
            master,
            1,
            failed,
            self.format(bold=True, top=1, bottom=6, num_format="0", align="right"),
            0,
        )
        self.book.define_name("checks_failed", f"='Checks'!$B${master + 1}")
        tab.conditional_format(
            top + 1, 4, at, 4,
            {"type": "cell", "criteria": "==", "value": '"FAILS"',
             "format": self.book.add_format({"bold": True, "bg_color": "#F8D7DA", "font_color": "#842029"})},
        )  # fmt: skip

    def _verdict(self, tab: Worksheet, at: int, number: Any) -> None:
        tab.write_formula(at, 3, f"=ROUND(C{at + 1}-B{at + 1},2)", number, 0)
        tab.write_formula(
            at, 4, f'=IF(ABS(D{at + 1})<0.005,"holds","FAILS")', self.format(), "holds"
        )

    def _sum(self, figures: tuple[Figure, ...]) -> str:
        """Add up cells; SUM takes 255 arguments, so long sums are sums of sums."""
        cells = [self.place[figure] for figure in figures]
        parts = [cells[i : i + 200] for i in range(0, len(cells), 200)]
        return "+".join(f"SUM({','.join(part)})" for part in parts)

    def _cover(self) -> None:
        tab, settings = self.tabs["Cover"], self.results.inputs.settings
        tab.hide_gridlines(2)
        tab.set_portrait()
        tab.set_paper(9)
        tab.fit_to_pages(1, 1)
        tab.set_column(0, 0, 24)
        tab.set_column(1, 1, 92)
        tab.set_row(0, 28)
        tab.set_row(1, 20)
        tab.write_string(
            0, 0, settings.title, self.format(bold=True, font_size=18, font_color=_DARK)
        )
        year = f"Year-end position {spoken(settings.financial_year)}"
        tab.write_string(1, 0, year, self.format(bold=True, font_size=13, font_color=_DARK))
        partners = zip(
            self.results.inputs.organisations["organisation"],
            self.results.inputs.organisations["name"],
            strict=True,
        )
        facts = (
            ("For", settings.board),
            ("Position as at", f"{settings.as_at.day} {settings.as_at:%B %Y}"),
            ("Status", settings.status or "Not stated"),
            ("Source", settings.source),
            ("Partners", "; ".join(f"{name} ({code})" for code, name in partners)),
            (
                "Units",
                f"Amounts are in pounds and shown in {label(self.unit)}. They are computed in whole "
                "pence; the Inputs, Workings, Checks and Figures pages show pounds and pence.",
            ),
            ("Signs", "Spending is positive. Variance = expenditure − budget: positive is an overspend, "
                      "(brackets) an underspend. Borne is positive where it costs the partner."),
            ("Rounding", "Half away from zero, to the penny, once for each share; figures shown in a larger "
                         "unit are rounded on the page only, so they may not appear to add up."),
            ("Percentages", "Of budget; blank, with the reason beside, where the budget is nil or negative."),
            ("Cell colours", "Pale yellow: an amount from the inputs. Blue: headings and totals. "
                             "Everything else is text, or a formula."),
            ("Made with", f"bcf_model {__version__}, from {len(self.results.inputs.files)} files; "
                          "run.json beside this workbook lists each with its SHA-256."),
        )  # fmt: skip
        for at, (name, said) in enumerate(facts, start=3):
            tab.write_string(at, 0, name, self.format(bold=True, bottom=4, bottom_color="#BBBBBB"))
            tab.write_string(
                at, 1, said, self.format(text_wrap=True, bottom=4, bottom_color="#BBBBBB")
            )
            tab.set_row(at, _LINE * _lines_in(said, 92) + 4)
        at = 3 + len(facts) + 1
        tab.write_string(at, 0, "Master check", self.format(bold=True, font_size=12))
        tab.write_formula(
            at, 1,
            '=IF(checks_failed=0,"All checks hold",checks_failed&" checks fail: see the Checks page")',
            self.format(bold=True, font_size=12, font_color=_DARK), "All checks hold",
        )  # fmt: skip
        tab.set_row(at, 18)
        at += 2
        tab.set_row(at, 18)
        tab.write_string(at, 0, "Contents", self.format(bold=True, font_size=12))
        titles = {page.name: page.title for page in self.pages}
        titles |= {
            "Checks": "Identities that must hold to the penny",
            "Figures": "Register of every figure, beside the engine's value",
        }
        for at_row, name in enumerate((n for n in self.tabs if n != "Cover"), start=at + 1):
            link = self.format(font_color="#0563C1", underline=1)
            tab.write_url(at_row, 0, f"internal:'{name}'!A1", link, name)
            tab.write_string(at_row, 1, titles[name], self.format())

    def _summary_chart(self) -> None:
        """Draw variance by theme beside the summary's table."""
        page = next(page for page in self.pages if page.name == "Summary")
        top = self._top(page) + 2  # past the headings and the group row
        last = top + len(self.results.inputs.themes) - 1
        variance = next(i for i, h in enumerate(page.headings) if h.text == "Variance")
        chart = self.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": "Variance",
                "categories": ["Summary", top, 0, last, 0],
                "values": ["Summary", top, variance, last, variance],
                "fill": {"color": _DARK},
                "gap": 60,
                "data_labels": {"value": True, "num_format": _SHOWN[self.unit]},
            }
        )
        chart.set_title({"name": f"Variance by theme, {label(self.unit)} (positive: overspend)",
                         "name_font": {"size": 11}})  # fmt: skip
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": {"size": 9}})
        chart.set_x_axis({"num_format": _SHOWN[self.unit], "major_gridlines": {"visible": True,
                          "line": {"color": "#DDDDDD"}}})  # fmt: skip
        chart.set_size({"width": 940, "height": 60 + 34 * max(4, last - top + 1)})
        said = "Bar chart of the variance of each theme; the same figures stand in the table above."
        below = self._top(page) + len(page.rows) + 2
        self.tabs["Summary"].insert_chart(below, 0, chart, {"description": said})


def _wraps(heading: Heading, style: str) -> bool:
    """Say whether a cell's text is wrapped: long text in an ordinary row."""
    return heading.form == "text" and heading.width >= _WRAPPED_FROM and style == "line"


def _lines_in(text: str, width: int) -> int:
    """Estimate the lines text takes in a column; programs do not all fit row heights themselves."""
    return max(1, len(wrap(text, max(8, int(width * 1.15)))))


def _about_lines(page: Sheet) -> list[str]:
    return _wrapped(*page.about)


def _wrapped(*sentences: str) -> list[str]:
    return [line for sentence in sentences for line in wrap(sentence, _ABOUT_WIDTH)]


def _beyond(name: str, limit: str) -> str:
    """Count the cells of a named range further from nil than a limit."""
    return f'=COUNTIFS({name},">={limit}")+COUNTIFS({name},"<=-{limit}")'


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
