"""The workbook that is to be filled in: what is given is grey, what is to be filled in yellow.

It is a pool's own workbook (`pool_files`) with headings as they are spoken, lists to choose from,
what each cell says beside it, and a checklist that follows. Cover, Checklist, Example and Lists
hold nothing of the pool and are not read (`raw_table.OF_TEMPLATE`).
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from bcf_model.core.expressions import Counted, Differs, Expression, If, Most, formula
from bcf_model.core.ledger import Ledger
from bcf_model.core.package_files import rows_of
from bcf_model.core.stated_amounts import BESIDE_A_REASON
from bcf_model.core.tables import FieldMeaning, InputTable
from bcf_model.core.whole_pool import PARTS, POOL_ITSELF, SETTINGS, Stated, WholePool
from bcf_model.core.words import POSITIONS, UNITS
from bcf_model.publish.excel_book import LINE, lines_in
from bcf_model.publish.excel_formulas import Formulas, quoted
from bcf_model.publish.house_style import (
    BEHIND_WRONG,
    DARK,
    DOTTED,
    GIVEN,
    LINK,
    PALE,
    PROSE,
    REMARK,
    TO_FILL_IN,
    TYPE,
    WRONG,
)
from bcf_model.publish.pool_files import (
    Looks,
    Sheet,
    forms_of,
    new_workbook,
    sheets_of,
    write_cell,
    write_sheet,
)

COVER, CHECKLIST, EXAMPLE, LISTS = "Cover", "Checklist", "Example", "Lists"
_LAST: Final = 1000
"""The last row of a sheet for which there are lists and checks, counted from 0."""
_FILLED: Final = "<>"
"""What a count of cells that hold anything asks for."""
_YES, _NO, _NOT_BEGUN = "Yes", "No", "not begun"
_RESULT: Final = 3
"""The column of the checklist that says whether a thing is there."""
_TOP: Final = 4  # the row of the first thing on the checklist
_LONGEST_NOTE: Final = 255
_WIDEST, _NARROWEST = 30, 12  # characters
_LARGEST: Final = 10**12
_SAID: Final = {
    "money": "An amount, in the unit stated on the sheet pool.",
    "pounds": "An amount with its sign, such as £2,000.",
    "percent": "A percentage, such as 12.5.",
    "share": "A percentage from 0 to 100.",
    "whole": "A whole number.",
    "quantity": "A number.",
    "edge": "An amount such as £250,000, or a percentage such as 5%.",
    "date": "A date.",
    "year": "A financial year, such as 2026-27.",
    "code": "A code: letters and digits.",
    "word": "Choose from the list.",
    "scope": "Such as category=A, or pool.",
    "url": "A web address, beginning with https://.",
}
"""What is said of the form, or unit, of a cell."""
_LIMITS: Final[Mapping[str, Mapping[str, Any]]] = {
    "money": {"validate": "decimal", "minimum": -_LARGEST, "maximum": _LARGEST},
    "share": {"validate": "decimal", "minimum": 0, "maximum": 100},
    "whole": {"validate": "integer", "minimum": 0, "maximum": _LARGEST},
}
_OF_SETTINGS: Final[Mapping[str, Iterable[str]]] = {"unit": UNITS, "basis": POSITIONS}
"""Closed lists of settings."""
_GIVEN: Final = {"commentary": BESIDE_A_REASON}
"""Columns that are not to be filled in, by table."""
_NOT_WANTED: Final = {"commentary": {"reason"}}
"""Columns that may stay blank in a row of a table: it then says nothing, as a row not there."""


class Setting(NamedTuple):
    """A setting: its name, what it says, and whether it is needed."""

    name: str
    meaning: str
    is_needed: bool


class Wanted(NamedTuple):
    """One line of the checklist.

    Attributes:
        sheet, said: where it is, and what is wanted. cell: to go to.
        test: whether it is there, worked out; result: as it is now.
    """

    sheet: str
    said: str
    cell: str
    test: Expression
    result: str


def template(
    tables: Sequence[InputTable],
    scenario_tables: Sequence[str],
    settings: Mapping[str, Sequence[Setting]],
    whole: WholePool | None = None,
) -> bytes:
    """Return the workbook that is to be filled in.

    Args:
        tables: all that a pool and its scenarios may have, in the order of the sheets.
        scenario_tables: names of those a scenario may bring.
        settings: of the pool, under "", and of a scenario.
        whole: the pool it is filled in with; None for none.
    """
    stream = io.BytesIO()
    file = new_workbook(stream)
    writer = _Template(file, tables, settings)
    filled = sheets_of(whole or {POOL_ITSELF: Stated({}, {})}, [it.name for it in tables])
    for name in (COVER, CHECKLIST, SETTINGS):
        writer.tabs[name] = file.add_worksheet(name)
    writer.settings(filled.pop(SETTINGS))
    for table in tables:
        lead = ("scenario",) if table.name in scenario_tables else ()
        writer.table(table, filled.pop(table.name, None), lead)
    scenarios = filled.pop(PARTS["scenario"], (("scenario", "setting", "value"), ()))
    writer.scenarios(scenarios)
    for name, sheet in filled.items():  # of agreements, which the pool it is made from may have
        write_sheet(file.add_worksheet(name), writer.looks, sheet, {})
    writer.example()
    writer.checklist()
    writer.cover(scenario_tables)
    writer.lists()
    file.close()
    return stream.getvalue()


def spoken(name: str) -> str:
    """Return a heading, or the name of a setting, as it is spoken."""
    return name.replace("_", " ").capitalize()


class _Template:
    """Writes the sheets, and keeps what the checklist, the cover and the lists are to hold."""

    def __init__(
        self,
        file: xlsxwriter.Workbook,
        tables: Sequence[InputTable],
        settings: Mapping[str, Sequence[Setting]],
    ) -> None:
        """Begin."""
        self.file = file
        self.kinds = {table.name: table for table in tables}
        self.named = settings
        self.tabs: dict[str, Worksheet] = {}
        edge = {"border": 1, "border_color": DOTTED}
        self.looks = Looks(file, bg_color=TO_FILL_IN, **edge)
        self.given = Looks(file, bg_color=GIVEN, **edge)
        self.wanted: list[Wanted] = []
        self._lists: dict[tuple[str, ...], str] = {}
        self._formats: dict[tuple[Any, ...], Any] = {}
        self._printed = Formulas(Ledger({})).printed

    def look(self, **looks: Any) -> Any:
        """Return a format, made once."""
        key = tuple(looks.items())
        if key not in self._formats:
            self._formats[key] = self.file.add_format({**TYPE, "valign": "top", **looks})
        return self._formats[key]

    # -------------------------------------------------------------- sheets to fill in

    def settings(self, sheet: Sheet) -> None:
        """Write the settings of the pool, each with what it says."""
        tab, given = self.tabs[SETTINGS], {str(name): value for name, value in sheet[1]}
        tab.set_tab_color(DARK)
        self._headings(tab, ("setting", "value", "what_it_says"), {"setting", "value"})
        for column, width in enumerate((24, 48, PROSE)):
            tab.set_column(column, column, width)
        known = [*self.named[""], *(Setting(it, "", is_needed=False) for it in given)]
        every = {it.name: it for it in reversed(known)}
        for row, it in enumerate(reversed(every.values()), start=1):
            look = self.look(bg_color=GIVEN, bold=it.is_needed)
            tab.write_string(row, 0, spoken(it.name), look)
            tab.write_blank(row, 1, None, self.looks.wrapped)
            if it.name in given:
                write_cell(tab, self.looks, (row, 1), given[it.name])
            tab.write_string(row, 2, it.meaning, self.look(font_color=REMARK, text_wrap=True))
            tab.set_row(row, LINE * lines_in(it.meaning, PROSE) + 2)
            if it.name in _OF_SETTINGS:
                self._choice(tab, (row, 1, row, 1), self._list(_OF_SETTINGS[it.name]))
            if it.is_needed:
                cell = xl_range_abs(row, 1, row, 1)
                test = If(Counted(f"'{SETTINGS}'!{cell}", _FILLED), _YES, _NO)
                result = _YES if given.get(it.name) else _NO
                self.wanted.append(Wanted(SETTINGS, it.meaning, cell, test, result))
        tab.freeze_panes(1, 0)
        _for_paper(tab)

    def table(self, table: InputTable, sheet: Sheet | None, lead: tuple[str, ...]) -> None:
        """Write a table with what is filled in already, its lists, notes and checks."""
        known = table.model.in_file
        columns = [*dict.fromkeys((*lead, *(sheet[0] if sheet else ()), *known))]
        columns.sort(key=lambda name: name not in PARTS)
        rows = [dict(zip(sheet[0], row, strict=True)) for row in sheet[1]] if sheet else []
        cells = [[row.get(name, "") for name in columns] for row in rows]
        tab = self.tabs[table.name] = self.file.add_worksheet(table.name)
        write_sheet(tab, self.looks, (columns, cells), forms_of(table))
        needed = {name for name, it in known.items() if it.default is None}
        self._headings(tab, columns, needed)
        if table.required:
            tab.set_tab_color(DARK)
        for at, name in enumerate(columns):
            wide = max(_NARROWEST, len(name) + 3, *(len(str(row[at])) for row in cells), 0)
            form = known[name].form if name in known else ""
            wide = max(wide, _WIDEST) if form == "text" else min(wide, _WIDEST)
            looks = self.given if name in _GIVEN.get(table.name, ()) else self.looks
            tab.set_column(at, at, wide, looks.column(form))
            for i, row in enumerate(cells if looks is self.given else (), start=1):
                write_cell(tab, looks, (i, at), row[at], form)
            if name in known:
                self._validate(tab, at, known[name])
            elif name == "scenario":
                source = f"'{PARTS[name]}'!{xl_range_abs(1, 0, _LAST, 0)}"
                self._choice(tab, (1, at, _LAST, at), source, is_warning=True)
        self._check(table, columns, cells, needed)
        _for_paper(tab)

    def scenarios(self, sheet: Sheet) -> None:
        """Write the settings of scenarios: a row for each."""
        name = PARTS["scenario"]
        tab = self.tabs[name] = self.file.add_worksheet(name)
        rows = [(own, spoken(setting), value) for own, setting, value in sheet[1]]
        write_sheet(tab, self.looks, (sheet[0], rows), {})
        self._headings(tab, sheet[0], set(sheet[0]))
        _for_paper(tab)
        for column, width in enumerate((26, 26, 70)):
            tab.set_column(column, column, width, self.looks.text)
        choices = self._list([spoken(it.name) for it in self.named["scenario"]])
        self._choice(tab, (1, 1, _LAST, 1), choices, is_warning=True)

    def _headings(self, tab: Worksheet, columns: Sequence[str], needed: set[str]) -> None:
        for at, name in enumerate(columns):
            look = self.look(bg_color=GIVEN, bold=name in needed, text_wrap=True, border=1)
            tab.write_string(0, at, spoken(name), look)
        tab.set_row(0, 30)
        tab.repeat_rows(0)

    def _validate(self, tab: Worksheet, at: int, column: FieldMeaning) -> None:
        """Hold a column to its list or its limits, and say beside it what it is for."""
        place = (1, at, _LAST, at)
        needed = "Needed." if column.default is None else "May be left blank."
        unit = _SAID.get(column.form, "")
        note: dict[str, Any] = {
            "input_title": spoken(column.name)[:32],
            "input_message": " ".join(f"{column.meaning}. {unit} {needed}".split())[:_LONGEST_NOTE],
        }
        if column.form == "word" and column.words:
            self._choice(tab, place, self._list(column.words), **note)
        elif column.form == "code" and len(column.refers_to) == 1:
            of = self.kinds[column.refers_to[0]]
            key = next(i for i, it in enumerate(of.model.in_file) if it not in PARTS)
            source = f"'{of.name}'!{xl_range_abs(1, key, _LAST, key)}"
            self._choice(tab, place, source, is_warning=True, **note)
        elif column.form in _LIMITS:
            limits = {"criteria": "between", "error_type": "warning", **_LIMITS[column.form]}
            tab.data_validation(*place, {**limits, **note})
        else:
            tab.data_validation(*place, {"validate": "any", **note})

    def _choice(
        self,
        tab: Worksheet,
        place: tuple[int, int, int, int],
        source: str,
        *,
        is_warning: bool = False,
        **note: Any,
    ) -> None:
        kind = "warning" if is_warning else "stop"
        tab.data_validation(
            *place, {"validate": "list", "source": source, "error_type": kind, **note}
        )

    def _list(self, words: Iterable[str]) -> str:
        """Return where on the hidden sheet a list stands."""
        key = tuple(words)
        at = list(self._lists).index(key) if key in self._lists else len(self._lists)
        return self._lists.setdefault(key, f"'{LISTS}'!{xl_range_abs(0, at, len(key) - 1, at)}")

    def lists(self) -> None:
        """Write the lists onto a hidden sheet."""
        tab = self.file.add_worksheet(LISTS)
        for at, words in enumerate(self._lists):
            for row, word in enumerate(words):
                tab.write_string(row, at, word)
        tab.hide()

    # -------------------------------------------------------------- the checklist

    def _check(
        self, table: InputTable, columns: Sequence[str], cells: Sequence[Sequence[Any]],
        needed: set[str],
    ) -> None:  # fmt: skip
        """Want what is needed of a table: in each row that has anything needed, all of it."""
        counts = {
            name: Counted(f"'{table.name}'!{xl_range_abs(1, at, _LAST, at)}", _FILLED)
            for at, name in enumerate(columns)
            if name in needed - _NOT_WANTED.get(table.name, set())
        }
        there = {name: len([1 for row in cells if row[columns.index(name)]]) for name in counts}
        first, *others = counts.values()
        most: Expression = first
        for other in others:
            most = Most(most, other)
        for name, count in counts.items():
            if_none = _NO if table.required else _NOT_BEGUN
            test = If(most, If(Differs(count, most), _NO, _YES), if_none)
            is_full = there[name] == max(there.values())
            result = (_YES if is_full else _NO) if any(there.values()) else if_none
            said = table.model.in_file[name].meaning
            cell = xl_range_abs(1, columns.index(name), 1, columns.index(name))
            self.wanted.append(Wanted(table.name, said, cell, test, result))

    def checklist(self) -> None:
        """Write what is wanted, each with a link to its cell, and whether it is there."""
        tab = self.tabs[CHECKLIST]
        tab.hide_gridlines(2)
        _title(tab)
        tab.write_string(0, 0, "Checklist", self.look(bold=True, font_size=16, font_color=DARK))
        tab.write_string(
            1, 0, "Yes: it is filled in, in every row that is begun. A sheet that is not begun may "
            "stay blank. It follows as you type; bcf check looks at everything.",
            self.look(font_color=REMARK),
        )  # fmt: skip
        heads = (("Sheet", 22), ("What is wanted", 78), ("Go to", 12), ("Filled in?", 12))
        widths = [width for _, width in heads]
        for column, (text, width) in enumerate(heads):
            tab.write_string(_TOP - 1, column, text, self.look(bg_color=GIVEN, bold=True, border=1))
            tab.set_column(column, column, width)
        link = self.look(font_color=LINK, underline=1)
        for row, it in enumerate(self.wanted, start=_TOP):
            cell = it.cell.replace("$", "").partition(":")[0]
            tab.write_string(row, 0, it.sheet, self.look())
            tab.write_string(row, 1, it.said, self.look(text_wrap=True))
            tab.write_url(row, 2, f"internal:'{it.sheet}'!{cell}", link, cell)
            tab.write_formula(
                row, _RESULT, formula(it.test, self._printed), self.look(align="center"),
                it.result,
            )  # fmt: skip
            tab.set_row(row, LINE * lines_in(it.said, widths[1]) + 2)
        last = _TOP + len(self.wanted) - 1
        good, bad = {"bg_color": PALE, "font_color": DARK}, {"bg_color": BEHIND_WRONG,
                                                             "font_color": WRONG}  # fmt: skip
        for word, looks in ((_YES, good), (_NO, bad)):
            tab.conditional_format(
                _TOP, _RESULT, last, _RESULT,
                {"type": "cell", "criteria": "==", "value": quoted(word),
                 "format": self.look(bold=True, **looks)},
            )  # fmt: skip
        tab.freeze_panes(_TOP, 0)
        tab.autofilter(_TOP - 1, 0, last, _RESULT)
        _for_paper(tab)

    # -------------------------------------------------------------- what helps

    def example(self) -> None:
        """Write a small worked example, which is read by nobody but who fills in."""
        tab = self.tabs[EXAMPLE] = self.file.add_worksheet(EXAMPLE)
        tab.hide_gridlines(2)
        tab.set_column(0, 0, 18)
        tab.set_column(1, 9, 26)
        title = self.look(bold=True, font_size=16, font_color=DARK)
        _title(tab)
        tab.write_string(0, 0, "A worked example", title)
        tab.write_string(
            1, 0, "Everything here is invented, and nothing on this sheet is read.",
            self.look(bold=True, font_color=WRONG),
        )  # fmt: skip
        row, shown = 3, self.look(italic=True, border=1, border_color=DOTTED)
        for name, rows in examples().items():
            about = self.kinds[name].model.grain
            tab.write_string(row, 0, name, self.look(bold=True, font_color=DARK))
            tab.write_string(row, 1, about, self.look(font_color=REMARK))
            columns = [*dict.fromkeys(it for line in rows for it in line)]
            for at, column in enumerate(columns):
                tab.write_string(row + 1, at, spoken(column), self.look(bg_color=GIVEN, border=1))
                for i, line in enumerate(rows, start=row + 2):
                    tab.write_string(i, at, line[column], shown)
            row += len(rows) + 3
        _for_paper(tab)

    def cover(self, scenario_tables: Sequence[str]) -> None:
        """Write what to do, whether it is complete, and what each sheet is for."""
        tab = self.tabs[COVER]
        tab.hide_gridlines(2)
        tab.set_column(0, 0, 24)
        tab.set_column(1, 1, 84)
        tab.set_column(2, 2, 18)
        _title(tab)
        tab.write_string(0, 0, "A pooled budget: inputs",
                         self.look(bold=True, font_size=18, font_color=DARK))  # fmt: skip
        results = f"'{CHECKLIST}'!{xl_range_abs(_TOP, _RESULT, _TOP + len(self.wanted), _RESULT)}"
        is_complete = all(it.result != _NO for it in self.wanted)
        tab.write_formula(
            1, 0, formula(If(Counted(results, _NO), "Incomplete", "Complete"), self._printed),
            self.look(bold=True, font_size=13, font_color=DARK),
            "Complete" if is_complete else "Incomplete",
        )  # fmt: skip
        steps = (
            ("1", "Fill in the yellow cells of the sheets that are needed. Leave what is grey."),
            ("2", "Choose a cell to see what it is for. A heading in bold is needed, others may be "
                  "left blank; so may whole sheets."),
            ("3", f"Look at the sheet {CHECKLIST}; each line leads to its cell."),
            ("4", "Save, and have it checked: bcf check, then bcf report. What nobody stated is "
                  "not nil: write 'not stated', or leave it blank."),
        )  # fmt: skip
        for row, (number, said) in enumerate(steps, start=3):
            tab.write_string(row, 0, f"Step {number}", self.look(bold=True))
            tab.write_string(row, 1, said, self.look(text_wrap=True))
            tab.set_row(row, 28)
        row = 8
        tab.write_string(row, 0, "yellow", self.look(bg_color=TO_FILL_IN, border=1))
        tab.write_string(row, 1, "to fill in", self.look())
        tab.write_string(row + 1, 0, "grey", self.look(bg_color=GIVEN, border=1))
        tab.write_string(row + 1, 1, "given", self.look())
        for column, text in enumerate(("Sheet", "One row for each", "Needed?")):
            tab.write_string(row + 3, column, text, self.look(bg_color=GIVEN, bold=True, border=1))
        link = self.look(font_color=LINK, underline=1)
        for at, (name, about, needed) in enumerate(self._contents(scenario_tables), start=row + 4):
            tab.write_url(at, 0, f"internal:'{name}'!A1", link, name)
            tab.write_string(at, 1, about, self.look(text_wrap=True))
            tab.write_string(at, 2, needed, self.look(bold=needed == _YES))
        tab.activate()
        _for_paper(tab)

    def _contents(self, scenario_tables: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        yield CHECKLIST, "What is wanted, and whether it is there", ""
        yield EXAMPLE, "A small pool, invented, as it is filled in", ""
        yield SETTINGS, "Setting: what the pool is", _YES
        for name, table in self.kinds.items():
            about = table.model.grain.removeprefix("One row per ").rstrip(".")
            needed = _YES if table.required else "no"
            of_scenarios = name in scenario_tables
            yield name, about[:1].upper() + about[1:], "for scenarios" if of_scenarios else needed
        yield (
            PARTS["scenario"],
            "Setting of a scenario: title, opening, first_year …",
            ("for scenarios"),
        )


def examples() -> dict[str, list[dict[str, str]]]:
    """Return the rows of a small invented pool by table: the text of its cells by column."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for it in rows_of("bcf_model.publish", "template_examples.csv"):
        row = found.setdefault(it["table"], {}).setdefault(it["row"], {})
        row[it["column"]] = it["value"]
    return {name: [*rows.values()] for name, rows in found.items()}


def _title(tab: Worksheet) -> None:
    for row, height in enumerate((28, 18)):
        tab.set_row(row, height)


def _for_paper(tab: Worksheet) -> None:
    tab.set_landscape()
    tab.set_paper(9)
    tab.fit_to_pages(1, 0)
