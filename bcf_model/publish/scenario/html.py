"""report.html of a scenario: no script, no request, in the look of the report.

Values come from the pages (`bridge_pages`); this module only words and places them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from bcf_model.core.expressions import NIL, Expression, If, Sum, added
from bcf_model.core.figures import Figure
from bcf_model.core.money import label, shown
from bcf_model.core.tables import records
from bcf_model.core.years import spoken
from bcf_model.explain.scenario_figures import Scenario
from bcf_model.plan.figures import MEASURES, NOTHING_BACK
from bcf_model.publish.derivations import CLOSED, Derivations
from bcf_model.publish.html_table import (
    LONG,
    WIDE,
    Printed,
    Section,
    column,
    line,
    number,
    of_number,
    only,
    said_in,
    word,
)
from bcf_model.publish.html_table import section as printed_section
from bcf_model.publish.page import Cell, Heading, Money, Number, Sheet, amount_of
from bcf_model.publish.scenario.bridge_charts import Scale, falls, in_words, waterfall
from bcf_model.publish.scenario.bridge_pages import SAID
from bcf_model.publish.scenario.lookups import View, span, who
from bcf_model.publish.scenario.sentences import UNSURE, factor, headline, not_known, said
from bcf_model.publish.templates import rendered


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
        pages: as laid out by `bridge_pages.sheets`.
        drawings: for pages that have a chart of their own, by name: its caption and its SVG.

    Returns:
        The page; the same scenario gives the same text, byte for byte.
    """
    settings = view.projection.scenario.settings
    charts, derivations = [waterfall_of(view)], of_scenario(view)
    if len(view.years) > 1:
        charts += [waterfall_of(view, year) for year in view.years]
    return rendered(
        "scenario/page.html.j2",
        view=view,
        settings=settings,
        status=status(view),
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
        sections=[section(view, sheet, derivations) for sheet in pages],
        derivations=derivations.panels(),
        closed=CLOSED,
    )


def of_scenario(view: View) -> Derivations:
    """Begin the panels of a scenario's report: what a cause is stated in is told once."""
    explained = Scenario(view.projection, by_line=False)

    def name_of(figure: Figure) -> str:
        named = str(MEASURES.read(str(figure)))  # its keys in one order, for one panel
        return "" if figure.measure.endswith(NOTHING_BACK) else named

    return Derivations(explained.piece, name_of)


def status(view: View) -> Markup:
    """Print how far a scenario may be relied on; marked where it may not."""
    stated = view.projection.scenario.settings.status
    return Printed(stated, mark=stated in UNSURE).shown


def keys(view: View) -> list[Key]:
    """Return the figures at the head of the page: opening, closing, gap, prevention."""
    first, last = view.years[0], view.years[-1]
    begins, ends = view.amount(view.opening()), view.amount(view.closing(last))
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
        if row.to_come:
            found.append(Key(f"Still to come after {spoken(view.years[-1])}, not counted",
                             shown(row.to_come, view.unit), ""))  # fmt: skip
    return found


def borne(view: View) -> list[Key]:
    """Return what each bears in the last year of which shares are given."""
    shared = view.table("shared")
    shared = shared[shared["share_note"] == ""]
    if not len(shared):
        return []
    last = shared["financial_year"].iloc[-1]
    own = shared[shared["financial_year"] == last]
    found = []
    for row in records(own):
        name = who(view, row.bearer)
        way = "cost" if row.borne > 0 else "relief" if row.borne < 0 else ""
        found.append(Key(name, shown(row.borne, view.unit), way))
    whole = view.amount(view.figure("borne", year=last))
    found.append(Key(f"Variance {spoken(last)}", shown(whole, view.unit), "", total=True))
    return found


def waterfall_of(view: View, year: str = "") -> Waterfall:
    """Draw the bridge of a year, or of all years together."""
    amounts = [
        ("Opening budget", view.opening(year)),
        *(bar for step in view.steps for bar in _bars(view, step, year)),
        ("Closing budget", view.closing(year or view.years[-1])),
    ]
    bars = falls(amounts, view.amount, view.unit)
    when = spoken(year) if year else span(view)
    words, scale = in_words(bars, label(view.unit)), Scale.over(bars)
    title = f"From opening to closing budget, {when}, {label(view.unit)}"
    name = f"bridge-{year or 'all'}"
    cut = f"The scale begins at {said(view, scale.lowest)}, not at nil." if scale.is_cut else ""
    return Waterfall(title, words, Markup(waterfall(name, title, words, bars)), cut)


def _bars(view: View, step: str, year: str) -> list[tuple[str, Expression]]:
    """Return the bars of a step: two where some causes add to the budget and others take off."""
    up, down = (_of_causes(view, step, year, sign) for sign in (1, -1))
    name = SAID[step]
    if NIL in (up, down):
        return [(name, it) for it in (up, down) if it != NIL]
    return [(f"{name}: added", up), (f"{name}: taken off", down)]


def _of_causes(view: View, step: str, year: str, sign: int) -> Expression:
    """Return what causes of a step come to that add to the budget of a year, or take off it."""
    walk, found = view.walk[view.walk["step"] == step], []
    for when in [year] if year else view.years:
        causes = walk.loc[walk["financial_year"] == when, "cause"].drop_duplicates()
        amounts = ((it, view.pence(financial_year=when, step=step, cause=it)) for it in causes)
        chosen = tuple(cause for cause, amount in amounts if sign * amount > 0)
        of = (("year", (when,)), ("step", (step,)), ("cause", chosen))
        found += [Figure("change", of)] if chosen else []
    return added(found)


def section(view: View, sheet: Sheet, derivations: Derivations | None = None) -> Section:
    """Print a page: columns in which no row says anything are left out.

    Args:
        view: of the scenario.
        sheet: of its pages.
        derivations: to which its figures link, where the page has them.
    """
    decimals, unit = _decimals(sheet), view.unit

    def printed(cell: Cell, heading: Heading) -> Printed:
        found = _cell(view, cell, heading, decimals)
        if derivations is None or not isinstance(cell, Figure) or not found.text:
            return found
        return replace(found, figure=str(cell), link=derivations.link(cell))

    lines = [line(row, sheet.headings, printed) for row in sheet.rows]
    kept = said_in(sheet.headings, lines)
    headings = [sheet.headings[place] for place in kept]
    widths = (min(heading.width, LONG) for heading in headings)
    in_unit = f", {label(unit)}" if any(it.form == "money" for it in headings) else ""
    return printed_section(
        sheet,
        (column(heading, unit) for heading in headings),
        (only(line, kept) for line in lines),
        caption=f"{sheet.title}{in_unit}",
        listed=sheet.title.partition(": ")[0],
        wide=sum(widths) > WIDE,
    )


def _decimals(sheet: Sheet) -> dict[Heading, int]:
    """Return for each column how many decimals its numbers need: all are printed with as many."""
    found: dict[Heading, int] = {}
    for row in sheet.rows:
        for heading, cell in zip(sheet.headings, row.cells, strict=False):
            if isinstance(cell, Number):
                own = max(cell.decimals, len(number(cell.value).strip("()").partition(".")[2]))
                found[heading] = max(own, found.get(heading, 0))
    return found


def _cell(view: View, cell: Cell, heading: Heading, decimals: Mapping[Heading, int]) -> Printed:
    if heading.form == "percent" and isinstance(cell, Figure):
        return Printed(view.percent(cell), "n")
    if isinstance(cell, If):
        return word(view.figures.text(cell), heading)
    if isinstance(cell, Money | Figure | Sum):
        pence = amount_of(view.figures, cell)
        unit = "pounds" if heading.form == "exact" else view.unit
        text = "" if pence is None else shown(pence, unit)
        return Printed(text, of_number(text))
    if isinstance(cell, Number):
        size = f"{abs(cell.value):,.{decimals[heading]}f}"
        text = f"({size})" if cell.value < 0 else size
        return Printed(text, of_number(text))
    text = cell if isinstance(cell, str) else ""
    if heading.form != "text":
        return Printed(text, "n")
    if heading.text == "Status" and text:
        return Printed(text, "s", mark=text in UNSURE or text == "not stated")
    return word(text, heading)
