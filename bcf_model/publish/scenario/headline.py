"""The head of a scenario's web page: its status, key figures, what each bears, and its charts."""

from markupsafe import Markup

from bcf_model.core.expressions import NIL, Expression, added
from bcf_model.core.figures import Figure
from bcf_model.core.money import label, shown
from bcf_model.core.tables import each, records
from bcf_model.core.years import spoken
from bcf_model.explain.scenario_figures import Scenario
from bcf_model.plan.comparison import CLOSING
from bcf_model.plan.figures import MEASURES, NOTHING_BACK
from bcf_model.plan.gap import of_all as known_of_all
from bcf_model.plan.words import NOT_ALLOCATED, UNEXPLAINED
from bcf_model.publish.charts import Bar, Block, bars_in_words, draw
from bcf_model.publish.derivations import Derivations
from bcf_model.publish.document import Drawing, KeyFigure
from bcf_model.publish.html_table import Printed
from bcf_model.publish.scenario.bridge_charts import Scale, falls, in_words, waterfall
from bcf_model.publish.scenario.bridge_pages import SAID
from bcf_model.publish.scenario.comparison_rows import Compared
from bcf_model.publish.scenario.lookups import View, span, who
from bcf_model.publish.scenario.sentences import UNSURE, said


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


def keys(view: View) -> list[KeyFigure]:
    """Return the figures at the head of the page: opening, closing, gap, prevention."""
    first, last = view.years[0], view.years[-1]
    begins, ends = view.amount(view.opening()), view.amount(view.closing(last))
    found = [
        KeyFigure(f"Opening budget {spoken(first)}", shown(begins, view.unit), ""),
        KeyFigure(f"Closing budget {spoken(last)}", shown(ends, view.unit), ""),
        KeyFigure("Change", shown(ends - begins, view.unit), "", total=True),
    ]
    for row in records(known_of_all(view.table("gap")).tail(1)):
        way = "shortfall" if row.gap > 0 else "more funding than spending" if row.gap < 0 else ""
        found.append(KeyFigure(f"Gap to funding {spoken(row.financial_year)}",
                         shown(int(row.gap), view.unit), way))  # fmt: skip
    of_all = view.table("payback").query("partner == 'all'")
    for row in records(of_all):
        when = f"break-even {spoken(row.break_even)}" if row.break_even else "no break-even"
        found.append(KeyFigure("Net present value of prevention",
                         shown(row.net_present_value, view.unit), when))  # fmt: skip
        if row.to_come:
            found.append(KeyFigure(f"Still to come after {spoken(view.years[-1])}, not counted",
                             shown(row.to_come, view.unit), ""))  # fmt: skip
    return found


def borne(view: View) -> list[KeyFigure]:
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
        found.append(KeyFigure(name, shown(row.borne, view.unit), way))
    whole = view.amount(view.figure("borne", year=last))
    found.append(KeyFigure(f"Variance {spoken(last)}", shown(whole, view.unit), total=True))
    return found


def waterfall_of(view: View, year: str = "") -> Drawing:
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
    return Drawing(
        title,
        waterfall(name, title, words, bars),
        "adds to the budget",
        "takes off it",
        cut,
        "beside" if year else "above",
    )


def _bars(view: View, step: str, year: str) -> list[tuple[str, Expression]]:
    """Return the bars of a step: two where some causes add to the budget and others take off.

    One, net, of a step that is partly known in total only: its causes may hold each other.
    """
    if known_in_total(view, step, year):
        return [(SAID[step], added(_of_step(view, step, year)))]
    up, down = (_of_causes(view, step, year, sign) for sign in (1, -1))
    name = SAID[step]
    if NIL in (up, down):
        return [(name, it) for it in (up, down) if it != NIL]
    return [(f"{name}: added", up), (f"{name}: taken off", down)]


def known_in_total(view: View, step: str, year: str = "") -> bool:
    """Return whether of what is not explained some is known by group, and some in total only.

    The causes of any other step are facts of their own: what adds and what takes off both count.
    """
    of_step = view.walk["step"] == step
    if year:
        of_step &= view.walk["financial_year"] == year
    own = view.walk[of_step & view.walk["amount"].ne(0)]
    in_total = own["line"] == NOT_ALLOCATED
    return bool(step == UNEXPLAINED and in_total.any() and not in_total.all())


def _of_step(view: View, step: str, year: str) -> list[Figure]:
    figures = (view.figure("change", year=when, step=step)
               for when in ([year] if year else view.years))  # fmt: skip
    return [figure for figure in figures if figure is not None]


def unexplained_by_group(view: View) -> list[Drawing]:
    """Draw what is not explained group by group, where the bridge has it net."""
    if not known_in_total(view, UNEXPLAINED):
        return []
    amounts = {it: view.pence(step=UNEXPLAINED, group=code) for code, it in view.groups.items()}
    bars = [Block(name, "", (Bar("", pence, shown(pence, view.unit)),))
            for name, pence in amounts.items() if pence]  # fmt: skip
    unit, what = label(view.unit), view.group_label.lower()
    title = f"{SAID[UNEXPLAINED]}, by {what}; some is known in total only"
    svg = draw("unexplained", title, bars_in_words(bars, unit), bars)
    return [Drawing(f"{title}, {unit}", svg, "adds to the budget", "takes off it", "", "beside")]


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


def closings(compared: Compared) -> list[Drawing]:
    """Draw how far each scenario's closing is from the first's; nothing where none differs."""
    bars, unit, first = blocks(compared), label(compared.first.unit), compared.first.name
    title = f"Closing spending less that of {first}"
    if not bars:
        return []
    svg = draw("scenarios", title, bars_in_words(bars, unit), bars)
    return [Drawing(f"{title}, {unit}", svg, "costs more", "costs less, (in brackets)")]


def blocks(compared: Compared) -> list[Block]:
    """Return the chart: by year, how far each scenario's closing is from the first's.

    Under another agreement spending is the same, as a rule: of that there is nothing to draw.
    """
    first, found, tried = compared.first, [], [it.name for it in compared.tried]
    for (year,) in each(compared.rows(CLOSING), "financial_year"):
        differences = {
            view.name: compared.less_first(view, year=year, measure=CLOSING)
            for view in compared.views[1:]
        }
        bars = tuple(
            Bar(name, pence, shown(pence, first.unit))
            for name, difference in differences.items()
            if difference is not None
            and (pence := compared.figures.amount(difference)) is not None
            and (pence or name not in tried)
        )
        if bars:
            found.append(Block(spoken(year), f"less {first.name}", bars))
    return found
