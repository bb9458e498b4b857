"""audit.html: the pages of an audit as one web page, in the look of the report."""

from dataclasses import replace
from typing import Final

from bcf_model.audit.examine import Audit, Audited
from bcf_model.publish.audit.pages import headline
from bcf_model.publish.audit.workbook import facts
from bcf_model.publish.house_style import PROSE
from bcf_model.publish.html_table import (
    Column,
    Printed,
    Section,
    column,
    line,
    number,
    of_number,
    section,
    word,
)
from bcf_model.publish.page import Cell, Heading, Number, Sheet
from bcf_model.publish.templates import rendered

_WIDE: Final = 150


def page(audit: Audit, audited: Audited, pages: tuple[Sheet, ...]) -> str:
    """Write a whole audit as one self-contained HTML page.

    Returns:
        The page; the same audit gives the same text, byte for byte.
    """
    return rendered(
        "audit/page.html.j2",
        title=audited.title,
        headline=headline(audit),
        facts=facts(audit, audited)[1:],
        sections=[_section(sheet) for sheet in pages],
    )


def _section(sheet: Sheet) -> Section:
    return section(
        sheet,
        map(_column, sheet.headings),
        (line(row, sheet.headings, _cell) for row in sheet.rows),
        caption=sheet.title,
        wide=sum(heading.width for heading in sheet.headings) > _WIDE,
    )


def _column(heading: Heading) -> Column:
    found = column(heading, "pounds")
    prose = heading.form == "text" and heading.width >= PROSE
    return replace(found, style="prose") if prose else found


def _cell(cell: Cell, heading: Heading) -> Printed:
    if isinstance(cell, Number):
        text = number(cell.value)
        return Printed(text, of_number(text))
    return word(cell if isinstance(cell, str) else "", heading)
