"""The indicators beside the money: what was achieved, by month, and what volume and price cost."""

from collections.abc import Callable, Iterator
from typing import Final

import pandas as pd

from bcf_model.core.expressions import WHOLE_RATE, Column, If, InRow, replaced
from bcf_model.core.figures import Figure
from bcf_model.core.money import percent, shown
from bcf_model.core.tables import HELD_IN, records, rows_of_each
from bcf_model.core.words import (
    ACTUAL,
    LAST_YEAR,
    MONTHS,
    NEITHER,
    NO,
    NOT_STATED,
    OVER,
    TARGET,
    WHOLE_YEAR,
    YES,
)
from bcf_model.core.worked_columns import of_indicator
from bcf_model.core.years import spoken
from bcf_model.publish import line_chart
from bcf_model.publish.document import Drawing
from bcf_model.publish.html_table import number
from bcf_model.publish.page import Cell, Heading, Row, Sheet, given
from bcf_model.publish.table_pages import without
from bcf_model.year.results import Results

INDICATORS: Final = "Indicators"
_UNITS: Final = {"count": "number", "rate": "per {per:,}", "percent": "%", "average": "each"}
_WAYS: Final = {YES: "better", NO: "worse", NEITHER: "no difference"}
_MET: Final = {YES: "met", NO: "missed"}
_LIMITS: Final = (
    "Status as printed is the paper's own. Status worked out is this report's: green if the target "
    "is met or missed within the limit for green, amber within that for amber, else red. Where "
    "thresholds.csv has no limits, they are 0% and 5% of the target, and no paper's."
)
_UNACHIEVED: Final = "actual not available"
_APRIL_ON: Final = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb",
                    "Mar")  # fmt: skip
_LINES: Final = {
    ACTUAL: line_chart.SOLID, TARGET: line_chart.DASHED, LAST_YEAR: line_chart.RINGED,
}  # fmt: skip
_FEWEST: Final = 2
"""Months that a line is drawn through."""


def indicator_pages(results: Results) -> tuple[Sheet, ...]:
    """Lay out the indicators, and the lines whose money follows activity, as far as there are."""
    outputs = results.outputs
    return (
        *((indicators(results),) if len(outputs.get("indicators", ())) else ()),
        *((price_and_volume(results),) if "price_volume" in outputs else ()),
    )


def tally_of_targets(results: Results) -> str:
    """Return how many targets are met, missed and not stated; blank for no indicators."""
    if "indicators" not in results.outputs:
        return ""
    said = (f"{len(names)} {verdict}" for verdict, names in _verdicts(results).items() if names)
    return f"Targets of indicators: {', '.join(said)}."


def _verdicts(results: Results) -> dict[str, list[str]]:
    """Return the names of the indicators whose target is met, missed, and so on."""
    frame = results.outputs["indicators"]
    found = {"met": [], "missed": [], NOT_STATED: [], _UNACHIEVED: []}  # type: dict[str, list[str]]
    for row in records(frame[frame["against"] == TARGET]):
        known = found[_MET[row.met]] if row.met else None
        lost = found[NOT_STATED if pd.isna(row.compared) else _UNACHIEVED]
        (lost if known is None else known).append(row.name)
    return found


# ------------------------------------------------------------------ the table


def indicators(results: Results) -> Sheet:
    """Each indicator at its latest period, against its target, last year and the nation."""
    frame, rows = results.outputs["indicators"], []
    headings = _headings(projects=not frame["projected_by"].isin(["", OVER]).all())
    for (code,), own in rows_of_each(frame, "metric"):
        rows.append(Row("group", (_called(results, code, str(own["period"].iloc[0])),)))
        for against in own["against"]:
            cells = _against(results, code, against)
            rows.append(Row("line", tuple(cells[it] for it in headings)))
    return Sheet(
        INDICATORS,
        "Indicators, beside the money",
        (
            " ".join(
                f"{verdict.capitalize()}: {'; '.join(names)}."
                for verdict, names in _verdicts(results).items()
                if names
            ),
            "Difference is actual − target, or last year: signs are never turned, and whether it "
            "is better or worse is said in words. Of a percentage it is in points.",
            _LIMITS,
        ),
        tuple(headings.values()),
        tuple(rows),
        in_workbook=("What is pale yellow may be changed: differences and words follow.",),
    )


def _headings(*, projects: bool) -> dict[str, Heading]:
    found = {
        "against": Heading("Compared with", width=16),
        "actual": Heading("Actual", "number", 12),
        "compared": Heading("Target, or last year", "number", 12),
        "difference": Heading("Difference", "number", 12),
        "percent": Heading("%", "rate", 10),
        "projected": Heading("Year end, projected", "number", 12),
        "way": Heading("Actual is", width=13),
        "met": Heading("Target is", width=12),
        "printed_status": Heading("Status, as printed", width=12),
        "status": Heading("Status, worked out", width=12),
        "remark": Heading("Remark", width=60),
        "source": Heading("Source", width=22),
    }
    return without(found, {"projected": not projects})


def _called(results: Results, code: str, period: str) -> str:
    """Return the name of an indicator, its unit, its period and which way is better."""
    about = results.metrics[code].about
    unit = _UNITS[about.form].format(per=about.per or 0)
    rolling = about.period_basis == "rolling 12"
    of = "twelve months" if rolling else results.inputs.settings.financial_year
    when = spoken(of) if period == WHOLE_YEAR else period
    return f"{about.name}; {unit}, {when}, {about.better} is better"


def _against(results: Results, code: str, against: str) -> dict[str, Cell]:
    """Return the cells of an indicator against one series."""
    of_target = against == TARGET
    actual, compared = (
        Figure.of("indicator", metric=code, **({} if it == ACTUAL else {"series": it}))
        for it in (ACTUAL, against)
    )
    of = {} if of_target else {"against": against}
    difference, rate = (
        Figure.of(f"indicator_{it}", metric=code, **of) for it in ("difference", "percent")
    )
    [at] = results.figures.rows(difference).tolist()
    beside = {
        it: results.figures.column("indicators", it)[at]
        for it in ("printed_status", "remark", "source")
    }
    known = not results.figures.lacks(difference)
    row = results.metrics[code].judged_by(against)

    def choice(column: str, words: dict[str, str] | None = None) -> If | None:
        expression = of_indicator(column, row, words)
        found = expression and replaced(
            expression, {Column("difference"): difference, Column("compared"): compared}
        )
        assert found is None or isinstance(found, If)
        return found if known else None

    projection = Figure.of("indicator_projected", metric=code)
    projected = of_target and not results.figures.lacks(projection)
    return {
        "against": against.capitalize(),
        "actual": actual,
        "compared": compared,
        "difference": difference,
        "percent": rate,
        "projected": projection if projected else None,
        "way": choice("favourable", _WAYS),
        "met": choice("met", _MET) if known or not of_target else _lacking(results, compared),
        "printed_status": (beside["printed_status"] or "none") if of_target else None,
        "status": choice("status"),
        "remark": beside["remark"],
        "source": beside["source"],
    }


def _lacking(results: Results, target: Figure) -> str:
    return NOT_STATED if results.figures.lacks(target) else _UNACHIEVED


# ------------------------------------------------------------------ by month


def by_month(results: Results) -> list[Drawing]:
    """Draw each indicator month by month; where no numbers are printed, the percentages that are.

    Lines are told apart by how they are drawn, and by what stands at their ends.
    """
    found: list[Drawing] = []
    for code, metric in results.metrics.items():
        drawn, what = [*_numbers(results, code)], ""
        if not any(of.style == line_chart.SOLID for of in drawn):
            drawn, what = [*_percentages(results, code)], ": actual against each, in percent"
        if drawn:
            to_date = "" if metric.about.period_basis == "month" else ", year to date"
            title = f"{metric.about.name}, by month{to_date}{what}"
            words = " ".join(map(_in_words, drawn))
            svg = line_chart.lines(f"month-{len(found) + 1}", title, words, drawn, _APRIL_ON)
            found.append(Drawing(title, svg, place="beside"))
    return found


def _numbers(results: Results, code: str) -> Iterator[line_chart.Series]:
    """Return a line for each series: of a month alone where months stand for themselves."""
    by_itself = results.metrics[code].about.period_basis == "month"
    measure = "indicator_in_month" if by_itself else "indicator"
    for series, style in _LINES.items():
        values = [None if it is None else int(it)
                  for it in _by_month(results, measure, metric=code, series=series)]  # fmt: skip
        yield from _line(series, values, style, lambda it: number(it / HELD_IN["quantity"]))


def _percentages(results: Results, code: str) -> Iterator[line_chart.Series]:
    """Return a line for each series of which percentages of the difference are printed."""
    for against in (TARGET, LAST_YEAR):
        rates = _by_month(results, "indicator_printed", metric=code, against=against)
        values = [None if it is None else round(it * WHOLE_RATE) for it in rates]
        yield from _line(against, values, _LINES[against], _beside)


def _beside(rate: int) -> str:
    """Write by how much, in millionths of a percent, an actual is above or below something."""
    if rate == 0:
        return "in line with"
    return f"{percent(abs(rate) / WHOLE_RATE)} {'above' if rate > 0 else 'below'}"


def _by_month(results: Results, measure: str, **of: str) -> list[int | float | None]:
    """Return what a figure comes to in each month; None where it is not known."""
    figures = (given(results.figures, Figure.of(measure, **of, period=it)) for it in MONTHS)
    return [None if it is None else results.figures.value(it) for it in figures]


def _line(
    name: str, values: list[int | None], style: str, printed: Callable[[int], str]
) -> Iterator[line_chart.Series]:
    """Return a line, if enough months are known for one."""
    if len(values) - values.count(None) >= _FEWEST:
        said = ["" if it is None else printed(it) for it in values]
        yield line_chart.Series(name, values, said, style)


def _in_words(of: line_chart.Series) -> str:
    said = (f"{month} {it}" for month, it in zip(_APRIL_ON, of.labels, strict=True) if it)
    return f"{of.name.capitalize()}: {', '.join(said)}."


# ------------------------------------------------------------------ volume and price

_SPLIT_HEADINGS: Final = {
    "version": Heading("Plan used", width=18),
    "scheme_id": Heading("Line", width=12),
    "planned": Heading("Planned", "number", 11),
    "actual": Heading("Actual", "number", 11),
    "cost": Heading("Planned cost", "exact", 17),
    "spent": Heading("Actual cost", "exact", 17),
    "at_planned_prices": Heading("Actual at planned prices", "exact", 17),
    "planned_price": Heading("Planned price", "exact", 13),
    "actual_price": Heading("Actual price", "exact", 13),
    "volume": Heading("Volume", "exact", 17),
    "mix": Heading("Mix", "exact", 17),
    "price": Heading("Price", "exact", 17),
    "unlinked": Heading("Not linked", "exact", 17),
    "unpaid": Heading("Unpaid", "exact", 17),
    "variance": Heading("Variance", "exact", 17),
    "budget_set_on": Heading("Budget set on it", width=22),
    "reason": Heading("Why no split is given", width=44),
    "source": Heading("Source", width=22),
}


_STANDS: Final = {YES: "yes: this split applies", NO: "no: for comparison only"}


def price_and_volume(results: Results) -> Sheet:
    """Split the variance of each line whose money follows activity, by each planned volume."""
    frame = results.figures.tables["price_volume"]
    stated = [set(said.split("+")) for said in frame["stated"]]
    every = {
        "cost": not any({"cost", "planned_price"} & it for it in stated),
        "spent": not any({"spent", "actual_price"} & it for it in stated),
        **dict.fromkeys(("mix", "at_planned_prices"), all("mix" in it for it in stated)),
        "unlinked": not frame["unlinked"].dropna().any(),
        "unpaid": not frame["unpaid"].dropna().any(),
        "reason": not frame["volume"].isna().any(),
    }
    headings = without(_SPLIT_HEADINGS, every)
    rows = tuple(
        Row("line", tuple(_cell(results, name, i) for name in headings)) for i in range(len(frame))
    )
    return Sheet(
        "Price and volume",
        "Volume and price of lines whose money follows activity",
        (
            *_no_split(results),
            "Volume is (actual − planned number) × planned price; price is the rest, and holds "
            "what comes of number and price together. The parts add up to the variance, to the "
            "penny.",
        ),
        tuple(headings.values()),
        rows,
        naming=2,
    )


def _cell(results: Results, column: str, row: int) -> Cell:
    figures = results.figures
    if column == "budget_set_on":
        return _STANDS[figures.column("price_volume", column)[row]]
    unknown = figures.unknown("price_volume", column, row)
    return None if unknown else InRow("price_volume", column, row)


def _no_split(results: Results) -> Iterator[str]:
    """Return of each line what volume is by each plan, where none is what the budget was set on."""
    names = dict(zip(
        results.inputs.schemes["scheme_id"], results.inputs.schemes["scheme"], strict=True
    ))  # fmt: skip
    for (code,), own in rows_of_each(results.outputs["price_volume"], "scheme_id"):
        if (own["budget_set_on"] == YES).any() or own["volume"].isna().any():
            continue
        each = " or ".join(
            f"{_in_millions(row.volume)} (planned {row.planned:,}, {row.version})"
            for row in records(own)
        )
        variance = _in_millions(int(own["variance"].iloc[0]))
        yield (
            f"{names[code]}: of the variance of {variance}, volume is {each}. The "
            "conclusion depends on which plan is used, so no split is given: on which volume the "
            "budget was set is not stated."
        )


def _in_millions(pence: int) -> str:
    return f"{'−' if pence < 0 else '+'}£{shown(abs(pence), 'millions')}m"
