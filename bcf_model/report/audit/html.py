"""audit.html: the pages of an audit as one web page, in the look of the report."""

import re
from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from bcf_model.audit.examine import Audit, Audited
from bcf_model.report.audit.book import facts
from bcf_model.report.audit.pages import headline
from bcf_model.report.html import number
from bcf_model.report.sheets import Cell, Heading, Number, Row, Sheet

_PROSE, _LONG, _MIDDLING = 80, 36, 18  # characters: text columns, by the room they need
_NO_WRAP, _SHORT = 20, 14
_WIDE = 150


@dataclass(frozen=True)
class Column:
    """A heading as printed."""

    text: str
    style: str


@dataclass(frozen=True)
class Line:
    """A row as printed: its style, each cell's text and style; `spans` when one cell crosses."""

    style: str
    cells: tuple[tuple[str, str], ...]
    spans: bool


@dataclass(frozen=True)
class Section:
    """A page as printed, in row groups."""

    anchor: str
    title: str
    about: tuple[str, ...]
    columns: tuple[Column, ...]
    groups: tuple[tuple[Line, ...], ...]
    opening: bool
    wide: bool


def page(audit: Audit, audited: Audited, pages: tuple[Sheet, ...]) -> str:
    """Write a whole audit as one self-contained HTML page.

    Returns:
        The page; the same audit gives the same text, byte for byte.
    """
    sections = [_section(sheet) for sheet in pages]
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    return environment.from_string(_text("audit/page.html.j2")).render(
        title=audited.title,
        style=_style(),
        headline=headline(audit),
        facts=facts(audit, audited)[1:],
        opening=[section for section in sections if section.opening],
        reference=[section for section in sections if not section.opening],
    )


def _text(name: str) -> str:
    return resources.files("bcf_model.report").joinpath(name).read_text(encoding="utf-8")


def _style() -> Markup:
    """Give the report's own style, so that both pages look alike; it holds no text of a paper."""
    found = re.search(r"<style>\n(.*?)</style>", _text("page.html.j2"), re.S)
    assert found is not None
    return Markup(found[1])


def _section(sheet: Sheet) -> Section:
    lines = [_line(row, sheet.headings) for row in sheet.rows]
    room = sum(heading.width for heading in sheet.headings)
    return Section(
        anchor=sheet.name.lower().replace(" ", "-"),
        title=sheet.title,
        about=tuple(sentence for sentence in sheet.about if sentence),
        columns=tuple(Column(heading.text, _of_heading(heading)) for heading in sheet.headings),
        groups=_grouped(lines),
        opening=sheet.opening,
        wide=room > _WIDE,
    )


def _of_heading(heading: Heading) -> str:
    if heading.form != "text":
        return "n"
    for style, width in (("prose", _PROSE), ("long", _LONG), ("mid", _MIDDLING)):
        if heading.width >= width:
            return style
    return ""


def _line(row: Row, headings: tuple[Heading, ...]) -> Line:
    spans = len(row.cells) == 1
    cells = [_cell(cell, h) for cell, h in zip(row.cells, headings, strict=False)]
    missing = [] if spans else [("", "")] * (len(headings) - len(cells))
    return Line(row.style, (*cells, *missing), spans)


def _cell(cell: Cell, heading: Heading) -> tuple[str, str]:
    if isinstance(cell, Number):
        text = number(cell.value)
        return text, "n neg" if text.startswith("(") else "n"
    text = cell if isinstance(cell, str) else ""
    short = heading.form == "text" and heading.width <= _NO_WRAP and len(text) <= _SHORT
    return text, "s" if short and text else ""


def _grouped(lines: list[Line]) -> tuple[tuple[Line, ...], ...]:
    """Part the rows into row groups, each under its own heading."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.style == "group" or not groups:
            groups.append([])
        groups[-1].append(line)
    return tuple(map(tuple, groups))
