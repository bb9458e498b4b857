"""A workbook that shows the cells of a pool as they were read, with each finding in its cell.

For what has no workbook of its own that could be copied: folders of CSV files, and old formats.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from bcf_model.core.findings import Finding
from bcf_model.publish.house_style import (
    AS_TEXT,
    BEHIND_NOTE,
    BEHIND_WARNING,
    BEHIND_WRONG,
    DARK,
    DOTTED,
    GIVEN,
    LINK,
    REMARK,
    TYPE,
    WRONG,
)
from bcf_model.publish.marks import (
    GO_TO,
    HEADINGS,
    MOST_COMMENTS,
    SEVERITIES,
    cell_of,
    comment,
    counts,
    free_name,
    height,
    in_order,
    line,
    link_to,
    marks,
)
from bcf_model.publish.pool_files import new_workbook

_LONGEST_NAME: Final = 31
_LONGEST_TEXT: Final = 32_000
_BEHIND: Final = {"error": BEHIND_WRONG, "warning": BEHIND_WARNING, "note": BEHIND_NOTE}
_BORDERS: Final = {"error": 2, "warning": 8, "note": 4}
"""Medium, medium dashed and dotted, as xlsxwriter numbers them."""
_WIDTHS: Final = (10, 44)


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Return a name for each sheet that Excel takes, no two alike."""
    taken: list[str] = []
    for it in wanted:
        plain = "".join("-" if sign in "[]:*?/\\" else sign for sign in it).strip("' ") or "sheet"
        plain = plain if plain.casefold() != "history" else "History of the pool"
        numbers = range(2, len(wanted) + 3)
        tries = (plain[:_LONGEST_NAME], *(f"{plain[: _LONGEST_NAME - 6]} {n}" for n in numbers))
        had = {name.casefold() for name in taken}
        taken.append(next(name for name in tries if name.casefold() not in had))
    return taken


def mirror(
    sheets: Mapping[str, Sequence[Sequence[str]]], found: Sequence[Finding], about: str
) -> bytes:
    """Return the workbook: the checklist first, then a sheet for each file or sheet.

    Args:
        sheets: the cells of each, by names that Excel takes (`sheet_names`).
        found: the findings, each with the sheet and the cell it is to be shown in, if any.
        about: what is said at the top of the checklist.
    """
    stream = io.BytesIO()
    file = new_workbook(stream)
    made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(**looks: Any) -> Any:
        key = tuple(looks.items())
        if key not in made:
            made[key] = file.add_format({**TYPE, "valign": "top", "num_format": AS_TEXT, **looks})
        return made[key]

    checklist = file.add_worksheet(free_name(sheets))
    tabs = {name: file.add_worksheet(name) for name in sheets}
    marked = {(it.sheet, it.cell): it for it in marks(found)}
    for name, rows in sheets.items():
        tab = tabs[name]
        first = next((i for i, row in enumerate(rows) if any(row)), 0)
        for i, row in enumerate(rows):
            for at, text in enumerate(row):
                if text:
                    heading = i == first and not name.endswith(".toml")
                    plain = look(bold=True, bg_color=GIVEN) if heading else look()
                    tab.write_string(i, at, text[:_LONGEST_TEXT], plain)
        _widths(tab, rows)
        tab.freeze_panes(first + 1, 0)
        tab.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    comments = dict.fromkeys(sheets, 0)
    cut = set()
    for (sheet, cell), mark in marked.items():
        if sheet not in tabs:
            continue
        tab, severity = tabs[sheet], mark.severity
        looks = look(bg_color=_BEHIND[severity], border=_BORDERS[severity], border_color=WRONG)
        down, across = _place(cell)
        text = "".join(
            it for of in sheets[sheet][down : down + 1] for it in of[across : across + 1]
        )
        if text:
            tab.write_string(down, across, text[:_LONGEST_TEXT], looks)
        else:
            tab.write_blank(down, across, None, looks)
        if comments[sheet] < MOST_COMMENTS:
            words = "\n\n".join(f"{start}{rest}" for start, rest in comment(mark))
            tab.write_comment(down, across, words, {"x_scale": 2.6, "y_scale": 1.8})
            comments[sheet] += 1
        else:
            cut.add(sheet)
    said = [about, *(f"On the sheet {it} the first {MOST_COMMENTS} marked cells have a comment; "
                     "every finding is listed below." for it in sorted(cut))]  # fmt: skip
    _checklist(checklist, look, in_order(found), said, tabs)
    file.close()
    return stream.getvalue()


def _checklist(
    tab: Worksheet,
    look: Any,
    found: Sequence[Finding],
    said: Sequence[str],
    tabs: Mapping[str, Any],
) -> None:
    """Write what was found, each with a link to its cell."""
    tab.hide_gridlines(2)
    tab.set_tab_color(WRONG)
    tab.write_string(0, 0, tab.get_name(), look(bold=True, font_size=16, font_color=DARK))
    tab.set_row(0, 24)
    tab.write_string(1, 0, counts(found), look(bold=True))
    for row, text in enumerate(said, start=2):
        tab.write_string(row, 0, text, look(font_color=REMARK))
    head = len(said) + 3
    edge = {"border": 1, "border_color": DOTTED, "text_wrap": True}
    for at, (text, width) in enumerate(HEADINGS):
        tab.write_string(head, at, text, look(bold=True, bg_color=GIVEN, **edge))
        tab.set_column(at, at, width)
    kinds = {it: look(bold=True, bg_color=_BEHIND[it], border=_BORDERS[it], border_color=WRONG)
             for it in SEVERITIES}  # fmt: skip
    link = look(font_color=LINK, underline=1, **edge)
    for row, it in enumerate(found, start=head + 1):
        tab.set_row(row, height(line(it)))
        for at, text in enumerate(line(it)):
            tab.write_string(row, at, text, look(**edge) if at else kinds[it.severity])
        if it.sheet in tabs:
            shown = line(it)[GO_TO]
            tab.write_url(row, GO_TO, f"internal:{link_to(it.sheet, cell_of(it))}", link, shown)
    tab.freeze_panes(head + 1, 0)
    tab.autofilter(head, 0, head + len(found), len(HEADINGS) - 1)
    tab.set_landscape()
    tab.set_paper(9)
    tab.fit_to_pages(1, 0)
    tab.activate()


def _widths(tab: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    least, most = _WIDTHS
    for at in range(max(map(len, rows), default=0)):
        longest = max(len(row[at]) for row in rows if at < len(row))
        tab.set_column(at, at, min(max(least, longest + 2), most))


def _place(cell: str) -> tuple[int, int]:
    """Return the row and column of an address, from 0."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, column - 1
