"""report.html of a scenario: no script, no request, in the look of the report.

Values come from the pages (`pages`); this module only words and places them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from bcf_model import __version__
from bcf_model.money import label, shown
from bcf_model.plan.sharing import NOT_SHARED
from bcf_model.report.scenario.charts import Scale, falls, in_words, waterfall
from bcf_model.report.scenario.pages import SAID
from bcf_model.report.scenario.told import UNSURE, factor, headline, not_known, said
from bcf_model.report.scenario.view import View, span, who
from bcf_model.report.sheets import Cell, Heading, Money, Number, Row, Sheet
from bcf_model.tables import records
from bcf_model.years import spoken

_LONG, _MIDDLING, _SHORT = 36, 18, 14  # characters: text columns, by the room they need
_WIDE: Final = 124


@dataclass(frozen=True)
class Printed:
    """A cell as printed; `mark` where its status must be seen."""

    text: str
    style: str
    mark: bool = False


@dataclass(frozen=True)
class Line:
    """A row as printed; `spans` when its one cell crosses the table."""

    style: str
    cells: tuple[Printed, ...]
    spans: bool


@dataclass(frozen=True)
class Column:
    """A heading as printed, with the unit of its amounts."""

    text: str
    unit: str
    style: str


@dataclass(frozen=True)
class Section:
    """A page as printed, in row groups."""

    name: str
    anchor: str
    title: str
    caption: str
    about: tuple[str, ...]
    columns: tuple[Column, ...]
    groups: tuple[tuple[Line, ...], ...]
    opening: bool
    wide: bool


@dataclass(frozen=True)
class Waterfall:
    """A chart of the bridge: of one year, or of all."""

    title: str
    words: str
    svg: Markup
    cut: str


@dataclass(frozen=True)
class Key:
    """A headline figure."""

    label: str
    amount: str
    remark: str
    total: bool = False


def page(
    view: View, pages: tuple[Sheet, ...], drawings: Mapping[str, tuple[str, str]] | None = None
) -> str:
    """Write the report of a scenario as one self-contained HTML page.

    Args:
        view: of the scenario.
        pages: as laid out by `pages.sheets`.
        drawings: for pages that have a chart of their own, by name: its caption and its SVG.

    Returns:
        The page; the same scenario gives the same text, byte for byte.
    """
    sections = [section(sheet, view.unit) for sheet in pages]
    settings = view.projection.scenario.settings
    charts = [waterfall_of(view)]
    if len(view.years) > 1:
        charts += [waterfall_of(view, year) for year in view.years]
    return rendered(
        "scenario/page.html.j2",
        view=view,
        settings=settings,
        unsure=settings.status in UNSURE,
        as_at=f"{settings.as_at.day} {settings.as_at:%B %Y}" if settings.as_at else "",
        note=[line for line in settings.note.strip().splitlines() if line],
        span=span(view),
        unit=label(view.unit),
        headline=headline(view),
        factor=factor(view),
        keys=keys(view),
        borne=borne(view),
        unknown=not_known(view),
        first_chart=charts[0],
        yearly=charts[1:],
        drawings={name: (said, Markup(svg)) for name, (said, svg) in (drawings or {}).items()},
        opening=[it for it in sections if it.opening],
        reference=[it for it in sections if not it.opening],
        version=__version__,
    )


def rendered(template: str, **values: object) -> str:
    """Fill in a template of this folder, in the style of the report."""
    environment = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(_file),
    )
    styles = {"style": _style(), "own_style": Markup(_file("scenario/style.css"))}
    return environment.get_template(template).render(**styles, **values)


def _file(name: str) -> str:
    return resources.files("bcf_model.report").joinpath(name).read_text(encoding="utf-8")


def _style() -> Markup:
    """Give the report's own style, so that its pages look alike; no text of a pool is in it."""
    found = re.search(r"<style>\n(.*?)</style>", _file("page.html.j2"), re.S)
    assert found is not None
    return Markup(re.sub(r"\{\{.*?\}\}", "closed", found[1]))


def keys(view: View) -> list[Key]:
    """Give the figures at the head of the page: opening, closing, gap, prevention."""
    first, last = view.years[0], view.years[-1]
    opening, closing = view.opening(), view.closing(last)
    begins, ends = (opening.pence if opening else 0), (closing.pence if closing else 0)
    found = [
        Key(f"Opening budget {spoken(first)}", shown(begins, view.unit), ""),
        Key(f"Closing budget {spoken(last)}", shown(ends, view.unit), ""),
        Key("Change", shown(ends - begins, view.unit), "", total=True),
    ]
    for row in records(view.table("gap").tail(1)):
        way = "shortfall" if row.gap > 0 else "more funding than spending" if row.gap < 0 else ""
        found.append(Key(f"Gap to funding {spoken(row.financial_year)}",
                         shown(row.gap, view.unit), way))  # fmt: skip
    of_all = view.table("payback").query("partner == 'all'")
    for row in records(of_all):
        when = f"break-even {spoken(row.break_even)}" if row.break_even else "no break-even"
        found.append(Key("Net present value of prevention",
                         shown(row.net_present_value, view.unit), when))  # fmt: skip
    return found


def borne(view: View) -> list[Key]:
    """Give what each bears in the last year that has an agreed budget."""
    shared = view.table("shared")
    if not len(shared):
        return []
    last = shared["financial_year"].iloc[-1]
    own = shared[shared["financial_year"] == last]
    found = []
    for row in records(own):
        name = "Not shared" if row.bearer == NOT_SHARED else who(view, row.bearer)
        way = "cost" if row.borne > 0 else "relief" if row.borne < 0 else ""
        found.append(Key(name, shown(row.borne, view.unit), way))
    found.append(Key(f"Variance {spoken(str(last))}", shown(int(own["borne"].sum()), view.unit),
                     "", total=True))  # fmt: skip
    return found


def waterfall_of(view: View, year: str = "") -> Waterfall:
    """Draw the bridge of a year, or of all years together."""
    where = {"financial_year": year} if year else {}
    opening, closing = view.opening(year), view.closing(year or view.years[-1])
    begins, ends = (opening.pence if opening else 0), (closing.pence if closing else 0)
    steps = []
    for step in view.steps:
        pence = view.pence(step=step, **where)
        if pence:
            steps.append((SAID[step], pence, shown(pence, view.unit)))
    bars = falls(
        steps,
        ("Opening budget", begins, shown(begins, view.unit)),
        ("Closing budget", ends, shown(ends, view.unit)),
    )
    when = spoken(year) if year else span(view)
    words, scale = in_words(bars, label(view.unit)), Scale.over(bars)
    title = f"From opening to closing budget, {when}, {label(view.unit)}"
    name = f"bridge-{year or 'all'}"
    cut = f"The scale begins at {said(view, scale.lowest)}, not at nil." if scale.is_cut else ""
    return Waterfall(title, words, Markup(waterfall(name, title, words, bars)), cut)


def section(sheet: Sheet, unit: str) -> Section:
    """Print a page: columns in which no row says anything are left out."""
    kept = [
        place
        for place, heading in enumerate(sheet.headings)
        if place == 0 or heading.form != "text" or _says(sheet, place)
    ]
    headings = [sheet.headings[place] for place in kept]
    lines = [_line(row, sheet.headings, kept, unit) for row in sheet.rows]
    forms = {heading.form for heading in headings}
    return Section(
        name=sheet.name,
        anchor=sheet.name.lower().replace(" ", "-"),
        title=sheet.title,
        caption=f"{sheet.title}{f', {label(unit)}' if 'money' in forms else ''}",
        about=tuple(sentence for sentence in sheet.about if sentence),
        columns=tuple(_column(heading, unit) for heading in headings),
        groups=_grouped(lines),
        opening=sheet.opening,
        wide=sum(_room(heading) for heading in headings) > _WIDE,
    )


def _says(sheet: Sheet, place: int) -> bool:
    cells = (row.cells[place] for row in sheet.rows if len(row.cells) > place)
    return any(isinstance(cell, str) and cell for cell in cells)


def _room(heading: Heading) -> int:
    return min(heading.width, _MIDDLING * 2)


def _column(heading: Heading, unit: str) -> Column:
    said_unit = {"money": label(unit), "exact": "£"}.get(heading.form, "")
    if heading.form != "text":
        return Column(heading.text, said_unit, "n")
    style = "long" if heading.width >= _LONG else "mid" if heading.width >= _MIDDLING else ""
    return Column(heading.text, "", style)


def _line(row: Row, headings: tuple[Heading, ...], kept: list[int], unit: str) -> Line:
    if len(row.cells) == 1:
        return Line(row.style, (Printed(str(row.cells[0]), ""),), spans=True)
    cells = [
        _cell(row.cells[place] if place < len(row.cells) else None, headings[place], unit)
        for place in kept
    ]
    return Line(row.style, tuple(cells), spans=False)


def _cell(cell: Cell, heading: Heading, unit: str) -> Printed:
    if isinstance(cell, Money):
        text = shown(cell.pence, "pounds" if heading.form == "exact" else unit)
        return Printed(text, "n neg" if text.startswith("(") else "n")
    if isinstance(cell, Number):
        return Printed(f"{cell.value:,}", "n")
    text = cell if isinstance(cell, str) else ""
    if heading.form != "text":
        return Printed(text, "n")
    if heading.text == "Status" and text:
        return Printed(text, "s", text in UNSURE or text == "not stated")
    short = len(text) <= _SHORT and heading.width <= _MIDDLING
    return Printed(text, "s" if short and text else "")


def _grouped(lines: Iterable[Line]) -> tuple[tuple[Line, ...], ...]:
    """Part the rows into row groups, each under its own heading."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.style in ("group", "heading") or not groups:
            groups.append([])
        groups[-1].append(line)
    return tuple(map(tuple, groups))
